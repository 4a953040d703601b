// The kernel that is to load a module, as far as it is known. Every fact may be missing; what is
// then assumed, or left open, the prediction says.

/// Facts of a kernel.
public struct TargetKernel: Sendable {
  /// The release (`uname -r`).
  public var release: ByteSlice?
  /// The kernel's own version magic; see ``expectedVermagic``.
  public var vermagic: ByteSlice?
  /// The build options.
  public var config: KernelConfig?
  /// The build options that its modules show, for when ``config`` is not known; see
  /// ``addOptions(shownBy:)``.
  public var shownOptions: [KernelOption: Bool] = [:]
  /// What the kernel and its modules offer (`Module.symvers`).
  public var symbols = SymbolProviders()
  /// Versions of symbols as modules of the kernel record them: what is known without ``symbols``.
  public var versions = KnownVersions()
  /// The symbols that the kernel's vendor keeps stable; `nil` when no list is known.
  public var stableSymbols: SymbolList?
  /// The kernel's `struct module`.
  public var structModule: StructModule?
  /// The command line; `nil` when it is not known, which is taken as an empty one.
  public var commandLine: KernelCommandLine?
  /// Names below `/sys/module` that belong to built-in code.
  public var builtIns: Set<ByteSlice> = []
  /// Whether ``builtIns`` are known.
  public var hasBuiltIns = false
  /// All modules, in files and built in; `nil` when they are not known.
  public var modules: KnownModules?
  /// Whether `kernel.modules_disabled` is 1.
  public var isModulesDisabled = false
  /// Whether the kernel is locked down, by Secure Boot or by hand; `nil` when only the command line
  /// and the build options tell.
  public var isLockedDown: Bool?
  /// Whether only modules with a good signature are loaded; `nil` as above.
  public var enforcesSignatures: Bool?
  /// The features of the processor that matter here, `ibt` and `bti`, as far as it has them; `nil` when
  /// they are not known.
  public var processorFlags: Set<ByteSlice>?
  /// Who signed the modules that came with the kernel: the key's identifier.
  public var moduleKeyID: ByteSlice?
  /// What it was like before: taints, and the modules that are loaded.
  public var state = KernelState()

  /// Whether it runs without modules, whatever the build options say; `nil` when only these tell.
  public var runsWithModules: Bool?

  /// Nothing is known.
  public init() {}

  /// Whether modules can be loaded at all; `nil` when nothing tells. A list of a few options does not:
  /// it has to say that the option is not set.
  var hasModules: Bool? { runsWithModules ?? config?.values[.modules].map { $0.equals("y") } }

  /// Whether the distribution's kmod hands compressed modules to the kernel, as it does since 31; `nil`
  /// when the release does not tell. Debian 12 has kmod 30, Debian 13 and later have 34.
  var isGivenCompressedFiles: Bool? {
    guard let release = knownRelease, let mark = release.firstPosition(of: "+deb") else {
      return nil
    }
    let digits = release.suffix(from: mark + 4)
    let count =
      (0..<digits.count).first { !digits[$0].isDigit }
      ?? digits.count
    return Int(digits[within: 0..<count].text).map { $0 >= 13 }
  }

  /// The place of init and exit in `struct module`, and its size.
  public struct StructModule: Hashable, Sendable {
    /// `sizeof(struct module)`, in bytes.
    public var size: UInt64
    /// The offset of the pointer to init; `nil` when it is not known.
    public var initOffset: UInt64?
    /// The offset of the pointer to exit; `nil` when it is not known.
    public var exitOffset: UInt64?

    /// A structure of `size` bytes.
    public init(size: UInt64, initOffset: UInt64? = nil, exitOffset: UInt64? = nil) {
      self.size = size
      self.initOffset = initOffset
      self.exitOffset = exitOffset
    }
  }

  /// The release, which the version magic begins with.
  private var knownRelease: ByteSlice? {
    release ?? vermagic.map { $0.prefix(until: UInt8(ascii: " ")) }
  }

  /// The version, by the release, the version magic or the comment in `.config`.
  public var version: KernelVersion? {
    knownRelease.flatMap { KernelVersion(release: $0) } ?? config?.version
  }

  /// What the history of the kernel knows it by.
  public var kernel: Kernel? {
    knownRelease.flatMap { Kernel(release: $0) } ?? config?.version.map { Kernel($0) }
  }

  /// The machine, by the build options; `nil` when they are not known.
  public var machine: Machine? { config?.machine }

  /// The version magic: as given, or else made of release and build options.
  public var expectedVermagic: ByteSlice? {
    if let vermagic { return vermagic }
    guard let release, let config, let kernel else { return nil }
    return Vermagic.expected(release, config, kernel)
  }

  /// The version that a symbol has in the kernel: by its list, or by what its modules record; `nil`
  /// when neither tells. A list of a kernel without versions has zeros.
  public func version(of symbol: ByteSlice) -> UInt32? { symbols[symbol]?.crc ?? versions[symbol] }

  /// Whether the kernel has versions of symbols (`CONFIG_MODVERSIONS`); `nil` when it is not known.
  var hasModversions: Bool? {
    config.map { $0[.modversions] } ?? vermagic.map { $0.contains(" modversions ") }
  }

  /// Whether it refuses a symbol whose version a module does not record, as old kernels do, and
  /// Debian's ("module: Disable matching missing version CRC"); others only warn.
  var refusesMissingVersions: Bool {
    if let kernel, !kernel.has(.missingVersionsPass) || kernel.vendor == .debian { return true }
    return config?.values[.buildSalt]?.isEmpty == false
      && config?.values[.compilerText]?.contains("Debian") == true
  }
}

extension ByteSlice {
  /// The position of the last `byte`, or `nil`.
  func lastIndex(of byte: UInt8) -> Int? { (0..<count).last { self[$0] == byte } }
}
