// Text read and written eight bytes at a time. The only file besides Files/ that says `unsafe`: the library
// calls a view of bytes as raw memory so, whatever their type; every access is checked.

extension OutputSpan where Element == UInt8 {
  /// Appends `size` blanks and lends them to `body`, which overwrites them at fixed places.
  ///
  /// The room is looked for once, where appending bytes asks for each: that was half of the time that
  /// a row of `readelf -r` took.
  @inline(__always)
  mutating func columns(_ size: Int, _ body: (inout MutableRawSpan) -> Void) {
    let start = count
    append(repeating: 0x20, count: size)
    var bytes = mutableSpan
    var memory = unsafe bytes.mutableBytes
    var columns = memory._mutatingExtracting(start..<start &+ size)
    body(&columns)
  }
}

extension Span where Element == UInt8 {
  /// The eight bytes from `position` on, the first the least significant, when all of them are
  /// printable ASCII; else `nil`.
  @inline(__always)
  func printableWord(at position: Int) -> UInt64? {
    let word = UInt64(
      littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self))
    // The highest bit of each byte: below 0x20, above 0x7e, above 0x7f.
    let below = (word &- 0x2020_2020_2020_2020) & ~word
    let above = word &+ 0x0101_0101_0101_0101
    return (below | above | word) & 0x8080_8080_8080_8080 == 0 ? word : nil
  }
}
