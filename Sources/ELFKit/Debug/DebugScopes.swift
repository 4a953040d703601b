// Which functions a place in the code belongs to: the function itself and those that the compiler has
// built into it (DWARF 5, 3.3.8). An address costs its unit, not the file.

/// A function that a place belongs to.
struct DebugScope: Sendable {
  /// Its name; `nil` when the file does not tell.
  let name: ByteSlice?
  /// Where it was called, for one that is built into the next scope: the number of the file in the unit's
  /// line table, line, column.
  let call: (file: UInt64, line: UInt64, column: UInt64)?
  /// Where its unit's line table begins in `.debug_line`.
  let lines: UInt64?
}

/// The functions of a file by places.
struct DebugScopes: Sendable {
  /// A range of code and what it belongs to.
  private struct Owner {
    let range: CodeRange
    let owner: Int
  }

  /// A unit whose entries have been read.
  private struct Functions {
    let unit: DebugUnit
    let kinds: DebugAbbreviations
    let lines: UInt64?
    /// Where the compiler ran.
    let folder: ByteSlice?
    /// Ranges of its functions, by where these begin in the unit.
    let owners: [Owner]
  }

  private let file: DebugFile
  private let info: DebugSection
  private let abbreviations: ByteSlice
  private let ranges: DebugRanges
  private var names: DebugNames
  private var heads: [DebugUnitHead] = []
  /// Ranges of units, in order.
  private var units: [Owner] = []
  private var known: [Int: Functions] = [:]
  private var work: DebugWork
  /// Whether entries are in files of their own, which are not read.
  private(set) var isSplit = false

  /// The functions of `file`, whose texts are `texts`; `nil` when it does not tell.
  init?(_ file: DebugFile, _ texts: DebugTexts) {
    guard let info = file.section(".debug_info"),
      let abbreviations = file.section(".debug_abbrev")?.bytes
    else { return nil }
    self.file = file
    self.info = info
    self.abbreviations = abbreviations
    ranges = DebugRanges(file)
    names = DebugNames(file, texts)
    work = DebugWork(file)
    findUnits()
  }

  /// Reads the first entry of every unit.
  private mutating func findUnits() {
    var start: UInt64 = 0
    var next: UInt64?
    while start < info.size, work.take(64) {
      guard let bytes = info.bytes(start, atMost: DebugUnitHead.headSize),
        let fixups = info.relocations.within(start, start + UInt64(bytes.count))
      else { break }
      if let head = DebugUnitHead(file, info, at: start, bytes, fixups, next: &next) {
        heads.append(head)
        let own = bytes[within: 0..<Swift.min(bytes.count, Int(head.end - head.start))]
        addRanges(heads.count - 1, DebugUnit(head, own, fixups, file.encoding))
      }
      guard let next else { break }
      start = next
    }
    units.sort {
      ($0.range.section, $0.range.start, $0.owner) < ($1.range.section, $1.range.start, $1.owner)
    }
  }

  private mutating func addRanges(_ number: Int, _ unit: DebugUnit) {
    let head = unit.head
    var unit = unit
    guard let place = Int(exactly: head.abbreviations), place < abbreviations.count else { return }
    var cursor = unit.cursor(at: head.firstEntry)
    let code = cursor.unsigned()
    let kinds = DebugAbbreviations(
      abbreviations, at: place, head.format, file.encoding, only: code)
    guard work.take(UInt64(kinds.byteCount)), let kind = kinds[code] else { return }
    let entry = DebugEntry(at: head.firstEntry, kind, head.format, &cursor)
    if entry.splitName != nil { isSplit = true }
    readBases(entry, &unit)
    for range in ranges.ranges(entry, unit, &work) ?? [] {
      units.append(Owner(range: range, owner: number))
    }
  }

  private func readBases(_ entry: DebugEntry, _ unit: inout DebugUnit) {
    func base(_ value: DebugValue?, _ name: String) -> UInt64? {
      let own = file.image.sections.first(named: name)?.index
      guard let value, let target = unit.target(value, file, in: own), target.section == own else {
        return nil
      }
      return target.offset
    }
    let strings = base(entry.stringBase, ".debug_str_offsets")
    let addresses = base(entry.addressBase, ".debug_addr")
    let lists = base(entry.rangeBase, ".debug_rnglists")
    (unit.stringBase, unit.addressBase, unit.rangeBase) = (strings, addresses, lists)
    unit.low = entry.low.flatMap { ranges.address($0, unit) }
  }

  /// The functions that the code at `offset` of section `number` belongs to, innermost first; none when
  /// the file does not tell.
  mutating func scopes(at offset: UInt64, of number: Int) -> [DebugScope] {
    for owner in owners(of: offset, number) {
      let scopes = scopes(at: offset, of: number, inUnit: owner)
      if !scopes.isEmpty { return scopes }
    }
    return []
  }

  /// The folder that the compiler ran in which made the code at `offset` of section `number`; `nil` when the
  /// file does not tell.
  mutating func folder(at offset: UInt64, of number: Int) -> ByteSlice? {
    for owner in owners(of: offset, number) {
      if let folder = functions(owner)?.folder { return folder }
    }
    return nil
  }

