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
    #expect(Run(["taint"] + operands).status == status)
  }

  @Test("A mask is told in every form")
  func forms() throws {
    let run = Run(["taint", "0x1001"])
    #expect(run.output.hasPrefix("4097 (0x1001): PO\n"))
    #expect(run.output.contains("Tainted: P           O      \n"))
    #expect(run.output.contains("[P]=PROPRIETARY_MODULE, [O]=OOT_MODULE"))
    let object = try #require(try Run(["taint", "--json", "PO"]).json().first)
    #expect(object["mask"] as? Int == 4_097)
    #expect((object["taints"] as? [[String: Any]])?.count == 2)
  }

  @Test("An oops is read with the modules that caused it, and what is hostile in it is escaped")
  func oops() {
    let run = Run(["taint", "Tainted: P           O      5.10 #1\nModules linked in: a\u{1b}b(PO)"])
    #expect(run.status == 1)
    #expect(run.output.contains("caused by a\\x1bb (PO)"))
  }
}
