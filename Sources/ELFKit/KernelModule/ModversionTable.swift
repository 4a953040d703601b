// `__versions`, entry by entry, in both of its forms. What the entries mean is elsewhere.

/// The entries of `__versions`: `struct modversion_info` (include/linux/module.h) of 64 bytes each. Ubuntu's newer
/// kernels have entries as long as their names instead: how far the next one is, the CRC, both of 32 bits, and
/// the name; an entry of zeroes ends them.
struct ModversionTable: Sequence {
  private let bytes: ByteSlice
  private let encoding: Encoding
  /// How many entries are as long as their names; `nil` where all are of 64 bytes.
  private let packed: Int?

  /// Which form `bytes` have is seen by themselves.
  init(_ bytes: ByteSlice, _ encoding: Encoding) {
    self.bytes = bytes
    self.encoding = encoding
    packed = Self.packed(bytes, encoding)
  }

  /// The number of entries.
  var count: Int { packed ?? bytes.count / VersionRecord.byteCount }

  func makeIterator() -> Iterator { Iterator(self) }

  /// Goes from entry to entry; a damaged one is the last.
  struct Iterator: IteratorProtocol {
    private let table: ModversionTable
    private let records: RecordTable<VersionRecord>
    private var place = 0

    fileprivate init(_ table: ModversionTable) {
      self.table = table
      records = RecordTable(table.bytes, table.encoding)
    }

    /// The next symbol, and its whole CRC field.
    mutating func next() -> (name: ByteSlice, crc: UInt64)? {
      let bytes = table.bytes
      guard table.packed != nil else {
        guard place < records.count else { return nil }
        defer { place += 1 }
        let name = bytes[within: VersionRecord.nameRange(of: place, table.encoding)].untilNUL
        return (name, records[place].crc)
      }
      guard let size = ModversionTable.size(at: place, bytes, table.encoding) else { return nil }
      defer { place += size }
      let crc = bytes.storage.span.u32(bytes.range.lowerBound + place + 4, table.encoding)
      return (bytes[within: place + 8..<place + size].untilNUL, UInt64(crc))
    }
  }

  /// The size of the entry at `place` that is as long as its name; `nil` behind the last, and where none is.
  private static func size(at place: Int, _ bytes: ByteSlice, _ encoding: Encoding) -> Int? {
    guard bytes.count - place >= 12 else { return nil }
    let size = Int(bytes.storage.span.u32(bytes.range.lowerBound + place, encoding))
    guard size >= 12, size % 4 == 0, size <= bytes.count - place, bytes[place + 8] != 0,
      bytes[place + size - 1] == 0
    else { return nil }
    return size
  }

  /// The number of entries that are as long as their names, when they fill the table up to the zeroes at its
  /// end. In the other form the first word is a CRC, which seldom is a distance even once.
  private static func packed(_ bytes: ByteSlice, _ encoding: Encoding) -> Int? {
    var (place, count) = (0, 0)
    while let size = size(at: place, bytes, encoding) { (place, count) = (place + size, count + 1) }
    return count > 0 && bytes.suffix(from: place).allSatisfy { $0 == 0 } ? count : nil
  }
}
