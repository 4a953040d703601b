// What of a module takes how much memory: regions, their sections, the functions and objects in these.

import ELFKit

struct ModuleSizes {
  /// A function or an object.
  struct Piece {
    let name: ByteSlice
    let section: Int
    let size: UInt64
  }

  let regions: [TreemapNode]
  /// The largest functions and objects of what is loaded.
  let largest: [Piece]

  /// The pieces of `sections`, as `symbols` name them. Of several names for one place the largest counts, then
  /// the first; what lies within another piece, or reaches beyond its section, counts as far as it is not
  /// counted yet. O(n log n) in the number of symbols.
  init(_ sections: [SectionDescription], _ symbols: SymbolTable) {
    let pieces = Self.pieces(sections, symbols)
    let regions = SectionRegion.allCases.enumerated().compactMap { kind, region -> TreemapNode? in
      guard region != .notLoaded else { return nil }
      let parts = sections.filter { $0.region == region && $0.size > 0 && $0.type != .null }.map {
        Self.node($0, pieces[$0.index] ?? [], kind)
      }
      guard !parts.isEmpty else { return nil }
      let size = parts.reduce(UInt64(0)) { $0 &+ $1.size }
      return TreemapNode(
        label: Array(region.rawValue.utf8), size: size, kind: kind,
        parts: TreemapNode.largest(parts, 12, "sections"))
    }
    self.regions = TreemapNode.largest(regions, regions.count, "regions")
    let all = pieces.values.joined().sorted { left, right in
      (right.size, left.section, left.name) < (left.size, right.section, right.name)
    }
    largest = Array(all.prefix(Self.shownPieces))
  }

  private static let shownPieces = 60

  private static func pieces(
    _ sections: [SectionDescription], _ symbols: SymbolTable
  ) -> [Int: [Piece]] {
    var found: [(section: Int, start: UInt64, size: UInt64, index: Int)] = []
    for index in symbols.indices {
      let record = symbols.records[index]
      guard record.size > 0, let number = symbols.section(of: record, at: index),
        number < sections.count, sections[Int(number)].region != .notLoaded,
        record.type == .function || record.type == .object || record.type == .none
      else { continue }
      found.append((Int(number), record.value, record.size, index))
    }
    found.sort { left, right in
      (left.section, left.start, right.size, left.index)
        < (right.section, right.start, left.size, right.index)
    }
    var pieces: [Int: [Piece]] = [:]
    var (section, end) = (-1, UInt64(0))
    for place in found {
      if place.section != section { (section, end) = (place.section, 0) }
      let start = max(place.start, end)
      let stop = place.start.addingReportingOverflow(place.size)
      let limit = min(stop.overflow ? .max : stop.partialValue, sections[section].size)
      guard start < limit else { continue }
      pieces[section, default: []].append(
        Piece(name: symbols[place.index].name, section: section, size: limit - start))
      end = limit
    }
    return pieces
  }

  private static func node(
    _ section: SectionDescription, _ pieces: [Piece], _ kind: Int
  ) -> TreemapNode {
    var parts = pieces.map {
      TreemapNode(label: $0.name.bytes, size: $0.size, kind: kind)
    }
    let named = pieces.reduce(0) { $0 + $1.size }
    if !parts.isEmpty, named < section.size {
      parts.append(
        TreemapNode(label: Array("(without a name)".utf8), size: section.size - named, kind: kind))
    }
    return TreemapNode(
      label: section.name.isEmpty ? Array("(no name)".utf8) : section.name.bytes,
      size: section.size, kind: kind,
      parts: TreemapNode.largest(parts, 160, "functions and objects"))
  }
}
