// Where a number or an instruction has the addend of a relocation without one of its own (`SHT_REL`).

/// The bits of a place of four bytes that are the addend.
enum AddendField: Sendable {
  /// The lowest so many bits, with a sign, shifted to the left by so many.
  case bits(Int, shift: Int = 0)
  /// MOVW and MOVT of ARM: sixteen bits in two parts, with a sign (Arm ARM, A8.8.102).
  case armMove
  /// LDR of ARM: twelve bits, and one that says whether they are added (Arm ARM, A5.3).
  case armOffset
  /// ADD and SUB of ARM: eight bits, rotated (Arm ARM, A5.2.4).
  case armRotated
  /// BL and B.W of Thumb: 25 bits in two halfwords, with a sign (Arm ARM, A8.8.18).
  case thumbBranch
  /// MOVW and MOVT of Thumb: sixteen bits in two halfwords, with a sign (Arm ARM, A8.8.102).
  case thumbMove
  /// The upper half of an address; the lower one is at the next relocation of type `low` against the same
  /// symbol (System V ABI, MIPS supplement, "Relocation": AHL).
  case high(low: UInt32)
  /// The lower half of an address.
  case low

  /// The addend in the four bytes of `span` from `base` on; of half an address that half.
  func value(_ span: Span<UInt8>, _ base: Int, _ encoding: Encoding) -> Int64 {
    let word = span.u32(base, encoding)
    switch self {
    case .bits(let count, let shift):
      let unused = UInt32(truncatingIfNeeded: 32 &- count)
      return Int64(Int32(bitPattern: word &<< unused) &>> Int32(bitPattern: unused))
        &<< Int64(shift)
    case .armMove:
      return Self.signed16(word &>> 4 & 0xf000 | word & 0xfff)
    case .armOffset:
      let offset = Int64(word & 0xfff)
      return word & 0x80_0000 != 0 ? offset : -offset
    case .armRotated:
      let (byte, rotation) = (word & 0xff, word &>> 7 & 0x1e)
      let number = Int64(byte &>> rotation | (rotation == 0 ? 0 : byte &<< (32 &- rotation)))
      return word & 0x40_0000 != 0 ? -number : number
    case .thumbBranch:
      let (first, second) = Self.halves(span, base, encoding)
      return Self.thumbDistance(first, second)
    case .thumbMove:
      let (first, second) = Self.halves(span, base, encoding)
      let high = (first & 0xf) &<< 12 | (first & 0x400) &<< 1
      return Self.signed16(high | (second & 0x7000) &>> 4 | second & 0xff)
    case .high:
      return Int64(Int32(bitPattern: word &<< 16))
    case .low:
      return Self.signed16(word & 0xffff)
    }
  }

  /// The distance in the two halfwords of a BL or B.W of Thumb.
  static func thumbDistance(_ first: UInt32, _ second: UInt32) -> Int64 {
    let sign = first &>> 10 & 1
    let (upper, lower) = (~(second &>> 13 ^ sign) & 1, ~(second &>> 11 ^ sign) & 1)
    let high = sign &<< 24 | upper &<< 23 | lower &<< 22
    let number = high | (first & 0x3ff) &<< 12 | (second & 0x7ff) &<< 1
    return Int64(Int32(bitPattern: number &<< 7) &>> 7)
  }

  /// The bits of the word in the file's order that are the addend.
  func bits(_ encoding: Encoding) -> UInt32 {
    switch self {
    case .bits(let count, _): count < 32 ? 1 &<< UInt32(truncatingIfNeeded: count) &- 1 : .max
    case .armMove: 0x000f_0fff
    case .armOffset: 0x0080_0fff
    // With the bits that tell ADD from SUB.
    case .armRotated: 0x00c0_0fff
    case .thumbBranch: Self.word(0x07ff, 0x2fff, encoding)
    case .thumbMove: Self.word(0x040f, 0x70ff, encoding)
    case .high, .low: 0xffff
    }
  }

  /// Two halfwords of Thumb as one word of the file.
  private static func word(_ first: UInt32, _ second: UInt32, _ encoding: Encoding) -> UInt32 {
    encoding.byteOrder == .little ? second &<< 16 | first : first &<< 16 | second
  }

  private static func signed16(_ number: UInt32) -> Int64 {
    Int64(Int16(truncatingIfNeeded: number))
  }

  /// The two halfwords of an instruction of Thumb, each in the order of the file.
  private static func halves(
    _ span: Span<UInt8>, _ base: Int, _ encoding: Encoding
  ) -> (UInt32, UInt32) {
    (UInt32(span.u16(base, encoding)), UInt32(span.u16(base + 2, encoding)))
  }
}

/// The types of relocations whose addends stand in one kind of field.
struct AddendRow: Sendable {
  let types: ClosedRange<UInt32>
  let field: AddendField
  /// How far ahead of its place an instruction counts from: addends of code take that away.
  let ahead: UInt64

  init(_ types: ClosedRange<UInt32>, _ field: AddendField, ahead: UInt64 = 0) {
    self.types = types
    self.field = field
    self.ahead = ahead
  }

  init(_ type: UInt32, _ field: AddendField, ahead: UInt64 = 0) {
    self.init(type...type, field, ahead: ahead)
  }
}
