import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// What no other tool tells: who offers what is needed, which devices are claimed.
@Suite("Explained")
struct ExplainTests {
  private static let symvers = """
    0x0b2ae37c\texported_to_all\tdrivers/exporter\tEXPORT_SYMBOL\t
    0x92997ed8\t_printk\tvmlinux\tEXPORT_SYMBOL_GPL\tPRINTING

    """

  @Test("Providers come from Module.symvers, with terms, namespaces and CRCs that differ")
  func symvers() throws {
    let file = try TemporaryFile(Array(Self.symvers.utf8), name: "Module.symvers")
    let run = Run(["symbols", "--imports", "--symvers", file.path, fixture("hello.ko")])
    expect(run.status, is: 0)
    let lines = run.output.split(separator: "\n").map(String.init)
    let printk = try #require(lines.first { $0.contains("_printk") })
    expect(printk.contains("vmlinux"))
    expect(printk.contains("GPL only, namespace PRINTING (not imported)"))
    expect(lines.contains { $0.contains("__fentry__") && $0.contains("nobody") })
  }

  @Test("Providers come from a tree of modules; what is not there is not called missing")
  func tree() throws {
    let object = try #require(
      try Run([
        "symbols", "--json", "--modules", Fixtures.folder.path, fixture("importer.ko"),
      ]).json().first)
    let imports = try #require(object["imports"] as? [[String: Any]])
    let provided = imports.filter { $0["provider"] is String }
    expect(!provided.isEmpty)
    expect(provided.allSatisfy { ($0["provider"] as? String)?.hasSuffix("exporter.ko") == true })
    let text = Run(["symbols", "--modules", Fixtures.folder.path, fixture("importer.ko")])
    expect(text.output.contains("not in these modules"))
    expect(!text.output.contains("nobody"))
  }

  @Test("A list that cannot be read is named and is a failure; the module is still shown")
  func badList() throws {
    let file = try TemporaryFile(Array("nonsense\n".utf8), name: "Module.symvers")
    let run = Run(["symbols", "--symvers", file.path, fixture("hello.ko")])
    expect(run.status, is: 2)
    expect(run.errors.contains("Module.symvers"))
    expect(run.output.contains("_printk"))
  }

  @Test("match finds who claims a device, says by which alias, and ends with 1 when nobody does")
  func match() throws {
    let aliases = try #require(
      try Run(["aliases", "--json", fixture("aliases.ko")]).json().first?["aliases"]
        as? [[String: Any]])
    let first = try #require(aliases.first?["alias"] as? String)
    let device = first.replacingOccurrences(of: "*", with: "0")
    let found = Run(["match", device, fixture("hello.ko"), fixture("aliases.ko")])
    expect(found.status, is: 0)
    expect(found.output.contains("aliases.ko: \(first)"))
    expect(!found.output.contains("hello.ko"))
    let none = Run(["match", "pci:v0d0", fixture("hello.ko")])
    expect(none.status, is: 1)
    expect(none.output.isEmpty)
    expect(Run(["match"]).status, is: 2)
    expect(Run(["match", "pci:x"]).status, is: 2)
  }

  @Test("Sections have bars on a terminal and none in a pipe")
  func bars() {
    expect(Run(["sections", fixture("hello.ko")], isTerminal: true).output.contains("█"))
    expect(!Run(["sections", fixture("hello.ko")]).output.contains("█"))
  }

  @Test(
    "Nothing that people read is wider than 100 columns, names apart",
    arguments: Fixtures.modules.filter { !$0.contains("hostile") })
  func width(name: String) {
    for command in ["show", "sections", "aliases", "params", "symbols"] {
      let text = Run([command, fixture(name)]).output.replacingOccurrences(
        of: Fixtures.folder.path, with: "")
      let wide = text.split(separator: "\n").filter { $0.count > 100 }
      expect(wide.isEmpty, "\(command): \(wide)")
    }
  }
}
