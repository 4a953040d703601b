// What section headers say about each other, found in one walk over them.

/// How sections are linked, and which of them claim bytes that others have claimed too often.
struct SectionLinks: Sendable {
  /// The number of the first table that cannot be read because it and those before it claim more
  /// than four times the bytes of the file; the number of sections when there is none.
  ///
  /// Tables are sections of which views and readelf read every one: symbols, relocations, notes,
  /// groups, what systems and processors define. A symbol table claims its strings as well, relocations
  /// the section that they change: who reads the one reads the other. Sections that are looked up by
  /// name are read once and claim nothing.
  let firstOverlapping: Int
  /// The number of the section with the extended section indices of each symbol table that has one
  /// (`SHT_SYMTAB_SHNDX`).
  let extendedIndices: [UInt32: Int]
  /// The numbers of the relocation sections by the section that they change; `nil` in a short table,
  /// where a walk costs less than this.
  private let relocations: [UInt32: [Int]]?

  /// Beyond so many sections a walk for each question would cost too much.
  private static let shortTable = 1024

  /// The headers are borrowed: to destroy a copy, their type would be looked up at each start.
  init(_ headers: borrowing RecordTable<SectionHeader>, fileSize: UInt64) {
    var allowance = Allowance(for: fileSize)
    var firstOverlapping = headers.count
    var extendedIndices: [UInt32: Int] = [:]
    var relocations: [UInt32: [Int]] = [:]
    let isShort = headers.count <= Self.shortTable
    for position in 0..<headers.count {
      let type = Self.type(headers, position)
      guard Self.isTable(type) else { continue }
      let header = headers[position]
      var claim = Self.claim(of: header, fileSize)
      switch type {
      case .symtab, .dynsym:
        claim += Self.claim(of: headers, header.link, fileSize)
      case .symtabSectionIndices:
        if extendedIndices[header.link] == nil { extendedIndices[header.link] = position }
      case .rela, .rel:
        claim += Self.claim(of: headers, header.info, fileSize)
        if !isShort { relocations[header.info, default: []].append(position) }
      default: break
      }
      if firstOverlapping == headers.count, !allowance.take(claim) { firstOverlapping = position }
    }
    self.firstOverlapping = firstOverlapping
    self.extendedIndices = extendedIndices
    self.relocations = isShort ? nil : relocations
  }

  /// `sh_type`: every file that is opened is walked over, and to decode whole headers would be a tenth
  /// of what `modinfo` takes.
  @inline(__always)
  private static func type(_ headers: RecordTable<SectionHeader>, _ position: Int) -> SectionType {
    headers.type(of: position)
  }

  /// Whether the section with this number is one of those that claim bytes.
  func isTable(_ headers: RecordTable<SectionHeader>, _ number: Int) -> Bool {
    Self.isTable(Self.type(headers, number))
  }

  @inline(__always)
  private static func isTable(_ type: SectionType) -> Bool {
    switch type {
    case .symtab, .dynsym, .symtabSectionIndices, .rela, .rel, .note, .group: true
    default: type.rawValue >= 0x6000_0000
    }
  }

  /// What a section takes of the file, whatever its type: readelf reads also those that should have no
  /// bytes. Nothing when it does not lie within the file, since then it cannot be read anyway.
  private static func claim(of header: SectionHeader, _ fileSize: UInt64) -> UInt64 {
    header.size <= fileSize && header.offset <= fileSize - header.size ? header.size : 0
  }

  private static func claim(
    of headers: RecordTable<SectionHeader>, _ number: UInt32, _ fileSize: UInt64
  ) -> UInt64 {
    number < headers.count ? claim(of: headers[Int(number)], fileSize) : 0
  }

  /// The numbers of the relocation sections that change section `number`, in the order of the file.
  func relocationSections(of number: Int, in headers: RecordTable<SectionHeader>) -> [Int] {
    let target = UInt32(truncatingIfNeeded: number)
    if let relocations { return relocations[target] ?? [] }
    return (0..<headers.count).filter { position in
      let type = Self.type(headers, position)
      return type.isRelocations && headers[position].info == target
    }
  }
}
