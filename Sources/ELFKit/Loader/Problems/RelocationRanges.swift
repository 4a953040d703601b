// Values that do not fit a field, on machines whose loaders look (arch/*/kernel/module*.c,
// `apply_relocate_add`).

extension LoadAttempt {
  /// Whether the value of a relocation fits the field, as far as that can be told before addresses are
  /// known.
  mutating func checkRange(
    _ relocation: Relocation, _ field: ValueRange, _ symbols: SymbolTable, _ loader: MachineLoader,
    of changed: Section, _ entry: (section: Section, index: Int)
  ) throws(LoadFailure) {
    guard let record = symbols.records[relocation.symbol], let ranges = loader.ranges,
      let addresses = ranges.addresses(target.config)
    else { return }
    let number = Int(relocation.symbol.rawValue)
    if field.hasTable {
      // A jump to a number: the table leads there, and no code is there.
      switch record.sectionIndex {
      case .absolute, .livepatch: try meet(.value(.absolute), of: changed, in: entry.section)
      // The table has room for what code calls (`count_plts`).
      case .undefined where !changed.header.flags.contains(.executable):
        if calledByCode(loader).contains(FarCall(relocation)) { break }
        try meet(.value(.shortReach), of: changed, in: entry.section)
      default: break
      }
      return
    }
    var values = PossibleValues(
      addresses: addresses, ranges: ranges, target: changed.index)
    values.isNarrow = module?.image.encoding.fileClass == .elf32
    let section = symbols.section(of: record, at: number)
    if field.base != .absolute, let section, let image = module?.image,
      section < image.sections.count, Int(section) != changed.index,
      !image.sections[Int(section)].isAllocated
    {
      return try meet(.value(.unloaded), of: changed, in: entry.section)
    }
    guard let isNumber = isNumber(record, number, symbols) else {
      return try meet(.value(.weak), of: changed, in: entry.section)
    }
    guard
      let possible = values.range(
        relocation, record, in: section, isNumber: isNumber, from: field.base)
    else {
      let doubt: ValueDoubt = values.isNarrow ? .shortReach : .weak
      return try meet(.value(doubt), of: changed, in: entry.section)
    }
    switch field.takes(possible) {
    case true?: return
    case nil: try meet(.value(.shortReach), of: changed, in: entry.section)
    case false?:
      let isKnown = possible.lowerBound == possible.upperBound
      try refuseRange(
        relocation, (symbols[number].name, isNumber ? record.value : nil),
        isKnown ? possible.lowerBound : nil,
        isShown: field.base == .absolute || field.isLoose, loader, of: changed, entry)
    }
  }

  /// What code calls, which the table of far jumps has room for.
  private mutating func calledByCode(_ loader: MachineLoader) -> Set<FarCall> {
    if let farCalls { return farCalls }
    var calls: Set<FarCall> = []
    if let image = module?.image {
      for section in image.sections where section.header.type.isRelocations {
        guard let target = image.sections.section(section.header.info),
          target.header.flags.contains(.executable),
          let relocations = try? image.relocations(in: section)
        else { continue }
        for relocation in relocations where loader.hasTable(for: relocation.type) {
          calls.insert(FarCall(relocation))
        }
      }
    }
    farCalls = calls
    return calls
  }

  /// Whether the value of a symbol is a number and no address; `nil` for a weak symbol of which it is
  /// not known whether somebody offers it.
  private func isNumber(_ record: SymbolRecord, _ number: Int, _ symbols: SymbolTable) -> Bool? {
    if number == 0 { return true }
    switch record.sectionIndex {
    case .absolute, .livepatch: return true
    case .undefined:
      guard record.binding == .weak else { return false }
      if target.symbols[symbols[number].name] != nil { return false }
      return target.symbols.isComplete ? true : nil
    default: return false
    }
  }

  private mutating func refuseRange(
    _ relocation: Relocation, _ symbol: (name: ByteSlice, number: UInt64?), _ value: Int64?,
    isShown: Bool, _ loader: MachineLoader, of target: Section,
    _ entry: (section: Section, index: Int)
  ) throws(LoadFailure) {
    guard isRoom(for: "relocation-overflow") else { return }
    let type = relocation.type
    var line: ByteText?
    for row in loader.overflows where row.types?.contains(type) ?? true {
      guard row.since.map({ has($0) }) ?? true else { continue }
      // An address that nobody knows is written as the lowest of them.
      let shown = isShown ? value.map { UInt64(bitPattern: $0) } : nil
      if shown == nil { assumeAddresses() }
      line = row.line(
        name, type, symbol.name, shown ?? loader.shownAddress,
        OverflowWords.Place(
          section: entry.section.index, index: entry.index, address: loader.shownAddress,
          symbol: symbol.number ?? loader.shownAddress))
      break
    }
    let kind = target.name
    try meet(
      LoadProblem(
        "relocation-overflow", .refuses(loader.overflowError),
        "the value of the relocation at offset \(hex: relocation.offset) of '\(kind)' does not fit (type \(type)): \(loader.overflowError.rawValue)",
        lines: line.map { [$0] } ?? [],
        advice:
          "relocation type \(type) has no room for what it leads to: build with the kernel's own flags",
        section: entry.section.name, offset: target.header.offset &+ relocation.offset))
  }
}

/// Where a jump leads, as the tables of far jumps know it.
struct FarCall: Hashable {
  private let symbol: SymbolIndex
  private let addend: Int64?

  init(_ relocation: Relocation) { (symbol, addend) = (relocation.symbol, relocation.addend) }
}

extension MachineLoader {
  /// Whether there is a table of far jumps for relocations of a type.
  fileprivate func hasTable(for type: UInt32) -> Bool {
    relocations.contains { row in
      guard row.types.contains(type), case .range(let field)? = row.value else { return false }
      return field.hasTable
    }
  }
}
