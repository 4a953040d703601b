// How pieces are found: symbols with a size, what relocations lead to, tables that stand for places in code.

struct PieceBuilder {
  private let image: ELFImage
  private let symbols: SymbolTable
  private var resolver: PointerResolver
  /// The pieces of each section, in order.
  private var places: [Int: [Place]] = [:]
  /// How many pieces have a key.
  private var counts: [ByteSlice: Int] = [:]
  /// Of each section, where what has no name begins.
  private var starts: [Int: [UInt64]] = [:]
  private var relocations: [Int: [Relocation]] = [:]
  /// What was made of places without names.
  private var known: [Spot: ReferenceTarget] = [:]
  private let distances: [UInt32]
  /// Types whose distances count from elsewhere, where relocations have no addends.
  private let rows: [AddendRow]

  private struct Spot: Hashable {
    let section: Int
    let offset: UInt64
  }

  /// Where a piece is.
  private struct Place {
    let offset: UInt64
    let size: UInt64
    let name: ByteSlice
    let key: ByteSlice
    let isFunction: Bool
    /// The number of the piece in the result.
    var number = 0
  }

  init(_ module: KernelModule) throws(ELFError) {
    image = module.image
    symbols = try image.symbols()
    resolver = try PointerResolver(image, symbols)
    let machine = image.header.machine.description
    distances = machine?.loader?.patterns?.distances ?? []
    rows = image.encoding.fileClass == .elf32 ? machine?.format.addends() ?? [] : []
    findPlaces()
    try findStarts()
  }

  private mutating func findPlaces() {
    for (position, record) in symbols.records.enumerated() where record.size > 0 {
      guard record.type == .function || record.type == .object || record.type == .none,
        let number = symbols.section(of: record, at: position), number < image.sections.count,
        image.sections[Int(number)].isAllocated
      else { continue }
      let name = symbols[position].name
      guard !name.isEmpty, !Self.isIgnored(image.sections[Int(number)].name) else { continue }
      places[Int(number), default: []].append(
        Place(
          offset: record.value, size: record.size, name: name, key: NormalizedPiece.key(of: name),
          isFunction: record.type == .function))
    }
    for (section, list) in places {
      var sorted: [Place] = []
      for place in list.sorted(by: Self.comesBefore) {
        // `init_module` is another name for the same place.
        if let last = sorted.last, last.offset == place.offset { continue }
        sorted.append(place)
        counts[place.key, default: 0] += 1
      }
      places[section] = sorted
    }
    findCodeWithoutNames()
  }

  /// What lies between two functions when it is no more than alignment.
  private static let largestPadding: UInt64 = 64

  /// Code that no symbol with a size covers (assembly, modules whose local symbols were taken out) is a
  /// piece by itself: what is not compared must not be called the same.
  private mutating func findCodeWithoutNames() {
    for section in image.sections
    where section.isAllocated && section.header.flags.contains(.executable) {
      let named = places[section.index] ?? []
      let ignored = named.isEmpty ? 0 : Self.largestPadding
      var end: UInt64 = 0
      var found: [Place] = []
      func addGap(to next: UInt64) {
        guard next > end, next - end > ignored else { return }
        found.append(
          Place(
            offset: end, size: next - end, name: section.name, key: section.name, isFunction: true))
      }
      for place in named {
        addGap(to: place.offset)
        found.append(place)
        end = Swift.max(end, place.offset.addingReportingOverflow(place.size).partialValue)
      }
      addGap(to: section.header.size)
      guard found.count > named.count else { continue }
      counts[section.name, default: 0] += found.count - named.count
      places[section.index] = found
    }
  }

  /// The names of the source come before `init_module` and `cleanup_module`, which are others for them.
  private static func comesBefore(_ left: Place, _ right: Place) -> Bool {
    if left.offset != right.offset { return left.offset < right.offset }
    let (isLeft, isRight) = (isEntry(left.name), isEntry(right.name))
    return isLeft == isRight ? left.name < right.name : isRight
  }

  private static func isEntry(_ name: ByteSlice) -> Bool {
    name.equals("init_module") || name.equals("cleanup_module")
  }

  /// Notes where relocations lead to what has no name.
  private mutating func findStarts() throws(ELFError) {
    for section in image.sections where section.isAllocated && !Self.isIgnored(section.name) {
      let list = try resolver.relocations(of: section.index).all
      relocations[section.index] = list.sorted { $0.offset < $1.offset }
      let isCode = section.header.flags.contains(.executable)
      for relocation in list {
        guard let spot = spot(of: relocation, isCode: isCode) else { continue }
        if place(at: spot) == nil { starts[spot.section, default: []].append(spot.offset) }
      }
    }
    for (section, list) in starts {
      var unique: [UInt64] = []
      for offset in list.sorted() where unique.last != offset { unique.append(offset) }
      starts[section] = unique
    }
  }

