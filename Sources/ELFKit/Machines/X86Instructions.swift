// Instructions of x86-64: how long they are, where they lead, and which registers they write (Intel SDM, volume 2,
// chapter 2, "Instruction Format", and appendix A, "Opcode Map"). Those of vectors (VEX, EVEX) are not known.

enum X86Instructions {
  /// The System V psABI's, "Parameter Passing": rdi, rsi, rdx, rcx, r8, r9; rbx, rsp, rbp and r12 to r15 are kept.
  static let set = InstructionSet(
    instruction: { instruction($0, $1) }, arguments: [7, 6, 2, 1, 8, 9],
    lostInCalls: 0b0000_1111_1100_0111, stackPointer: stackPointer, framePointer: framePointer)

  private static let all: UInt32 = 0xffff
  /// The operand where it is no register.
  private static let memory: UInt32 = 1 << 16
  private static let accumulator: UInt8 = 0
  private static let counter: UInt8 = 1
  private static let data: UInt8 = 2
  private static let base: UInt8 = 3
  private static let stackPointer: UInt8 = 4
  private static let framePointer: UInt8 = 5

  /// What stands behind each opcode: `.` nothing; `m` operands; `b` operands and a byte; `z` operands and a
  /// word; `t` and `T` the same where the operands say so; `1` a byte, `2` two, `3` three, `4` a word, `8` a word
  /// or eight bytes, `a` an address; `s` a short distance, `r` a long one. `p` is a prefix, `R` one for
  /// registers, `E` leads to the second map, and `x` is not known.
  private static let opcodes: [UInt8] = Array(
    """
    mmmm14xxmmmm14xEmmmm14xxmmmm14xxmmmm14pxmmmm14pxmmmm14pxmmmm14px\
    RRRRRRRRRRRRRRRR................xxxmpppp4z1b....ssssssssssssssss\
    bzxbmmmmmmmmmmmm..........x.....aaaa....14......1111111188888888\
    bb2.xxbz3.2..1x.mmmmxxx.mmmmmmmmssss1111rrxs....p.pp..tT......mm
    """.utf8)

  /// The same of opcodes behind 0f; `8` stands for 0f 38, `A` for 0f 3a.
  private static let secondOpcodes: [UInt8] = Array(
    """
    mmmmx.....x.xm.bmmmmmmmmmmmmmmmmmmmmxxxxmmmmmmmm......x.8xAxxxxx\
    mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmbbbbmmm.mmxxmmmm\
    rrrrrrrrrrrrrrrrmmmmmmmmmmmmmmmm...mbmxx...mbmmmmmmmmmmmmmbmmmmm\
    mmbmbbbm........mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm
    """.utf8)

  /// The parts of one instruction.
  private struct Parts {
    /// 0x00 to 0xff; behind 0f from 0x100 on, behind 0f 38 and 0f 3a none.
    var opcode: Int?
    var rex: UInt8 = 0
    var isShort = false
    /// The register, and the other operand where it is a register, too.
    var register: UInt8 = 0
    var other: UInt8?
    /// Whether the other operand is a place counted from the instruction's end.
    var isRelative = false
    /// Whether it is a place by itself, or one in a table of addresses.
    var isFixed = false
    var isTable = false
    /// Whether the stack pointer or the frame pointer leads to it.
    var isStack = false
    /// The place of the stack that it is, or where the table begins.
    var stackPlace: UInt8?
    /// Where the distance or the number of the instruction stands.
    var field = 0
    var distance = 0
    var end = 0

    /// The place of the stack, unless it is one of a table.
    var ownStackPlace: UInt8? { isTable ? nil : stackPlace }
    var isWide: Bool { rex & 8 != 0 }
    /// Whether numbers have two bytes: what makes operands wide wins.
    var isHalf: Bool { isShort && !isWide }
  }

  static func instruction(_ code: ByteSlice, _ start: Int) -> CodeInstruction? {
    guard let parts = parts(code, start) else { return nil }
    return CodeInstruction(
      length: parts.end - start, flow: flow(parts), effect: effect(parts, start))
  }

