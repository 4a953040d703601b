// Relocations in pairs that make a distance of two places in code that a linker may move (RISC-V ELF psABI,
// "Relocations"; LoongArch ELF psABI, "Relocation types").

/// What a type of relocation does to a distance.
struct DistanceRelocation: Sendable {
  let type: UInt32
  let effect: Effect
  /// How many bytes the number has; `nil` for one in ULEB128, which has as many as it has.
  let bytes: Int?

  init(_ type: UInt32, _ effect: Effect, bytes: Int? = nil) {
    self.type = type
    self.effect = effect
    self.bytes = bytes
  }

  /// What becomes of the number.
  enum Effect: Sendable {
    /// Symbol plus addend, whatever was there.
    case set
    /// What was there plus symbol plus addend.
    case add
    /// What was there minus symbol minus addend.
    case subtract

    /// The number `value` after it, `amount` being symbol plus addend.
    func applied(_ amount: UInt64, to value: UInt64) -> UInt64 {
      switch self {
      case .set: amount
      case .add: value &+ amount
      case .subtract: value &- amount
      }
    }
  }
}

extension Machine {
  /// What `type` does to a number of `bytes` bytes, or in ULEB128; `nil` when it does nothing of the kind.
  func distanceEffect(_ type: UInt32, bytes: Int?) -> DistanceRelocation.Effect? {
    description?.format.distances.first { $0.type == type && $0.bytes == bytes }?.effect
  }
}
