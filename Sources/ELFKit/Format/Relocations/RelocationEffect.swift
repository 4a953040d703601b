// What the simple relocations do to the bytes they change: those of data and of debug sections.

/// How a relocation changes bytes. Most types change instructions and are not described here.
public enum RelocationEffect: Hashable, Sendable {
  /// It changes nothing.
  case none
  /// Symbol plus addend, in this many bytes.
  case absolute(Int)
  /// Symbol plus addend minus the place, in this many bytes; PA-RISC counts from two
  /// instructions further on.
  case relative(Int)
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
    case .absolute(let size), .relative(let size), .add(let size), .subtract(let size): size
    case .setSixBits, .subtractSixBits: 1
    }
  }
}

extension Machine {
  /// What a relocation type does on this machine, or `nil` when it is none of the simple ones
  /// (the set that GNU readelf 2.40 applies). `type` is as in ``relocationName(_:)``.
  public func relocationEffect(_ type: UInt32) -> RelocationEffect? {
    let group = RelocationEffects.table(of: self)
    return type == 0 ? RelocationEffect.none : group?[type]
  }
}

/// One table a machine; the numbers are those of the files beside this one.
private enum RelocationEffects {
  static func table(of machine: Machine) -> [UInt32: RelocationEffect]? {
    switch machine {
    case .amd64: amd64
    case .aarch64: aarch64
    case .riscv: riscv
    case .s390, .s390Old: s390
    case .powerPC64: powerPC64
    case .loongArch: loongArch
    case .mips: mips
    case .sparcV9: sparc
    case .alpha: alpha
    case .ia64: ia64
    case .paRISC: paRISC
    default: nil
    }
  }

  static let amd64: [UInt32: RelocationEffect] = [
    1: .absolute(8), 2: .relative(4), 10: .absolute(4), 24: .relative(8),
  ]

  static let aarch64: [UInt32: RelocationEffect] = [
    1: .absolute(4), 256: .none, 257: .absolute(8), 258: .absolute(4), 260: .relative(8),
    261: .relative(4),
  ]

  static let riscv: [UInt32: RelocationEffect] = [
    1: .absolute(4), 2: .absolute(8), 33: .add(1), 34: .add(2), 35: .add(4), 36: .add(8),
    37: .subtract(1), 38: .subtract(2), 39: .subtract(4), 40: .subtract(8),
    52: .subtractSixBits, 53: .setSixBits, 54: .absolute(1), 55: .absolute(2),
    56: .absolute(4), 57: .relative(4),
  ]

  static let s390: [UInt32: RelocationEffect] = [
    4: .absolute(4), 5: .relative(4), 22: .absolute(8), 23: .relative(8),
  ]

  static let powerPC64: [UInt32: RelocationEffect] = [
    1: .absolute(4), 26: .relative(4), 38: .absolute(8), 44: .relative(8),
  ]

  static let loongArch: [UInt32: RelocationEffect] = [
    1: .absolute(4), 2: .absolute(8), 99: .relative(4),
  ]

  static let mips: [UInt32: RelocationEffect] = [2: .absolute(4), 18: .absolute(8)]

  static let sparc: [UInt32: RelocationEffect] = [
    3: .absolute(4), 6: .relative(4), 23: .absolute(4), 32: .absolute(8), 46: .relative(8),
    54: .absolute(8),
  ]

  static let alpha: [UInt32: RelocationEffect] = [
    1: .absolute(4), 2: .absolute(8), 10: .relative(4), 11: .relative(8),
  ]

  static let ia64: [UInt32: RelocationEffect] = [
    36: .absolute(4), 37: .absolute(4), 38: .absolute(8), 39: .absolute(8), 78: .relative(8),
    79: .relative(8), 100: .absolute(4), 101: .absolute(4),
  ]

  static let paRISC: [UInt32: RelocationEffect] = [
    1: .absolute(4), 2: .absolute(4), 9: .relative(4), 41: .absolute(4), 72: .relative(8),
    80: .absolute(8),
  ]
}
