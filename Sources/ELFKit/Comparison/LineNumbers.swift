// Lines of the source in code: a number that is handed to a function together with the name of a file.

/// Where such numbers stand.
struct LineNumbers {
  private let bytes: CodePatterns?
  private let words: WordPatterns?
  private let finder: ArgumentFinder?
  private let encoding: Encoding

  init(_ image: ELFImage) {
    let loader = image.header.machine.description?.loader
    (bytes, words) = (loader?.patterns, loader?.words)
    finder = ArgumentFinder(image)
    encoding = image.encoding
  }

  /// No line of the source is larger: `struct bug_entry` has 16 bits for it.
  private static let last: UInt32 = 0xffff
  /// The arguments of a call are set up within so many bytes.
  private static let farthest: UInt64 = 64

  /// The bytes of `piece` with zeroes in place of lines; `nil` when it has none.
  func removed(from piece: NormalizedPiece) -> [UInt8]? {
    guard piece.isFunction, bytes?.lines != nil || words?.lines != nil else { return nil }
    var code: [UInt8]?
    for (index, reference) in piece.references.enumerated() {
      guard case .text(let text) = reference.target, SourcePath.isSource(text),
        let range = range(around: index, piece)
      else { continue }
      let found = places(in: range, piece)
      if found.isEmpty { continue }
      var changed = code ?? piece.bytes.bytes
      let kept = words?.lines.map { ~(UInt32(0xffff) << $0.shift) } ?? 0
      for place in found { changed.keep(kept, ofWordAt: place, encoding) }
      code = changed
    }
    return code
  }

  /// The code between the call that the reference at `index` is an argument of and the call before that.
  private func range(around index: Int, _ piece: NormalizedPiece) -> Range<Int>? {
    let list = piece.references
    guard let next = list[(index + 1)...].first(where: { isCall($0, piece) }),
      next.offset <= UInt64(piece.bytes.count), next.offset - list[index].offset <= Self.farthest
    else { return nil }
    let before = list[..<index].last { isCall($0, piece) }
    let reach = next.offset < Self.farthest ? 0 : next.offset - Self.farthest
    let start = Swift.max(before.map { $0.offset + 4 } ?? 0, reach)
    return start < next.offset ? Int(start)..<Int(next.offset) : nil
  }

  private func isCall(_ reference: PieceReference, _ piece: NormalizedPiece) -> Bool {
    if reference.type == LocalCalls.type { return true }
    return finder?.isBranch(reference.type, at: reference.offset, piece.bytes) ?? false
  }

  /// Where a number that may be a line is loaded into the register of an argument.
  private func places(in range: Range<Int>, _ piece: NormalizedPiece) -> [Int] {
    // Bytes that a relocation fills are no number.
    let taken = piece.references.map { $0.offset }.filter { range.contains(Int(clamping: $0)) }
    var found: [Int] = []
    var place = range.lowerBound
    if let lines = words?.lines {
      place += (4 - place % 4) % 4
      while place + 4 <= range.upperBound {
        let word = word(at: place, piece.bytes)
        let number = word >> lines.shift & 0xffff
        if word & lines.mask == lines.opcode, number > 0, !taken.contains(UInt64(place)) {
          found.append(place)
        }
        place += 4
      }
    } else if let lines = bytes?.lines {
      while place < range.upperBound {
        defer { place += 1 }
        let rest = piece.bytes[within: place..<range.upperBound]
        guard let opcode = lines.first(where: { rest.starts(with: $0) }),
          rest.count >= opcode.count + 4
        else { continue }
        let start = place + opcode.count
        let number = word(at: start, piece.bytes)
        guard number > 0, number <= Self.last,
          !taken.contains(where: { $0 < UInt64(start) + 4 && $0 + 4 > UInt64(place) })
        else { continue }
        found.append(start)
        place = start + 3
      }
    }
    return found
  }

  private func word(at place: Int, _ code: ByteSlice) -> UInt32 {
    code.storage.span.u32(code.range.lowerBound + place, encoding)
  }
}
