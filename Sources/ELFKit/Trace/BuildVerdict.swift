// What is said of a file and a log that tells of a module.

/// Whether a file is the build that ran.
public enum BuildVerdict: String, Hashable, Sendable {
  /// The log has the file's build id.
  case same
  /// What the log shows is the same code: this build, or another with the same functions.
  case consistent
  /// Something that the log shows is not so in the file.
  case different
  /// The log shows nothing that tells.
  case unknown

  /// How willingly one of several files is believed.
  private var rank: Int {
    switch self {
    case .same: 3
    case .consistent: 2
    case .unknown: 1
    case .different: 0
    }
  }

  /// Whether a file with this verdict is to be believed rather than one with the other.
  public func isBetter(than other: Self) -> Bool { rank > other.rank }
}
