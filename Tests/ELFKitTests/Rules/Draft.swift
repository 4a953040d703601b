import ELFKit
import TestSupport

/// A module that no rule finds anything about but that it is not signed. Tests change one thing.
struct Draft {
  var info = [
    "license=GPL", "description=d", "author=a", "retpoline=Y", "intree=Y", "name=tiny",
    "vermagic=6.1.0-x SMP mod_unload ",
  ]
  var name = "tiny"
  var structSize = 896
  var hasInit = true
  var hasExit = true
  /// The code of init and of exit.
  var code = [UInt8](repeating: 0x90, count: 16)
  /// Where in its section init begins.
  var initValue: UInt64 = 0
  var host = CheckContext()
  /// Sections and symbols besides.
  var more: (inout ELFBuilder) -> Void = { _ in }
  /// Bytes of the finished file.
  var patch: (inout [UInt8]) -> Void = { _ in }

  /// The numbers of its sections.
  static let (modinfo, thisModule, initText, exitText) = (1, 2, 3, 4)

  init(_ change: (inout Draft) -> Void = { _ in }) { change(&self) }

  mutating func replace(_ key: String, _ value: String?) {
    info.removeAll { $0.hasPrefix("\(key)=") }
    if let value { info.append("\(key)=\(value)") }
  }

  func build() -> [UInt8] {
    var builder = ELFBuilder()
    builder.modinfo(info)
    builder.thisModule(name, size: structSize)
    builder.section(".init.text", flags: 6, code)
    builder.section(".exit.text", flags: 6, code)
    let start = builder.symbol(
      "init_module", section: UInt16(Self.initText), value: initValue, size: 16, type: 2)
    let end = builder.symbol("cleanup_module", section: UInt16(Self.exitText), size: 16, type: 2)
    var pointers: [(offset: UInt64, symbol: UInt64, type: UInt64, addend: Int64)] = []
    if hasInit { pointers.append((0x138, start, 1, 0)) }
    if hasExit { pointers.append((0x350, end, 1, 0)) }
    builder.relocations(of: Self.thisModule, pointers)
    more(&builder)
    var bytes = builder.build()
    patch(&bytes)
    return bytes
  }

  func facts() throws -> ModuleFacts {
    ModuleFacts(KernelModule(try ELFImage(asLoaded: ByteSlice(build()))), host)
  }

  /// The ids of all findings.
  func findings() throws -> [Finding] {
    let facts = try facts()
    return Rule.all.flatMap { $0.findings(in: facts) }
  }
}

/// What a kernel offers, as its Module.symvers has it.
func providers(_ lines: String...) -> SymbolProviders {
  var providers = SymbolProviders()
  let text = (lines + ["0x00000001\tkmalloc\tvmlinux\tEXPORT_SYMBOL\t"]).joined(separator: "\n")
  if let symvers = try? ModuleSymvers(ByteSlice(Array(text.utf8))) { providers.add(symvers) }
  return providers
}

extension CheckContext {
  /// The kernel that is given, for tests that change one fact of it.
  var kernel: TargetKernel {
    get { target ?? TargetKernel() }
    set { target = newValue }
  }
}