  /// Where a relocation leads within this file; in code (`isCode`) distances count from the end of the
  /// instruction.
  private func spot(of relocation: Relocation, isCode: Bool) -> Spot? {
    guard let symbol = symbols[relocation.symbol], let section = symbol.section,
      section < image.sections.count
    else { return nil }
    let bias = isCode ? ahead(of: relocation.type) : 0
    let isNamed = symbol.record.type != .section && !symbol.name.isEmpty
    let addend = UInt64(bitPattern: relocation.addend ?? 0)
    // An instruction may go on behind the distance, so that the sum is a little too small.
    if isNamed, Int64(bitPattern: addend &+ bias) < 0, Int64(bitPattern: addend &+ bias) >= -4 {
      return Spot(section: Int(section), offset: symbol.record.value)
    }
    return Spot(section: Int(section), offset: symbol.record.value &+ addend &+ bias)
  }

  /// How far ahead of its place an instruction counts a distance of this type from.
  private func ahead(of type: UInt32) -> UInt64 {
    if distances.contains(type) { return 4 }
    return rows.first { $0.types.contains(type) }?.ahead ?? 0
  }

  /// The piece that a spot lies in.
  private func place(at spot: Spot) -> Place? {
    guard let list = places[spot.section], let index = index(in: list, at: spot.offset) else {
      return nil
    }
    let place = list[index]
    return spot.offset - place.offset < place.size ? place : nil
  }

  /// The last piece that begins at or before `offset`.
  private func index(in list: [Place], at offset: UInt64) -> Int? {
    let next = Halving.firstIndex(list.count) { list[$0].offset > offset }
    return next > 0 ? next - 1 : nil
  }
}

extension PieceBuilder {
  /// All pieces, with what they refer to.
  mutating func pieces() throws(ELFError) -> [NormalizedPiece] {
    var pieces: [NormalizedPiece] = []
    for section in image.sections where section.isAllocated && !Self.isIgnored(section.name) {
      guard var list = places[section.index] else { continue }
      for index in list.indices {
        list[index].number = pieces.count
        let place = list[index]
        let bytes = bytes(in: section.index, place.offset, place.size)
        var piece = NormalizedPiece(
          name: place.name, key: place.key, isFunction: place.isFunction, section: section.name,
          size: place.size, bytes: bytes)
        piece.references = try references(in: section.index, place.offset, place.size)
        pieces.append(piece)
      }
      places[section.index] = list
    }
    try addTables(&pieces)
    return pieces
  }

  /// Bytes of a section as far as they are there.
  private mutating func bytes(in section: Int, _ offset: UInt64, _ count: UInt64) -> ByteSlice {
    guard image.sections.headers[section].type != .nobits,
      let all = try? resolver.bytes(of: section), offset <= UInt64(all.count)
    else { return .empty(at: 0) }
    let end = Swift.min(UInt64(all.count), offset.addingReportingOverflow(count).partialValue)
    return end < offset ? .empty(at: 0) : all[within: Int(offset)..<Int(end)]
  }

  private mutating func references(
    in section: Int, _ offset: UInt64, _ count: UInt64, depth: Int = 0
  ) throws(ELFError) -> [PieceReference] {
    let list = relocations[section] ?? []
    let isCode = image.sections.headers[section].flags.contains(.executable)
    var index = Halving.firstIndex(list.count) { list[$0].offset >= offset }
    var found: [PieceReference] = []
    while index < list.count, list[index].offset - offset < count {
      found.append(
        PieceReference(
          offset: list[index].offset - offset, type: list[index].type,
          target: try target(of: list[index], isCode: isCode, depth)))
      index += 1
    }
    return found
  }

  /// No data refers to data that refers to data more often; what does is compared by its place.
  private static let deepest = 4

  private mutating func target(
    of relocation: Relocation, isCode: Bool, _ depth: Int
  ) throws(ELFError) -> ReferenceTarget {
    guard let symbol = symbols[relocation.symbol] else { return .offset(.empty(at: 0), 0) }
    guard let spot = spot(of: relocation, isCode: isCode) else {
      return .symbol(try resolver.charged(symbol.name), relocation.addend ?? 0)
    }
    let section = image.sections[spot.section]
    if section.header.flags.contains(.strings),
      let text = try resolver.string(in: spot.section, at: spot.offset)
    {
      return .text(text)
    }
    if let place = place(at: spot) {
      let isShared = counts[place.key] ?? 0 > 1 || place.key.count != place.name.count
      let list = places[spot.section] ?? []
      var next: ByteSlice?
      if let index = index(in: list, at: spot.offset), index + 1 < list.count,
        list[index + 1].offset - spot.offset <= 4, distances.contains(relocation.type),
        symbol.record.type == .section
      {
        next = list[index + 1].key
      }
      var content: ByteSlice?
      if isShared {
        content = try resolver.charged(bytes(in: spot.section, place.offset, place.size))
      }
      // Numbers of compilers stand behind names of functions whose code is compared by itself.
      if place.isFunction, counts[place.key] ?? 0 <= 1 { content = nil }
      return .place(
        place.key, content: content, Int64(bitPattern: spot.offset &- place.offset), next: next)
    }
    if let target = known[spot] { return target }
    guard depth < Self.deepest, section.header.type != .nobits, spot.offset < section.header.size
    else { return .offset(section.name, spot.offset) }
    let end = self.end(of: spot, section.header.size)
    let content = bytes(in: spot.section, spot.offset, end - spot.offset)
    let target = ReferenceTarget.data(
      content,
      try references(in: spot.section, spot.offset, end - spot.offset, depth: depth + 1))
    known[spot] = target
    return target
  }

