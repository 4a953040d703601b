// What relocations make of the numbers of `.debug_line`: texts in other sections, and distances.

/// The sections of texts that `.debug_line` refers to, and its relocations.
struct DebugStrings: Sendable {
  private let file: DebugFile
  let relocations: SortedRelocations
  let texts: DebugTexts

  init(_ file: DebugFile, _ section: Int) throws(ELFError) {
    self.file = file
    relocations = try SortedRelocations(file.image, of: section)
    texts = DebugTexts(file)
  }

  /// The text whose offset `stored` of `size` bytes stands at `position`, in `.debug_line_str` or
  /// `.debug_str`.
  func text(at position: Int, _ stored: UInt64, _ size: Int, inLines: Bool) -> ByteSlice? {
    let fixups = relocations.every(at: UInt64(position))
    let own = (inLines ? texts.lineStrings : texts.strings)?.number
    return file.target(stored, size, fixups, in: own).flatMap { texts.text(at: $0) }
  }

  /// The distance `stored` of `size` bytes that stands at `position`; `nil` when it is not known.
  func number(at position: Int, _ stored: UInt64, _ size: Int) -> UInt64? {
    file.number(stored, size, relocations.every(at: UInt64(position)))
  }
}

extension DebugFile {
  /// Where an address in `bytes` leads by its relocation, whatever its size.
  func target(_ relocation: Relocation, in bytes: ByteSlice) -> DebugTarget? {
    guard let effect = effects[relocation.type] else { return nil }
    var cursor = DebugCursor(
      bytes, encoding, at: Int(Swift.min(relocation.offset, UInt64(bytes.count))))
    return target(cursor.number(effect.byteCount), effect.byteCount, [relocation], in: nil)
  }
}
