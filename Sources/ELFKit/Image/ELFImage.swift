// One ELF file: its header and section table, and the entrance to every view.

/// An ELF file of either class.
///
/// Making an image reads the header, the section headers and the section names, and nothing else.
/// Only these can refuse a file; every other damage is thrown by the one view that meets it.
/// Images are values: copying one costs a few reference counts.
public struct ELFImage: Sendable {
  /// Where the bytes come from.
  public let source: AnyByteSource
  /// The ELF header.
  public let header: FileHeader
  /// How numbers are written in this file.
  public let encoding: Encoding
  /// The sections.
  public let sections: SectionTable

  /// Reads header, section table and section names of `source`. Where the class or the byte order has no meaning, that
  /// of `fallback` counts, if there is any.
  public init(_ source: some ByteSource, else fallback: Encoding? = nil) throws(ELFError) {
    let (header, encoding) = try FileHeader.read(from: source, else: fallback)
    self.source = source.erased
    self.header = header
    self.encoding = encoding
    sections = try SectionTable(header, encoding, source)
  }

  /// The same for a module as the kernel's loader takes it, which does not look at class and byte
  /// order in `e_ident`; see ``FileHeader/readAsLoaded(from:)``.
  public init(asLoaded source: some ByteSource) throws(ELFError) {
    let (header, encoding) = try FileHeader.readAsLoaded(from: source)
    self.source = source.erased
    self.header = header
    self.encoding = encoding
    sections = try SectionTable(header, encoding, source, asLoaded: true)
  }

  /// Reads the header of `source` only: for a file whose section table cannot be read, which then
  /// appears to have no sections.
  public init(
    withoutSections source: some ByteSource, else fallback: Encoding? = nil
  ) throws(ELFError) {
    (header, encoding) = try FileHeader.read(from: source, else: fallback)
    self.source = source.erased
    sections = SectionTable(withoutSections: encoding)
  }

  /// Reads header, section table and section names of a file that is in memory.
  public init(_ bytes: [UInt8]) throws(ELFError) {
    try self.init(ByteSlice(bytes))
  }

  /// The bytes of a section; none for `NOBITS` and `NULL` sections, which have none in the file.
  public func bytes(of section: Section) throws(ELFError) -> ByteSlice {
    let header = section.header
    guard header.type != .nobits, header.type != .null else {
      return .empty(at: header.offset)
    }
    return try content(of: section)
  }

  /// The range of the file that a section's header describes, whatever type it has.
  public func content(of section: Section) throws(ELFError) -> ByteSlice {
    try sections.checkOverlap(of: section.index)
    let header = section.header
    return try source.slice(header.offset, header.size, in: .section(section.index))
  }

  /// The string table that a section links to (`sh_link`).
  public func linkedStrings(of section: Section) throws(ELFError) -> StringTable {
    StringTable(try bytes(of: try sections.linked(from: section)))
  }

  /// The program headers; empty when there are none, as in every module.
  ///
  /// The count is `e_phnum` or, when that says so (`PN_XNUM`), `sh_info` of section 0. Where `e_phentsize` is larger
  /// than a header all its bytes must be there, and the headers are taken to lie side by side, as GNU readelf takes them.
  public func programHeaders() throws(ELFError) -> RecordTable<ProgramHeader> {
    var count = UInt64(header.programHeaderCount)
    if count == 0xffff, let first = sections.first { count = UInt64(first.header.info) }
    let start = header.programHeaderOffset
    guard count > 0, start > 0 else { return RecordTable(.empty(at: start), encoding) }
    let size = header.programHeaderEntrySize
    let recordSize = ProgramHeader.byteCount(in: encoding)
    guard size >= recordSize else {
      throw ELFError(
        .unexpectedEntrySize(UInt64(size), expected: recordSize),
        .programHeaders, at: start)
    }
    // A number of 32 bits and one of 16.
    let bytes = try source.slice(start, count * UInt64(size), in: .programHeaders)
    return RecordTable(bytes[within: 0..<Int(count) * recordSize], encoding)
  }
}
