// Where the code of an entry is: one range, or a list in `.debug_rnglists` (DWARF 5, 2.17.3) or in
// `.debug_ranges` (DWARF 4, 2.17.3).

/// A range of code.
struct CodeRange: Sendable {
  let section: Int
  let start: UInt64
  let end: UInt64

  func contains(_ offset: UInt64, of number: Int) -> Bool {
    section == number && start <= offset && offset < end
  }
}

/// Reads ranges of entries.
struct DebugRanges: Sendable {
  private let file: DebugFile
  private let lists: DebugSection?
  private let oldLists: DebugSection?
  private let addresses: DebugSection?

  /// No function is made of so many parts.
  private static let most = 1 << 16

  init(_ file: DebugFile) {
    self.file = file
    lists = file.section(".debug_rnglists")
    oldLists = file.section(".debug_ranges")
    addresses = file.section(".debug_addr")
  }

  /// The ranges of `entry`; `nil` when it has none, or they cannot be read. `work` counts what is read.
  func ranges(_ entry: DebugEntry, _ unit: DebugUnit, _ work: inout DebugWork) -> [CodeRange]? {
    if let value = entry.ranges { return list(value, unit, &work) }
    guard let low = entry.low, let start = address(low, unit), let high = entry.high else {
      return nil
    }
    if high.form == DebugForm.address || DebugForm.isAddressIndex(high.form) {
      guard let end = address(high, unit), end.section == start.section else { return nil }
      return range(start, end.offset)
    }
    guard let length = unit.number(high, file) else { return nil }
    return range(start, start.offset &+ length)
  }

  private func range(_ start: DebugTarget, _ end: UInt64) -> [CodeRange] {
    end > start.offset
      ? [CodeRange(section: start.section, start: start.offset, end: end)] : []
  }

  /// The address that `value` is, by itself or by its number in `.debug_addr`.
  func address(_ value: DebugValue, _ unit: DebugUnit) -> DebugTarget? {
    if DebugForm.isAddressIndex(value.form) || value.form == 0x1f01 {
      return unit.stored(value).flatMap { address(numbered: $0, unit) }
    }
    guard value.form == DebugForm.address else { return nil }
    return unit.target(value, file, in: nil)
  }

  private func address(numbered index: UInt64, _ unit: DebugUnit) -> DebugTarget? {
    guard let addresses, let base = unit.addressBase, index < 1 << 32 else { return nil }
    let size = unit.head.format.addressSize
    let (place, overflow) = base.addingReportingOverflow(index * UInt64(size))
    guard !overflow, let bytes = addresses.bytes(place, atMost: UInt64(size)),
      let fixups = addresses.relocations.within(place, place + 1)
    else { return nil }
    var cursor = DebugCursor(bytes, file.encoding)
    let stored = cursor.number(size)
    return cursor.isValid ? file.target(stored, size, fixups.at(place), in: nil) : nil
  }

  private func list(_ value: DebugValue, _ unit: DebugUnit, _ work: inout DebugWork) -> [CodeRange]?
  {
    if unit.head.format.version < 5 {
      guard let oldLists, let place = unit.target(value, file, in: oldLists.number),
        place.section == oldLists.number
      else { return nil }
      return oldList(oldLists, at: place.offset, unit, &work)
    }
    guard let lists else { return nil }
    var place: UInt64?
    if value.form == DebugForm.listIndex {
      // A number of the table of offsets, which count from where it begins.
      let size = UInt64(unit.head.format.offsetSize)
      if let base = unit.rangeBase, let index = unit.stored(value), index < 1 << 32,
        base < lists.size, let bytes = lists.bytes(base + index * size, atMost: size)
      {
        var cursor = DebugCursor(bytes, file.encoding)
        let offset = cursor.number(Int(size))
        place = cursor.isValid ? base &+ offset : nil
      }
    } else if let target = unit.target(value, file, in: lists.number),
      target.section == lists.number
    {
      place = target.offset
    }
    return place.flatMap { newList(lists, at: $0, unit, &work) }
  }

  /// A list that is being read.
  private struct Part {
    var cursor: DebugCursor
    let block: DebugBlock

    init(_ block: DebugBlock, at place: UInt64, _ encoding: Encoding) {
      self.block = block
      cursor = DebugCursor(block.bytes, encoding, at: Int(place - block.start))
    }

