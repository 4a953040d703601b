import TestSupport
import Testing

@testable import KoInspect

@Suite("koinspect taint")
struct TaintCommandTests {
  @Test(
    "The exit status says whether there is a taint",
    arguments: [(["0"], 0), (["4097"], 1), (["POE"], 1), (["Not", "tainted"], 0), (["what?"], 2)]
      as [([String], Int32)])
  func status(operands: [String], status: Int32) {
    expect(Run(["taint"] + operands).status, is: status)
  }

  @Test("A mask is shown in every form")
  func forms() throws {
    let run = Run(["taint", "0x1001"])
    expect(run.output.hasPrefix("4097 (0x1001): PO\n"))
    expect(run.output.contains("Tainted: P           O      \n"))
    expect(run.output.contains("[P]=PROPRIETARY_MODULE, [O]=OOT_MODULE"))
    let object = try #require(try Run(["taint", "--json", "PO"]).json().first)
    expect(object["mask"] as? Int, is: 4_097)
    expect((object["taints"] as? [[String: Any]])?.count, is: 2)
  }

  @Test("An oops is read with the modules that caused it, and what is hostile in it is escaped")
  func oops() {
    let run = Run(["taint", "Tainted: P           O      5.10 #1\nModules linked in: a\u{1b}b(PO)"])
    expect(run.status, is: 1)
    expect(run.output.contains("caused by a\\x1bb (PO)"))
  }

  @Test(
    "Vendors have taints and letters of their own",
    arguments: [
      ("suse", "OEN", 12_288 + 1 << 31, "NO_SUPPORT"), ("suse", "X", 65_536, "supported=external"),
      ("rhel", "T", 1 << 29, "TECH_PREVIEW"), ("rhel", "268435456", 1 << 28, "H  268435456"),
      ("rhel", "1073741824", 1 << 30, "?  1073741824"),
      ("debian", "OE", 12_288, "nothing is known"),
      (
        "suse", "Tainted: G           OE      N 5.14.21-150500.55.7-default #1", 12_288 + 1 << 31,
        "N"
      ),
    ] as [(String, String, Int, String)])
  func vendors(vendor: String, text: String, mask: Int, words: String) throws {
    let run = Run(["taint", "--vendor", vendor, text])
    expect(run.status, is: 1)
    expect(run.output.contains(words), "\(run.output)")
    expect(!run.output.contains("unknown here"))
    let object = try #require(try Run(["taint", "--json", "--vendor", vendor, text]).json().first)
    expect(object["mask"] as? Int, is: mask)
    expect(object["vendor"] as? String, is: vendor)
    expect(object["unknownBits"] as? [Int], is: [])
  }

  @Test(
    "A vendor that nobody knows is refused; without one, its letters mean what they mean to all")
  func noVendor() throws {
    let unknown = Run(["taint", "--vendor", "acme", "OE"])
    expect(unknown.status, is: 2)
    expect(unknown.errors.contains("none of android, debian, rhel, suse, ubuntu"))
    let object = try #require(try Run(["taint", "--json", "NT"]).json().first)
    expect(object["mask"] as? Int, is: 1 << 18 | 1 << 17)
    expect(object["vendor"] == nil)
  }
}
