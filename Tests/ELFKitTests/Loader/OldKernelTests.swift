import TestSupport
import Testing

@testable import ELFKit

/// What kernels of other ages say, as their sources have it (the rows of History/Changes name them).
@Suite("Words and errors of older kernels")
struct OldKernelTests {
  private static func slice(_ text: String) -> ByteSlice { ByteSlice(Array(text.utf8)) }

  private static let rhel7 = "3.10.0-1160.el7.x86_64"

  private static func builder(_ release: String, _ tags: [String] = ["intree=Y"]) -> ELFBuilder {
    var builder = ELFBuilder(machine: 62)
    builder.modinfo(
      ["license=GPL", "retpoline=Y", "name=tagged", "vermagic=\(release) SMP "] + tags)
    builder.thisModule("m")
    return builder
  }

  /// A kernel of this release that looks at signatures and does not ask for them.
  private static func target(_ release: String) -> TargetKernel {
    var target = TargetKernel()
    target.vermagic = slice("\(release) SMP ")
    target.config = try? KernelConfig("CONFIG_X86_64=y\nCONFIG_MODULE_SIG=y\nCONFIG_LIVEPATCH=y\n")
    return target
  }

  private static func lines(_ prediction: LoadPrediction) -> [String] {
    prediction.messages.map(\.text)
  }

  @Test(
    "A module built out of tree is spoken of since 4.7, and by RHEL 7",
    arguments: [
      ("3.10.108", false), (rhel7, true), ("4.4.302", false), ("4.7.0", true), ("4.14.1", true),
    ])
  func outOfTree(release: String, isSaid: Bool) {
    let file = LoadRequest(ByteSlice(Self.builder(release, []).build()))
    let prediction = Self.target(release).prediction(file)
    expect(prediction.moduleTaints.letters.contains("O"))
    expect(
      Self.lines(prediction).contains("m: loading out-of-tree module taints kernel."), is: isSaid)
  }

  @Test(
    "Without a signature a module is forced (F) before 3.15, unsigned (E) since and for RHEL 7",
    arguments: [
      ("3.10.108", "F"), (rhel7, "E"), ("3.14.79", "F"), ("3.15.0", "E"), ("6.1.0", "E"),
    ])
  func unsigned(release: String, letter: String) throws {
    let bytes = Self.builder(release).build()
    let prediction = Self.target(release).prediction(LoadRequest(ByteSlice(bytes)))
    expect(prediction.moduleTaints.letters, is: letter)
    expect(Self.lines(prediction).contains { $0.hasPrefix("m: module verification failed") })
    try expect(KernelModule(ELFImage(bytes)).taints().map { String($0.taint.letter) }, is: [letter])
  }

  @Test("Android's kernels protect symbols instead of tainting themselves")
  func protected() {
    let release = "6.6.30-android15-8-g0123456789ab"
    for (option, letters) in [("CONFIG_MODULE_SIG_PROTECT=y", ""), ("CONFIG_SMP=y", "E")] {
      var target = Self.target(release)
      target.config = try? KernelConfig(Self.slice("CONFIG_MODULE_SIG=y\n\(option)\n"))
      let file = LoadRequest(ByteSlice(Self.builder(release).build()))
      expect(target.prediction(file).moduleTaints.letters, is: letters)
    }
  }

  @Test(
    "module_blacklist= refuses in silence before 5.10, and goes by name= since 4.13",
    arguments: [
      ("4.9.337", "m", ""), ("4.14.1", "tagged", ""), (rhel7, "m", ""), ("5.4.0", "tagged", ""),
      ("5.10.223", "tagged", "Module tagged is blacklisted"), ("3.10.1", nil, nil),
    ] as [(String, String?, String?)])
  func blacklist(release: String, name: String?, line: String?) {
    for listed in ["m", "tagged"] {
      var target = Self.target(release)
      target.commandLine = KernelCommandLine(Self.slice("module_blacklist=\(listed)"))
      let prediction = target.prediction(
        LoadRequest(ByteSlice(Self.builder(release).build())))
      expect(prediction.errno == .notPermitted, is: listed == name, "\(listed)")
      guard listed == name else { continue }
      let expected = [line].compactMap { $0 }.filter { !$0.isEmpty }
      expect(Self.lines(prediction).filter { $0.hasPrefix("Module ") }, is: expected)
    }
  }

