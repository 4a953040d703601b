// The table for dynamic linking, and what lies at the addresses that it names.

/// The table for dynamic linking: what a program needs and where its tables are when it runs.
public struct DynamicTable: Sendable {
  /// The entries up to and with the first `DT_NULL`; all of them when there is none.
  public let entries: RecordTable<DynamicEntry>

  /// The entries in `bytes`.
  init(_ bytes: ByteSlice, _ encoding: Encoding) {
    let all = RecordTable<DynamicEntry>(bytes, encoding)
    let end = all.firstIndex { $0.tag == .null }.map { $0 + 1 } ?? all.count
    entries = RecordTable(bytes[within: 0..<end * all.stride], encoding)
  }

  /// The value of the last entry with this tag, or `nil`. O(number of entries)
  public func value(of tag: DynamicTag) -> UInt64? { entries.last { $0.tag == tag }?.value }
}

extension ELFImage {
  /// The table for dynamic linking, or `nil` when there is none.
  ///
  /// It lies where the segment says; where the file has a section for it, that knows it better. A file with
  /// nothing but debug information has an empty one.
  public func dynamicTable(_ segments: RecordTable<ProgramHeader>) throws(ELFError) -> DynamicTable?
  {
    guard let segment = segments.first(where: { $0.type == .dynamic }) else { return nil }
    var (offset, size) = (segment.offset, segment.fileSize)
    if let section = sections.first(named: ".dynamic"), section.header.size > 0 {
      guard section.header.type != .nobits else { return nil }
      (offset, size) = (section.header.offset, section.header.size)
    }
    if size == 0 { return nil }
    let bytes = try source.slice(offset, size, in: .programHeaders)
    return DynamicTable(bytes, encoding)
  }

  /// Where in the file the byte at `address` lies, and how many of its segment follow from there on; `nil`
  /// when no segment is loaded there.
  public func filePlace(
    of address: UInt64, _ segments: RecordTable<ProgramHeader>
  ) -> (offset: UInt64, count: UInt64)? {
    for segment in segments where segment.type == .load {
      guard address >= segment.virtualAddress else { continue }
      let distance = address - segment.virtualAddress
      guard distance < segment.fileSize else { continue }
      let (offset, overflow) = segment.offset.addingReportingOverflow(distance)
      guard !overflow, offset < source.size else { return nil }
      return (offset, Swift.min(segment.fileSize - distance, source.size - offset))
    }
    return nil
  }

  /// `count` bytes from `address` on; all that the segment has there without a count.
  public func bytes(
    at address: UInt64, _ count: UInt64?, _ segments: RecordTable<ProgramHeader>
  ) throws(ELFError) -> ByteSlice {
    guard let place = filePlace(of: address, segments) else {
      throw ELFError(.outOfBounds(count ?? 1), .programHeaders, at: address)
    }
    return try source.slice(place.offset, count ?? place.count, in: .programHeaders)
  }
}