  private static func parts(_ code: ByteSlice, _ start: Int) -> Parts? {
    guard start >= 0 else { return nil }
    var place = start
    var parts = Parts()
    // An instruction has 15 bytes at most.
    let limit = min(code.count, start + 15)
    func next() -> UInt8? {
      guard place < limit else { return nil }
      place += 1
      return code[place - 1]
    }
    var form = UInt8(ascii: "p")
    while form == UInt8(ascii: "p") || form == UInt8(ascii: "R") {
      guard let byte = next() else { return nil }
      form = opcodes[Int(byte)]
      if form == UInt8(ascii: "p") {
        if byte == 0x66 { parts.isShort = true }
        parts.rex = 0
      } else if form == UInt8(ascii: "R") {
        parts.rex = byte
      }
      parts.opcode = Int(byte)
    }
    if form == UInt8(ascii: "E") {
      guard let byte = next() else { return nil }
      form = secondOpcodes[Int(byte)]
      parts.opcode = 0x100 + Int(byte)
      if form == UInt8(ascii: "8") || form == UInt8(ascii: "A") {
        guard next() != nil else { return nil }
        form = UInt8(ascii: form == UInt8(ascii: "8") ? "m" : "b")
        parts.opcode = nil
      }
    }
    var size = 0
    let word = parts.isHalf ? 2 : 4
    switch form {
    case UInt8(ascii: "."): break
    case UInt8(ascii: "1"), UInt8(ascii: "s"): size = 1
    case UInt8(ascii: "2"): size = 2
    case UInt8(ascii: "3"): size = 3
    case UInt8(ascii: "r"): size = 4
    case UInt8(ascii: "4"): size = word
    case UInt8(ascii: "8"):
      size = (parts.opcode ?? 0) < 0xb8 ? 1 : parts.isWide ? 8 : word
    case UInt8(ascii: "a"): size = 8
    case UInt8(ascii: "m"), UInt8(ascii: "b"), UInt8(ascii: "z"), UInt8(ascii: "t"),
      UInt8(ascii: "T"):
      guard let mode = next() else { return nil }
      parts.register = mode >> 3 & 7 | parts.rex << 1 & 8
      switch mode >> 6 {
      case 3: parts.other = mode & 7 | parts.rex << 3 & 8
      case let kind:
        var hasDistance = kind == 0 && mode & 7 == 5
        parts.isRelative = hasDistance
        let isFrame = kind != 0 && mode & 7 == framePointer && parts.rex & 1 == 0
        parts.isStack = isFrame
        if mode & 7 == 4 {
          guard let scaled = next() else { return nil }
          // No index; or one of eight bytes each.
          let hasIndex = scaled >> 3 & 7 != 4 || parts.rex & 2 != 0
          let isTable = hasIndex && scaled >> 6 == 3
          if scaled & 7 == stackPointer, parts.rex & 1 == 0 {
            parts.isStack = !hasIndex || isTable
            parts.isTable = isTable
          } else if kind == 0, scaled & 7 == 5 {
            hasDistance = true
            parts.isFixed = scaled == 0x25 && !hasIndex
            parts.isTable = isTable
          }
        }
        parts.field = place
        place += kind == 1 ? 1 : kind == 2 || hasDistance ? 4 : 0
        if parts.isStack, place <= limit {
          let distance =
            switch kind {
            case 0: 0
            case 1: Int(Int8(bitPattern: code[place - 1]))
            default: long(code, place - 4)
            }
          parts.stackPlace = StackPlace.number(distance, ofFrame: isFrame)
        }
      }
      switch form {
      case UInt8(ascii: "b"): size = 1
      case UInt8(ascii: "z"): size = word
      case UInt8(ascii: "t"): size = parts.register & 7 < 2 ? 1 : 0
      case UInt8(ascii: "T"): size = parts.register & 7 < 2 ? word : 0
      default: break
      }
    default: return nil
    }
    if size > 0 { parts.field = place }
    guard place + size <= limit else { return nil }
    if form == UInt8(ascii: "s") {
      parts.distance = Int(Int8(bitPattern: code[place]))
    } else if form == UInt8(ascii: "r") {
      parts.distance = long(code, place)
    }
    parts.end = place + size
    return parts
  }

  /// The four bytes of `code` at `place`, which are there.
  private static func long(_ code: ByteSlice, _ place: Int) -> Int {
    Int(Int32(bitPattern: code.storage.span.u32(code.range.lowerBound + place, Encoding(.little))))
  }

  private static func flow(_ parts: Parts) -> CodeInstruction.Flow {
    switch parts.opcode ?? 0 {
    case 0x70...0x7f, 0xe0...0xe3, 0x180...0x18f: .branch(parts.distance)
    case 0xe8: .call
    case 0xe9, 0xeb: .jump(parts.distance)
    // ret and iret; ud2, behind which a WARN goes on, but not a BUG; int3 fills the room between functions.
    case 0xc2, 0xc3, 0xca, 0xcb, 0xcc, 0xcf, 0x10b: .end
    case 0xff:
      switch parts.register & 7 {
      case 2, 3: .call
      case 4, 5: .end
      default: .next
      }
    default: .next
    }
  }

  private static func effect(_ parts: Parts, _ start: Int) -> CodeInstruction.Effect {
    guard let opcode = parts.opcode else { return .writes(all, place: parts.ownStackPlace) }
    let low = UInt8(opcode & 7) | parts.rex << 3 & 8
    switch opcode {
    // mov of a number, lea of what is beside the code.
    case 0xb8...0xbf where !parts.isHalf: return .loads(low, field: parts.field - start)
    case 0xc7:
      if let other = parts.other ?? parts.ownStackPlace, parts.isWide {
        return .loads(other, field: parts.field - start)
      }
    case 0x8d where parts.isRelative && parts.isWide:
      return .loads(parts.register, field: parts.field - start)
    case 0x89:
      if let other = parts.other ?? parts.ownStackPlace, parts.isWide {
        return .copies(other, from: parts.register)
      }
    case 0x8b:
      if let other = parts.other ?? parts.ownStackPlace, parts.isWide {
        return .copies(parts.register, from: other)
      }
      if let place = parts.stackPlace, parts.isWide {
        return .copiesOne(parts.register, from: StackPlace.table(at: place))
      }
      if parts.isWide, parts.isRelative || parts.isFixed || parts.isTable && !parts.isStack {
        return .reads(parts.register, field: parts.field - start, isTable: parts.isTable)
      }
    case 0x140...0x14f:
      if let other = parts.other, parts.isWide { return .mayCopy(parts.register, from: other) }
    default: break
    }
    let mask = written(parts, opcode, low)
    return .writes(mask & all, place: mask & memory == 0 ? nil : parts.ownStackPlace)
  }