  @Test(
    "A live patch is spoken of by kernels that were read",
    arguments: [
      ("4.9.1", false), ("4.14.1", true), ("4.18.0-553.el8.x86_64", true), (rhel7, false),
    ])
  func livePatch(release: String, isSaid: Bool) {
    let file = LoadRequest(ByteSlice(Self.builder(release, ["intree=Y", "livepatch=Y"]).build()))
    let prediction = Self.target(release).prediction(file)
    expect(prediction.moduleTaints.letters.contains("K"))
    expect(Self.lines(prediction).contains { $0.contains("TAINT_LIVEPATCH") }, is: isSaid)
  }

  @Test(
    "What stands for a name depends on the kernel",
    arguments: [
      ("4.9.1", "No module found in object"),
      ("4.14.1", "(missing .modinfo name field): No module found in object"),
      ("5.4.1", "(missing .modinfo section or name field): No module found in object"),
    ])
  func missingName(release: String, line: String) {
    var builder = ELFBuilder(machine: 62)
    builder.modinfo(["license=GPL", "vermagic=\(release) SMP "])
    builder.symbol("s")
    let prediction = Self.target(release).prediction(LoadRequest(ByteSlice(builder.build())))
    expect(prediction.errno == .notExecutable && Self.lines(prediction) == [line])
  }

  @Test("The stable line of 5.4 looks at files since 5.4.110")
  func stableValidity() {
    for (release, line) in [
      ("5.4.109", " truncated"), ("5.4.110", "Module has invalid ELF structures"),
    ] {
      var builder = Self.builder(release)
      builder.section("cut", flags: 2, [1], size: 1 << 20)
      let prediction = Self.target(release).prediction(LoadRequest(ByteSlice(builder.build())))
      expect(prediction.errno, is: .notExecutable)
      expect(Self.lines(prediction).last?.hasSuffix(line), is: true)
    }
  }

  @Test(
    "A non-free module taints who uses it since 5.9, and is named with the symbol since 5.19",
    arguments: [
      ("4.19.1", nil), ("5.4.117", nil), ("5.4.118", ""), ("5.9.1", ""), ("6.1.0", "fn "),
    ] as [(String, String?)])
  func inherited(release: String, symbol: String?) {
    for isGPLOnly in [false, true] {
      var builder = Self.builder(release)
      if isGPLOnly { builder.symbol("free") }
      builder.symbol("fn")
      var target = Self.target(release)
      let names = ["free", "fn"].map(Self.slice)
      target.state.modules = names.map { name in
        LoadedModule(
          name: Self.slice(name == names[0] ? "good" : "bad"),
          taints: TaintMask(rawValue: name == names[0] ? 0 : 1),
          exports: [
            name: ExportedSymbol(
              name: name, crc: 0, provider: name, isGPLOnly: name == names[0],
              namespace: .empty(at: 0))
          ])
      }
      let prediction = target.prediction(LoadRequest(ByteSlice(builder.build())))
      let said = Self.lines(prediction).filter { $0.contains("proprietary module") }
      let words = symbol.map {
        isGPLOnly
          ? "m: module using GPL-only symbols uses symbols \($0)from proprietary module bad."
          : "m: module uses symbols \($0)from proprietary module bad, inheriting taint."
      }
      expect(said, is: [words].compactMap { $0 })
      expect(prediction.errno == .noEntry, is: isGPLOnly && words != nil)
      expect(prediction.moduleTaints.letters.contains("P"), is: !isGPLOnly && words != nil)
    }
  }

