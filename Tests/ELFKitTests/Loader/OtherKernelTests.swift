import ELFKit
import TestSupport
import Testing

/// Modules of kernels that differ from those that were measured, and were once found faulty for it.
@Suite("No false alarm about modules of other kernels")
struct OtherKernelTests {
  /// A module for `machine` and the kernel that `vermagic` names, with init and exit where `more` has
  /// not put them elsewhere.
  private static func builder(_ name: String, machine: UInt16, vermagic: String) -> ELFBuilder {
    var builder = ELFBuilder(machine: machine)
    builder.modinfo([
      "license=GPL", "description=d", "author=a", "intree=Y", "retpoline=Y", "depends=",
      "name=\(name)", "vermagic=\(vermagic)",
    ])
    builder.thisModule(name)
    return builder
  }

  private static func findings(_ builder: ELFBuilder) throws -> [Finding] {
    let image = try ELFImage(asLoaded: ByteSlice(builder.build()))
    let facts = ModuleFacts(KernelModule(image), CheckContext())
    return Rule.all.flatMap { $0.findings(in: facts) }
  }

  private static func errors(_ builder: ELFBuilder) throws -> [String] {
    try findings(builder).filter { $0.severity == .error }.map { "\($0.rule): \($0.message)" }
  }

  @Test("Exports of Linux 4.4 and 4.19 have no namespace, and CRCs of 8 bytes or as symbols")
  func exports() throws {
    for (release, field) in [("4.4.0", 8), ("4.19.0-27-amd64", 4)] as [(String, UInt64)] {
      let layout = RecordLayoutTests.Exports(
        field: field, fields: 2, release: release, crcBytes: field == 8 ? 8 : 4,
        hasCRCSymbols: field == 4, names: ["alpha_fn", "beta_fn", "gamma_fn"])
      let facts = ModuleFacts(try layout.module(), CheckContext())
      let rules = Set(Rule.all.flatMap { $0.findings(in: facts) }.map(\.rule))
      // Its struct module and the like are missing, but all is well with its exports.
      let about: Set = [
        "ksymtab-unsorted", "export-table-incomplete", "crc-missing",
      ]
      expect(rules.isDisjoint(with: about), "\(release): \(rules.intersection(about))")
    }
  }

  @Test("Parameters of Linux 3.10 and 2.6.32 have a size of their own")
  func parameters() throws {
    for (layout, release) in zip(
      RecordLayoutTests.Parameters.all.dropFirst(),
      ["3.10.0-1160.el7.x86_64", "2.6.32-431.el6.x86_64"])
    {
      let facts = ModuleFacts(try layout.module(5, release, .little), CheckContext())
      let rules = Set(Rule.all.flatMap { $0.findings(in: facts) }.map(\.rule))
      expect(!rules.contains("param-size"), "\(release)")
    }
  }

  @Test("arm64 of Linux 4.9 has .plt alone")
  func arm64Tables() throws {
    var old = Self.builder(
      "arm64old", machine: 183, vermagic: "4.9.140-tegra SMP preempt mod_unload aarch64")
    old.section(".plt", type: 8, flags: 6, size: 1)
    try expect(Self.errors(old), is: [])
  }

