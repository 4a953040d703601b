// A fixed-size structure of the file format, and lazy tables of them.

/// A structure of fixed size, decoded from bytes.
///
/// A record holds raw values exactly as the file has them. What they mean together (names,
/// targets) is the business of a view.
public protocol Record: Sendable {
  /// The structure's size in bytes.
  static var byteCount: Int { get }

  /// Decodes the structure whose first byte is at `base`; all of it must lie within `bytes`.
  init(decoding bytes: Span<UInt8>, at base: Int, _ encoding: Encoding)
}

/// A table of records, each decoded when asked for; its size is checked once, when it is made.
///
/// Indexing is O(1) and decodes one record. The table keeps the bytes it was made from alive.
public struct RecordTable<Element: Record>: RandomAccessCollection, Sendable {
  /// The bytes of the table.
  public let bytes: ByteSlice
  /// How numbers are written in it.
  public let encoding: Encoding

  /// A table over `bytes`. A remainder smaller than one record is left out, as the kernel and
  /// readelf do; compare `bytes.count` with `count` to notice it.
  @inlinable
  public init(_ bytes: ByteSlice, _ encoding: Encoding) {
    self.bytes = bytes
    self.encoding = encoding
  }

  /// Always zero.
  @inlinable
  public var startIndex: Int { 0 }

  /// The number of whole records.
  @inlinable
  public var endIndex: Int { bytes.range.count / Element.byteCount }

  /// The record at `position`.
  @inlinable
  public subscript(position: Int) -> Element {
    precondition(position >= 0 && position < endIndex, "index out of range")
    let base = bytes.range.lowerBound &+ position &* Element.byteCount
    let span = bytes.storage.span
    // Always true; said once here, it need not be asked for each byte of the record.
    precondition(base >= 0 && base <= span.count - Element.byteCount)
    return Element(decoding: span, at: base, encoding)
  }

  /// The file offset of the record at `position`.
  public func fileOffset(of position: Int) -> UInt64 {
    bytes.fileOffset &+ UInt64(position) &* UInt64(Element.byteCount)
  }
}

extension UInt32: Record {
  /// Four bytes.
  @inlinable
  public static var byteCount: Int { 4 }

  /// Decodes one 32-bit word.
  @inlinable
  public init(decoding bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    self = bytes.u32(base, encoding)
  }
}
