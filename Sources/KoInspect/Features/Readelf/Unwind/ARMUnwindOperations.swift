// The instructions that take down a stack frame (Exception Handling ABI for the Arm Architecture,
// "Frame unwinding instructions"), as readelf writes them.

import ELFKit

/// Hands out the bytes of instructions: first those of a word, then those of the words that follow it.
struct ARMUnwindReader {
  private var word: UInt32
  private var remaining = 4
  private(set) var moreWords = 0
  private let words: ARMUnwindWords?
  /// Whether all words were there that were counted.
  private(set) var isComplete = true
  /// Whether one of the instructions is none.
  var isDamaged = false
  private var offset: UInt64 = 0

  /// The bytes of one word.
  init(word: UInt32) {
    self.word = word
    words = nil
  }

  /// The bytes of a word at `offset` of a section, and of those behind it.
  init(word: UInt32, _ words: ARMUnwindWords, at offset: UInt64) {
    self.word = word
    self.words = words
    self.offset = offset
  }

  /// The bytes of a word at `offset` behind the first, which says how many words follow.
  init(counted word: UInt32, _ words: ARMUnwindWords, at offset: UInt64) {
    self.init(word: word << 8, words, at: offset)
    remaining = 3
    moreWords = Int(word >> 24)
  }

  /// Whether the word begins an entry of the compact model as it is described: three bits are 0.
  var hasCompactHead: Bool { word & 0x7000_0000 == 0 }

  /// The number of the personality routine, whose bytes are skipped, and whether it is one of Arm's.
  mutating func takeIndex() -> (index: UInt32, isKnown: Bool) {
    let index = word >> 24 & 0x7f
    let skipped = index == 0 ? 1 : 2
    if index > 0 { moreWords = Int(word >> 16 & 0xff) }
    word = word << UInt32(8 * skipped)
    remaining -= skipped
    return (index, index < 3)
  }

  /// The next byte; `nil` behind the last.
  mutating func next() -> UInt8? {
    if remaining == 0, moreWords > 0 {
      guard offset <= .max - 4, let following = words?.word(at: offset + 4) else {
        isComplete = false
        return nil
      }
      offset += 4
      word = following.word
      remaining = 4
      moreWords -= 1
    }
    guard remaining > 0 else { return nil }
    remaining -= 1
    defer { word <<= 8 }
    return UInt8(word >> 24)
  }
}

extension ReadelfFile {
  /// The compact model: a number, then instructions; false when it is damaged.
  func writeCompact(_ reader: inout ARMUnwindReader, _ console: inout Console) -> Bool {
    let isGood = reader.hasCompactHead
    if !isGood { console.warn("Corrupt ARM compact model table entry") }
    let (index, isKnown) = reader.takeIndex()
    console.out.append("  Compact model index: \(index)\n")
    guard isKnown else {
      console.complain("Unknown ARM compact model index encountered")
      console.out.append("  [reserved]\n")
      return false
    }
    return writeInstructions(&reader, &console) && isGood
  }

  /// The instructions that are left; false when they are damaged.
  func writeInstructions(_ reader: inout ARMUnwindReader, _ console: inout Console) -> Bool {
    while let operation = reader.next(), !console.isOverLimit {
      console.out.append("  ")
      writeByte(operation, &console.out)
      guard let text = text(of: operation, &reader, &console.out) else {
        if reader.isComplete { console.out.append("[Truncated opcode]\n") }
        return false
      }
      if text.isEmpty { console.complain("corrupt change to vsp") }
      console.out.append(text)
      console.out.newline()
    }
    return !reader.isDamaged && reader.isComplete
  }

  private func writeByte(_ byte: UInt8, _ out: inout TextBuffer) {
    out.append("0x")
    out.hex(UInt64(byte), width: 2)
    out.append(byte: 0x20)
  }

