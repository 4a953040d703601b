// How sure an answer about a kernel is. Knows no kernel and no module.

/// How sure something said about a kernel is; the least sure comes first.
public enum Certainty: String, Comparable, Sendable, CaseIterable {
  /// Nobody knows: neither a measurement nor a source was at hand.
  case unknown
  /// Taken over from the nearest kernel that is known, or from what people report.
  case nearest
  /// Read in the kernel's source.
  case source
  /// Measured on a real kernel.
  case measured

  /// Orders certainties, the least sure first.
  public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .unknown: 0
    case .nearest: 1
    case .source: 2
    case .measured: 3
    }
  }
}
