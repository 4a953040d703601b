// Columns that line up, for people.

import ELFKit

/// One cell: text that is already harmless, and how it is coloured.
struct Cell {
  var text: TextBuffer
  var tone: Tone?

  init(_ text: String = "", _ tone: Tone? = nil) {
    self.text = TextBuffer()
    self.text.append(text)
    self.tone = tone
  }

  /// Untrusted bytes, escaped.
  init(escaping bytes: ByteSlice, _ tone: Tone? = nil) {
    text = TextBuffer()
    text.escaped(bytes)
    self.tone = tone
  }

  /// Untrusted bytes, escaped, whose newlines begin a new line within the cell.
  init(lines bytes: ByteSlice) {
    text = TextBuffer()
    for line in bytes.bytes.split(separator: 0x0a) {
      let blanks = line.prefix { $0 == 0x20 || $0 == 0x09 }
      if !text.pending.isEmpty { text.newline() }
      text.escaped(line.dropFirst(blanks.count))
    }
  }

  init(_ text: TextBuffer, _ tone: Tone? = nil) {
    self.text = text
    self.tone = tone
  }

  /// The number of characters; a cell holds no invalid UTF-8.
  var width: Int { text.pending.count { $0 & 0xc0 != 0x80 } }
}

/// Rows of cells. The last column is folded at the width of the page, the others never are.
struct Table {
  /// The page when nothing else is known.
  static let pageWidth = 100

  let indentation: Int
  private var rows: [[Cell]] = []

  init(indentation: Int) { self.indentation = indentation }

  mutating func row(_ cells: [Cell]) { rows.append(cells) }

  var isEmpty: Bool { rows.isEmpty }

  func write(to out: inout TextBuffer, _ style: Style, pageWidth: Int = Table.pageWidth) {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].width : 0 }.max() ?? 0
    }
    for row in rows { write(row, widths, to: &out, style, pageWidth) }
  }

  private func write(
    _ row: [Cell], _ widths: [Int], to out: inout TextBuffer, _ style: Style, _ pageWidth: Int
  ) {
    // Blanks at the end of a line are nobody's friend: empty cells there are left out.
    let used = (row.lastIndex { $0.width > 0 }).map { $0 + 1 } ?? 0
    var start = indentation
    out.spaces(indentation)
    for (column, cell) in row.prefix(used).enumerated() {
      if column == used - 1 {
        let isLast = column == widths.count - 1
        let lines = isLast ? Self.fold(cell.text.pending, max(pageWidth - start, 24)) : nil
        for (number, line) in (lines ?? [cell.text.pending[...]]).enumerated() {
          if number > 0 {
            out.newline()
            out.spaces(start)
          }
          put(line, cell.tone, &out, style)
        }
      } else {
        put(cell.text.pending[...], cell.tone, &out, style)
        out.spaces(widths[column] - cell.width + 2)
        start += widths[column] + 2
      }
    }
    out.newline()
  }

  private func put(
    _ text: ArraySlice<UInt8>, _ tone: Tone?, _ out: inout TextBuffer, _ style: Style
  ) {
    guard let tone else { return out.append(raw: text) }
    out.toned(tone, style) { $0.append(raw: text) }
  }

  /// Folds text at blanks so that no line is longer than `width` characters, unless a single word
  /// is. A newline in the text, which only this tool can have put there, begins a new line.
  static func fold(_ text: [UInt8], _ width: Int) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = 0
    var lastBlank: Int?
    var length = 0
    for (position, byte) in text.enumerated() {
      if byte == 0x0a {
        lines.append(text[start..<position])
        (start, lastBlank, length) = (position + 1, nil, 0)
        continue
      }
      if byte == 0x20 { lastBlank = position }
      if byte & 0xc0 != 0x80 { length += 1 }
      if length > width, let blank = lastBlank, blank > start {
        lines.append(text[start..<blank])
        start = blank + 1
        lastBlank = nil
        length = text[start..<position + 1].count { $0 & 0xc0 != 0x80 }
      }
    }
    lines.append(text[start...])
    return lines
  }
}