    /// The relocations of what stands at the cursor.
    var own: [Relocation] { block.fixups.at(block.start + UInt64(cursor.position)) }
  }

  /// Reads the list at `place`. How long one is stands nowhere: a block that is too short is read again
  /// with more behind it.
  private func reading(
    _ section: DebugSection, at place: UInt64, _ work: inout DebugWork,
    _ read: (inout Part) -> [CodeRange]?
  ) -> [CodeRange]? {
    guard place < section.size else { return nil }
    var size: UInt64 = 1 << 15
    while let block = work.block(section, at: place, size) {
      var part = Part(block, at: place, file.encoding)
      let start = part.cursor.position
      let found = read(&part)
      guard work.take(UInt64(Swift.max(part.cursor.position - start, 16))) else { return nil }
      if part.cursor.isValid { return found }
      guard block.start + UInt64(block.bytes.count) < section.size, size < 1 << 22 else {
        return nil
      }
      size *= 8
      work.forgetBlock()
    }
    return nil
  }

  private func oldList(
    _ section: DebugSection, at place: UInt64, _ unit: DebugUnit, _ work: inout DebugWork
  ) -> [CodeRange]? {
    let size = unit.head.format.addressSize
    let highest = size == 8 ? UInt64.max : 0xffff_ffff
    return reading(section, at: place, &work) { part in
      var base = unit.low
      var found: [CodeRange] = []
      while part.cursor.isValid, found.count < Self.most {
        let startFixups = part.own
        let start = part.cursor.number(size)
        let endFixups = part.own
        let end = part.cursor.number(size)
        guard part.cursor.isValid else { return nil }
        if startFixups.isEmpty, start == highest {
          base = file.target(end, size, endFixups, in: nil)
        } else if let from = file.target(start, size, startFixups, in: nil),
          let to = file.target(end, size, endFixups, in: nil)
        {
          guard to.section == from.section else { return nil }
          found += range(from, to.offset)
        } else {
          if startFixups.isEmpty, endFixups.isEmpty, start == 0, end == 0 { return found }
          // Distances from the base, which are sums of symbols where linkers move code.
          guard let base, let from = file.number(start, size, startFixups),
            let to = file.number(end, size, endFixups)
          else { return nil }
          found += range(
            DebugTarget(section: base.section, offset: base.offset &+ from), base.offset &+ to)
        }
      }
      return nil
    }
  }

  private func newList(
    _ section: DebugSection, at place: UInt64, _ unit: DebugUnit, _ work: inout DebugWork
  ) -> [CodeRange]? {
    let size = unit.head.format.addressSize
    return reading(section, at: place, &work) { part in
      var base = unit.low
      var found: [CodeRange] = []
      /// An address, with its relocation.
      func address() -> DebugTarget? {
        let fixups = part.own
        return file.target(part.cursor.number(size), size, fixups, in: nil)
      }
      /// A distance, with its relocations.
      func distance() -> UInt64? {
        let fixups = part.own
        return file.distance(part.cursor.unsigned(), fixups)
      }
      while part.cursor.isValid, found.count < Self.most {
        var start: DebugTarget?
        var end: UInt64?
        // DW_RLE_… (DWARF 5, 7.25)
        switch part.cursor.byte() {
        case 0: return part.cursor.isValid ? found : nil
        case 1:
          base = self.address(numbered: part.cursor.unsigned(), unit)
          continue
        case 2:
          start = self.address(numbered: part.cursor.unsigned(), unit)
          let last = self.address(numbered: part.cursor.unsigned(), unit)
          end = last?.section == start?.section ? last?.offset : nil
        case 3:
          start = self.address(numbered: part.cursor.unsigned(), unit)
          end = distance().flatMap { length in start.map { $0.offset &+ length } }
        case 4:
          guard let from = distance(), let to = distance(), let base else { return nil }
          start = DebugTarget(section: base.section, offset: base.offset &+ from)
          end = base.offset &+ to
        case 5:
          base = address()
          continue
        case 6:
          start = address()
          let last = address()
          end = last?.section == start?.section ? last?.offset : nil
        case 7:
          start = address()
          end = distance().flatMap { length in start.map { $0.offset &+ length } }
        default: return nil
        }
        // A range of code that was thrown away has no relocation, and is passed over.
        if part.cursor.isValid, let start, let end { found += range(start, end) }
      }
      return nil
    }
  }
}
