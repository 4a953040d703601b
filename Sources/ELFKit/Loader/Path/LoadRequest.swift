// One call of `finit_module(2)` or `init_module(2)`.

/// How a module is handed to the kernel.
public struct LoadRequest: Sendable {
  /// The flags of `finit_module`; unknown bits are kept.
  public struct Flags: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt32
    /// Any bits.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// `MODULE_INIT_IGNORE_MODVERSIONS`: versions of symbols do not count (modprobe --force).
    public static let ignoreModversions = Self(rawValue: 1)
    /// `MODULE_INIT_IGNORE_VERMAGIC`: the version magic does not count (modprobe --force).
    public static let ignoreVermagic = Self(rawValue: 2)
    /// `MODULE_INIT_COMPRESSED_FILE`: the kernel is to decompress the file.
    public static let compressedFile = Self(rawValue: 4)
  }

  /// The file, as it is handed over.
  public var file: AnyByteSource
  /// The module in a compressed file; `nil` when it cannot be decompressed or is not compressed.
  public var unpacked: AnyByteSource?
  /// The first bytes of the compressed file that ``file`` was unpacked from, `nil` when there was none:
  /// what kmod would hand over.
  public var packedHead: ByteSlice?
  /// The flags.
  public var flags: Flags = []
  /// The text of arguments.
  public var arguments = ByteSlice.empty(at: 0)
  /// Whether the caller hands over bytes (`init_module`) instead of a file (`finit_module`).
  public var isInitModule = false
  /// Whether the caller may load modules (CAP_SYS_MODULE).
  public var isPermitted = true
  /// Whether the descriptor is open for reading.
  public var isReadable = true
  /// The command that asks, which some messages name.
  public var command = "insmod"
  /// What certificates say about the signature; `nil` when nobody has tried it.
  public var evidence: SignatureEvidence?

  /// A plain request to load the module in `file`.
  public init(_ file: some ByteSource, _ evidence: SignatureEvidence? = nil) {
    self.file = file.erased
    self.evidence = evidence
  }
}