  /// Where the data without a name that begins at `spot` ends: where something else begins.
  private func end(of spot: Spot, _ size: UInt64) -> UInt64 {
    var end = size
    let list = starts[spot.section] ?? []
    let following = Halving.firstIndex(list.count) { list[$0] > spot.offset }
    if following < list.count { end = Swift.min(end, list[following]) }
    let named = places[spot.section] ?? []
    let next = index(in: named, at: spot.offset).map { $0 + 1 } ?? 0
    if next < named.count { end = Swift.min(end, named[next].offset) }
    return Swift.max(end, spot.offset)
  }
}

extension PieceBuilder {
  /// What is compared as itself elsewhere, or says nothing about code and data: strings of the build, records
  /// of the contract, layouts of the stack, and what only others refer to.
  static func isIgnored(_ name: ByteSlice) -> Bool {
    if ["__versions", ".modinfo", "__version_ext_names", "__version_ext_crcs"].contains(where: {
      name.equals($0)
    }) {
      return true
    }
    return [".note", ".orc_", "__ksymtab", "__kcrctab", "__kflagstab", ".gnu.linkonce", ".BTF"]
      .contains { name.starts(with: $0) }
  }

  /// Tables whose entries stand for places in code, and the sizes that an entry may have.
  private static let tables: [(name: String, sizes: [UInt64])] = [
    (".altinstructions", [14, 12, 13]), ("__bug_table", [12, 16, 24]), ("__jump_table", [16]),
    (".static_call_sites", [8]), (".return_sites", [4]), (".retpoline_sites", [4]),
    (".call_sites", [4]), (".ibt_endbr_seal", [4]), (".smp_locks", [4]),
    ("__ex_table", [12, 16, 8]),
    ("__mcount_loc", [8]), ("__patchable_function_entries", [8]), (".parainstructions", [16]),
  ]

  private mutating func addTables(_ pieces: inout [NormalizedPiece]) throws(ELFError) {
    for section in image.sections where section.isAllocated && places[section.index] == nil {
      let name = section.name
      guard let table = Self.tables.first(where: { name.equals($0.name) }) else {
        try addWhole(section, &pieces)
        continue
      }
      let list = relocations[section.index] ?? []
      let starts = Set(list.map { $0.offset })
      let size = section.header.size
      let stride = table.sizes.first { stride in
        size % stride == 0 && size / stride <= UInt64(list.count)
          && (0..<size / stride).allSatisfy { starts.contains($0 * stride) }
      }
      guard let stride else {
        try addWhole(section, &pieces)
        continue
      }
      for start in Swift.stride(from: 0, to: size, by: Int(stride)) {
        try addEntry(section, start, stride, &pieces)
      }
    }
  }

  /// Hands an entry to the function that its first place lies in.
  private mutating func addEntry(
    _ section: Section, _ start: UInt64, _ size: UInt64, _ pieces: inout [NormalizedPiece]
  ) throws(ELFError) {
    let list = relocations[section.index] ?? []
    let index = Halving.firstIndex(list.count) { list[$0].offset >= start }
    guard index < list.count, let spot = spot(of: list[index], isCode: false),
      let place = place(at: spot)
    else { return }
    var bytes = bytes(in: section.index, start, size).bytes
    var line: UInt16?
    // struct bug_entry: two distances, then the line (include/asm-generic/bug.h).
    if section.name.equals("__bug_table"), size == 12, bytes.count == 12 {
      line = UInt16(bytes[8]) | UInt16(bytes[9]) << 8
      (bytes[8], bytes[9]) = (0, 0)
    }
    let references = try references(in: section.index, start, size).dropFirst()
    pieces[place.number].entries.append(
      TableEntry(
        table: section.name, offset: Int64(bitPattern: spot.offset &- place.offset), bytes: bytes,
        references: Array(references), line: line))
  }

  /// A section without names that nothing leads to is a piece of its own: a list of pointers.
  private mutating func addWhole(
    _ section: Section, _ pieces: inout [NormalizedPiece]
  ) throws(ELFError) {
    let size = section.header.size
    guard size > 0, !Self.isIgnored(section.name), starts[section.index] == nil,
      !section.header.flags.contains(.strings)
    else { return }
    var piece = NormalizedPiece(
      name: section.name, key: section.name,
      isFunction: section.header.flags.contains(.executable), section: section.name, size: size,
      bytes: bytes(in: section.index, 0, size))
    piece.references = try references(in: section.index, 0, size)
    pieces.append(piece)
  }
}
