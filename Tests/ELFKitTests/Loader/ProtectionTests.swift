import ELFKit
import TestSupport
import Testing

/// What kernels do with modules that were not built for the protections of the processor.
@Suite("Protections")
struct ProtectionTests {
  private func kernel(
    _ version: String, _ config: String, commandLine: String = ""
  ) throws -> TargetKernel {
    var kernel = TargetKernel()
    kernel.vermagic = ByteSlice(Array("\(version) SMP mod_unload ".utf8))
    kernel.release = ByteSlice(Array(version.utf8))
    kernel.config = try KernelConfig(
      ByteSlice(Array("CONFIG_MODULE_UNLOAD=y\nCONFIG_SMP=y\n\(config)\n".utf8)))
    kernel.commandLine = KernelCommandLine(ByteSlice(Array(commandLine.utf8)))
    return kernel
  }

  private func module(
    _ version: String, _ change: (inout Draft) -> Void = { _ in }
  ) -> LoadRequest {
    let draft = Draft {
      $0.replace("vermagic", "\(version) SMP mod_unload ")
      change(&$0)
    }
    return LoadRequest(ByteSlice(draft.build()))
  }

  private static let ibt = "CONFIG_X86_64=y\nCONFIG_X86_KERNEL_IBT=y"

  @Test(
    "A kernel with IBT does not survive the call of an init without endbr64",
    arguments: [
      ("6.1.0", "traps: ", "traps.c:..."), ("6.12.5", "", "cet.c:132"), ("7.2.13", "", "cet.c:..."),
    ])
  func dies(version: String, prefix: String, place: String) throws {
    let answer = try kernel(version, Self.ibt).prediction(module(version))
    expect(answer.verdict, is: .fails)
    expect(answer.errno, is: nil)
    expect(answer.stage, is: .initialisation)
    expect(
      answer.messages.suffix(3).map(\.text),
      is: [
        "\(prefix)Missing ENDBR: init_module+0x0/0x1000 [tiny]",
        "------------[ cut here ]------------",
        "kernel BUG at arch/x86/kernel/\(place)!",
      ])
    expect(answer.advice.contains { $0.text.contains("-fcf-protection=branch") })
    expect(answer.assumptions.contains { $0.text.contains("(IBT)") })
  }

  @Test(
    "It loads where nobody looks: built for it, no such kernel, switched off, no such processor")
  func loads() throws {
    let version = "6.12.5"
    let bad = module(version)
    func verdict(_ kernel: TargetKernel, _ request: LoadRequest) -> String {
      let answer = kernel.prediction(request)
      return answer.stage == .initialisation ? "stops" : answer.verdict.rawValue
    }
    let good = module(version) { $0.code = RuleTests.endbr }
    let ibt = try kernel(version, Self.ibt)
    expect(verdict(ibt, bad), is: "stops")
    expect(verdict(ibt, good) != "stops")
    expect(verdict(try kernel(version, "CONFIG_X86_64=y"), bad) != "stops")
    expect(verdict(try kernel("5.17.0", Self.ibt), module("5.17.0")) != "stops")
    expect(verdict(try kernel(version, Self.ibt, commandLine: "ibt=off"), bad) != "stops")
    var other = ibt
    other.processorFlags = []
    expect(verdict(other, bad) != "stops")
    other.processorFlags = ["ibt"]
    expect(verdict(other, bad), is: "stops")
    expect(!other.prediction(bad).assumptions.contains { $0.text.contains("(IBT)") })
  }

  @Test("With ibt=warn it warns and goes on")
  func warns() throws {
    let kernel = try kernel("6.12.5", Self.ibt, commandLine: "ibt=warn")
    let answer = kernel.prediction(module("6.12.5"))
    expect(answer.verdict != .fails)
    expect(answer.messages.contains { $0.text.contains("Missing ENDBR: init_module") })
    expect(!answer.messages.contains { $0.text.contains("kernel BUG") })
    expect(answer.state.taints.letters.contains("W"))
  }

  @Test("The size is that of kallsyms: up to the next symbol")
  func size() throws {
    let request = module("6.12.5") {
      $0.more = { $0.symbol("later", section: UInt16(Draft.initText), value: 12, size: 1, type: 2) }
    }
    let answer = try kernel("6.12.5", Self.ibt).prediction(request)
    expect(answer.messages.contains { $0.text == "Missing ENDBR: init_module+0x0/0xc [tiny]" })
  }

