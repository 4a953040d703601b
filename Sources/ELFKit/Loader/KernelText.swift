// A line of the kernel's log: bytes, because what a file says is quoted in it.

/// What the kernel prints, without time and level, as untrusted bytes.
public struct KernelText: Hashable, Sendable, ExpressibleByStringInterpolation {
  /// The line.
  public let bytes: [UInt8]

  /// A line of these bytes.
  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// A line without anything of a file in it.
  public init(stringLiteral text: String) { bytes = Array(text.utf8) }

  /// A line with names of a file in it.
  public init(stringInterpolation parts: StringInterpolation) { bytes = parts.bytes }

  /// The line, invalid UTF-8 repaired: for tests and for code that escapes.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Collects the parts of a line.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var bytes: [UInt8] = []

    /// Nothing yet.
    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// Words of the kernel.
    public mutating func appendLiteral(_ literal: String) { bytes += Array(literal.utf8) }

    /// Words of a file.
    public mutating func appendInterpolation(_ slice: ByteSlice) {
      bytes += slice.storage[slice.range]
    }

    /// A part that is a line already.
    public mutating func appendInterpolation(_ line: KernelText) { bytes += line.bytes }

    /// A text of the tool's own.
    public mutating func appendInterpolation(_ text: String) { bytes += Array(text.utf8) }

    /// A number.
    public mutating func appendInterpolation(_ number: some BinaryInteger) {
      bytes += Array(String(number).utf8)
    }
  }
}
