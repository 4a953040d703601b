// Columns that line up, for people.

import ELFKit

/// One cell: text that is already harmless, and how it is coloured.
struct Cell {
  var text: TextBuffer
  var tone: Tone?
  /// How far lines after the first are set in, in a last column.
  var hanging = 0

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
    for line in bytes.bytes.split(separator: UInt8(ascii: "\n")) {
      let blanks = line.prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
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

/// Rows of cells. The last column is folded at the width of the page, the others at a third of it; columns
/// that find no room beside those before them stand below, further in, and so does the last cell of a row, on a
/// terminal, that has a longer word. No column is made wider than the page by such a word: each row would be filled
/// up to it.
struct Table {
  let indentation: Int
  private(set) var rows: [[Cell]] = []

  init(indentation: Int) { self.indentation = indentation }

  mutating func row(_ cells: [Cell]) { rows.append(cells) }

  var isEmpty: Bool { rows.isEmpty }

  func write(to out: inout TextBuffer, _ style: Style) {
    let columns = rows.map { $0.count }.max() ?? 0
    guard columns > 0 else { return rows.isEmpty ? () : out.newline() }
    let most = max(style.width * 32 / 100, Self.leastWidth)
    let lines = rows.map { row in
      row.prefix(columns - 1).map { Self.fold($0.text.pending, most) }
    }
    let widths = (0..<columns - 1).map { column in
      lines.map { row in
        column < row.count ? row[column].map { Self.width($0) }.max() ?? 0 : 0
      }.max() ?? 0
    }.map { Swift.min($0, style.width) }
    let bands = bands(widths, style)
    let lastBand = bands[bands.count - 1]
    let start = lastBand.columns.dropLast().reduce(lastBand.indentation) { $0 + widths[$1] + 2 }
    for (row, lines) in zip(rows, lines) {
      var (lines, bands) = (lines, bands)
      if row.count == columns, let last = row.last {
        let width = max(style.width - start, Self.leastWidth)
        lines.append(Self.fold(last.text.pending, width, hanging: last.hanging))
        // A word that is longer than its column has a line for itself, if anything stands before it.
        if style.isTerminal,
          lastBand.columns.dropLast().contains(where: { lines[$0].contains { !$0.isEmpty } }),
          lines[columns - 1].contains(where: { Self.width($0) > width })
        {
          bands[bands.count - 1].columns.removeLast()
          bands.append(Band(indentation: indentation + 4, columns: [columns - 1]))
          let width = max(style.width - indentation - 4, Self.leastWidth)
          lines[columns - 1] = Self.fold(last.text.pending, width, hanging: last.hanging)
        }
      }
      for band in bands { write(row, lines, widths, band, to: &out, style) }
    }
  }

  /// What a column is given at least, when it wants as much.
  private static let leastWidth = 24

  /// Columns that stand beside each other.
  private struct Band {
    let indentation: Int
    var columns: [Int]
  }

  /// The bands of columns with these widths, the last column's not among them; at least one.
  private func bands(_ widths: [Int], _ style: Style) -> [Band] {
    var bands = [Band(indentation: indentation, columns: [])]
    var end = indentation
    // The last column folds: a third of the page is enough for it.
    let last = rows.map { $0.count > widths.count ? $0[widths.count].width : 0 }.max() ?? 0
    for (column, width) in (widths + [min(last, Self.leastWidth)]).enumerated() {
      if end + width > style.width, !bands[bands.count - 1].columns.isEmpty {
        bands.append(Band(indentation: indentation + 4, columns: []))
        end = indentation + 4
      }
      bands[bands.count - 1].columns.append(column)
      end += width + 2
    }
    return bands
  }

  private func write(
    _ row: [Cell], _ lines: [[ArraySlice<UInt8>]], _ widths: [Int], _ band: Band,
    to out: inout TextBuffer, _ style: Style
  ) {
    let columns = band.columns.filter { $0 < row.count }
    // What stands below is left out where there is nothing.
    let count = columns.map { lines[$0].contains { !$0.isEmpty } ? lines[$0].count : 0 }.max() ?? 0
    for number in 0..<max(count, band.columns.contains(0) ? 1 : 0) {
      // Blanks at the end of a line are nobody's friend: they are written when text follows.
      var blanks = band.indentation
      for column in columns {
        let text = number < lines[column].count ? lines[column][number] : []
        if !text.isEmpty {
          out.spaces(blanks + (number > 0 ? row[column].hanging : 0))
          blanks = 0
          put(text, row[column].tone, &out, style)
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

  /// Folds text at blanks between words, or else behind commas, so that no line is longer than `width`
  /// characters, unless a single word is. A newline in the text, which only this tool can have put
  /// there, begins a new line. The lines after the first are `hanging` characters shorter.
  static func fold(_ text: [UInt8], _ width: Int, hanging: Int = 0) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = 0
    var lastBlank: Int?
    var lastComma: Int?
    var length = 0
    // Blanks with which a text begins set it off.
    var hasWord = false
    for (position, byte) in text.enumerated() {
      if byte == UInt8(ascii: "\n") {
        lines.append(text[start..<position])
        (start, lastBlank, lastComma, length, hasWord) = (position + 1, nil, nil, 0, false)
        continue
      }
      if byte & 0xc0 != 0x80 { length += 1 }
      if byte != UInt8(ascii: " ") { hasWord = true } else if hasWord { lastBlank = position }
      if length > (lines.isEmpty ? width : width - hanging) {
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
      if byte == UInt8(ascii: ",") { lastComma = position }
    }
    if start < text.count || lines.isEmpty { lines.append(text[start...]) }
    return lines
  }
}
