// How a run ends.

/// The exit status of the process: the same rule for every command but the two drop-in modes,
/// which end as their models do.
struct ExitStatus: Comparable {
  let rawValue: Int32

  /// Nothing to report.
  static let clean = ExitStatus(rawValue: 0)
  /// Findings, or a negative verdict.
  static let findings = ExitStatus(rawValue: 1)
  /// Wrong usage, or input that cannot be read.
  static let failure = ExitStatus(rawValue: 2)

  static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
