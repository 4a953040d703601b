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

/// Places of the stack that registers are put away to. They have numbers as registers have, behind those.
enum StackPlace {
  private static let (behindStackPointer, beforeFramePointer, count) = (32, 128, 96)

  /// The number of the eight bytes `distance` behind what the stack pointer holds, or the frame pointer; `nil` for
  /// those that nobody puts a register to.
  static func number(_ distance: Int, ofFrame: Bool) -> UInt8? {
    let (place, rest) = (ofFrame ? -distance : distance).quotientAndRemainder(dividingBy: 8)
    guard rest == 0, 0..<count ~= place else { return nil }
    return UInt8((ofFrame ? beforeFramePointer : behindStackPointer) + place)
  }

  /// Whether `number` is that of such a place, and no register's.
  static func isPlace(_ number: UInt8) -> Bool { number >= behindStackPointer }

  /// What a table of some texts takes up that begins at `place`, behind the stack pointer.
  static func table(at place: UInt8) -> Range<UInt8> {
    place..<max(place, min(place + 8, UInt8(behindStackPointer + count)))
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
  /// Those that lead to places of the stack.
  let stackPointer: UInt8
  let framePointer: UInt8
}
