// Places in code that a kernel changes while it loads or runs a module: there the bytes of a log may
// differ from the file's.

/// The places of one module that are patched, by section.
struct PatchedPlaces: Sendable {
  private struct Site {
    let section: UInt32
    let start: UInt64
    let end: UInt64
  }

  private let sites: [Site]
  /// The most bytes that a site has.
  private let longest: UInt64

  /// The sites of `image`, `nil` when it is not known what its kernels change.
  init?(_ image: ELFImage, _ symbols: SymbolTable) throws(ELFError) {
    guard let tables = image.header.machine.description?.code.patches else { return nil }
    var sites: [Site] = []
    var longest: UInt64 = 0
    for section in image.sections where section.isAllocated {
      let rows = tables.filter { section.name.equals($0.section) }
      guard !rows.isEmpty, section.header.size > 0 else { continue }
      // A table of an unknown form: nothing can be said of any byte.
      guard let row = try Self.row(rows, for: section, image) else { return nil }
      let bytes = try image.bytes(of: section)
      for relocation in try SortedRelocations(image, of: section.index).all
      where relocation.offset % row.entryBytes == 0 && relocation.offset < UInt64(bytes.count) {
        guard let symbol = symbols[relocation.symbol], let target = symbol.section else { continue }
        let start = symbol.record.value &+ UInt64(bitPattern: relocation.addend ?? 0)
        var length: UInt64
        switch row.length {
        case .fixed(let count): length = count
        case .listed(let offset):
          guard offset < UInt64(bytes.count) - relocation.offset else { continue }
          length = UInt64(bytes[Int(relocation.offset + offset)])
        }
        length += row.before
        longest = Swift.max(longest, length)
        let first = start >= row.before ? start - row.before : 0
        sites.append(Site(section: target, start: first, end: first &+ length))
      }
    }
    self.sites = sites.sorted { ($0.section, $0.start) < ($1.section, $1.start) }
    self.longest = longest
  }

  /// The row whose entries `section` has: where records have grown, one of several.
  private static func row(
    _ rows: [PatchedTable], for section: Section, _ image: ELFImage
  ) throws(ELFError) -> PatchedTable? {
    guard rows.count > 1 else { return rows.first }
    let evidence = try TableStride.evident(
      in: section, among: rows.map { $0.entryBytes }, byImports: false, image)
    guard case .size(let bytes) = evidence else { return nil }
    return rows.first { $0.entryBytes == bytes }
  }

  /// Whether the byte at `offset` of `section` may be another one in memory.
  func covers(_ section: Int, _ offset: UInt64) -> Bool {
    let first = offset >= longest ? offset - longest : 0
    var index = Halving.firstIndex(sites.count) {
      (sites[$0].section, sites[$0].start) >= (UInt32(section), first)
    }
    // Sites that begin at one place are alike, so few are looked at.
    var looked = 0
    while index < sites.count, sites[index].section == section, sites[index].start <= offset,
      looked < 4096
    {
      if offset < sites[index].end { return true }
      index += 1
      looked += 1
    }
    // Of more than tools make nothing is compared.
    return looked == 4096
  }
}