  @Test(
    "Which tables of far jumps arm64 asks for depends on its age and configuration",
    arguments: [
      // The kernel, the module's tables, what is found with the option, without, and without a .config.
      ("4.4.0", [], [nil, nil, nil]), ("4.9.140", [".plt"], [nil, nil, nil]),
      ("4.9.140", [], [.error, nil, .note]), ("4.14.0", [".plt"], [.error, nil, .note]),
      ("6.1.0", [], [.error, nil, .note]), ("6.1.0", [".plt", ".init.plt"], [nil, nil, nil]),
      ("6.6.0", [], [.error, .error, .error]),
    ] as [(String, [String], [Severity?])])
  func arm64Ages(release: String, tables: [String], expected: [Severity?]) throws {
    var builder = Self.builder(
      "m", machine: 183, vermagic: "\(release) SMP preempt mod_unload aarch64")
    for table in tables { builder.section(table, type: 8, flags: 6, size: 1) }
    let image = try ELFImage(asLoaded: ByteSlice(builder.build()))
    let configurations = ["CONFIG_ARM64_MODULE_PLTS=y", "CONFIG_SMP=y", nil]
    for (text, severity) in zip(configurations, expected) {
      var target = TargetKernel()
      target.vermagic = ByteSlice(Array("\(release) SMP preempt mod_unload aarch64".utf8))
      target.config = try text.map {
        try KernelConfig(ByteSlice(Array("CONFIG_ARM64=y\n\($0)\n".utf8)))
      }
      var context = CheckContext()
      context.target = target
      let facts = ModuleFacts(KernelModule(image), context)
      let found = Rule.all.flatMap { $0.findings(in: facts) }.filter { $0.rule == "arch-sections" }
      expect(found.map(\.severity).max(), is: severity, "\(text ?? "no .config")")
      // A verdict that rests on the option says so.
      let prediction = target.prediction(LoadRequest(image.source))
      let questions = prediction.openQuestions.map(\.text)
      let asks = questions.contains { $0.contains("ARM64_MODULE_PLTS") }
      expect(asks, is: severity == .note, "\(questions), \(prediction.stage?.rawValue ?? "")")
    }
  }

  @Test("Linux 4.19 looks at less of a file than 5.10, and has fewer words for it")
  func oldFiles() throws {
    func prediction(_ release: String, _ change: (inout ELFBuilder) -> Void) -> LoadPrediction {
      var builder = Self.builder("m", machine: 62, vermagic: "\(release) SMP mod_unload ")
      change(&builder)
      var target = TargetKernel()
      target.vermagic = ByteSlice(Array("\(release) SMP mod_unload ".utf8))
      target.config = try? KernelConfig("CONFIG_X86_64=y\nCONFIG_STRICT_MODULE_RWX=y\n")
      return target.prediction(LoadRequest(ByteSlice(builder.build())))
    }
    // A section that reaches beyond the end of the file.
    for (release, line) in [
      ("5.10.1", "Module has invalid ELF structures"), ("4.19.1", " truncated"),
    ] {
      let cut = prediction(release) { $0.section("cut", flags: 2, [1], size: 1 << 20) }
      expect(cut.errno, is: .notExecutable)
      expect(cut.messages.last?.text.hasSuffix(line), is: true, "\(cut.messages.map(\.text))")
      expect(cut.messages.contains { $0.text.hasPrefix("Module len ") }, is: release == "4.19.1")
    }
    // A section that can be written and run.
    for (release, isRefused) in [("5.10.1", true), ("4.19.1", false)] {
      let wx = prediction(release) { $0.section("wx", flags: 7, [0]) }
      expect(wx.stage == .sections, is: isRefused)
      expect(wx.messages.contains { $0.text.contains("WRITE|EXEC") }, is: isRefused)
    }
  }

  @Test("Linux 4.4 knows neither live patches nor module_blacklist=")
  func oldTags() throws {
    for (release, isAsked) in [("4.4.302", false), ("4.19.1", true), ("6.1.0", true)] {
      var builder = Self.builder("m", machine: 62, vermagic: "\(release) SMP mod_unload ")
      var target = TargetKernel()
      target.vermagic = ByteSlice(Array("\(release) SMP mod_unload ".utf8))
      target.commandLine = KernelCommandLine("module_blacklist=m")
      let file = LoadRequest(ByteSlice(builder.build()))
      expect(target.prediction(file).errno == .notPermitted, is: isAsked, "\(release)")
      target.commandLine = nil
      builder.sections[0].bytes += Array("livepatch=Y\0".utf8)
      let bytes = builder.build()
      let patch = target.prediction(LoadRequest(ByteSlice(bytes)))
      expect(patch.moduleTaints.letters.contains("K"), is: isAsked, "\(release)")
      let own = try KernelModule(ELFImage(bytes)).taints()
      expect(own.contains { $0.taint.letter == "K" }, is: isAsked)
    }
  }

