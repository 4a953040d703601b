// A fixed-size structure of the file format, and lazy tables of them.

/// A structure of fixed size, decoded from bytes.
///
/// A record holds raw values exactly as the file has them, numbers of 32-bit files widened. What they
/// mean together (names, targets) is the business of a view.
public protocol Record: Sendable {
  /// The structure's size in bytes in files of this encoding; never zero.
  static func byteCount(in encoding: Encoding) -> Int

  /// Decodes the structure whose first byte is at `base`; all of it must lie within `bytes`.
  init(decoding bytes: Span<UInt8>, at base: Int, _ encoding: Encoding)
}

/// A structure that is the same in both classes.
public protocol FixedRecord: Record {
  /// The structure's size in bytes.
  static var byteCount: Int { get }
}

extension FixedRecord {
  /// The structure's size, whatever the encoding.
  @inlinable
  @inline(__always)
  public static func byteCount(in encoding: Encoding) -> Int { byteCount }
}

/// A structure whose numbers are as wide as addresses are: two layouts, one declaration of what they
/// hold. Which of them a file has is asked once for a record, not for each field.
public protocol ClassedRecord: Record {
  /// The structure's sizes in bytes.
  static var byteCounts: (elf32: Int, elf64: Int) { get }

  /// Decodes the structure of a 64-bit file.
  init(elf64 bytes: Span<UInt8>, at base: Int, _ encoding: Encoding)

  /// Decodes the structure of a 32-bit file into the same fields.
  init(elf32 bytes: Span<UInt8>, at base: Int, _ encoding: Encoding)
}

extension ClassedRecord {
  /// The size of the layout that the encoding's class has.
  @inlinable
  @inline(__always)
  public static func byteCount(in encoding: Encoding) -> Int {
    encoding.fileClass == .elf64 ? byteCounts.elf64 : byteCounts.elf32
  }

  /// Decodes the layout that the encoding's class has.
  @inlinable
  @inline(__always)
  public init(decoding bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    // Always true; said once here, with a number that is known when this is compiled, it need not be
    // asked for each byte of the record.
    switch encoding.fileClass {
    case .elf64:
      precondition(base >= 0 && base <= bytes.count - Self.byteCounts.elf64)
      self.init(elf64: bytes, at: base, encoding)
    case .elf32: self.init(elf32: bytes, at: base, encoding)
    }
  }
}

/// A table of records, each decoded when asked for; its size is checked once, when it is made.
///
/// Indexing is O(1) and decodes one record. The table keeps the bytes it was made from alive.
public struct RecordTable<Element: Record>: RandomAccessCollection, Sendable {
  /// The bytes of the table.
  public let bytes: ByteSlice
  /// How numbers are written in it.
  public let encoding: Encoding
  /// The size of one record in bytes, kept as every look at a record multiplies with it.
  public let stride: Int
  /// The number of whole records.
  public let endIndex: Int

  /// A table over `bytes`. A remainder smaller than one record is left out, as the kernel and
  /// readelf do; compare `bytes.count` with `count` to notice it.
  @inlinable
  public init(_ bytes: ByteSlice, _ encoding: Encoding) {
    self.bytes = bytes
    self.encoding = encoding
    stride = Element.byteCount(in: encoding)
    endIndex = bytes.range.count / stride
  }

  /// Always zero.
  @inlinable
  public var startIndex: Int { 0 }

  /// The record at `position`.
  @inlinable
  public subscript(position: Int) -> Element {
    precondition(position >= 0 && position < endIndex, "index out of range")
    let base = bytes.range.lowerBound &+ position &* stride
    return Element(decoding: bytes.storage.span, at: base, encoding)
  }

  /// The 32-bit word with which the record at `position` begins, or one that follows it: a walk that
  /// needs no more would spend most of its time on decoding whole records.
  @inlinable
  @inline(__always)
  public func word(_ number: Int, of position: Int) -> UInt32 {
    precondition(position >= 0 && position < endIndex, "index out of range")
    let base = bytes.range.lowerBound &+ position &* stride &+ number &* 4
    return UInt32(decoding: bytes.storage.span, at: base, encoding)
  }

  /// The file offset of the record at `position`.
  public func fileOffset(of position: Int) -> UInt64 {
    bytes.fileOffset &+ UInt64(position) &* UInt64(stride)
  }
}

extension UInt32: FixedRecord {
  /// Four bytes.
  @inlinable
  public static var byteCount: Int { 4 }

  /// Decodes one 32-bit word.
  @inlinable
  @inline(__always)
  public init(decoding bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    precondition(base >= 0 && base <= bytes.count - 4)
    self = bytes.u32(base, encoding)
  }
}
