// NUL-ended strings that are named by their offset.

/// A string table (gABI `SHT_STRTAB`).
public struct StringTable: Sendable {
  /// The bytes of the table.
  public let bytes: ByteSlice

  /// A table over `bytes`; nothing is assumed about its first or last byte.
  @inlinable
  public init(_ bytes: ByteSlice) { self.bytes = bytes }

  /// The string at `offset` without its NUL, or `nil` when `offset` is outside the table.
  ///
  /// A last string without a NUL runs to the end of the table. Costs the string's length.
  @inlinable
  public subscript(offset: UInt32) -> ByteSlice? {
    guard let range = range(at: offset) else { return nil }
    return bytes[within: range]
  }

  /// The positions within ``bytes`` of the string at `offset`, or `nil` outside the table.
  @inlinable
  public func range(at offset: UInt32) -> Range<Int>? {
    guard offset < UInt64(bytes.count) else { return nil }
    let start = Int(offset)
    return start..<(bytes.firstIndex(of: 0, from: start) ?? bytes.count)
  }

  /// Whether the string at `offset` is exactly `text`.
  @inlinable
  public func matches(_ text: String, at offset: UInt32) -> Bool {
    let length = text.utf8.count
    guard offset < UInt64(bytes.count), length <= bytes.count - Int(offset) else { return false }
    let start = bytes.range.lowerBound &+ Int(offset)
    let span = bytes.storage.span
    var position = start
    for byte in text.utf8 {
      if span[position] != byte { return false }
      position &+= 1
    }
    return position == bytes.range.upperBound || span[position] == 0
  }
}
