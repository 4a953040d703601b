// What pointers in a module point to. In a relocatable file a pointer is a relocation: on RELA
// machines its bytes are zero and must not be read.

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
  /// Pointers may all lead into the same text: what is read of it in all is bounded by the file.
  private var allowance: Allowance
  private var namedPlaces: SymbolPlaces?

  init(_ image: ELFImage) throws(ELFError) {
    self.image = image
    allowance = Allowance(for: image.source.size)
    symbols = try image.symbols()
  }

  /// What the pointer at `offset` of `section` points to; `nil` when there is no relocation there
  /// (the pointer is null) or its symbol does not exist.
  mutating func target(in section: Int, at offset: UInt64) throws(ELFError) -> PointerTarget? {
    let table = try relocations(of: section)
    guard let relocation = table.first(at: offset), relocation.symbol < symbols.count else {
      return nil
    }
    let symbol = symbols[Int(relocation.symbol)]
    var addend = UInt64(bitPattern: relocation.addend ?? 0)
    if relocation.addend == nil, let stored = try word64(in: section, at: offset) {
      addend = stored
    }
    guard let number = symbol.section else {
      return PointerTarget(symbol: symbol, section: nil, offset: symbol.record.value &+ addend)
    }
    guard number < image.sections.count else { return nil }
    return PointerTarget(
      symbol: symbol, section: Int(number), offset: symbol.record.value &+ addend)
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

  private mutating func word64(in section: Int, at offset: UInt64) throws(ELFError) -> UInt64? {
    try number(in: section, at: offset, byteCount: 8)
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
    let text = rest[within: 0..<Int(Swift.min(UInt64(rest.count), limit))].untilNUL
    guard allowance.take(UInt64(text.count)) else {
      throw ELFError(.overlapping, .section(section), at: text.fileOffset)
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
  mutating func name(of target: PointerTarget) -> ByteSlice? {
    if target.symbol.record.type != .section, !target.symbol.name.isEmpty,
      target.section == nil || target.offset == target.symbol.record.value
    {
      return target.symbol.name
    }
    guard let section = target.section else { return nil }
    return symbol(in: section, at: target.offset)?.name
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
  /// Positions in order of their offsets, for tables that are not in that order by themselves.
  private let orders: [[Int]?]

  init(_ image: ELFImage, of section: Int) throws(ELFError) {
    var tables: [RelocationTable] = []
    var orders: [[Int]?] = []
    for position in image.sections.relocationSections(of: section) {
      let table = try image.relocations(in: image.sections[position])
      tables.append(table)
      orders.append(Self.order(of: table))
    }
    self.tables = tables
    self.orders = orders
  }

  /// All relocations, table by table, in file order.
  var all: [Relocation] { tables.flatMap { $0 } }

  /// The first relocation in file order at exactly `offset`.
  func first(at offset: UInt64) -> Relocation? {
    for (table, order) in zip(tables, orders) {
      var low = 0
      var high = table.count
      while low < high {
        let middle = low + (high - low) / 2
        if table[order?[middle] ?? middle].offset < offset {
          low = middle + 1
        } else {
          high = middle
        }
      }
      guard low < table.count else { continue }
      let found = table[order?[low] ?? low]
      if found.offset == offset { return found }
    }
    return nil
  }

  private static func order(of table: RelocationTable) -> [Int]? {
    var last: UInt64 = 0
    for relocation in table {
      if relocation.offset < last {
        let offsets = table.map(\.offset)
        return table.indices.sorted { (offsets[$0], $0) < (offsets[$1], $1) }
      }
      last = relocation.offset
    }
    return nil
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
