// What the simple relocations do to the bytes they change: those of data and of debug sections.

/// How a relocation changes bytes. Most types change instructions and are not described here.
public enum RelocationEffect: Hashable, Sendable {
  /// It changes nothing.
  case none
  /// Symbol plus addend, in this many bytes.
  case absolute(Int)
  /// Symbol plus addend minus the place, or what lies so many bytes ahead of it, in this many bytes.
  case relative(Int, ahead: UInt64 = 0)
  /// What is there plus symbol plus addend, in this many bytes.
  case add(Int)
  /// What is there plus addend minus symbol, in this many bytes.
  case subtract(Int)
  /// Symbol plus addend in the lower six bits.
  case setSixBits
  /// The lower six bits plus addend minus symbol.
  case subtractSixBits

  /// How many bytes are changed.
  public var byteCount: Int {
    switch self {
    case .none: 0
    case .absolute(let size), .relative(let size, _), .add(let size), .subtract(let size): size
    case .setSixBits, .subtractSixBits: 1
    }
  }
}

/// What the relocation types of one machine do to data, as far as that is simple: the set that GNU readelf 2.40
/// applies.
public struct RelocationEffects: Sendable {
  private let rows: [(type: UInt32, effect: RelocationEffect)]
  /// Whether what is in place counts although relocations have addends.
  public let ignoresAddends: Bool

  init(_ rows: [(type: UInt32, effect: RelocationEffect)], ignoresAddends: Bool) {
    self.rows = rows
    self.ignoresAddends = ignoresAddends
  }

  /// What `type` does, or `nil` when it is none of the simple ones. `type` is one number of the machine's table, as
  /// in ``Machine/relocationName(_:)``. O(number of simple types).
  public subscript(_ type: UInt32) -> RelocationEffect? {
    if type == 0 { return RelocationEffect.none }
    return rows.first { $0.type == type }?.effect
  }
}
