// A line in words whose parts have tones, folded on a terminal only.

/// A line for people that other programs look for as well: in a file or a pipe it stays whole, on a terminal
/// it is folded at the width of the page, and what follows the first line is set in.
struct Paragraph {
  private var text = TextBuffer()
  /// Where each tone ends.
  private var tones: [(end: Int, tone: Tone?)] = []

  /// Appends text; what `body` writes must be escaped already.
  mutating func add(_ tone: Tone? = nil, _ body: (inout TextBuffer) -> Void) {
    body(&text)
    tones.append((text.count, tone))
  }

  mutating func add(_ text: String, _ tone: Tone? = nil) { add(tone) { $0.append(text) } }

  /// Writes it as one line or several, the first set in by `indentation`.
  func write(to out: inout TextBuffer, _ style: Style, indentation: Int = 0) {
    let isShort = Cell(text).width + indentation <= style.width
    let width = isShort || !style.isTerminal ? Int.max : style.width - indentation - Self.hanging
    for (number, line) in Table.fold(text.pending, width).enumerated() {
      out.spaces(indentation + (number == 0 ? 0 : Self.hanging))
      write(line, to: &out, style)
      out.newline()
    }
  }

  private static let hanging = 2

  private func write(_ line: ArraySlice<UInt8>, to out: inout TextBuffer, _ style: Style) {
    var rest = line
    for (end, tone) in tones where end > rest.startIndex && !rest.isEmpty {
      let part = rest.prefix(end - rest.startIndex)
      rest = rest.dropFirst(part.count)
      if let tone {
        out.toned(tone, style) { $0.append(raw: part) }
      } else {
        out.append(raw: part)
      }
    }
  }
}
