import TestSupport
import Testing

@testable import ELFKit

/// What is known of a kernel's options without its `.config`: what its modules show, and what its
/// distribution builds (User-Mode Linux was said to print lines that it does not have).
@Suite("Options of a kernel whose .config is not known")
struct ShownOptionsTests {
  private static func slice(_ text: String) -> ByteSlice { ByteSlice(Array(text.utf8)) }

  /// A module of the kernel `release`, with the sections `names` that loaders look for.
  private static func bytes(
    _ release: String, _ tags: [String] = [], inTree: Bool = true, machine: UInt16 = 62,
    sections names: [String] = []
  ) -> [UInt8] {
    var builder = ELFBuilder(machine: machine)
    builder.modinfo(
      ["license=GPL", "name=m", "vermagic=\(release) mod_unload "] + tags
        + (inTree ? ["intree=Y"] : []))
    builder.thisModule("m")
    for name in names { builder.section(name, flags: 6, [0]) }
    return builder.build()
  }

  private static func module(_ bytes: [UInt8]) throws -> KernelModule {
    KernelModule(try ELFImage(asLoaded: ByteSlice(bytes)))
  }

  /// The kernel that `reference` is a module of.
  private static func kernel(
    _ release: String, shownBy reference: [UInt8]? = nil, config: String? = nil
  ) throws -> TargetKernel {
    var kernel = TargetKernel()
    kernel.vermagic = slice("\(release) mod_unload ")
    if let reference { try kernel.addOptions(shownBy: module(reference)) }
    kernel.config = try config.map { try KernelConfig(slice($0)) }
    return kernel
  }

  private static let retpolines = [
    "Spectre V2 : System may be vulnerable to spectre v2",
    "m: loading module not compiled with retpoline compiler.",
  ]
  private static let verification =
    "m: module verification failed: signature and/or required key missing - tainting kernel"

  @Test(
    "An untagged module that nobody signed: lines only of kernels that are known to have them",
    arguments: [
      ("6.1.176", nil, []), ("4.14.180-perf", nil, []), ("5.4.0-custom", nil, []),
      ("6.1.0-56-amd64", nil, retpolines + [verification]),
      ("5.15.0-25-generic", nil, retpolines + [verification]),
      ("6.1.176", "CONFIG_X86_64=y\nCONFIG_MODULE_SIG=y\n", [verification]),
      ("6.1.176", "CONFIG_X86_64=y\nCONFIG_RETPOLINE=y\n", retpolines),
      ("6.12.1", "CONFIG_X86_64=y\nCONFIG_MITIGATION_RETPOLINE=y\n", retpolines),
      ("6.1.0-56-amd64", "CONFIG_X86_64=y\n", []),
      // A vendor may have taken the new name over: a configuration shows which it has.
      ("5.14.0-503.el9.x86_64", "CONFIG_X86_64=y\nCONFIG_MITIGATION_RETPOLINE=y\n", retpolines),
      ("6.12.1", "CONFIG_X86_64=y\nCONFIG_RETPOLINE=y\n", retpolines),
    ] as [(String, String?, [String])])
  func lines(release: String, config: String?, lines: [String]) throws {
    let file = Self.bytes(release)
    let prediction = try Self.kernel(release, config: config).prediction(
      LoadRequest(ByteSlice(file)))
    expect(prediction.messages.map(\.text), is: lines)
    let hasTaint = lines.contains(Self.verification)
    expect(prediction.moduleTaints.letters, is: (hasTaint ? "E" : ""))
    // What is taken for granted is said, with the name that the option has there.
    let words = prediction.assumptions.map(\.text).filter { $0.contains("is assumed") }
    for option in ["CONFIG_MODULE_SIG=", "RETPOLINE="] {
      let isSaid = words.contains { $0.contains(option) }
      expect(
        isSaid, is: config == nil && (option.hasPrefix("CONFIG") || !release.hasPrefix("4.")))
    }
    expect(!words.contains { $0.contains("MITIGATION") })
  }

  @Test("A module of the kernel's own decides, by its tag and its signature")
  func reference() throws {
    let file = LoadRequest(ByteSlice(Self.bytes("6.12.1")))
    let untagged = try Self.kernel("6.12.1", shownBy: Self.bytes("6.12.1"))
    expect(untagged.has(.mitigationRetpoline), is: false)
    expect(untagged.has(.moduleSignature), is: nil)
    expect(untagged.prediction(file).messages.isEmpty)
    expect(!untagged.prediction(file).assumptions.contains { $0.text.contains("RETPOLINE") })

    var tagged = try Self.kernel("6.12.1", shownBy: Self.bytes("6.12.1", ["retpoline=Y"]))
    expect(tagged.prediction(file).messages.map(\.text), is: Self.retpolines)
    // What one module has, the kernel was built with.
    try tagged.addOptions(shownBy: Self.module(Self.bytes("6.12.1")))
    expect(tagged.hasRetpolines, is: true)
    var both = try Self.kernel("6.12.1", shownBy: Self.bytes("6.12.1"))
    try both.addOptions(shownBy: Self.module(Self.bytes("6.12.1", ["retpoline=Y"])))
    expect(both.hasRetpolines, is: true)
    // What a module of somebody else's lacks tells nothing.
    let foreign = Self.bytes("6.12.1", inTree: false)
    try expect(Self.kernel("6.12.1", shownBy: foreign).hasRetpolines, is: nil)

    let signed = Self.bytes("6.12.1") + TrailerBuilder([0x30, 0]).build()
    let signing = try Self.kernel("6.12.1", shownBy: signed)
    expect(signing.prediction(file).messages.map(\.text), is: [Self.verification])
  }

