// The kernel whose behaviour is asked for: what its release tells, and which changes it has.

/// A kernel, as far as the history of the kernel decides what it does.
public struct Kernel: Hashable, Sendable {
  /// The first two numbers of the release.
  public let version: KernelVersion
  /// The third number: the release of a stable line. 0 when it is not known, as with distributions
  /// that name an ABI there (`6.1.0-56-amd64` may be 6.1.176).
  public let patch: Int
  /// Who built it, as far as the release shows; `nil` for kernel.org's own and unknown ones.
  public let vendor: KernelVendor?

  /// A kernel made of its parts.
  public init(_ version: KernelVersion, patch: Int = 0, vendor: KernelVendor? = nil) {
    self.version = version
    self.patch = patch
    self.vendor = vendor
  }

  /// The kernel with this `release` (`uname -r`), or `nil` when it does not begin with a version.
  public init?(release: ByteSlice) {
    guard let version = KernelVersion(release: release) else { return nil }
    self.init(
      version, patch: KernelVersion.patch(of: release), vendor: KernelVendor(release: release))
  }

  /// Whether the kernel behaves as `change` says. O(1).
  public func has(_ change: KernelChange) -> Bool {
    if let vendor, !change.vendors.isEmpty,
      let row = change.vendors.last(where: { $0.vendor == vendor && $0.since <= version })
    {
      return row.hasIt
    }
    guard let since = change.since else { return false }
    if since <= version { return change.until.map { version < $0 } ?? true }
    return change.stable.contains { $0.line == version && $0.patch <= patch }
  }

  /// How sure ``has(_:)`` is about `change`.
  public func certainty(of change: KernelChange) -> Certainty {
    if isMeasured { return .measured }
    // A change stays: between two kernels that were measured and agree, nothing has changed.
    if change.until == nil, let since = change.since, change.certainty > .unknown {
      let below = Self.measured.last { $0 <= version }
      let above = Self.measured.first { version <= $0 }
      if let below, since <= below { return .source }
      if below != nil, let above, above < since { return .source }
    }
    return min(change.certainty, .source)
  }

  /// Whether answers of this very version were recorded.
  public var isMeasured: Bool { Self.measured.contains(version) }

  /// The newest version that something is known of.
  public static let newestKnown = measured[measured.count - 1]
  /// The oldest version that rules are about: of what is older, few facts are known.
  public static let oldestKnown = KernelVersion(2, 6)

  /// One kernel for each way in which those of `versions` behave, oldest first: the oldest, and each
  /// version that a change came with or went. What is older than all that were measured is taken as the
  /// oldest of them when nothing newer is asked for.
  public static func representatives(_ versions: ClosedRange<KernelVersion>) -> [Self] {
    let oldest = min(max(versions.lowerBound, measured[0]), versions.upperBound)
    var boundaries = Set(KernelChange.all.flatMap { [$0.since, $0.until].compactMap { $0 } })
    boundaries.insert(oldest)
    return boundaries.filter { oldest <= $0 && $0 <= versions.upperBound }.sorted().map { Self($0) }
  }

  /// The kernels that stand for all when nothing tells which is meant, oldest first: those that were
  /// measured.
  public static let all = measured.map { Self($0) }

  /// The newest kernel that was measured: for what is read before a kernel is known.
  public static let newest = Kernel(measured[measured.count - 1])

  /// The versions whose answers were recorded, oldest first: Debian's kernels in an emulator
  /// (Fixtures/truth).
  public static let measured = [
    KernelVersion(5, 10), KernelVersion(6, 1), KernelVersion(6, 12), KernelVersion(7, 2),
  ]
}
