// Sections: headers joined with their names.

/// A section header, its number and its name.
///
/// The name is looked for when it is asked for: what goes through many sections, or comes back to one
/// for many others, often needs no more than the header.
public struct Section: Sendable {
  /// The section's number; section 0 is never in use.
  public let index: Int
  /// The header as the file has it.
  public let header: SectionHeader
  /// The names of all sections.
  fileprivate let names: StringTable

  /// The name's bytes; empty when the name's offset lies outside the table of names. Costs the name's
  /// length, each time.
  public var name: ByteSlice {
    names[header.nameOffset] ?? .empty(at: names.bytes.fileOffset)
  }

  /// Whether the section occupies memory when the module is loaded (`SHF_ALLOC`).
  public var isAllocated: Bool { header.flags.contains(.alloc) }
}

/// The section header table with its names.
///
/// Indexing is O(1); looking a section up by name compares each name once, without a `String`.
public struct SectionTable: RandomAccessCollection, Sendable {
  /// The headers.
  public let headers: RecordTable<SectionHeader>
  /// The names; empty when the file has none.
  public let names: StringTable
  /// The index of the section of names, extended numbering resolved; 0 when there is none.
  public let nameIndex: UInt32
  /// Why ``names`` is empty although the header names a section of names, or `nil`.
  public let namesError: ELFError?
  /// What the headers say about each other.
  private let links: SectionLinks

  /// Reads the table that `header` describes.
  ///
  /// Extended numbering (gABI): `e_shnum` 0 means that `sh_size` of section 0 counts the sections,
  /// `e_shstrndx` 0xffff that `sh_link` of section 0 names the section of names.
  /// A damaged section of names does not refuse the file: names are then empty.
  ///
  /// The loader takes the names from wherever the section of names points, whatever its type
  /// (without ``KernelChange/elfValidityCache``); others take none from a section without bytes in the file.
  public init(
    _ header: FileHeader, _ encoding: Encoding, _ source: some ByteSource, asLoaded: Bool = false
  ) throws(ELFError) {
    let part = ELFError.Part.sectionHeaders
    let start = header.sectionHeaderOffset
    let recordSize = UInt64(SectionHeader.byteCount(in: encoding))
    var count = UInt64(header.sectionHeaderCount)
    if start == 0 {
      self = SectionTable(withoutSections: encoding)
      return
    }
    guard UInt64(header.sectionHeaderEntrySize) == recordSize else {
      throw ELFError(
        .unexpectedEntrySize(
          UInt64(header.sectionHeaderEntrySize), expected: Int(recordSize)),
        .fileHeader, at: FileHeader.offsets(in: encoding).sectionHeaderEntrySize)
    }
    if count == 0 {
      let first = try source.slice(start, recordSize, in: part)
      count = RecordTable<SectionHeader>(first, encoding)[0].size
    }
    let (byteCount, overflow) = count.multipliedReportingOverflow(by: recordSize)
    let bytes = try source.slice(start, overflow ? .max : byteCount, in: part)
    headers = RecordTable(bytes, encoding)
    links = SectionLinks(headers, fileSize: source.size)

    var index = UInt32(header.sectionNameIndex)
    if index == 0xffff, let first = headers.first { index = first.link }
    nameIndex = index
    (names, namesError) = Self.names(in: index, of: headers, source, asLoaded: asLoaded)
  }

  /// A table without sections.
  init(withoutSections encoding: Encoding) {
    headers = RecordTable(.empty(at: 0), encoding)
    links = SectionLinks(headers, fileSize: 0)
    (names, nameIndex, namesError) = (StringTable(.empty(at: 0)), 0, nil)
  }

