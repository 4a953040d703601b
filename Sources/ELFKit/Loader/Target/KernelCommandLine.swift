// The kernel's command line, as far as the loader looks at it
// (Documentation/admin-guide/kernel-parameters.txt).

/// What a command line says about modules. Of repeats the last counts.
public struct KernelCommandLine: Sendable {
  /// `nomodule`: nothing is ever loaded.
  public private(set) var forbidsModules = false
  /// `module_blacklist=`: the names, as they are written.
  public private(set) var blacklist: [ByteSlice] = []
  /// `module.sig_enforce`: only modules with a good signature are loaded.
  public private(set) var enforcesSignatures = false
  /// `lockdown=integrity` or `lockdown=confidentiality`.
  public private(set) var isLockedDown = false
  /// Whether Spectre V2 is not to be mitigated: `mitigations=off`, `nospectre_v2`,
  /// `spectre_v2=off`.
  public private(set) var ignoresSpectre = false
  /// Whether it does not matter where indirect branches arrive: `ibt=off`, `arm64.nobti`.
  public private(set) var ignoresLandingPads = false
  /// Whether a branch that arrives elsewhere is only warned of: `ibt=warn`.
  public private(set) var warnsOfLandingPads = false
  /// `panic_on_taint=`: the taints that stop the kernel.
  public private(set) var panicTaints = TaintMask(rawValue: 0)

  /// An empty command line.
  public init() {}

  /// Reads the words of `text`.
  public init(_ text: ByteSlice) {
    for word in KernelArguments(text).arguments {
      // `--` ends what is for the kernel.
      if word.isEndMark { break }
      let value = word.value ?? .empty(at: 0)
      if word.isNamed("nomodule") {
        forbidsModules = true
      } else if word.isNamed("module_blacklist") {
        blacklist = value.split(separator: UInt8(ascii: ","))
      } else if word.isNamed("module.sig_enforce") {
        // bool_enable_only: once on, it stays on.
        if word.value == nil || KernelValue.bool(value, .newest) == true {
          enforcesSignatures = true
        }
      } else if word.isNamed("lockdown") {
        isLockedDown = value.equals("integrity") || value.equals("confidentiality")
      } else if word.isNamed("mitigations") {
        ignoresSpectre = value.equals("off")
      } else if word.isNamed("nospectre_v2") {
        ignoresSpectre = true
      } else if word.isNamed("spectre_v2") {
        ignoresSpectre = value.equals("off")
      } else if word.isNamed("ibt") {
        // `ibt=off` clears a feature of the processor, which no later word brings back.
        ignoresLandingPads = ignoresLandingPads || value.equals("off")
        warnsOfLandingPads = warnsOfLandingPads || value.equals("warn")
      } else if word.isNamed("arm64.nobti") {
        ignoresLandingPads = true
      } else if word.isNamed("panic_on_taint") {
        let number = value[within: 0..<(value.firstIndex(of: UInt8(ascii: ",")) ?? value.count)]
        let digits = number.starts(with: "0x") ? number.suffix(from: 2) : number
        panicTaints = TaintMask(rawValue: UInt64(digits.text, radix: 16) ?? 0)
      }
    }
  }
}
