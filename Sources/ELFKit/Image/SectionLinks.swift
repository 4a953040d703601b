// What section headers say about each other, found in one walk over them.

/// How sections are linked, and which of them claim bytes that others have claimed too often.
struct SectionLinks: Sendable {
  /// The number of the first section that cannot be read because it and those before it claim more
  /// than four times the bytes of the file; the number of sections when there is none.
  ///
  /// A symbol table claims the strings it links to as well: who reads it reads both.
  let firstOverlapping: Int
  /// The number of the section with the extended section indices of each symbol table that has one
  /// (`SHT_SYMTAB_SHNDX`).
  let extendedIndices: [UInt32: Int]
  /// The numbers of the relocation sections by the section that they change; `nil` in a short table,
  /// where a walk costs less than this.
  private let relocations: [UInt32: [Int]]?

  /// Beyond so many sections a walk for each question would cost too much.
  private static let shortTable = 1024

  init(_ headers: RecordTable<SectionHeader>, fileSize: UInt64) {
    var allowance = Allowance(for: fileSize)
    var firstOverlapping = headers.count
    var extendedIndices: [UInt32: Int] = [:]
    var relocations: [UInt32: [Int]] = [:]
    let isShort = headers.count <= Self.shortTable
    for position in 0..<headers.count {
      let fields = Fields(headers, position)
      var claim = fields.claim(fileSize)
      switch fields.type {
      case .symtab, .dynsym:
        let link = headers[position].link
        if link < headers.count { claim += Fields(headers, Int(link)).claim(fileSize) }
      case .symtabSectionIndices:
        let link = headers[position].link
        if extendedIndices[link] == nil { extendedIndices[link] = position }
      case .rela, .rel:
        if !isShort { relocations[headers[position].info, default: []].append(position) }
      default: break
      }
      if firstOverlapping == headers.count, !allowance.take(claim) { firstOverlapping = position }
    }
    self.firstOverlapping = firstOverlapping
    self.extendedIndices = extendedIndices
    self.relocations = isShort ? nil : relocations
  }

  /// `sh_type` and `sh_size`: every file that is opened is walked over, and to decode whole headers
  /// would be a tenth of what `modinfo` takes.
  private struct Fields {
    let type: SectionType
    let size: UInt64

    @inline(__always)
    init(_ headers: RecordTable<SectionHeader>, _ position: Int) {
      let base = headers.bytes.range.lowerBound &+ position &* SectionHeader.byteCount
      let bytes = headers.bytes.storage.span
      precondition(base >= 0 && base <= bytes.count - SectionHeader.byteCount)
      type = SectionType(rawValue: bytes.u32(base + 4, headers.encoding))
      size = bytes.u64(base + 32, headers.encoding)
    }

    /// What a section takes of the file; nothing when it does not lie within it, since then it cannot
    /// be read anyway.
    @inline(__always)
    func claim(_ fileSize: UInt64) -> UInt64 {
      type == .nobits || type == .null || size > fileSize ? 0 : size
    }
  }

  /// The numbers of the relocation sections that change section `number`, in the order of the file.
  func relocationSections(of number: Int, in headers: RecordTable<SectionHeader>) -> [Int] {
    let target = UInt32(truncatingIfNeeded: number)
    if let relocations { return relocations[target] ?? [] }
    return (0..<headers.count).filter { position in
      let header = headers[position]
      return header.info == target && (header.type == .rela || header.type == .rel)
    }
  }
}
