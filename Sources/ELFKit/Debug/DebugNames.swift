// The texts of attributes: in the entry, by offset in a section of texts, or by number.

/// Reads texts.
struct DebugNames: Sendable {
  private let texts: DebugTexts
  private let offsets: DebugSection?

  init(_ file: DebugFile, _ texts: DebugTexts) {
    self.texts = texts
    offsets = file.section(".debug_str_offsets")
  }

  /// The text that `value` is; `nil` when that cannot be told.
  func text(_ value: DebugValue, _ unit: DebugUnit, _ file: DebugFile) -> ByteSlice? {
    switch value.form {
    case DebugForm.string:
      var cursor = unit.cursor(at: value.position)
      let text = cursor.string()
      return cursor.isValid && !text.isEmpty ? text : nil
    case DebugForm.stringOffset:
      return unit.target(value, file, in: texts.strings?.number).flatMap { text(at: $0) }
    case DebugForm.lineString:
      return unit.target(value, file, in: texts.lineStrings?.number).flatMap { text(at: $0) }
    default:
      guard DebugForm.isStringIndex(value.form), let index = unit.stored(value) else { return nil }
      return text(numbered: index, unit, file)
    }
  }

  private func text(at place: DebugTarget) -> ByteSlice? {
    texts.text(at: place).flatMap { $0.isEmpty ? nil : $0 }
  }

  private func text(numbered index: UInt64, _ unit: DebugUnit, _ file: DebugFile) -> ByteSlice? {
    guard let offsets, let base = unit.stringBase, index < 1 << 32, base <= offsets.size else {
      return nil
    }
    let size = unit.head.format.offsetSize
    let place = base + index * UInt64(size)
    guard let bytes = offsets.bytes(place, atMost: UInt64(size)),
      let fixups = offsets.relocations.within(place, place + 1)
    else { return nil }
    var cursor = DebugCursor(bytes, file.encoding)
    let stored = cursor.number(size)
    guard cursor.isValid else { return nil }
    return file.target(stored, size, fixups.at(place), in: texts.strings?.number).flatMap {
      text(at: $0)
    }
  }
}
