// How pieces are found: symbols with a size, what relocations lead to, tables that stand for places in code.

struct PieceBuilder {
  let image: ELFImage
  let symbols: SymbolTable
  var resolver: PointerResolver
  /// The pieces of each section, in order.
  var places: [[Place]]
  /// Of each section, where what has no name begins.
  var starts: [[UInt64]]
  var relocations: [[Relocation]]
  /// The addends in the bytes of those sections whose relocations have none.
  var stored: [StoredAddends?]
  /// What was made of places without names.
  var known: [Spot: ReferenceTarget] = [:]
  /// What the contents are of pieces whose name others have, too.
  var marks: [Spot: ContentMark] = [:]
  let lines: LineNumbers
  let calls: LocalCalls
  let hasLocals: Bool
  /// How many names of pieces are local.
  var localNames = 0
  let bias: CodeBias

  struct Spot: Hashable {
    let section: Int
    let offset: UInt64
  }

  /// Where a piece is.
  struct Place {
    let offset: UInt64
    let size: UInt64
    let name: ByteSlice
    let key: ByteSlice
    let isFunction: Bool
    /// Whether others have the same key.
    var isShared = false
    /// The number of the piece in the result.
    var number = 0
  }

  init(_ module: KernelModule, hasLocals: Bool) throws(ELFError) {
    image = module.image
    self.hasLocals = hasLocals
    symbols = try image.symbols()
    resolver = try PointerResolver(image, symbols)
    lines = LineNumbers(image)
    calls = LocalCalls(image)
    let count = image.sections.count
    places = [[Place]](repeating: [], count: count)
    starts = [[UInt64]](repeating: [], count: count)
    relocations = [[Relocation]](repeating: [], count: count)
    stored = [StoredAddends?](repeating: nil, count: count)
    bias = CodeBias(image.header.machine, image.encoding.fileClass)
    for table in image.sections where table.header.type == .rel {
      guard let target = image.sections.section(table.header.info), target.isAllocated else {
        continue
      }
      stored[target.index] = StoredAddends(.empty(at: 0), image.header.machine, image.encoding)
    }
    findPlaces()
    try findStarts()
  }

  mutating func findPlaces() {
    for (position, record) in symbols.records.enumerated() where record.size > 0 {
      guard record.type == .function || record.type == .object || record.type == .none,
        let number = symbols.section(of: record, at: position), number < image.sections.count,
        image.sections[Int(number)].isAllocated
      else { continue }
      let name = symbols[position].name
      guard !name.isEmpty, !Self.isIgnored(image.sections[Int(number)].name) else { continue }
      if record.binding == .local {
        localNames += 1
        guard hasLocals else { continue }
      }
      places[Int(number)].append(
        Place(
          offset: record.value, size: record.size, name: name, key: NormalizedPiece.key(of: name),
          isFunction: record.type == .function))
    }
    for section in places.indices where !places[section].isEmpty {
      var sorted: [Place] = []
      for place in places[section].sorted(by: Self.comesBefore) {
        // `init_module` is another name for the same place.
        if let last = sorted.last, last.offset == place.offset { continue }
        sorted.append(place)
      }
      places[section] = sorted
    }
    findCodeWithoutNames()
    // How many pieces have a key.
    var counts: [ByteSlice: Int] = [:]
    for list in places { for place in list { counts[place.key, default: 0] += 1 } }
    for section in places.indices {
      for index in places[section].indices {
        places[section][index].isShared = counts[places[section][index].key] ?? 0 > 1
      }
    }
  }

  /// What lies between two functions when it is no more than alignment.
  static let largestPadding: UInt64 = 64

  /// Code that no symbol with a size covers (assembly, modules whose local symbols were taken out) is a
  /// piece by itself: what is not compared must not be called the same.
  mutating func findCodeWithoutNames() {
    for section in image.sections
    where section.isAllocated && section.header.flags.contains(.executable) {
      let named = places[section.index]
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
      places[section.index] = found
    }
  }

  /// The names of the source come before `init_module` and `cleanup_module`, which are others for them.
  static func comesBefore(_ left: Place, _ right: Place) -> Bool {
    if left.offset != right.offset { return left.offset < right.offset }
    let (isLeft, isRight) = (isEntry(left.name), isEntry(right.name))
    return isLeft == isRight ? left.name < right.name : isRight
  }

  static func isEntry(_ name: ByteSlice) -> Bool {
    name.equals("init_module") || name.equals("cleanup_module")
  }

  /// Notes where relocations lead to what has no name.
  mutating func findStarts() throws(ELFError) {
    for section in image.sections where section.isAllocated && !Self.isIgnored(section.name) {
      let list = try resolver.relocations(of: section.index).all
      relocations[section.index] = list.isInOrder ? list : list.sorted { $0.offset < $1.offset }
      let isCode = section.header.flags.contains(.executable)
      for relocation in list {
        guard let spot = spot(of: relocation, isCode: isCode) else { continue }
        if place(at: spot) == nil { starts[spot.section].append(spot.offset) }
      }
    }
    for section in starts.indices where !starts[section].isEmpty {
      var unique: [UInt64] = []
      for offset in starts[section].sorted() where unique.last != offset { unique.append(offset) }
      starts[section] = unique
    }
  }

  /// Where a relocation leads within this file; in code (`isCode`) distances count from the end of the
  /// instruction.
  func spot(of relocation: Relocation, isCode: Bool) -> Spot? {
    guard let symbol = symbols[relocation.symbol], let section = symbol.section,
      section < image.sections.count
    else { return nil }
    let ahead = isCode ? bias.ahead(of: relocation.type) : 0
    let isNamed = symbol.record.type != .section && !symbol.name.isEmpty
    let addend = (relocation.addend ?? 0) &+ ahead
    // An instruction may go on behind the distance, so that the sum is a little too small.
    if isNamed, (-4..<0).contains(addend) {
      return Spot(section: Int(section), offset: symbol.record.value)
    }
    return Spot(
      section: Int(section), offset: symbol.record.value &+ UInt64(bitPattern: addend))
  }

  /// The piece that a spot lies in.
  func place(at spot: Spot) -> Place? {
    guard let index = index(in: places[spot.section], at: spot.offset) else { return nil }
    let place = places[spot.section][index]
    return spot.offset - place.offset < place.size ? place : nil
  }

  /// The last piece that begins at or before `offset`.
  func index(in list: [Place], at offset: UInt64) -> Int? {
    let next = Halving.firstIndex(list.count) { list[$0].offset > offset }
    return next > 0 ? next - 1 : nil
  }
}