  @Test("LoongArch of Linux 4.19 has no tables, 6.0 no .got")
  func loongArchAges() throws {
    func errors(_ release: String, _ tables: [String]) throws -> [String] {
      var builder = Self.builder("m", machine: 258, vermagic: "\(release) SMP mod_unload ")
      for table in tables { builder.section(table, type: 8, flags: 3, size: 1) }
      return try Self.findings(builder).filter { $0.rule == "arch-sections" }.map(\.rule)
    }
    try expect(errors("4.19.0", []).isEmpty)
    try expect(errors("6.0.0", [".plt", ".plt.idx"]).isEmpty)
    try expect(errors("6.0.0", [".plt"]).count, is: 1)
    try expect(errors("6.6.0", [".plt", ".plt.idx"]).count, is: 1)
  }

  @Test("RISC-V's .plt is writable and executable until the loader gives it other flags")
  func riscvTables() throws {
    func module(_ name: String) -> ELFBuilder {
      var builder = Self.builder("riscvplt", machine: 243, vermagic: "6.6.3 SMP mod_unload riscv")
      builder.section(name, flags: 7, [0])
      for table in [".plt", ".got", ".got.plt"] where table != name {
        builder.section(table, flags: 3, [0])
      }
      return builder
    }
    try expect(Self.errors(module(".plt")), is: [])
    try expect(!Self.errors(module(".other")).isEmpty)
  }

  @Test("RISC-V's loader refuses padding that only a linker can fit in")
  func riscvPadding() throws {
    var builder = Self.builder("pad", machine: 243, vermagic: "6.6.3 SMP mod_unload riscv")
    for table in [".plt", ".got", ".got.plt"] { builder.section(table, flags: 3, [0]) }
    let text = builder.section(".text", flags: 6, [UInt8](repeating: 0, count: 8))
    builder.relocations(of: text, [(0, 0, 43, 6)])
    let image = try ELFImage(asLoaded: ByteSlice(builder.build()))
    let problems = ModuleFacts(KernelModule(image), CheckContext()).survey.problems
    let problem = try #require(problems.first { $0.id == "unsupported-relocation" })
    expect(
      problem.lines,
      is: [
        "pad: The unexpected relocation type 'R_RISCV_ALIGN' from PC = (____ptrval____)"
      ])
  }

  @Test("A jump table of clang's CFI leads to init, and may")
  func jumpTables() throws {
    /// Code that jumps to init from within a symbol of this name.
    func module(_ symbol: String) -> ELFBuilder {
      var builder = Self.builder(
        "cfijt", machine: 62, vermagic: "5.10.136-gki SMP preempt mod_unload ")
      let start = builder.section(".init.text", flags: 6, [UInt8](repeating: 0x90, count: 16))
      let text = builder.section(".text", flags: 6, [UInt8](repeating: 0xcc, count: 32))
      let initModule = builder.symbol("init_module", section: UInt16(start), size: 16, type: 2)
      // The outer symbol begins earlier and reaches as far: the inner one names the place.
      builder.symbol("probe.cfi_jt", section: UInt16(text), size: 16, type: 2)
      builder.symbol(symbol, section: UInt16(text), value: 8, size: 8, type: 2)
      builder.relocations(of: text, [(9, initModule, 4, -4)])
      builder.relocations(of: 2, [(0x138, initModule, 1, 0)])
      return builder
    }
    let allowed = try Self.findings(module("init_module.cfi_jt"))
    expect(!allowed.contains { $0.rule == "section-mismatch" })
    let other = try Self.findings(module("careless"))
    let mismatch = try #require(other.first { $0.rule == "section-mismatch" })
    expect(String(decoding: mismatch.message.bytes, as: UTF8.self).contains("careless"))
  }
}
