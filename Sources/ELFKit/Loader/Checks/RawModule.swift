// A file as the loader holds it: bytes and numbers, before anything has been found valid.

/// A module file of which nothing is taken for granted.
///
/// The loader reads it in the byte order of its own machine, whatever the file says of itself.
/// Sections and strings that lie outside the file are `nil`, and the check that is to notice it
/// will.
struct RawModule {
  let source: AnyByteSource
  /// The number of bytes without a signature that has been cut off.
  let length: UInt64
  let encoding: Encoding
  /// `nil` when the file is shorter than a header.
  let header: FileHeader?
  /// The section headers; empty when they do not lie within the file.
  let headers: RecordTable<SectionHeader>
  /// The section of names; empty when it does not lie within the file.
  private let names: StringTable

  init(_ source: AnyByteSource, length: UInt64, _ encoding: Encoding) {
    self.source = source
    self.length = length
    self.encoding = encoding
    let empty = RecordTable<SectionHeader>(.empty(at: 0), encoding)
    guard length >= UInt64(FileHeader.byteCount(in: encoding)),
      let bytes = try? source.slice(0, UInt64(FileHeader.byteCount(in: encoding)), in: .fileHeader)
    else {
      (header, headers, names) = (nil, empty, StringTable(.empty(at: 0)))
      return
    }
    let header = FileHeader(decoding: bytes.storage.span, at: bytes.range.lowerBound, encoding)
    self.header = header
    let size = UInt64(header.sectionHeaderCount) * UInt64(SectionHeader.byteCount(in: encoding))
    guard header.sectionHeaderOffset < length, size <= length - header.sectionHeaderOffset,
      let table = try? source.slice(header.sectionHeaderOffset, size, in: .sectionHeaders)
    else {
      (headers, names) = (empty, StringTable(.empty(at: 0)))
      return
    }
    headers = RecordTable(table, encoding)
    let index = Int(header.sectionNameIndex)
    let nameBytes =
      index < headers.count
      ? Self.bytes(headers[index], of: source, length: length) : nil
    names = StringTable(nameBytes ?? .empty(at: 0))
  }

  private static func bytes(
    _ header: SectionHeader, of source: AnyByteSource, length: UInt64
  ) -> ByteSlice? {
    guard header.offset <= length, header.size <= length - header.offset else { return nil }
    return try? source.slice(header.offset, header.size, in: .file)
  }

  /// The bytes of a section, `nil` when they do not lie within the file.
  func bytes(of header: SectionHeader) -> ByteSlice? {
    Self.bytes(header, of: source, length: length)
  }

  /// Whether the range of a section lies within the file.
  func isInside(_ header: SectionHeader) -> Bool {
    header.offset <= length && header.size <= length - header.offset
  }

  /// The section of section names.
  var nameSection: SectionHeader? {
    guard let header, Int(header.sectionNameIndex) < headers.count else { return nil }
    return headers[Int(header.sectionNameIndex)]
  }

  /// The size of the section of names, in bytes.
  var nameSize: UInt64 { UInt64(names.bytes.count) }

  /// The indices of all sections of this name, `SHF_ALLOC` or not, as the loader finds them: never
  /// section 0, and in newer kernels none without bytes.
  func sections(named name: String) -> [Int] {
    (1..<max(headers.count, 1)).filter { names.matches(name, at: headers[$0].nameOffset) }
  }

  /// The name of a section; empty when it lies outside of the names.
  func name(of header: SectionHeader) -> ByteSlice { names[header.nameOffset] ?? .empty(at: 0) }

  /// The first section with this name that occupies memory: what `find_sec` gives.
  func loadedSection(named name: String) -> Int? {
    sections(named: name).first { headers[$0].flags.contains(.alloc) }
  }

  /// The first symbol table.
  var symbolTable: SectionHeader? {
    (0..<headers.count).first { headers[$0].type == .symtab }.map { headers[$0] }
  }
}
