// What pieces refer to: names, texts, and data without a name by its content.

extension PieceBuilder {
  /// All pieces, with what they refer to.
  mutating func pieces() throws(ELFError) -> [NormalizedPiece] {
    var pieces: [NormalizedPiece] = []
    for section in image.sections where section.isAllocated && !Self.isIgnored(section.name) {
      var list = places[section.index]
      for index in list.indices {
        list[index].number = pieces.count
        let place = list[index]
        var bytes = bytes(in: section.index, place.offset, place.size)
        var references = try references(in: section.index, place.offset, place.size)
        if place.isFunction { addCalls(of: place, in: section.index, &references, &bytes) }
        var piece = NormalizedPiece(
          name: place.name, key: place.key, isFunction: place.isFunction, section: section.name,
          size: place.size, bytes: bytes)
        piece.references = references
        piece.bytesWithoutLines = lines.removed(from: piece)
        pieces.append(piece)
      }
      places[section.index] = list
    }
    try addTables(&pieces)
    return pieces
  }

  /// Calls of other functions of the section, which have no relocation, become references.
  mutating func addCalls(
    of place: Place, in section: Int, _ references: inout [PieceReference], _ bytes: inout ByteSlice
  ) {
    let list = places[section]
    let found = calls.places(in: bytes, at: place.offset) { target in
      guard target != place.offset, let index = index(in: list, at: target) else { return false }
      return list[index].offset == target && list[index].isFunction
    }
    if found.isEmpty { return }
    let relocated = Set(references.map { $0.offset })
    var changed = bytes.bytes
    var added = false
    for call in found where !relocated.contains(UInt64(call.offset)) {
      guard let index = index(in: list, at: call.target) else { continue }
      calls.blank(call, &changed)
      added = true
      references.append(
        PieceReference(
          offset: UInt64(call.offset), type: LocalCalls.type,
          target: .place(
            list[index].key,
            content: list[index].isShared ? mark(of: list[index], in: section) : nil, 0, next: nil))
      )
    }
    guard added else { return }
    bytes = ByteSlice(changed)
    references.sort { $0.offset < $1.offset }
  }

  /// Bytes of a section as far as they are there, without the addends of relocations.
  mutating func bytes(in section: Int, _ offset: UInt64, _ count: UInt64) -> ByteSlice {
    guard image.sections.headers[section].type != .nobits,
      let all = try? resolver.bytes(of: section), offset <= UInt64(all.count)
    else { return .empty(at: 0) }
    let end = Swift.min(UInt64(all.count), offset.addingReportingOverflow(count).partialValue)
    guard end >= offset else { return .empty(at: 0) }
    let found = all[within: Int(offset)..<Int(end)]
    guard let stored = stored[section] else { return found }
    let list = relocations[section]
    var index = Halving.firstIndex(list.count) { list[$0].offset >= offset }
    if index == list.count || list[index].offset >= end { return found }
    var changed = found.bytes
    while index < list.count, list[index].offset < end {
      stored.blank(list[index], in: &changed, from: offset)
      index += 1
    }
    return ByteSlice(changed, fileOffset: found.fileOffset)
  }

  mutating func references(
    in section: Int, _ offset: UInt64, _ count: UInt64, depth: Int = 0
  ) throws(ELFError) -> [PieceReference] {
    let list = relocations[section]
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
  static let deepest = 4

  mutating func target(
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
      let list = places[spot.section]
      var next: ByteSlice?
      if let index = index(in: list, at: spot.offset), index + 1 < list.count,
        list[index + 1].offset - spot.offset <= 4, bias.distances.contains(relocation.type),
        symbol.record.type == .section
      {
        next = list[index + 1].key
      }
      // Numbers of compilers stand behind names of functions whose code is compared by itself.
      var content: ContentMark?
      if place.isShared || !place.isFunction && place.key.count != place.name.count {
        content = mark(of: place, in: spot.section)
      }
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

  mutating func mark(of place: Place, in section: Int) -> ContentMark {
    let spot = Spot(section: section, offset: place.offset)
    if let known = marks[spot] { return known }
    let mark = ContentMark(bytes(in: section, place.offset, place.size))
    marks[spot] = mark
    return mark
  }

  /// Where the data without a name that begins at `spot` ends: where something else begins.
  func end(of spot: Spot, _ size: UInt64) -> UInt64 {
    var end = size
    let list = starts[spot.section]
    let following = Halving.firstIndex(list.count) { list[$0] > spot.offset }
    if following < list.count { end = Swift.min(end, list[following]) }
    let named = places[spot.section]
    let next = index(in: named, at: spot.offset).map { $0 + 1 } ?? 0
    if next < named.count { end = Swift.min(end, named[next].offset) }
    return Swift.max(end, spot.offset)
  }
}