  @Test(
    "x86-64 looks at what a relocation is to change since 4.15, and RHEL 7 does",
    arguments: [("4.4.302", false), ("4.14.1", false), ("4.15.1", true), (rhel7, true)])
  func nonzero(release: String, isRefused: Bool) {
    var builder = Self.builder(release)
    let data = builder.section(".data", flags: 3, [1, 2, 3, 4, 5, 6, 7, 8])
    let symbol = builder.symbol("here", section: UInt16(data))
    builder.relocations(of: data, [(0, symbol, 1, 0)])
    let prediction = Self.target(release).prediction(LoadRequest(ByteSlice(builder.build())))
    expect(prediction.errno == .notExecutable, is: isRefused)
    let words = "module: x86/modules: Skipping invalid relocation target"
    expect(Self.lines(prediction).contains { $0.hasPrefix(words) }, is: isRefused)
  }

  @Test(
    "Arguments for no parameter are refused before 3.11, as is '--' before 3.15",
    arguments: [
      ("3.10.108", "nope=1", .noEntry, "m: Unknown parameter `nope'"),
      (rhel7, "--", .noEntry, "m: Unknown parameter `--'"),
      ("3.14.1", "-- nope=1", nil, "m: unknown parameter 'nope' ignored"),
      ("4.4.302", "nope=1", nil, "m: unknown parameter 'nope' ignored"),
      ("4.4.302", "-- nope=1", nil, "m: parameters 'nope=1' after `--' ignored"),
    ] as [(String, String, Errno?, String)])
  func arguments(release: String, text: String, errno: Errno?, line: String) {
    var request = LoadRequest(ByteSlice(Self.builder(release).build()))
    request.arguments = Self.slice(text)
    let prediction = Self.target(release).prediction(request)
    expect(prediction.errno == errno && Self.lines(prediction).contains(line))
  }

  @Test("Values that only newer kernels take, or refuse with another error")
  func values() throws {
    func check(_ text: String, _ type: String, _ major: Int, _ minor: Int) throws -> Errno? {
      let type = try #require(StandardParameterType.all.first { $0.name == type })
      return KernelValue.check(
        Self.slice(text), type, Kernel(KernelVersion(major, minor)), Encoding(.little))
    }
    try expect(check("on", "bool", 4, 4) == .invalid && check("on", "bool", 4, 6) == nil)
    try expect(check("enable", "bool", 6, 15), is: .invalid)
    try expect(check("enable", "bool", 6, 16), is: nil)
    for (text, type) in [("256", "byte"), ("-2147483649", "int"), ("65536", "ushort")] {
      try expect(check(text, type, 3, 10) == .invalid && check(text, type, 4, 4) == .outOfRange)
    }
    // What fits no number at all is out of range everywhere.
    try expect(check("99999999999999999999", "int", 3, 10), is: .outOfRange)
  }

  @Test(
    "Linux 3.10 knows signatures with X.509 names alone, and refuses messages",
    arguments: [
      ("3.10.108", 1, 1, nil), (rhel7, 0, 2, .noPackage), ("3.10.108", 0, 1, .noPackage),
    ] as [(String, UInt8, UInt8, Errno?)])
  func oldSignatures(release: String, algorithm: UInt8, type: UInt8, errno: Errno?) {
    let file = Self.builder(release).build()
    let trailer: [UInt8] = [algorithm, 4, type, 2, 3, 0, 0, 0, 0, 0, 0, 8]
    let signed =
      file + [UInt8](repeating: 7, count: 2 + 3 + 8) + trailer + Array(ModuleSignature.marker.utf8)
    let prediction = Self.target(release).prediction(LoadRequest(ByteSlice(signed)))
    expect(prediction.errno == errno && Self.lines(prediction) == [])
    expect(prediction.moduleTaints.letters, is: "")
  }

  @Test("64-bit PowerPC has never freed what runs on loading")
  func powerPC() throws {
    var builder = ELFBuilder(machine: 21)
    let text = builder.section(".init.text", flags: 6, [0, 0, 0, 0])
    let image = try ELFImage(builder.build())
    let section = image.sections[text]
    for release in ["3.10.0", "5.10.0", "6.12.0"] {
      let kernel = try #require(Kernel(release: Self.slice(release)))
      expect(KernelModule(image).region(of: section, in: kernel), is: .code)
    }
  }
}
