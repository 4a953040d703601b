// Modules that were not built for the protections of the processor, and their neighbours that were.

import ELFKit
import TestSupport
import Testing

extension RuleTests {
  private static func config(_ text: String) -> KernelConfig {
    (try? KernelConfig(ByteSlice(Array("CONFIG_X86_64=y\n\(text)\n".utf8)))) ?? KernelConfig()
  }

  static let endbr: [UInt8] = [0xf3, 0x0f, 0x1e, 0xfa] + [UInt8](repeating: 0x90, count: 12)

  /// Code that jumps to `thunk` once for each of `places`, and a table that lists `listed` of these.
  private static func jumps(
    _ builder: inout ELFBuilder, _ thunk: String, in table: String, _ places: Int, listed: Int
  ) {
    let text = builder.section(".text", flags: 6, [UInt8](repeating: 0, count: 8 * places))
    let symbol = builder.symbol(thunk)
    builder.relocations(of: text, (0..<places).map { (UInt64(8 * $0 + 1), symbol, 4, -4) })
    builder.section(table, [UInt8](repeating: 0, count: 4 * listed))
  }

  /// A table of pointers to a function of the module's own.
  private static func pointer(_ builder: inout ELFBuilder, _ name: String, to code: [UInt8]) {
    let text = builder.section(".text", flags: 6, [0x90] + code)
    let function = builder.symbol(name, section: UInt16(text), value: 1, size: 8, type: 2)
    let data = builder.section(".data", flags: 3, [UInt8](repeating: 0, count: 16))
    builder.relocations(of: data, [(8, function, 1, 0)])
  }

  static let protectionCases = [
    RuleCase(
      "ibt-endbr-missing", bad: { $0.host.kernel.config = config("CONFIG_X86_KERNEL_IBT=y") },
      good: { draft in
        draft.host.kernel.config = config("CONFIG_X86_KERNEL_IBT=y")
        draft.code = endbr
      }),
    // Kernels that do not look do not mind.
    RuleCase(
      "ibt-endbr-missing",
      bad: { draft in
        draft.host.kernel.config = config("CONFIG_X86_KERNEL_IBT=y")
        draft.code = endbr
        draft.more = { pointer(&$0, "probe", to: [0x55, 0x48, 0x89, 0xe5]) }
      },
      good: { draft in
        draft.host.kernel.config = config("# CONFIG_X86_KERNEL_IBT is not set")
        draft.more = { pointer(&$0, "probe", to: [0x55, 0x48, 0x89, 0xe5]) }
      }),
    // Of a module that says that it was built for it.
    RuleCase(
      "ibt-endbr-missing", bad: { $0.more = { $0.section(".ibt_endbr_seal") } }),
    RuleCase(
      "return-sites-incomplete",
      bad: { $0.more = { jumps(&$0, "__x86_return_thunk", in: ".return_sites", 3, listed: 2) } },
      good: { $0.more = { jumps(&$0, "__x86_return_thunk", in: ".return_sites", 3, listed: 3) } }),
    RuleCase(
      "retpoline-sites-incomplete",
      bad: {
        $0.more = { jumps(&$0, "__x86_indirect_thunk_rax", in: ".retpoline_sites", 2, listed: 1) }
      },
      good: {
        $0.more = { jumps(&$0, "__x86_indirect_thunk_rax", in: ".retpoline_sites", 2, listed: 2) }
      }),
    // Builds that make no such table have none.
    RuleCase(
      "return-sites-incomplete", bad: { unlisted(&$0, "__x86_return_thunk", "6.1.0") },
      good: { unlisted(&$0, "__x86_return_thunk", "5.15.0-25-generic") }),
    RuleCase(
      "retpoline-sites-incomplete", bad: { unlisted(&$0, "__x86_indirect_thunk_rax", "5.16.0") },
      good: { unlisted(&$0, "__x86_indirect_thunk_rax", "4.15.0-20-generic") }),
    RuleCase(
      "cfi-missing", bad: { $0.host.kernel.config = config("CONFIG_CFI_CLANG=y") },
      good: { draft in
        draft.host.kernel.config = config("CONFIG_CFI_CLANG=y")
        draft.more = {
          $0.symbol("__cfi_init_module", section: UInt16(Draft.initText), binding: 0, type: 2)
        }
      }),
    RuleCase(
      "cfi-missing", bad: { $0.host.kernel.config = config("CONFIG_CFI=y") },
      good: { $0.host.kernel.config = config("# CONFIG_CFI is not set") }),
  ]

  /// Jumps to a thunk that no table lists, in a module of a kernel's build.
  private static func unlisted(_ draft: inout Draft, _ thunk: String, _ release: String) {
    draft.replace("vermagic", "\(release) SMP mod_unload ")
    draft.more = { jumps(&$0, thunk, in: ".text.sites", 2, listed: 0) }
  }

  @Test("How sure it is decides how much it matters")
  func severities() throws {
    let sure = Draft { $0.host.kernel.config = Self.config("CONFIG_X86_KERNEL_IBT=y") }
    let claimed = Draft { $0.more = { $0.section(".ibt_endbr_seal") } }
    let unsure = Draft { $0.host.kernel.config = Self.config("CONFIG_CFI_CLANG=y") }
    func severities(_ draft: Draft, _ rule: String) throws -> Set<Severity> {
      Set(try draft.findings().filter { $0.rule == rule }.map(\.severity))
    }
    try expect(severities(sure, "ibt-endbr-missing"), is: [.error])
    try expect(severities(claimed, "ibt-endbr-missing"), is: [.note])
    func returns(_ release: String) -> Draft {
      Draft { draft in
        draft.replace("vermagic", "\(release) SMP mod_unload ")
        draft.more = { Self.jumps(&$0, "__x86_return_thunk", in: ".return_sites", 2, listed: 1) }
      }
    }
    // Debian's 5.10 has modules of its own whose tables are not complete.
    try expect(severities(returns("5.10.0-46-amd64"), "return-sites-incomplete"), is: [.note])
    try expect(severities(returns("6.12.5"), "return-sites-incomplete"), is: [.warning])
    try expect(severities(unsure, "cfi-missing"), is: [.note])
  }

  @Test("An exported function is called by its name as a rule: a note; trampolines are not called")
  func exported() throws {
    func draft(_ name: String) -> Draft {
      Draft { draft in
        draft.host.kernel.config = Self.config("CONFIG_X86_KERNEL_IBT=y")
        draft.code = Self.endbr
        draft.more = { builder in
          let text = builder.section(".text", flags: 6, [UInt8](repeating: 0x90, count: 16))
          let function = builder.symbol(
            name, section: UInt16(text), value: 8, size: 8, type: 2)
          let table = builder.section("__ksymtab", [UInt8](repeating: 0, count: 12))
          builder.relocations(of: table, [(0, function, 2, 0)])
        }
      }
    }
    let found = try draft("offer").findings().filter { $0.rule == "ibt-endbr-missing" }
    expect(found.map(\.severity), is: [.note])
    expect(found.first?.message.text.hasPrefix("'offer', which is exported, does not"), is: true)
    try expect(!draft("__SCT__tp").findings().contains { $0.rule == "ibt-endbr-missing" })
  }
}
