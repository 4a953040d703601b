// What pointers in a module point to. In a relocatable file a pointer is a relocation: on RELA
// machines its bytes are zero and must not be read; on REL machines they are the addend.

/// Where a pointer points: a symbol, and what is left of it once it is resolved.
struct PointerTarget {
  /// The symbol of the relocation.
  let symbol: Symbol
  /// The section that is pointed into, or `nil` when the symbol is not defined in this file.
  let section: Int?
  /// The offset within ``section``; for an absolute symbol the value itself.
  let offset: UInt64
}

/// Follows pointers of one module. It keeps what it has looked up, so use one for many questions.
struct PointerResolver {
  let image: ELFImage
  let symbols: SymbolTable
  private var tables: [Int: SortedRelocations] = [:]
  private var contents: [Int: ByteSlice] = [:]
  /// Walking over the symbols is cheap; an index of them pays only from some look-ups on.
  private static let lookUpsWithoutIndex = 8
  private var lookUps = 0
  /// Pointers may all lead to one text or symbol: what is handed out of texts and names is bounded by
  /// the file.
  private var allowance: Allowance
  private var namedPlaces: SymbolPlaces?

  /// Pointers of `image`, whose symbols may have been read already.
  init(_ image: ELFImage, _ symbols: SymbolTable? = nil) throws(ELFError) {
    self.image = image
    allowance = Allowance(for: image.source.size)
    if let symbols { self.symbols = symbols } else { self.symbols = try image.symbols() }
  }

  /// What the pointer at `offset` of `section` points to; `nil` when there is no relocation there
  /// (the pointer is null) or its symbol does not exist. The symbol's name counts as handed out.
  mutating func target(in section: Int, at offset: UInt64) throws(ELFError) -> PointerTarget? {
    let table = try relocations(of: section)
    guard let relocation = table.first(at: offset), let symbol = symbols[relocation.symbol] else {
      return nil
    }
    _ = try charged(symbol.name)
    var addend = UInt64(bitPattern: relocation.addend ?? 0)
    if relocation.addend == nil, let stored = try pointer(in: section, at: offset) {
      // Of a type that is not known it is taken for a whole number.
      addend = stored
    }
    var place = symbol.record.value &+ addend
    // Addresses of 32 bits come around after the last.
    if image.encoding.fileClass == .elf32 { place &= 0xffff_ffff }
    guard let number = symbol.section else {
      return PointerTarget(symbol: symbol, section: nil, offset: place)
    }
    guard number < image.sections.count else { return nil }
    return PointerTarget(symbol: symbol, section: Int(number), offset: place)
  }

  /// The relocations that change `section`.
  mutating func relocations(of section: Int) throws(ELFError) -> SortedRelocations {
    if let known = tables[section] { return known }
    let table = try SortedRelocations(image, of: section)
    tables[section] = table
    return table
  }

  /// The bytes of `section`.
  mutating func bytes(of section: Int) throws(ELFError) -> ByteSlice {
    if let known = contents[section] { return known }
    let bytes = try image.bytes(of: image.sections[section])
    contents[section] = bytes
    return bytes
  }

  /// `count` bytes at `offset` of `section` as a number; zero in a `NOBITS` section; `nil` outside
  /// the section.
  mutating func number(
    in section: Int, at offset: UInt64, byteCount count: Int
  ) throws(ELFError) -> UInt64? {
    let header = image.sections.headers[section]
    guard header.size >= UInt64(count), offset <= header.size - UInt64(count) else { return nil }
    if header.type == .nobits { return 0 }
    let bytes = try bytes(of: section)
    guard offset <= UInt64(bytes.count), bytes.count - Int(offset) >= count else { return nil }
    let base = bytes.range.lowerBound + Int(offset)
    let span = bytes.storage.span
    switch count {
    case 1: return UInt64(span[base])
    case 2: return UInt64(span.u16(base, image.encoding))
    case 4: return UInt64(span.u32(base, image.encoding))
    case 8: return span.u64(base, image.encoding)
    default: return nil
    }
  }

