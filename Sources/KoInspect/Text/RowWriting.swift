// Writing into a row in place. See `TextBuffer.row`.

extension OutputSpan where Element == UInt8 {
  /// The bytes of `bytes` in `range`.
  @inline(__always)
  mutating func copy(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    for position in range { append(bytes[position]) }
  }

  /// The printable ASCII from `start` on, up to a NUL or `end`, at most `limit` bytes.
  ///
  /// False, and nothing written, when there is something else or more: that needs a slower way.
  @inline(__always)
  mutating func copyName(
    _ bytes: Span<UInt8>, from start: Int, to end: Int, limit: Int
  ) -> Bool {
    let stop = Swift.min(end, start &+ limit)
    var position = start
    while position < stop {
      let byte = bytes[position]
      if byte &- 0x20 >= 0x5f {
        if byte == 0 { return true }
        break
      }
      append(byte)
      position &+= 1
    }
    if position == end { return true }
    removeLast(position &- start)
    return false
  }

  @inline(__always)
  mutating func spaces(_ count: Int) {
    if count > 0 { append(repeating: 0x20, count: count) }
  }

  /// `value` in base 16, padded with zeros to `width`; longer numbers are not cut.
  @inline(__always)
  mutating func hex(_ value: UInt64, width: Int = 1) {
    let needed = (67 &- value.leadingZeroBitCount) / 4
    var shift = UInt64(truncatingIfNeeded: Swift.max(needed, width) &* 4)
    while shift > 0 {
      shift &-= 4
      let digit = UInt8(truncatingIfNeeded: value &>> shift) & 0xf
      append(digit &+ (digit < 10 ? 0x30 : 0x57))
    }
  }

  /// `value` in base 10, padded with blanks to `width`; longer numbers are not cut.
  @inline(__always)
  mutating func decimal(_ value: UInt64, width: Int = 1) {
    var digits = 1
    var power: UInt64 = 1
    while value / power >= 10 {
      digits &+= 1
      power &*= 10
    }
    spaces(width &- digits)
    var rest = value
    while power > 0 {
      append(0x30 &+ UInt8(truncatingIfNeeded: rest / power))
      rest %= power
      power /= 10
    }
  }
}
