// Bytes of ASCII that are digits, of base 10 and 16.

extension UInt8 {
  /// Whether this is `0` to `9`.
  package var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }

  /// The value of a digit of base 16, in letters of either case, or `nil`.
  package var hexadecimalDigit: UInt64? {
    if isDigit { return UInt64(self &- UInt8(ascii: "0")) }
    let letter = (self | 0x20) &- UInt8(ascii: "a")
    return letter < 6 ? UInt64(letter) + 10 : nil
  }
}