  /// What the bytes of the pointer at `offset` of `section` say: with `SHT_REL` that is the addend.
  private mutating func pointer(in section: Int, at offset: UInt64) throws(ELFError) -> UInt64? {
    try number(in: section, at: offset, byteCount: image.encoding.addressSize)
  }

  /// The NUL-ended string at `offset` of `section`, at most `limit` bytes; empty in `NOBITS`. Throws
  /// when what was read before overlaps so often that it is more than four times the file.
  mutating func string(
    in section: Int, at offset: UInt64, limit: UInt64 = .max
  ) throws(ELFError) -> ByteSlice? {
    let header = image.sections.headers[section]
    guard offset < header.size else { return nil }
    if header.type == .nobits { return .empty(at: header.offset) }
    let rest = try bytes(of: section).suffix(from: Int(offset))
    return try charged(rest[within: 0..<Int(Swift.min(UInt64(rest.count), limit))].untilNUL)
  }

  /// `text`, once it has been taken from what may be handed out. Throws when what was handed out before
  /// overlaps so often that in all it is more than four times the file.
  mutating func charged(_ text: ByteSlice) throws(ELFError) -> ByteSlice {
    guard allowance.take(UInt64(text.count)) else {
      throw ELFError(.overlapping, .file, at: text.fileOffset)
    }
    return text
  }

  /// The string that the pointer at `offset` of `section` points to.
  mutating func pointedString(
    in section: Int, at offset: UInt64
  ) throws(ELFError) -> ByteSlice? {
    guard let target = try target(in: section, at: offset), let place = target.section else {
      return nil
    }
    return try string(in: place, at: target.offset)
  }

  /// The name of what lies at `offset` of `section`: of the symbol of the pointer when it names
  /// something, else of a symbol defined at that very place.
  mutating func name(of target: PointerTarget?) throws(ELFError) -> ByteSlice? {
    guard let target else { return nil }
    if target.symbol.record.type != .section, !target.symbol.name.isEmpty,
      target.section == nil || target.offset == target.symbol.record.value
    {
      return target.symbol.name
    }
    guard let section = target.section,
      let symbol = symbol(in: section, at: target.offset)
    else { return nil }
    return try charged(symbol.name)
  }

  /// A named symbol defined at `offset` of `section`; local ones first, because those are the
  /// names in the source where aliases such as `init_module` are global.
  mutating func symbol(in section: Int, at offset: UInt64) -> Symbol? {
    lookUps += 1
    guard lookUps > Self.lookUpsWithoutIndex else {
      return SymbolPlaces.best(in: symbols, section, at: offset).map { symbols[$0] }
    }
    let places = namedPlaces ?? SymbolPlaces(symbols)
    namedPlaces = places
    return places.best(in: section, at: offset).map { symbols[$0] }
  }
}

/// The relocations that change one section, found by offset.
struct SortedRelocations {
  private let tables: [RelocationTable]
  /// Of tables without addends: those in the bytes, and of each table those that two places share.
  private let stored: (addends: StoredAddends, halves: [[Int: Int64]])?
  /// In order of their offsets, for those that are not in that order by themselves: in several tables,
  /// or in one that a linker did not write.
  private let order: [Place]?

  /// Where a relocation stands.
  private struct Place {
    let offset: UInt64
    let table: Int
    let position: Int
  }

  init(_ image: ELFImage, of section: Int) throws(ELFError) {
    var tables: [RelocationTable] = []
    for position in image.sections.relocationSections(of: section) {
      tables.append(try image.relocations(in: image.sections[position]))
    }
    self.tables = tables
    // What is packed has its addends inside.
    if tables.contains(where: { !$0.hasAddends }),
      !image.sections[section].header.flags.contains(.compressed),
      let bytes = try? image.bytes(of: image.sections[section])
    {
      let addends = StoredAddends(bytes, image.header.machine, image.encoding)
      stored = (addends, tables.map { $0.hasAddends ? [:] : addends.halves(of: $0) })
    } else {
      stored = nil
    }
    order = tables.count == 1 && tables[0].isInOrder ? nil : Self.order(of: tables)
  }