  private static func names(
    in index: UInt32, of headers: RecordTable<SectionHeader>, _ source: some ByteSource,
    asLoaded: Bool
  ) -> (StringTable, ELFError?) {
    let nothing = StringTable(.empty(at: 0))
    guard index != 0 else { return (nothing, nil) }
    guard index < headers.count else {
      let offset = FileHeader.offsets(in: headers.encoding).sectionNameIndex
      return (nothing, ELFError(.noSuchSection(index), .fileHeader, at: offset))
    }
    let header = headers[Int(index)]
    guard header.type != .nobits || asLoaded else { return (nothing, nil) }
    do throws(ELFError) {
      let names = StringTable(
        try source.slice(header.offset, header.size, in: .section(Int(index))))
      // Asked in two steps: what the second needs costs every start time, and few files need it.
      guard !(names.hasString(longerThan: 256) && areOverclaimed(names, headers)) else {
        throw ELFError(.overlapping, .section(Int(index)), at: header.offset)
      }
      return (names, nil)
    } catch {
      return (nothing, error)
    }
  }

  @inline(never)
  private static func areOverclaimed(
    _ names: StringTable, _ headers: RecordTable<SectionHeader>
  ) -> Bool {
    names.isOverclaimed(by: headers.lazy.map { $0.nameOffset }, ofRecords: headers.bytes.count)
  }

  /// Always zero.
  public var startIndex: Int { 0 }
  /// The number of sections, section 0 included.
  public var endIndex: Int { headers.count }

  /// The section at `position`. O(1)
  public subscript(position: Int) -> Section {
    Section(index: position, header: headers[position], names: names)
  }

  /// The section with this number, or `nil` when there is none.
  public func section(_ number: UInt32) -> Section? {
    number < headers.count ? self[Int(number)] : nil
  }

  /// The numbers of the relocation sections that change the section with this number, in the order
  /// of the file. O(number of sections) in tables of up to 1,024, O(1) in longer ones.
  public func relocationSections(of number: Int) -> [Int] {
    links.relocationSections(of: number, in: headers)
  }

  /// The number of the section with the extended section indices of the symbol table with this
  /// number, or `nil`. O(1)
  public func extendedIndices(of number: Int) -> Int? {
    UInt32(exactly: number).flatMap { links.extendedIndices[$0] }
  }

  /// Throws when the section with this number is a table that must not be read: it and those before it
  /// overlap so often that they claim more than four times the bytes of the file. O(1)
  public func checkOverlap(of number: Int) throws(ELFError) {
    guard number < links.firstOverlapping || !links.isTable(headers, number) else {
      throw ELFError(.overlapping, .section(number), at: headers.fileOffset(of: .size, at: number))
    }
  }

  /// The section that `section` links to (`sh_link`).
  public func linked(from section: Section) throws(ELFError) -> Section {
    guard section.header.link != 0, let linked = self.section(section.header.link) else {
      throw ELFError(
        .noSuchSection(section.header.link), .section(section.index),
        at: headers.fileOffset(of: .link, at: section.index))
    }
    return linked
  }

  /// `sh_name` of the section at `position`, which lies within the table.
  @inline(__always)
  private func nameOffset(_ position: Int) -> UInt32 { headers.nameOffset(of: position) }

  /// The first section called `name`, or `nil`. O(number of sections).
  public func first(named name: String) -> Section? {
    for position in 0..<headers.count
    where names.matches(name, at: nameOffset(position)) {
      return self[position]
    }
    return nil
  }

  /// The first section called `name` that is loaded (`SHF_ALLOC`), or `nil`: the kernel looks at no
  /// other ones. O(number of sections).
  public func firstAllocated(named name: String) -> Section? {
    for position in 0..<headers.count
    where names.matches(name, at: nameOffset(position))
      && headers[position].flags.contains(.alloc)
    {
      return self[position]
    }
    return nil
  }

  /// All sections called `name`, in file order. O(number of sections).
  public func all(named name: String) -> [Section] {
    (0..<headers.count).filter { names.matches(name, at: nameOffset($0)) }
      .map { self[$0] }
  }

  /// The first section of this type, or `nil`.
  public func first(ofType type: SectionType) -> Section? {
    for position in 0..<headers.count where headers[position].type == type {
      return self[position]
    }
    return nil
  }
}
