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
    /// They get what nobody knows, one bit each, none of them where that is 0; and so does a place of the stack.
    case writes(UInt32, place: UInt8? = nil)
    /// One, or a place of the stack, gets a number of the instruction, which stands this far from its beginning.
    case loads(UInt8, field: Int)
    /// One gets what is in memory at a number of the instruction, which stands this far from its beginning; or
    /// further on, by whole addresses, where that place is a table.
    case reads(UInt8, field: Int, isTable: Bool)
    /// One gets what another has; places of the stack count as registers.
    case copies(UInt8, from: UInt8)
    /// One gets what one of these places of the stack has.
    case copiesOne(UInt8, from: Range<UInt8>)
    /// It does, or keeps what it has.
    case mayCopy(UInt8, from: UInt8)
  }
}

extension CodeInstruction {
  /// Whether code may go on with the next instruction.
  var goesOn: Bool {
    switch flow {
    case .next, .branch, .call: true
    case .jump, .end: false
    }
  }

  /// Whether it gives one of `registers`, one bit each, another value.
  func changes(anyOf registers: UInt32) -> Bool {
    switch effect {
    case .writes(let mask, _): mask & registers != 0
    case .loads(let target, _), .reads(let target, _, _), .copies(let target, _),
      .mayCopy(let target, _), .copiesOne(let target, _):
      !StackPlace.isPlace(target) && registers >> UInt32(target) & 1 == 1
    }
  }
}

/// Places of the stack that registers are put away to. They have numbers as registers have, behind those.
enum StackPlace {
  private static let (behindStackPointer, beforeFramePointer, count) = (32, 128, 96)

  /// The number of the eight bytes `distance` behind what the stack pointer holds, or before what the frame pointer
  /// holds; `nil` for those that are not followed.
  static func number(_ distance: Int, ofFrame: Bool) -> UInt8? {
    let (place, rest) = (ofFrame ? -distance : distance).quotientAndRemainder(dividingBy: 8)
    guard rest == 0, 0..<count ~= place else { return nil }
    return UInt8((ofFrame ? beforeFramePointer : behindStackPointer) + place)
  }

  /// Whether `number` is that of such a place, and no register's.
  static func isPlace(_ number: UInt8) -> Bool { number >= behindStackPointer }

  /// Nobody says how long a table on the stack is: this many places are looked at.
  private static let longestTable: UInt8 = 8

  /// Those of a table that begins at `place`, which the stack pointer leads to.
  static func table(at place: UInt8) -> Range<UInt8> {
    place..<min(place + longestTable, UInt8(behindStackPointer + count))
  }

  /// Whether it is one that the frame pointer leads to.
  static func isOfFrame(_ number: UInt8) -> Bool { number >= beforeFramePointer }
}

/// How the code of a machine is taken apart.
struct InstructionSet: Sendable {
  /// The instruction at a place; `nil` when it is not known, or does not end within the code.
  let instruction: @Sendable (_ code: ByteSlice, _ place: Int) -> CodeInstruction?
  /// The registers of arguments, the first being 0.
  let arguments: [UInt8]
  /// The registers in which a function that is called may leave something else, one bit each.
  let lostInCalls: UInt32
  /// The register that leads to places of the stack, and the one that does where it is not used for something else.
  let stackPointer: UInt8
  let framePointer: UInt8
}