  /// All relocations, table by table, in file order.
  var all: [Relocation] {
    guard stored != nil else { return tables.flatMap { $0 } }
    return tables.indices.flatMap { table in
      tables[table].indices.map { relocation(table, $0) }
    }
  }

  /// The relocation at `position` of a table, with its addend wherever that is.
  private func relocation(_ table: Int, _ position: Int) -> Relocation {
    let relocation = tables[table][position]
    guard let stored, relocation.addend == nil else { return relocation }
    return Relocation(
      offset: relocation.offset, symbol: relocation.symbol, type: relocation.type,
      addend: stored.halves[table][position] ?? stored.addends.addend(of: relocation))
  }

  /// The first relocation in file order at exactly `offset`.
  func first(at offset: UInt64) -> Relocation? {
    guard let order else {
      guard let table = tables.first else { return nil }
      let position = Halving.firstIndex(table.count) { table[$0].offset >= offset }
      guard position < table.count, table[position].offset == offset else { return nil }
      return relocation(0, position)
    }
    let index = Halving.firstIndex(order.count) { order[$0].offset >= offset }
    guard index < order.count, order[index].offset == offset else { return nil }
    return relocation(order[index].table, order[index].position)
  }

  /// All at exactly `offset`, in file order.
  func every(at offset: UInt64) -> [Relocation] {
    guard let order else { return tables.first?.every(at: offset) ?? [] }
    var index = Halving.firstIndex(order.count) { order[$0].offset >= offset }
    var found: [Relocation] = []
    while index < order.count, order[index].offset == offset {
      found.append(tables[order[index].table][order[index].position])
      index += 1
    }
    return found
  }

  private static func order(of tables: [RelocationTable]) -> [Place] {
    var places: [Place] = []
    for (number, table) in tables.enumerated() {
      for (position, relocation) in table.enumerated() {
        places.append(Place(offset: relocation.offset, table: number, position: position))
      }
    }
    return places.sorted {
      ($0.offset, $0.table, $0.position) < ($1.offset, $1.table, $1.position)
    }
  }
}

/// Named symbols by the place they are defined at.
struct SymbolPlaces {
  private struct Place: Hashable {
    let section: UInt32
    let offset: UInt64
  }

  private var best: [Place: Int] = [:]

  init(_ symbols: SymbolTable) {
    for (position, record) in symbols.records.enumerated() {
      guard let section = symbols.section(of: record, at: position), Self.isNamed(record)
      else { continue }
      let place = Place(section: section, offset: record.value)
      guard let other = best[place] else {
        best[place] = position
        continue
      }
      if Self.rank(record) < Self.rank(symbols.records[other]) { best[place] = position }
    }
  }

  func best(in section: Int, at offset: UInt64) -> Int? {
    best[Place(section: UInt32(section), offset: offset)]
  }

  /// The same without an index: one walk over all symbols.
  static func best(in symbols: SymbolTable, _ section: Int, at offset: UInt64) -> Int? {
    var best: (rank: Int, position: Int)?
    for (position, record) in symbols.records.enumerated()
    where record.value == offset && isNamed(record) {
      guard let own = symbols.section(of: record, at: position), Int(own) == section,
        rank(record) < best?.rank ?? .max
      else { continue }
      best = (rank(record), position)
    }
    return best?.position
  }

  /// Whether the symbol names a thing, and not a section or a file.
  private static func isNamed(_ record: SymbolRecord) -> Bool {
    record.nameOffset != 0
      && (record.type == .object || record.type == .function || record.type == .none)
  }

  /// Typed local symbols first, labels without a type last.
  private static func rank(_ record: SymbolRecord) -> Int {
    (record.type == .none ? 2 : 0) + (record.binding == .local ? 0 : 1)
  }
}
