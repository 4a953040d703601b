// Cases of the rules that explain what only the loader minds (Sources/ELFKit/Loader/Problems).

import ELFKit
import TestSupport

extension RuleTests {
  /// Changes one byte of a finished file.
  private static func byte(_ position: Int, _ value: UInt8) -> @Sendable (inout [UInt8]) -> Void {
    { $0[position] = value }
  }

  private static func config(_ text: String) -> KernelConfig {
    (try? KernelConfig(ByteSlice(Array(text.utf8)))) ?? KernelConfig()
  }

  private static let amd64 = "CONFIG_X86_64=y\n"

  /// A module with more sections and symbols.
  private static func more(
    _ rule: String, _ bad: @escaping @Sendable (inout ELFBuilder) -> Void,
    good: @escaping @Sendable (inout ELFBuilder) -> Void = { _ in }
  ) -> RuleCase {
    RuleCase(rule, bad: { $0.more = bad }, good: { $0.more = good })
  }

  /// Code with one relocation against symbol 2, or another.
  private static func relocation(
    _ builder: inout ELFBuilder, type: UInt64, symbol: UInt64 = 2, addend: Int64 = 0
  ) {
    let text = builder.section(".text", flags: 6, [UInt8](repeating: 0, count: 8))
    builder.relocations(of: text, [(0, symbol, type, addend)])
  }

  /// `.BTF` of one type.
  private static func types(kind: UInt8) -> [UInt8] {
    [0x9f, 0xeb, 1, 0, 24, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0]
      + [1, 0, 0, 0, 0, 0, 0, kind, 4, 0, 0, 0, 32, 0, 0, 0]
  }

  static let loaderCases = [
    RuleCase(
      "elf-type", bad: { $0.patch = byte(16, 2) }, good: { $0.patch = byte(16, 1) }),
    RuleCase(
      "elf-machine", bad: { $0.host.kernel.config = config("CONFIG_ARM64=y\n") },
      good: { $0.host.kernel.config = config(amd64) }),
    RuleCase(
      "name-empty", bad: { $0.name = "" }),
    RuleCase(
      "already-loaded",
      bad: {
        $0.host.kernel.state.modules = [
          LoadedModule(name: "tiny", taints: TaintMask(rawValue: 0), exports: nil)
        ]
      },
      good: {
        $0.host.kernel.state.modules = [
          LoadedModule(name: "tin", taints: TaintMask(rawValue: 0), exports: nil)
        ]
      }),
    RuleCase(
      "blacklisted",
      bad: { $0.host.kernel.commandLine = KernelCommandLine("module_blacklist=a,tiny") },
      good: { $0.host.kernel.commandLine = KernelCommandLine("module_blacklist=tin") }),
    RuleCase(
      "panic-on-taint",
      bad: { draft in
        draft.host.kernel.commandLine = KernelCommandLine("panic_on_taint=0x200")
        draft.more = { $0.section(".data..percpu", type: 8, flags: 3, size: 1 << 20) }
      },
      good: { draft in
        draft.host.kernel.commandLine = KernelCommandLine("panic_on_taint=0x100")
        draft.more = { $0.section(".data..percpu", type: 8, flags: 3, size: 1 << 20) }
      }),
    RuleCase(
      "this-module-layout",
      bad: { $0.host.kernel.structModule = .init(size: 896, initOffset: 0x130, exitOffset: 0x350) },
      good: { $0.host.kernel.structModule = .init(size: 896, initOffset: 0x138, exitOffset: 0x350) }
    ),
    RuleCase(
      "this-module-layout",
      bad: { $0.host.kernel.structModule = .init(size: 896, exitOffset: 0x348) },
      good: { $0.host.kernel.structModule = .init(size: 896, exitOffset: 0x350) }
    ),
    RuleCase(
      "this-module-unusable",
      bad: { $0.structSize = 16 }),
    RuleCase(
      "init-unusable",
      bad: {
        $0.more = { _ in }
        $0.initValue = 16
      }, good: { $0.initValue = 15 }),
    RuleCase(
      "weak-call",
      bad: { draft in
        draft.host.kernel.symbols = providers()
        draft.more = { relocation(&$0, type: 4, symbol: $0.symbol("maybe", binding: 2)) }
      },
      good: { draft in
        draft.host.kernel.symbols = providers()
        draft.more = { relocation(&$0, type: 1, symbol: $0.symbol("maybe", binding: 2)) }
      }),
    more(
      "module-memory", { $0.section(".bss", type: 8, flags: 3, size: 1 << 30) },
      good: { $0.section(".bss", type: 8, flags: 3, size: 1 << 20) }),
    RuleCase(
      "btf-damaged",
      bad: { draft in
        draft.host.kernel.config = config(amd64 + "CONFIG_DEBUG_INFO_BTF_MODULES=y\n")
        draft.more = { $0.section(".BTF", flags: 0, [1, 2, 3, 4]) }
      },
      good: { draft in
        draft.host.kernel.config = config(amd64)
        draft.more = { $0.section(".BTF", flags: 0, [1, 2, 3, 4]) }
      }),
    // A type of a kind that no kernel knows, where a mismatch is refused; a lax kernel does not say it.
    RuleCase(
      "btf-damaged",
      bad: { draft in
        draft.host.kernel.config = config(amd64 + "CONFIG_DEBUG_INFO_BTF_MODULES=y\n")
        draft.more = { $0.section(".BTF", flags: 0, types(kind: 31)) }
      },
      good: { draft in
        draft.host.kernel.config = config(amd64 + "CONFIG_DEBUG_INFO_BTF_MODULES=y\n")
        draft.more = { $0.section(".BTF", flags: 0, types(kind: 1)) }
      }),
    more(
      "relocation-overflow", { relocation(&$0, type: 10) }, good: { relocation(&$0, type: 11) }),
    more(
      "relocation-value", { relocation(&$0, type: 2, addend: 1 << 30) },
      good: { relocation(&$0, type: 2, addend: (1 << 30) - 1) }),
    more(
      "rel-section",
      { $0.section(".rel.text", type: 9, flags: 0x40, link: .max, info: UInt32(Draft.initText)) },
      good: {
        $0.section(".rela.text", type: 4, flags: 0x40, link: .max, info: UInt32(Draft.initText))
      }),
    RuleCase(
      "elf-symbol-table",
      bad: {
        $0.patch = { bytes in
          // The symbol table is the third section from the end: its size becomes none.
          let table = Int(bytes[40]) | Int(bytes[41]) << 8 | Int(bytes[42]) << 16
          let size = table + (Int(bytes[60]) - 3) * 64 + 32
          for index in size..<size + 8 { bytes[index] = 0 }
        }
      }),
  ]
}