  /// What an instruction does; the bytes that follow it are written as they are read. `nil` when there
  /// are none, empty when they are no number.
  private func text(
    of operation: UInt8, _ reader: inout ARMUnwindReader, _ out: inout TextBuffer
  ) -> String? {
    let blanks = "     "
    let low = Int(operation & 0x0f)
    switch operation {
    case 0x00...0x3f: return "\(blanks)vsp = vsp + \(Int(operation & 0x3f) * 4 + 4)"
    case 0x40...0x7f: return "\(blanks)vsp = vsp - \(Int(operation & 0x3f) * 4 + 4)"
    case 0x9d, 0x9f: return "\(blanks)[Reserved]"
    case 0x90...0x9f: return "\(blanks)vsp = r\(low)"
    case 0xa0...0xaf:
      var registers = (4...4 + (low & 7)).map { "r\($0)" }
      if low & 8 != 0 { registers.append("r14") }
      return "\(blanks)pop {\(registers.joined(separator: ", "))}"
    case 0xb0: return "\(blanks)finish"
    case 0xb4: return "\(blanks)pop {ra_auth_code}"
    case 0xb5: return "\(blanks)vsp as modifier for PAC validation"
    case 0xb8...0xbf, 0xd0...0xd7:
      return "pop {D8\((low & 7) > 0 ? "-D\(8 + (low & 7))" : "")}"
    case 0xc0...0xc5: return "\(blanks)pop {wR10\((low & 7) > 0 ? "-wR\(10 + (low & 7))" : "")}"
    case 0x80...0x8f, 0xb1, 0xb3, 0xc6...0xc9:
      guard let second = reader.next() else { return nil }
      writeByte(second, &out)
      return text(of: operation, second)
    case 0xb2:
      return longIncrement(&reader, &out)
    default:
      reader.isDamaged = true
      return "\(blanks)[unsupported opcode]"
    }
  }

  /// What an instruction of two bytes does.
  private func text(of operation: UInt8, _ second: UInt8) -> String {
    let (first, last) = (Int(second >> 4), Int(second & 0x0f))
    switch operation {
    case 0x80...0x8f:
      let mask = UInt16(operation & 0x0f) << 8 | UInt16(second)
      return mask == 0 ? "Refuse to unwind" : "pop {\(Self.registers(mask, from: 4))}"
    case 0xb1:
      let isSpare = second == 0 || second & 0xf0 != 0
      return isSpare ? "[Spare]" : "pop {\(Self.registers(UInt16(second), from: 0))}"
    case 0xc6: return "pop {wR\(first)\(last > 0 ? "-wR\(first + last)" : "")}"
    case 0xc7:
      let isSpare = second == 0 || second & 0xf0 != 0
      let names = (0..<4).filter { second >> UInt8($0) & 1 == 1 }.map { "wCGR\($0)" }
      return isSpare ? "[Spare]" : "pop {\(names.joined(separator: ", "))}"
    default:
      let start = operation == 0xc8 ? first + 16 : first
      return "pop {D\(start)\(last > 0 ? "-D\(start + last)" : "")}"
    }
  }

  private static func registers(_ mask: UInt16, from first: Int) -> String {
    (0..<12).filter { mask >> UInt16($0) & 1 == 1 }.map { "r\(first + $0)" }
      .joined(separator: ", ")
  }

  /// An increment in LEB128, of words, that is larger than two of the short ones can say.
  private func longIncrement(
    _ reader: inout ARMUnwindReader, _ out: inout TextBuffer
  ) -> String? {
    var value: UInt64 = 0
    for position in 0..<9 {
      guard let byte = reader.next() else { return nil }
      writeByte(byte, &out)
      value |= UInt64(byte & 0x7f) << UInt64(7 * position)
      // Ten bytes are the most that readelf takes; nine hold every address.
      if byte & 0x80 == 0 { return "vsp = vsp + \(value &* 4 &+ 0x204)" }
    }
    reader.isDamaged = true
    return ""
  }
}