  @Test("arm64: whether its modules have tables for far calls shows whether it looks for them")
  func tables() throws {
    let release = "4.19.300"
    let bare = LoadRequest(ByteSlice(Self.bytes(release, machine: 183)))
    let with = Self.bytes(release, machine: 183, sections: [".plt", ".init.plt"])
    for (reference, verdict) in [
      (with, LoadPrediction.Verdict.fails), (Self.bytes(release, machine: 183), .loads),
    ] {
      let kernel = try Self.kernel(release, shownBy: reference)
      expect(kernel.has(.arm64PLTs), is: verdict == .fails)
      expect(kernel.prediction(bare).verdict, is: verdict)
    }
    try expect(Self.kernel(release).prediction(bare).verdict, is: .depends)
  }

  @Test(
    "Rules warn of what is known of the kernel, and note what may be",
    arguments: [
      ("6.1.176", nil, .note), ("6.1.0-56-amd64", nil, .warning),
      ("6.1.176", "CONFIG_X86_64=y\nCONFIG_MODULE_SIG=y\nCONFIG_RETPOLINE=y\n", .warning),
      ("6.1.0-56-amd64", "CONFIG_X86_64=y\n", nil),
    ] as [(String, String?, Severity?)])
  func rules(release: String, config: String?, severity: Severity?) throws {
    var context = CheckContext()
    if config != nil { context.target = try Self.kernel(release, config: config) }
    let facts = ModuleFacts(try Self.module(Self.bytes(release)), context)
    for rule in ["no-retpoline", "unsigned"] {
      let found = Rule.all.flatMap { $0.findings(in: facts) }.filter { $0.rule == rule }
      expect(found.map(\.severity), is: [severity].compactMap { $0 }, "\(rule)")
    }
    // Who asks for versions means kernels of distributions, too.
    context.target = nil
    context.kernels = KernelVersion(6, 1)...KernelVersion(6, 12)
    let asked = ModuleFacts(try Self.module(Self.bytes(release)), context)
    expect(
      Rule.all.flatMap { $0.findings(in: asked) }.contains {
        $0.rule == "no-retpoline" && $0.severity == .warning
      })
    // A configuration decides, also one that does not tell its version.
    context.target = TargetKernel()
    context.target?.config = try KernelConfig("CONFIG_X86_64=y\n")
    let denied = ModuleFacts(try Self.module(Self.bytes(release)), context)
    expect(
      !Rule.all.flatMap { $0.findings(in: denied) }.contains {
        ["no-retpoline", "unsigned"].contains($0.rule)
      })
  }

  @Test("What only kernels have that look at signatures shows that one does")
  func signing() throws {
    let file = LoadRequest(ByteSlice(Self.bytes("6.1.176")))
    func isSaid(_ change: (inout TargetKernel) -> Void) throws -> Bool {
      var kernel = try Self.kernel("6.1.176")
      change(&kernel)
      return kernel.prediction(file).moduleTaints.letters == "E"
    }
    try expect(!isSaid { _ in })
    try expect(isSaid { $0.moduleKeyID = "\u{1}" })
    try expect(isSaid { $0.enforcesSignatures = false })
    try expect(isSaid { $0.state.taints.insert(.unsigned) })
    // A signature that something follows is none, and shows it all the same.
    let followed = Self.bytes("6.1.176") + TrailerBuilder([0x30, 0]).build() + [0, 0]
    let prediction = try Self.kernel("6.1.176").prediction(LoadRequest(ByteSlice(followed)))
    expect(prediction.moduleTaints.letters, is: "E")
    expect(prediction.steps.contains { $0.remark?.text.contains("2 bytes follow") == true })
    // A damaged one shows nothing, and makes no kernel unknown.
    var trailer = TrailerBuilder([0x30, 0])
    trailer.length = 0x7fff_ffff
    let damaged = Self.bytes("6.1.176") + trailer.build()
    try expect(Self.kernel("6.1.176", shownBy: damaged).has(.moduleSignature), is: nil)
  }

  @Test(
    "Old kernels: another taint, or no such option",
    arguments: [("2.6.32", nil), ("3.10.108", "(taint F)"), ("4.4.302", "(taint E)")]
      as [(String, String?)])
  func oldKernels(release: String, words: String?) throws {
    let prediction = try Self.kernel(release).prediction(
      LoadRequest(ByteSlice(Self.bytes(release))))
    let said = prediction.assumptions.map(\.text).filter { $0.contains("CONFIG_MODULE_SIG=n") }
    expect(said.count, is: (words == nil ? 0 : 1))
    if let words { expect(said.allSatisfy { $0.hasSuffix(words) }) }
  }
}
