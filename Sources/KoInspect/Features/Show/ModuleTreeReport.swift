// Many modules at a glance: a table, a line a module, then how many there are of each kind.

import ELFKit

/// What one module has in the columns, in their order.
struct ModuleTreeRow: Sendable {
  let values: [TreeValue]
}

extension ModuleTreeRow {
  /// Reads what the columns need and nothing else; damage leaves its part empty.
  init(_ inspection: inout Inspection, _ fields: [TreeField]) {
    let info = inspection.attempt { module throws(ELFError) in try module.info() }
    var values: [TreeValue] = []
    values.reserveCapacity(fields.count)
    for field in fields { values.append(field.value(&inspection, info)) }
    self.init(values: values)
  }
}

/// The rows of modules in the order in which they are printed.
struct ModuleTreeTable {
  let fields: [TreeField]
  let rows: [ModuleTreeRow]

  /// As comma-separated values (RFC 4180): the keys, then a line a module. Sizes are bytes.
  func writeCSV(to out: inout TextBuffer) {
    out.append(fields.map { $0.key }.joined(separator: ","))
    out.newline()
    for row in rows {
      for (position, value) in row.values.enumerated() {
        if position > 0 { out.append(byte: UInt8(ascii: ",")) }
        if let bytes = value.plain { Self.quote(bytes, &out) }
      }
      out.newline()
    }
  }

  /// A text in quotation marks, which are doubled within. Control characters are escaped, so that a line
  /// stays a line and a terminal what it is.
  private static func quote(_ bytes: [UInt8], _ out: inout TextBuffer) {
    var text = TextBuffer()
    text.escaped(bytes)
    let mark = UInt8(ascii: "\"")
    guard text.pending.contains(where: { $0 == mark || $0 == UInt8(ascii: ",") }) else {
      return out.append(text)
    }
    out.append(byte: mark)
    for byte in text.pending {
      if byte == mark { out.append(byte: mark) }
      out.append(byte: byte)
    }
    out.append(byte: mark)
  }

  /// For people: on a terminal folded to its width, elsewhere a line a module.
  func write(to out: inout TextBuffer, _ style: Style, isTerminal: Bool) {
    guard !rows.isEmpty else { return }
    let heading = fields.map { Cell($0.heading, .heading) }
    let lines = rows.map { row in zip(fields, row.values).map { cell($0, $1) } }
    let widths = fields.indices.map { column in
      lines.reduce(heading[column].width) { max($0, $1[column].width) }
    }
    let total = widths.reduce(2 * (widths.count - 1)) { $0 + $1 }
    if isTerminal, total > style.width {
      var table = Table(indentation: 0)
      table.row(heading)
      for line in lines { table.row(line) }
      return table.write(to: &out, style)
    }
    for line in [heading] + lines { write(line, widths, &out, style) }
  }

  private func write(
    _ line: [Cell], _ widths: [Int], _ out: inout TextBuffer, _ style: Style
  ) {
    var blanks = 0
    for (column, cell) in line.enumerated() {
      let rest = widths[column] - cell.width
      out.spaces(blanks + (fields[column].isRight ? rest : 0))
      if let tone = cell.tone {
        out.toned(tone, style) { $0.append(cell.text) }
      } else {
        out.append(cell.text)
      }
      blanks = 2 + (fields[column].isRight ? 0 : rest)
    }
    out.newline()
  }

  private func cell(_ field: TreeField, _ value: TreeValue) -> Cell {
    switch value {
    case .none: Cell(field.absence, field.absence == "none" ? .bad : nil)
    case .text(let bytes): Cell(escaping: ByteSlice(bytes), field.tone?(ByteSlice(bytes)))
    case .number(let number): Cell("\(number)")
    case .size(let size): Cell(Quantity.size(size))
    }
  }
}

/// How many modules there are of each kind.
struct ModuleTreeTotals {
  private var count = 0
  /// Of all together; `nil` without a column of sizes.
  private var size: UInt64?
  private var licenses: [[UInt8]?: Int] = [:]
  private var taints: [[UInt8]?: Int] = [:]
  private var signers: [[UInt8]?: Int] = [:]

  init(_ table: ModuleTreeTable) {
    count = table.rows.count
    for (column, field) in table.fields.enumerated() {
      let values = table.rows.map { $0.values[column] }
      switch field.key {
      case "size":
        size = values.reduce(0) { if case .size(let size) = $1 { $0 &+ size } else { $0 } }
      case "license": licenses = Self.kinds(values)
      case "taints": taints = Self.kinds(values)
      case "signer": signers = Self.kinds(values)
      default: break
      }
    }
  }

  private static func kinds(_ values: [TreeValue]) -> [[UInt8]?: Int] {
    var kinds: [[UInt8]?: Int] = [:]
    for value in values { kinds[value.plain, default: 0] += 1 }
    return kinds
  }

  func write(to out: inout TextBuffer) {
    guard count > 0 else { return }
    out.newline()
    out.append(Quantity.count(count, "module"))
    if let size { out.append(", \(Quantity.size(size))") }
    out.newline()
    line("licence", licenses, none: "none declared", &out)
    line("taints", taints, none: "none", &out)
    line("signer", signers, none: "unsigned", &out)
  }

  /// `  LABEL  COUNT WHAT, COUNT WHAT…`, the most frequent first.
  private func line(
    _ label: String, _ counts: [[UInt8]?: Int], none: String, _ out: inout TextBuffer
  ) {
    guard !counts.isEmpty else { return }
    out.append("  ")
    out.left(label, 9)
    let sorted = counts.sorted { left, right in
      guard left.value == right.value else { return left.value > right.value }
      return (left.key ?? []).lexicographicallyPrecedes(right.key ?? [])
    }
    for (position, entry) in sorted.prefix(Self.shownKinds).enumerated() {
      out.append(position == 0 ? "" : ", ")
      out.decimal(entry.value)
      out.append(byte: UInt8(ascii: " "))
      guard let key = entry.key else {
        out.append(none)
        continue
      }
      // In quotes: a blank at the end of a licence makes another one of it.
      out.append(byte: UInt8(ascii: "'"))
      out.escaped(key)
      out.append(byte: UInt8(ascii: "'"))
    }
    let rest = sorted.dropFirst(Self.shownKinds)
    if !rest.isEmpty {
      out.append(", \(rest.map { $0.value }.reduce(0, +)) of \(rest.count) other kinds")
    }
    out.newline()
  }

  private static let shownKinds = 12
}
