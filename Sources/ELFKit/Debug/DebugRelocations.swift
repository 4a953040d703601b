// The relocations of debug sections: as many as the section has numbers of others. Of a large module they
// are 80 MB, of which an address needs what belongs to its unit.

/// Relocations of a part of a section, by the place that they change.
struct DebugFixups: Sendable {
  /// In order of their offsets, as the file has them.
  private let table: RelocationTable?
  /// The same, where the file has them in another order.
  private let list: [Relocation]

  init(_ table: RelocationTable) { (self.table, list) = (table, []) }

  init(_ list: [Relocation]) { (table, self.list) = (nil, list) }

  /// None.
  static var empty: Self { Self([]) }

  /// Those at exactly `place`; several are applied in the order in which they stand.
  func at(_ place: UInt64) -> [Relocation] {
    table?.every(at: place) ?? list.every(at: place)
  }
}

/// The relocations that change a debug section, found by ranges of offsets without reading all.
struct DebugRelocations: Sendable {
  private let image: ELFImage
  /// All, when they are few or out of order.
  private let all: DebugFixups?
  /// The table that the others are read from.
  private let section: Section?
  private let stride: UInt64
  private let count: Int

  /// The relocations of `section`; `nil` when they cannot be read.
  init?(_ image: ELFImage, of section: Int) {
    self.image = image
    let sections = image.sections.relocationSections(of: section).map { image.sections[$0] }
    self.section = sections.first
    guard let first = sections.first else {
      (all, stride, count) = (.empty, 1, 0)
      return
    }
    stride = UInt64(
      first.header.type == .rela
        ? RelaRecord.byteCount(in: image.encoding) : RelRecord.byteCount(in: image.encoding))
    guard first.header.size <= image.source.size else { return nil }
    count = Int(first.header.size / stride)
    if sections.count == 1, first.header.size > DebugSection.smallSize {
      guard let isSorted = Self.looksSorted(image, first, count, stride) else { return nil }
      if isSorted {
        all = nil
        return
      }
    }
    var list: [Relocation] = []
    for section in sections {
      guard let table = try? image.relocations(in: section) else { return nil }
      if sections.count == 1, table.isInOrder {
        all = DebugFixups(table)
        return
      }
      list += table
    }
    // A stable order: several at one place are applied as they stand.
    let order = list.indices.sorted { (list[$0].offset, $0) < (list[$1].offset, $1) }
    all = DebugFixups(order.map { list[$0] })
  }

  /// Whether a table seems to be in order of its offsets, as assemblers and linkers write it: one that is
  /// not is so in many places, and a look at some costs nothing.
  private static func looksSorted(
    _ image: ELFImage, _ section: Section, _ count: Int, _ stride: UInt64
  ) -> Bool? {
    var last: UInt64 = 0
    for sample in 0..<64 {
      guard let entry = entries(image, section, (count - 1) / 63 * sample, 1, stride)?.first else {
        return nil
      }
      if entry.offset < last { return false }
      last = entry.offset
    }
    return true
  }

  private static func entries(
    _ image: ELFImage, _ section: Section, _ position: Int, _ count: Int, _ stride: UInt64
  ) -> RelocationTable? {
    guard
      let bytes = try? image.source.slice(
        section.header.offset &+ UInt64(position) &* stride, UInt64(count) &* stride,
        in: .section(section.index))
    else { return nil }
    return RelocationTable(
      bytes, hasAddends: section.header.type == .rela, target: section.header.info,
      image.header.machine, image.encoding)
  }

  /// Those at `start` up to `end`, or more; `nil` when they cannot be read, or are out of order there.
  func within(_ start: UInt64, _ end: UInt64) -> DebugFixups? {
    if let all { return all }
    guard let section else { return .empty }
    func position(_ place: UInt64, from low: Int) -> Int {
      low
        + Halving.firstIndex(count - low) {
          let entry = Self.entries(image, section, low + $0, 1, stride)?.first
          return (entry?.offset ?? .max) >= place
        }
    }
    let first = position(start, from: 0)
    let behind = position(end, from: first)
    guard let table = Self.entries(image, section, first, behind - first, stride),
      table.isInOrder
    else { return nil }
    return DebugFixups(table)
  }
}
