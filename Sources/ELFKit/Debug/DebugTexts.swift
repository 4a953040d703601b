// The sections of texts that lines and entries refer to, opened once for both: a compressed one is unpacked then.

/// `.debug_str` and `.debug_line_str`.
struct DebugTexts: Sendable {
  let strings: DebugSection?
  let lineStrings: DebugSection?

  init(_ file: DebugFile) {
    strings = file.section(".debug_str")
    lineStrings = file.section(".debug_line_str")
  }

  /// The text at `place`; `nil` when that is in neither.
  func text(at place: DebugTarget) -> ByteSlice? {
    if place.section == lineStrings?.number { return lineStrings?.text(at: place.offset) }
    return place.section == strings?.number ? strings?.text(at: place.offset) : nil
  }
}
