// What a row of the kernel's history is. The rows are in Changes/, one file a subject.

/// One change of what the kernel, or its build, makes of modules. The only place where its date stands:
/// code asks ``Kernel/has(_:)``, texts print ``description``.
public struct KernelChange: Hashable, Sendable {
  /// A stable name, such as `late-taints`.
  public let id: String
  /// The first version that behaves so; `nil` when it is not known whether any does.
  public let since: KernelVersion?
  /// The first version that does not behave so any more, or `nil`.
  public let until: KernelVersion?
  /// Stable lines that took it over before the version after ``since`` was released.
  public let stable: [StableLine]
  /// Vendors whose kernels differ.
  public let vendors: [VendorLine]
  /// What a kernel with the change does.
  public let what: String
  /// Where that was read or measured: a commit, or a file and the versions compared.
  public let source: String
  /// How sure the boundary is; what kernels on both sides of it do may be surer.
  public let certainty: Certainty

  /// A stable line and the release of it from which on it has the change.
  public struct StableLine: Hashable, Sendable {
    /// The line, such as 6.12.
    public let line: KernelVersion
    /// The third number of the first release that is known to have it.
    public let patch: Int
  }

  /// What a vendor's kernels from a version on do, whatever kernel.org's do.
  public struct VendorLine: Hashable, Sendable {
    /// The vendor.
    public let vendor: KernelVendor
    /// The first version of theirs that is meant.
    public let since: KernelVersion
    /// Whether they have the change.
    public let hasIt: Bool
  }

  init(
    _ id: String, since: (Int, Int)?, until: (Int, Int)? = nil, stable: [StableLine] = [],
    vendors: [VendorLine] = [], _ certainty: Certainty, _ what: String, source: String
  ) {
    self.id = id
    self.since = since.map { KernelVersion($0.0, $0.1) }
    self.until = until.map { KernelVersion($0.0, $0.1) }
    self.stable = stable
    self.vendors = vendors
    self.what = what
    self.source = source
    self.certainty = certainty
  }

  /// All rows, by subject.
  public static let all: [KernelChange] =
    fileChanges + infoChanges + signatureChanges + exportChanges + symbolChanges
    + relocationChanges + memoryChanges + parameterChanges + recordChanges + buildChanges
    + protectionChanges

  /// The row with this ``id``, or `nil`.
  public static func named(_ id: String) -> KernelChange? { all.first { $0.id == id } }

  /// The version before ``since``, in words: `6.3`; the last of a line is known by its first number
  /// alone (`6.x`) when the next one is a first of its line.
  var lastWithout: String {
    guard let since else { return "?" }
    return since.minor > 0 ? "\(since.major).\(since.minor - 1)" : "\(since.major - 1).x"
  }
}

extension KernelChange: CustomStringConvertible {
  /// The version that brought it, as texts say it: `6.4`.
  public var description: String { since.map { $0.description } ?? "a version that is not known" }
}