  /// The units that a place belongs to. They do not overlap, but a damaged file may say so: only some are
  /// asked.
  private func owners(of offset: UInt64, _ number: Int) -> [Int] {
    let next = Halving.firstIndex(units.count) {
      (units[$0].range.section, units[$0].range.start) > (number, offset)
    }
    return stride(from: next - 1, through: Swift.max(next - 4, 0), by: -1)
      .filter { units[$0].range.contains(offset, of: number) }.map { units[$0].owner }
  }

  private mutating func scopes(at offset: UInt64, of number: Int, inUnit owner: Int) -> [DebugScope]
  {
    guard let functions = functions(owner) else { return [] }
    // The smallest function is the innermost.
    var best: Owner?
    for candidate in functions.owners where candidate.range.contains(offset, of: number) {
      if let known = best,
        known.range.end - known.range.start <= candidate.range.end - candidate.range.start
      {
        continue
      }
      best = candidate
    }
    guard let best else { return [] }
    var walk = ScopeWalk(functions.unit, functions.kinds, ranges, number, offset)
    let chain = walk.chain(from: best.owner, &work)
    return chain.map { entry in
      let unit = functions.unit
      let call = entry.callLine.map { line in
        (
          file: entry.callFile.flatMap { unit.number($0, file) } ?? 0,
          line: unit.number(line, file) ?? 0,
          column: entry.callColumn.flatMap { unit.number($0, file) } ?? 0
        )
      }
      return DebugScope(name: name(entry, unit), call: call, lines: functions.lines)
    }
  }

  /// The functions of a unit, which is read when it is first asked for.
  private mutating func functions(_ number: Int) -> Functions? {
    if let functions = known[number] { return functions }
    let head = heads[number]
    guard work.take(head.end - head.start), let place = Int(exactly: head.abbreviations),
      place < abbreviations.count,
      var unit = DebugUnit(head, info, file.encoding)
    else { return nil }
    let kinds = DebugAbbreviations(abbreviations, at: place, head.format, file.encoding)
    guard work.take(UInt64(kinds.byteCount)) else { return nil }
    var cursor = unit.cursor(at: head.firstEntry)
    guard let kind = kinds[cursor.unsigned()] else { return nil }
    let first = DebugEntry(at: head.firstEntry, kind, head.format, &cursor)
    readBases(first, &unit)
    let own = file.index(".debug_line")
    let lines = first.lines.flatMap { unit.target($0, file, in: own) }
    var owners: [Owner] = []
    FunctionWalk(unit, kinds).forEach(from: cursor.position) { entry in
      for range in ranges.ranges(entry, unit, &work) ?? [] {
        owners.append(Owner(range: range, owner: entry.position))
      }
    }
    let functions = Functions(
      unit: unit, kinds: kinds, lines: lines?.section == own ? lines?.offset : nil,
      folder: first.folder.flatMap { names.text($0, unit, file) }, owners: owners)
    known[number] = functions
    return functions
  }

  /// The name of a function, which may stand at the entry that it is an instance of.
  private func name(_ entry: DebugEntry, _ unit: DebugUnit) -> ByteSlice? {
    var (entry, unit) = (entry, unit)
    for _ in 0..<8 {
      if let name = (entry.linkageName ?? entry.name).flatMap({ names.text($0, unit, file) }) {
        return name
      }
      guard let origin = entry.origin, let place = place(origin, unit) else { return nil }
      if place < unit.head.start || place >= unit.head.end {
        guard let other = self.unit(at: place) else { return nil }
        unit = other
      }
      guard let offset = Int(exactly: unit.head.abbreviations), offset < abbreviations.count else {
        return nil
      }
      let position = Int(place - unit.head.start)
      var cursor = unit.cursor(at: position)
      let code = cursor.unsigned()
      guard
        let kind = DebugAbbreviations(
          abbreviations, at: offset, unit.head.format, file.encoding, only: code)[code]
      else { return nil }
      entry = DebugEntry(at: position, kind, unit.head.format, &cursor)
      guard cursor.isValid else { return nil }
    }
    return nil
  }

  /// The place in `.debug_info` that a reference leads to.
  private func place(_ value: DebugValue, _ unit: DebugUnit) -> UInt64? {
    if DebugForm.isUnitReference(value.form) {
      return unit.stored(value).map { unit.head.start &+ $0 }
    }
    guard value.form == DebugForm.referenceByAddress,
      let target = unit.target(value, file, in: info.number), target.section == info.number
    else { return nil }
    return target.offset
  }

  /// The unit that has a byte of `.debug_info`.
  private func unit(at place: UInt64) -> DebugUnit? {
    let next = Halving.firstIndex(heads.count) { heads[$0].start > place }
    guard next > 0, place < heads[next - 1].end else { return nil }
    let head = heads[next - 1]
    return DebugUnit(head, info, file.encoding)
  }
}
