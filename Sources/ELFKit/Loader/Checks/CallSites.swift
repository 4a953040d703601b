// The calls that a compiler has put into every function, and whether a table of their places names nothing
// else (kernel/trace/ftrace.c, `ftrace_process_locs`; arch/x86/kernel/alternative.c, `apply_returns`).

/// The places in code that refer to the symbols of a table of calls.
struct CallSites {
  private let image: ELFImage
  private let symbols: SymbolTable
  private let table: CallTable
  /// Offsets by section, in ascending order.
  private var offsets: [UInt32: [UInt64]] = [:]

  /// The places that refer to one of the symbols of `table`; `nil` when nothing of the module does.
  init?(_ image: ELFImage, _ table: CallTable) {
    guard let symbols = try? image.symbols() else { return nil }
    self.image = image
    self.symbols = symbols
    self.table = table
    var wanted: Set<SymbolIndex> = []
    for (position, record) in symbols.records.enumerated()
    where position > 0 && record.sectionIndex == .undefined {
      if table.symbols.contains(where: { symbols.names.matches($0, at: record.nameOffset) }) {
        wanted.insert(SymbolIndex(rawValue: UInt32(position)))
      }
    }
    guard let only = wanted.first else { return nil }
    let isSingle = wanted.count == 1
    for section in image.sections where section.header.type.isRelocations {
      guard let target = image.sections.section(section.header.info), target.isAllocated,
        target.header.flags.contains(.executable),
        let relocations = try? image.relocations(in: section)
      else { continue }
      var found: [UInt64] = []
      for relocation in relocations
      where relocation.symbol == only || !isSingle && wanted.contains(relocation.symbol) {
        found.append(relocation.offset)
      }
      offsets[section.header.info, default: []] += found
    }
    for key in offsets.keys { offsets[key]?.sort() }
  }

  /// Whether every place that `section`, the table, names is one of them.
  func cover(_ section: Section) -> Bool {
    let bytes = (try? image.bytes(of: section)) ?? .empty(at: 0)
    let stored = StoredAddends(bytes, image.header.machine, image.encoding)
    var relocated: Set<UInt64> = []
    for entries in image.sections
    where entries.header.type.isRelocations && entries.header.info == UInt32(section.index) {
      guard let relocations = try? image.relocations(in: entries) else { continue }
      for relocation in relocations {
        if table.areAddresses { relocated.insert(relocation.offset) }
        guard let record = symbols.records[relocation.symbol],
          let place = symbols.section(of: record, at: Int(relocation.symbol.rawValue)),
          let addend = relocation.addend ?? stored.addend(of: relocation)
        else { continue }
        let offset = record.value &+ UInt64(bitPattern: addend) &+ table.distance
        if !has(offset, in: place) { return false }
      }
    }
    return !table.areAddresses || !holdsNumber(bytes, besides: relocated)
  }

  /// Whether there is an entry that no relocation turns into an address, and that is not zero either: the
  /// kernel takes the number for an address.
  private func holdsNumber(_ bytes: ByteSlice, besides relocated: Set<UInt64>) -> Bool {
    let size = image.encoding.fileClass == .elf32 ? 4 : 8
    var offset = 0
    while bytes.count - offset >= size {
      let entry = bytes[within: offset..<offset + size]
      if !relocated.contains(UInt64(offset)), entry.contains(where: { $0 != 0 }) { return true }
      offset += size
    }
    return false
  }

  private func has(_ offset: UInt64, in section: UInt32) -> Bool {
    guard let list = offsets[section] else { return false }
    let index = Halving.firstIndex(list.count) { list[$0] >= offset }
    return index < list.count && list[index] == offset
  }
}
