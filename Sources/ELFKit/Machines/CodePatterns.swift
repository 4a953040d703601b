// How code hands an address to a function that it calls, as far as instructions and their relocations show it.

/// What instructions of a machine look like that tell something without a disassembler, where their length
/// varies.
struct CodePatterns: Sendable {
  /// For each argument of a call, the first being 0, the bytes before a relocation that loads the address of
  /// something into its register.
  let loads: [[[UInt8]]]
  /// The bytes before a relocation of a call or a jump.
  let branches: [UInt8]
  /// The relocation type of a distance to data.
  let distance: UInt32
  /// All relocation types of distances: those of data, and those of calls.
  let distances: [UInt32]
  /// What is added to an addend for the place that a distance leads to: instructions count it from their own
  /// beginning or end, relocations from the bytes that they change.
  let bias: Int64
  /// The numbers of the registers of arguments, as x86 writes them in instructions; empty for others.
  var registers: [UInt8] = []
  /// How the code is taken apart; `nil` where that is not known.
  var instructions: InstructionSet?
  /// The bytes before a number of four bytes that is loaded into the register of an argument; `nil` when
  /// that is not known.
  var lines: [[UInt8]]?
  /// A write to the register that protects memory from the kernel itself: its first bytes, and the last;
  /// `nil` where there is no such register.
  var unprotect: (first: [UInt8], last: ClosedRange<UInt8>, words: String)?
}

/// The same where an instruction is a word (on RISC-V also a half), and relocations tell what it is.
struct WordPatterns: Sendable {
  /// Relocation types of calls, and of jumps to other functions.
  let branches: [UInt32]
  /// Relocation types of the instruction that leaves an address in the register of an argument.
  let loads: [UInt32]
  /// Where in that instruction the number of the register stands, in bits.
  let shift: UInt32
  /// How many registers there are.
  let registers: UInt32
  /// The register of the first argument; the others follow.
  let first: UInt32
  /// The last argument that is in a register.
  let last: Int
  /// A section of addresses: what leads there loads the one that stands in it (`.toc`).
  var table: String?
  /// How the relocation tells which address it is.
  var address = Address.own
  /// Of an instruction and a register whether it may leave something else there; `nil` when nobody has
  /// said what such instructions look like.
  var overwrites: (@Sendable (_ word: UInt32, _ register: UInt32) -> Bool)?

  /// An instruction that loads a number of 16 bits, from bit `shift` on, into the register of an argument; `nil`
  /// when it is not known.
  var lines: (mask: UInt32, opcode: UInt32, shift: UInt32)?

  enum Address: Sendable {
    /// It leads there.
    case own
    /// It leads to the instruction with the other half, whose relocation of this type leads there (RISC-V).
    case other(UInt32)
    /// It leads there with an addend that stands in the instruction (`movt` of 32-bit ARM).
    case halfWord
  }
}
