// What an instruction does as far as it matters where a register's value comes from, and where code goes on.

/// One instruction.
struct CodeInstruction: Equatable, Sendable {
  /// How many bytes it has.
  let length: Int
  let flow: Flow
  let effect: Effect

  /// Where code goes on behind it. Distances count from its end.
  enum Flow: Equatable, Sendable {
    /// With the next.
    case next
    /// There, or with the next.
    case branch(Int)
    /// There.
    case jump(Int)
    /// With the next, once a function has returned.
    case call
    /// Nowhere that can be seen.
    case end
  }

  /// What it does to registers.
  enum Effect: Equatable, Sendable {
    /// They get what nobody knows, one bit each; none of them where that is 0.
    case writes(UInt32)
    /// One gets a number of the instruction, which stands this far from its beginning.
    case loads(UInt8, field: Int)
    /// One gets what is in memory at a number of the instruction, which stands this far from its beginning; or
    /// further on, by whole addresses, where that place is a table.
    case reads(UInt8, field: Int, isTable: Bool)
    /// One gets what another has.
    case copies(UInt8, from: UInt8)
    /// It does, or keeps what it has.
    case mayCopy(UInt8, from: UInt8)
  }
}

/// How the code of a machine is taken apart.
struct InstructionSet: Sendable {
  /// The instruction at a place; `nil` when it is not known, or does not end within the code.
  let instruction: @Sendable (_ code: ByteSlice, _ place: Int) -> CodeInstruction?
  /// The registers of arguments, the first being 0.
  let arguments: [UInt8]
  /// The registers in which a function that is called may leave something else, one bit each.
  let lostInCalls: UInt32
}
