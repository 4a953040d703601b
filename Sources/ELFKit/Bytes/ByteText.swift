// A text that quotes files: bytes, because what a file says may be no text at all.

/// A text with parts of a file in it, as untrusted bytes: a line of the kernel's log (without time
/// and level), or what is said about a module. Whoever prints it escapes it.
public struct ByteText: Hashable, Sendable, ExpressibleByStringInterpolation {
  /// The text.
  public let bytes: [UInt8]

  /// A text of these bytes.
  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// A text without anything of a file in it.
  public init(stringLiteral text: String) { bytes = Array(text.utf8) }

  /// A text with names of a file in it.
  public init(stringInterpolation parts: StringInterpolation) { bytes = parts.bytes }

  /// The text, invalid UTF-8 repaired: for tests and for code that escapes.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Collects the parts of a text.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var bytes: [UInt8] = []

    /// Nothing yet.
    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// Words of the kernel or of the tool.
    public mutating func appendLiteral(_ literal: String) { bytes += Array(literal.utf8) }

    /// Words of a file.
    public mutating func appendInterpolation(_ slice: ByteSlice) {
      bytes += slice.storage[slice.range]
    }

    /// A part that is such a text already.
    public mutating func appendInterpolation(_ text: ByteText) { bytes += text.bytes }

    /// A text of the tool's own.
    public mutating func appendInterpolation(_ text: String) { bytes += Array(text.utf8) }

    /// Something that has words of its own.
    public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      bytes += Array(value.description.utf8)
    }

    /// A version of a symbol: `0x` and eight digits of base 16, more where the number has more.
    public mutating func appendInterpolation(crc: UInt64) {
      let digits = Array(String(crc, radix: 16).utf8)
      bytes += Array("0x".utf8)
      bytes += Array(repeating: UInt8(ascii: "0"), count: max(0, 8 - digits.count)) + digits
    }

    /// A number of base 16, with `0x`.
    public mutating func appendInterpolation(hex number: UInt64) {
      bytes += Array("0x\(String(number, radix: 16))".utf8)
    }

    /// A number.
    public mutating func appendInterpolation(_ number: some BinaryInteger) {
      bytes += Array(String(number).utf8)
    }
  }
}

extension ByteText {
  /// Two texts, one behind the other.
  public static func + (left: Self, right: Self) -> Self { Self(bytes: left.bytes + right.bytes) }
}
