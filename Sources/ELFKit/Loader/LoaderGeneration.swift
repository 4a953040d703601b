// Kernels whose loaders do the same checks in the same order with the same words. What differs in
// between by a release or two is a version in the row that it concerns.

/// One of the loaders that were read and measured: the last of each line of kernels.
public enum LoaderGeneration: Int, CaseIterable, Comparable, Sendable {
  /// Linux 5.10: few words of its own about damaged files.
  case linux510
  /// Linux 6.1: a line for every kind of damage.
  case linux61
  /// Linux 6.12: `struct module` is checked, taints are applied late (from 6.4 on).
  case linux612
  /// Linux 7.2: string tables and symbols are checked (from 6.13 on).
  case linux72

  /// The first version that behaves so, as far as it is known: boundaries are those of the kernel's
  /// history, the behaviour in between was not measured.
  public var since: KernelVersion {
    switch self {
    case .linux510: KernelVersion(0, 0)
    case .linux61: KernelVersion(5, 19)
    case .linux612: KernelVersion(6, 4)
    case .linux72: KernelVersion(6, 13)
    }
  }

  /// The version that was measured.
  public var measured: KernelVersion {
    switch self {
    case .linux510: KernelVersion(5, 10)
    case .linux61: KernelVersion(6, 1)
    case .linux612: KernelVersion(6, 12)
    case .linux72: KernelVersion(7, 2)
    }
  }

  /// The generation that `version` belongs to.
  public init(_ version: KernelVersion) {
    self = Self.allCases.last { $0.since <= version } ?? .linux510
  }

  /// Orders generations by age, the oldest first.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
