// A page under construction. Markup is what stands in the source of this tool, and nothing else can become
// it: texts, which may be anything, have another door.

import ELFKit

/// Markup. A literal alone is one, without anything filled in.
struct Markup: ExpressibleByStringLiteral, Sendable {
  let text: String

  init(stringLiteral text: String) { self.text = text }
}

struct HTMLWriter {
  private(set) var out = TextBuffer()

  /// What has been written.
  var bytes: [UInt8] { out.pending }

  /// Writes markup.
  mutating func add(_ markup: Markup) { out.append(markup.text) }

  /// Writes what another one has written.
  mutating func add(written bytes: [UInt8]) { out.append(raw: bytes) }

  /// Writes a text. Control characters, those that nobody can see or that turn their neighbours around, and
  /// bytes that are not UTF-8 show as `\xNN` or `\u{NNNN}`. Of a text that is longer than `limit` characters
  /// the rest is counted.
  mutating func text(_ bytes: some Collection<UInt8>, limit: Int = Self.longest) {
    var rest = bytes[...]
    var length = 0
    while let first = rest.first {
      guard length < limit else {
        out.append("… (\(rest.count) more bytes)")
        return
      }
      length += 1
      if first >= 0x20, first < 0x7f {
        add(plain: first)
        rest = rest.dropFirst()
        continue
      }
      guard let (scalar, count) = TextBuffer.decodeScalar(rest) else {
        out.append("\\x")
        out.hex(UInt64(first), width: 2)
        rest = rest.dropFirst()
        continue
      }
      if scalar < 0x80 {
        out.append("\\x")
        out.hex(UInt64(first), width: 2)
      } else if TextBuffer.isDangerous(scalar) {
        out.append("\\u{")
        out.hex(UInt64(scalar))
        out.append("}")
      } else {
        out.append(raw: rest.prefix(count))
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Longer texts say no more to a person.
  static let longest = 4000

  mutating func text(_ slice: ByteSlice, limit: Int = Self.longest) {
    text(slice.storage[slice.range], limit: limit)
  }

  mutating func text(_ text: String) { self.text(Array(text.utf8)) }

  /// Writes text that is made for a screen, whose lines stay lines.
  mutating func text(_ screen: TextBuffer) {
    for (number, line) in screen.pending.split(separator: 0x0a, omittingEmptySubsequences: false)
      .enumerated()
    {
      if number > 0 { add("<br>") }
      text(line)
    }
  }

  mutating func number(_ value: some BinaryInteger) { out.append("\(value)") }

  /// Writes a number of markup, such as a coordinate: to a tenth. (`rounded` is a function of the mathematical
  /// library, which the release binary does without.)
  mutating func tenths(_ value: Double) {
    let tenths = Int(value * 10 + (value < 0 ? -0.5 : 0.5))
    out.append("\(tenths / 10)")
    if tenths % 10 != 0 { out.append(".\(abs(tenths % 10))") }
  }

  /// Writes an attribute, and the blank before it.
  mutating func attribute(_ name: Markup, _ value: some Collection<UInt8>) {
    add(" ")
    add(name)
    add("=\"")
    text(value)
    add("\"")
  }

  mutating func attribute(_ name: Markup, _ value: String) { attribute(name, value.utf8) }

  /// Quotes stand in attributes, too.
  private mutating func add(plain byte: UInt8) {
    switch byte {
    case UInt8(ascii: "&"): out.append("&amp;")
    case UInt8(ascii: "<"): out.append("&lt;")
    case UInt8(ascii: ">"): out.append("&gt;")
    case UInt8(ascii: "\""): out.append("&quot;")
    case UInt8(ascii: "'"): out.append("&#39;")
    default: out.append(byte: byte)
    }
  }
}

extension HTMLWriter {
  /// Writes a cell of a screen's table as what stands in a cell here, in its tone.
  mutating func cell(_ cell: Cell) {
    guard let tone = cell.tone else { return text(cell.text) }
    add("<span class=")
    add(Self.name(of: tone))
    add(">")
    text(cell.text)
    add("</span>")
  }

  /// Writes a screen's table of facts: rows without a word of their own continue the one before.
  mutating func facts(_ table: Table) {
    add("<dl class=facts>\n")
    for row in table.rows {
      guard let label = row.first else { continue }
      if !label.text.pending.isEmpty {
        add("<dt>")
        text(label.text)
        add("</dt>")
      }
      add("<dd>")
      for (position, cell) in row.dropFirst().enumerated() {
        if position > 0 { add(" ") }
        self.cell(cell)
      }
      add("</dd>\n")
    }
    add("</dl>\n")
  }

  private static func name(of tone: Tone) -> Markup {
    switch tone {
    case .heading: "heading"
    case .name: "name"
    case .good: "good"
    case .bad: "bad"
    case .warning: "warning"
    case .faint: "faint"
    }
  }
}
