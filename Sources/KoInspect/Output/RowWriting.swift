// Writing rows in place, see `TextBuffer.rows`: nothing here allocates or makes a `String`.

import ELFKit

extension OutputSpan where Element == UInt8 {
  /// Takes back everything after the first `mark` bytes.
  @inline(__always)
  mutating func rewind(to mark: Int) { removeLast(count &- mark) }

  /// The bytes of `bytes` in `range`.
  @inline(__always)
  mutating func copy(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    for position in range { append(bytes[position]) }
  }

  /// The printable ASCII from `start` on, up to a NUL or `end`, at most `limit` bytes.
  ///
  /// False when there is something else or more: that needs a slower way.
  @inline(__always)
  mutating func copyName(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, limit: Int
  ) -> Bool {
    let stop = Swift.min(end, start &+ limit)
    var position = start
    while position &+ 8 <= stop, let word = bytes.printableWord(at: position) {
      columns(8) { $0.word(word, at: 0) }
      position &+= 8
    }
    while position < stop {
      let byte = bytes[position]
      guard byte &- 0x20 < 0x5f else { return byte == 0 }
      append(byte)
      position &+= 1
    }
    return position == end
  }

  @inline(__always)
  mutating func spaces(_ count: Int) {
    if count > 0 { append(repeating: UInt8(ascii: " "), count: count) }
  }

  /// Eight hexadecimal digits.
  @inline(__always)
  mutating func hex8(_ value: UInt32) { columns(8) { $0.hex8(value, at: 0) } }

  /// Sixteen hexadecimal digits.
  @inline(__always)
  mutating func hex16(_ value: UInt64) { columns(16) { $0.hex16(value, at: 0) } }

  /// `value` in base 16, padded with zeros to `width`; longer numbers are not cut.
  @inline(__always)
  mutating func hex(_ value: UInt64, width: Int = 1) {
    let needed = (67 &- value.leadingZeroBitCount) / 4
    var shift = UInt64(truncatingIfNeeded: Swift.max(needed, width) &* 4)
    while shift > 0 {
      shift &-= 4
      let digit = UInt8(truncatingIfNeeded: value &>> shift) & 0xf
      append(digit &+ (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "W")))
    }
  }

  /// `value` in base 10, padded with blanks to `width`; longer numbers are not cut.
  @inline(__always)
  mutating func decimal(_ value: UInt32, width: Int = 1) {
    var digits = 1
    var power: UInt32 = 1
    while value / power >= 10 {
      digits &+= 1
      power &*= 10
    }
    spaces(width &- digits)
    var rest = value
    while power > 0 {
      append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest / power))
      rest %= power
      power /= 10
    }
  }
}

/// Columns at fixed places of a row, see `OutputSpan.columns`.
extension MutableRawSpan {
  /// Eight hexadecimal digits, all made at once: the nibbles are spread over the bytes of a word,
  /// most significant first, and those above 9 get the distance from `0` to `a` added.
  @inline(__always)
  mutating func hex8(_ value: UInt32, at place: Int) {
    var nibbles = UInt64(value.byteSwapped)
    nibbles = (nibbles | nibbles &<< 16) & 0x0000_ffff_0000_ffff
    nibbles = (nibbles | nibbles &<< 8) & 0x00ff_00ff_00ff_00ff
    nibbles = (nibbles &>> 4 | nibbles &<< 8) & 0x0f0f_0f0f_0f0f_0f0f
    let letters = (nibbles &+ 0x0606_0606_0606_0606) &>> 4 & 0x0101_0101_0101_0101
    word(nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 0x27, at: place)
  }

  /// Eight bytes, the least significant first.
  @inline(__always)
  mutating func word(_ bytes: UInt64, at place: Int) {
    storeBytes(of: bytes.littleEndian, toByteOffset: place, as: UInt64.self)
  }

  /// Sixteen hexadecimal digits.
  @inline(__always)
  mutating func hex16(_ value: UInt64, at place: Int) {
    hex8(UInt32(truncatingIfNeeded: value &>> 32), at: place)
    hex8(UInt32(truncatingIfNeeded: value), at: place &+ 8)
  }
}