  /// The registers that may be written, by opcode. What is not listed here may write both operands.
  private static func written(_ parts: Parts, _ opcode: Int, _ low: UInt8) -> UInt32 {
    // Without a prefix the upper bytes of the first four registers have the numbers 4 to 7.
    let isByte = parts.rex == 0 && hasBytes(opcode)
    func bit(_ register: UInt8) -> UInt32 {
      1 << UInt32(register) | (isByte && register < 8 ? 1 << UInt32(register & 3) : 0)
    }
    let other = parts.other.map(bit) ?? memory
    let register = bit(parts.register)
    switch opcode {
    case 0x38...0x3d, 0x70...0x7f, 0x84, 0x85, 0x90, 0x9b, 0x9e, 0xa2, 0xa3, 0xa8, 0xa9, 0xc2, 0xc3,
      0xcc, 0xcd, 0xe8, 0xe9, 0xeb, 0xf1, 0xf4, 0xf5, 0xf8...0xfd:
      return 0
    // push and pop.
    case 0x50...0x57, 0x68, 0x6a, 0x9c, 0x9d: return bit(stackPointer)
    case 0x58...0x5f: return bit(low) | bit(stackPointer)
    case 0x00...0x3f:
      switch opcode & 7 {
      case 0, 1: return other
      case 2, 3: return register
      default: return bit(accumulator)
      }
    case 0xb0...0xbf: return bit(low)
    case 0x63, 0x69, 0x6b, 0x8a, 0x8b, 0x8d: return register
    case 0x80...0x83: return parts.register & 7 == 7 ? 0 : other
    case 0x8f: return other | bit(stackPointer)
    case 0x88, 0x89, 0x8c, 0xc0, 0xc1, 0xc6, 0xc7, 0xd0...0xd3, 0xfe: return other
    case 0xf6, 0xf7:
      switch parts.register & 7 {
      case 0, 1: return 0
      case 2, 3: return other
      default: return bit(accumulator) | bit(data)
      }
    case 0xff:
      return parts.register & 7 < 2 ? other : parts.register & 7 < 6 ? 0 : bit(stackPointer)
    // fnstsw writes to ax.
    case 0xdf: return bit(accumulator)
    case 0xd8...0xde: return 0
    case 0xc8, 0xc9: return bit(framePointer) | bit(stackPointer)
    case 0xe0...0xe3: return bit(counter)
    // Strings.
    case 0x6c...0x6f, 0xa4...0xa7, 0xaa...0xaf: return bit(accumulator) | bit(counter) | 0xc0
    case 0x98: return bit(accumulator)
    case 0x99: return bit(data)
    // Long no-operations, prefetches, stores and loads of vectors.
    case 0x10b, 0x10d, 0x110...0x11f, 0x128, 0x129, 0x12b, 0x12e, 0x12f, 0x130, 0x151...0x177,
      0x179...0x17d, 0x17f,
      0x180...0x18f,
      0x1a3, 0x1c2, 0x1c6, 0x1e7:
      return 0
    case 0x1a0, 0x1a1, 0x1a8, 0x1a9: return bit(stackPointer)
    case 0x131, 0x132: return bit(accumulator) | bit(data)
    case 0x140...0x14f, 0x1af, 0x1b6...0x1b8, 0x1bc...0x1bf: return register
    case 0x178, 0x17e, 0x190...0x19f, 0x1ab, 0x1b3, 0x1a4, 0x1a5, 0x1ac, 0x1ad: return other
    case 0x1ba: return parts.register & 7 == 4 ? 0 : other
    case 0x1bb: return other
    case 0x1a2: return bit(accumulator) | bit(counter) | bit(data) | bit(base)
    case 0x1b0, 0x1b1: return other | bit(accumulator)
    case 0x1c8...0x1cf: return bit(low)
    case 0x91...0x97: return bit(low) | bit(accumulator)
    case 0x86, 0x87, 0x1c0, 0x1c1: return other | register
    case 0x100...0x109, 0x134, 0x135: return all
    default: return other | register | bit(accumulator) | bit(data)
    }
  }

  /// Whether the operands of an opcode are bytes.
  private static func hasBytes(_ opcode: Int) -> Bool {
    switch opcode {
    case 0x00..<0x40: opcode & 1 == 0
    case 0x80, 0x82, 0x84, 0x86, 0x88, 0x8a, 0xb0...0xb7, 0xc0, 0xc6, 0xd0, 0xd2, 0xf6, 0xfe,
      0x190...0x19f,
      0x1b0, 0x1c0:
      true
    default: false
    }
  }
}