  @Test("AArch64: bti c, or what stands for it")
  func bti() throws {
    let version = "6.12.5"
    func answer(_ code: [UInt8], _ config: String) throws -> LoadPrediction {
      var builder = ELFBuilder(machine: 183)
      builder.modinfo(["license=GPL", "name=tiny", "vermagic=\(version) SMP mod_unload aarch64"])
      builder.thisModule("tiny")
      let text = builder.section(".init.text", flags: 6, code + [0xc0, 0x03, 0x5f, 0xd6])
      for name in [".plt", ".init.plt"] { builder.section(name, flags: 6, [0]) }
      let start = builder.symbol("init_module", section: UInt16(text), size: 8, type: 2)
      builder.relocations(of: 2, [(0x138, start, 257, 0)])
      var kernel = try kernel(version, "CONFIG_ARM64=y\n" + config)
      kernel.vermagic = "6.12.5 SMP mod_unload aarch64"
      return kernel.prediction(LoadRequest(ByteSlice(builder.build())))
    }
    let bti = "CONFIG_ARM64_BTI_KERNEL=y"
    let bare = try answer([0xfd, 0x7b, 0xbf, 0xa9], bti)
    expect(bare.stage, is: .initialisation)
    expect(bare.messages.last?.text, is: "Internal error: Oops - BTI: 0000000036000002 [#1] SMP")
    expect(bare.advice.contains { $0.text.contains("-mbranch-protection=pac-ret+bti") })
    try expect(answer([0xfd, 0x7b, 0xbf, 0xa9], "").stage != .initialisation)
    // bti c, paciasp
    try expect(answer([0x5f, 0x24, 0x03, 0xd5], bti).stage != .initialisation)
    try expect(answer([0x3f, 0x23, 0x03, 0xd5], bti).stage != .initialisation)
  }

  @Test("A return that is not patched is warned of since 6.9")
  func returns() throws {
    func answer(_ version: String, listed: Int) throws -> LoadPrediction {
      let request = module(version) { draft in
        // What a relocation changes is zero before.
        draft.code = [UInt8](repeating: 0, count: 16)
        draft.more = { builder in
          let thunk = builder.symbol("__x86_return_thunk")
          builder.relocations(of: Draft.initText, [(1, thunk, 4, -4)])
          builder.relocations(of: Draft.exitText, [(1, thunk, 4, -4)])
          builder.section(".return_sites", [UInt8](repeating: 0, count: 4 * listed))
        }
      }
      return try kernel(version, "CONFIG_X86_64=y").prediction(request)
    }
    let said = "Unpatched return thunk in use. This should not happen!"
    let none = try answer("6.12.5", listed: 0)
    expect(none.messages.contains { $0.text == said })
    expect(none.state.taints.letters.contains("W"))
    // Which of them runs is not known.
    let one = try answer("6.12.5", listed: 1)
    expect(!one.messages.contains { $0.text == said })
    expect(one.assumptions.contains { $0.text.contains("1 of 2 jumps") })
    try expect(!answer("6.1.0", listed: 0).messages.contains { $0.text == said })
    try expect(
      !answer("6.12.5", listed: 2).assumptions.contains { $0.text.contains("of 2 jumps") })
  }

  @Test("Whether a kernel with CFI takes a module without types is not told for sure")
  func types() throws {
    let answer = try kernel("6.12.5", "CONFIG_X86_64=y\nCONFIG_CFI_CLANG=y").prediction(
      module("6.12.5"))
    expect(answer.verdict, is: .depends)
    expect(answer.openQuestions.contains { $0.text.contains("CONFIG_CFI_CLANG") })
    expect(answer.advice.contains { $0.text.contains("LLVM=1") })
  }

  @Test("A module of Debian's kernel with IBT, and the same without its endbr64")
  func fixture() throws {
    let bytes = try Fixtures.bytes("hello-6.12.ko")
    let endbr: [UInt8] = [0xf3, 0x0f, 0x1e, 0xfa]
    var bare = bytes
    while let range = bare.firstRange(of: endbr) {
      bare.replaceSubrange(range, with: [0x0f, 0x1f, 0x40, 0x00])
    }
    expect(bare != bytes)
    let kernel = try kernel("6.12.107+deb13-amd64", Self.ibt)
    expect(kernel.prediction(LoadRequest(ByteSlice(bytes))).stage != .initialisation)
    var context = CheckContext()
    context.target = kernel
    func rules(_ bytes: [UInt8]) throws -> Set<String> {
      let facts = ModuleFacts(KernelModule(try ELFImage(ByteSlice(bytes))), context)
      return Set(facts.findings(of: Rule.all).findings.map(\.rule))
    }
    try expect(!rules(bytes).contains("ibt-endbr-missing"))
    try expect(rules(bare).subtracting(rules(bytes)), is: ["ibt-endbr-missing"])
  }
}
