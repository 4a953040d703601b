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

  /// The string at `offset`, or its first `limit` bytes when it is longer; `nil` when `offset` is outside
  /// the table.
  ///
  /// Costs no more than `limit` bytes: many records may refer to one name that is as long as the file.
  @inlinable
  public func prefix(at offset: UInt32, limit: Int) -> ByteSlice? {
    guard offset < UInt64(bytes.count) else { return nil }
    let start = Int(offset)
    let length = Swift.min(Swift.max(limit, 0), bytes.count - start)
    return bytes[within: start..<start + length].untilNUL
  }

  /// The positions within ``bytes`` of the string at `offset`, or `nil` outside the table.
  @inlinable
  public func range(at offset: UInt32) -> Range<Int>? {
    guard offset < UInt64(bytes.count) else { return nil }
    let start = Int(offset)
    return start..<(bytes.firstIndex(of: 0, from: start) ?? bytes.count)
  }

  /// Whether the string at `offset` is exactly `text`.
  public func matches(_ text: String, at offset: UInt32) -> Bool {
    let length = text.utf8.count
    guard offset < UInt64(bytes.count), length <= bytes.count - Int(offset) else { return false }
    let start = bytes.range.lowerBound &+ Int(offset)
    let end = start &+ length
    let span = bytes.storage.span
    // The end first: names of sections begin alike, and have many lengths.
    guard end == bytes.range.upperBound || span[end] == 0 else { return false }
    return span.holds(text.utf8.span, at: start)
  }
}

/// Names that overlap.
extension StringTable {
  /// Whether the strings at `offsets` claim more than may be meant: sixteen times what the table and
  /// the `recordBytes` bytes of those who name them take. (The mapping symbols of a RISC-V file may all
  /// share one string of several hundred bytes.)
  ///
  /// In most tables no string is long, and then nobody asks for the offsets and this costs a look at few
  /// bytes in each 256; else at most seventeen times the bytes of both.
  func isOverclaimed(
    by offsets: @autoclosure () -> some Sequence<UInt32>, ofRecords recordBytes: Int
  ) -> Bool {
    guard hasString(longerThan: 256) else { return false }
    var allowance = Allowance(for: 4 * (UInt64(bytes.count) + UInt64(recordBytes)))
    return offsets().contains { offset in
      range(at: offset).map { !allowance.take(UInt64($0.count)) } ?? false
    }
  }

  /// Whether a string has more than `limit` bytes.
  func hasString(longerThan limit: Int) -> Bool {
    let span = bytes.storage.span
    let base = bytes.range.lowerBound
    var start = 0
    while bytes.count - start > limit {
      // The last NUL that may end a string which begins at `start`.
      var end = start + limit
      while end >= start, span[base + end] != 0 { end -= 1 }
      if end < start { return true }
      start = end + 1
    }
    return false
  }
}
