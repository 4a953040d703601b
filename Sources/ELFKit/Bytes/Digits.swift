// Bytes of ASCII that are digits.

extension UInt8 {
  /// Whether this is `0` to `9`.
  package var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
}
