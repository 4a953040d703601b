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

/// Rows of cells. The last column is folded at the width of the page, the others at a third of it. No
/// column is made wider than the page by a word that is longer: each row would be filled up to it.
struct Table {
  /// The page when nothing else is known.
  static let pageWidth = 100

  let indentation: Int
  private var rows: [[Cell]] = []

  init(indentation: Int) { self.indentation = indentation }

  mutating func row(_ cells: [Cell]) { rows.append(cells) }

  var isEmpty: Bool { rows.isEmpty }

  /// The width that cells of all columns but the last are folded at.
  private static let columnWidth = 32

  func write(to out: inout TextBuffer, _ style: Style, pageWidth: Int = Table.pageWidth) {
    let columns = rows.map(\.count).max() ?? 0
    guard columns > 0 else { return rows.isEmpty ? () : out.newline() }
    let lines = rows.map { row in
      row.prefix(columns - 1).map { Self.fold($0.text.pending, Self.columnWidth) }
    }
    let widths = (0..<columns - 1).map { column in
      lines.map { row in
        column < row.count ? row[column].map { Self.width($0) }.max() ?? 0 : 0
      }.max() ?? 0
    }.map { Swift.min($0, pageWidth) }
    let start = widths.reduce(indentation) { $0 + $1 + 2 }
    for (row, lines) in zip(rows, lines) {
      var lines = lines
      if row.count == columns, let last = row.last {
        lines.append(Self.fold(last.text.pending, max(pageWidth - start, 24)))
      }
      write(row, lines, widths, to: &out, style)
    }
  }

  private func write(
    _ row: [Cell], _ lines: [[ArraySlice<UInt8>]], _ widths: [Int], to out: inout TextBuffer,
    _ style: Style
  ) {
    for number in 0..<max(lines.map(\.count).max() ?? 0, 1) {
      // Blanks at the end of a line are nobody's friend: they are written when text follows.
      var blanks = indentation
      for (column, cell) in row.enumerated() {
        let text = number < lines[column].count ? lines[column][number] : []
        if !text.isEmpty {
          out.spaces(blanks)
          blanks = 0
          put(text, cell.tone, &out, style)
        }
        if column < widths.count { blanks += max(widths[column] - Self.width(text), 0) + 2 }
      }
      out.newline()
    }
  }

  private static func width(_ text: ArraySlice<UInt8>) -> Int { text.count { $0 & 0xc0 != 0x80 } }

  private func put(
    _ text: ArraySlice<UInt8>, _ tone: Tone?, _ out: inout TextBuffer, _ style: Style
  ) {
    guard let tone else { return out.append(raw: text) }
    out.toned(tone, style) { $0.append(raw: text) }
  }

  /// Folds text at blanks, or else behind commas, so that no line is longer than `width`
  /// characters, unless a single word is. A newline in the text, which only this tool can have put
  /// there, begins a new line.
  static func fold(_ text: [UInt8], _ width: Int) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = 0
    var lastBlank: Int?
    var lastComma: Int?
    var length = 0
    for (position, byte) in text.enumerated() {
      if byte == 0x0a {
        lines.append(text[start..<position])
        (start, lastBlank, lastComma, length) = (position + 1, nil, nil, 0)
        continue
      }
      if byte & 0xc0 != 0x80 { length += 1 }
      if byte == 0x20 { lastBlank = position }
      if length > width {
        let next: Int
        if let blank = lastBlank, blank > start {
          lines.append(text[start..<blank])
          next = blank + 1
        } else if let comma = lastComma, comma + 1 < position + 1 {
          lines.append(text[start...comma])
          next = comma + 1
        } else {
          continue
        }
        (start, lastBlank, lastComma) = (next, nil, nil)
        length = Self.width(text[min(start, position + 1)..<position + 1])
      }
      if byte == 0x2c { lastComma = position }
    }
    lines.append(text[start...])
    return lines
  }
}
