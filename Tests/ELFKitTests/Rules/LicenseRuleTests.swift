import ELFKit
import TestSupport
import Testing

@Suite("Licence rules")
struct LicenseRuleTests {
  static let cases: [(licenses: [String], rules: [String])] = [
    ([], ["missing-license"]),
    (["GPL"], []),
    (["GPL v2", "GPL", "Dual BSD/GPL"], []),
    (["Proprietary"], ["proprietary-license"]),
    (["Proprietary", "Proprietary"], ["proprietary-license"]),
    (["GPLv2"], ["unknown-license"]),
    (["GPL "], ["unknown-license"]),
    ([""], ["unknown-license"]),
    (["proprietary"], ["unknown-license"]),
    (["GPL", "Proprietary"], ["mixed-license"]),
    (["Proprietary", "GPL"], ["proprietary-license", "mixed-license"]),
    (["MIT", "GPL"], ["unknown-license", "mixed-license"]),
  ]

  private static func findings(_ builder: ELFBuilder) throws -> [Finding] {
    let facts = ModuleFacts(KernelModule(try ELFImage(builder.build())))
    return Rule.all.filter { $0.id.contains("license") }.flatMap { $0.findings(in: facts) }
  }

  @Test("Each licence gets exactly the right findings", arguments: cases)
  func rules(licenses: [String], rules: [String]) throws {
    let builder = ELFBuilder.module(modinfo: licenses.map { "license=\($0)" })
    try expect(Self.findings(builder).map(\.rule), is: rules)
  }

  @Test("A linker that drops .modinfo is named as the cause")
  func noModinfo() throws {
    var builder = ELFBuilder()
    builder.thisModule("m")
    let findings = try Self.findings(builder)
    expect(findings.map(\.rule), is: ["missing-license"])
    expect(findings.first?.message.text.contains("no .modinfo section"), is: true)
    expect(findings.first?.section, is: nil)
  }

  @Test("Each symbol of non-free modules is said to be of its own one, however that is spelled")
  func providers() throws {
    let draft = Draft { draft in
      draft.more = { for name in ["free", "one", "two"] { $0.symbol(name) } }
      var known = ELFKitTests.providers(
        "0x1\tfree\tvmlinux\tEXPORT_SYMBOL_GPL\t", "0x1\tone\textra/bad-1\tEXPORT_SYMBOL\t",
        "0x1\ttwo\textra/bad-2\tEXPORT_SYMBOL\t")
      known.markProprietary("extra/bad-1.ko.xz")
      known.markProprietary("bad_2")
      draft.host.kernel.symbols = known
    }
    let rule = try #require(Rule.named("gpl-only-in-proprietary"))
    try expect(
      rule.findings(in: draft.facts()).map(\.message.text),
      is: [
        "'one' is a symbol of 'bad_1', which is non-free, and the module uses GPL-only symbols",
        "'two' is a symbol of 'bad_2', which is non-free, and the module uses GPL-only symbols",
      ])
  }

  @Test("A finding says where the licence stands in the file, and what was meant")
  func place() throws {
    let bytes = ELFBuilder.module(modinfo: ["license=GPLv2"]).build()
    let facts = ModuleFacts(KernelModule(try ELFImage(bytes)))
    let finding = try #require(Rule.named("unknown-license")?.findings(in: facts).first)
    let offset = Int(try #require(finding.offset))
    expect(Array(bytes[offset..<offset + 5]), is: Array("GPLv2".utf8))
    expect(finding.message.text.contains("did you mean 'GPL v2'?"))
  }
}
