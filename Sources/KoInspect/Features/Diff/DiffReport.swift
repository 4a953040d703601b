// A comparison as text, as Markdown and as JSON.

import ELFKit

struct DiffReport: Sendable {
  enum Format: Sendable {
    case text
    case markdown
    case json
  }

  let format: Format
  let showsNoise: Bool
  let showsSizes: Bool
  let style: Style

  func write(_ diff: ModuleDiff, _ old: [UInt8], _ new: [UInt8], _ out: inout TextBuffer) {
    switch format {
    case .json:
      var json = JSONWriter()
      DiffFields.form.write(DiffFields(old: old, new: new, diff: diff), &json)
      out.append(json.out)
      out.newline()
    case .text, .markdown:
      out.append(diff.headline)
      out.newline()
      for part in diff.parts { write(part, diff, &out) }
      if !diff.ignored.isEmpty {
        let words = diff.ignored.joined(separator: ", ")
        out.append(format == .markdown ? "\nignored: \(words)\n" : "ignored: \(words)\n")
      }
      if showsNoise { writeNoise(diff, &out) }
      if showsSizes { writeSizes(diff, &out) }
    }
  }

  private func write(_ part: DiffPart, _ diff: ModuleDiff, _ out: inout TextBuffer) {
    var changes = diff.changes.filter { $0.part == part }
    // A kernel that changes a structure changes the versions of all that know it.
    let versions = part == .imports && !showsNoise ? changes.filter { $0.kind == "changed" } : []
    if versions.count > 4 { changes.removeAll { $0.kind == "changed" } }
    let rest =
      versions.count > 4 ? "\(versions.count) symbols have another CRC (--all lists them)" : nil
    if format == .markdown {
      out.append("\n### \(part.title)\n\n")
      for change in changes {
        out.append("- \(change.kind) ")
        code(change.name.bytes, &out)
        values(change, &out)
        out.newline()
      }
      if let rest { out.append("- \(rest)\n") }
      return
    }
    out.toned(.heading, style, part.title)
    out.newline()
    var table = Table(indentation: 2)
    for change in changes {
      var text = TextBuffer()
      values(change, &text)
      let sign = change.old == nil ? "+" : change.new == nil ? "-" : " "
      table.row([
        Cell(sign), Cell(escaping: ByteSlice(change.name.bytes), .name), Cell(text),
      ])
    }
    if !table.isEmpty { table.write(to: &out, style) }
    if let rest { out.append("  \(rest)\n") }
  }

  private func values(_ change: DiffChange, _ text: inout TextBuffer) {
    let isMarkdown = format == .markdown
    func put(_ value: ByteText, _ text: inout TextBuffer) {
      isMarkdown ? code(value.asWritten, &text) : text.escaped(value.asWritten)
    }
    if isMarkdown, change.old?.bytes.isEmpty == false || change.new?.bytes.isEmpty == false {
      text.append(": ")
    }
    // What has stayed as large and where it was is not told twice.
    if let old = change.old, !old.bytes.isEmpty, old != change.new {
      put(old, &text)
      if change.new != nil { text.append(" → ") }
    }
    if let new = change.new, !new.bytes.isEmpty { put(new, &text) }
    for (number, reason) in change.reasons.enumerated() {
      text.append(number == 0 ? ": " : "; ")
      put(reason, &text)
    }
    if let name = RustName.readable(ByteSlice(change.name.bytes)) {
      if !text.pending.isEmpty { text.append("; ") }
      text.escaped(name)
    }
  }

  /// Between backquotes, of which a name may have none.
  private func code(_ value: [UInt8], _ out: inout TextBuffer) {
    out.append("`")
    out.escaped(value.map { $0 == UInt8(ascii: "`") ? UInt8(ascii: "'") : $0 })
    out.append("`")
  }

  /// What differs and does not count.
  private func writeNoise(_ diff: ModuleDiff, _ out: inout TextBuffer) {
    for pair in diff.code.pairs where pair.isSame && !pair.changes.isEmpty {
      out.append("  ")
      out.escaped(pair.new.name.asWritten)
      out.append(pair.changes.contains(.lines) ? "  line numbers" : "  paths")
      out.newline()
    }
  }

  /// The table of scripts/bloat-o-meter.
  private func writeSizes(_ diff: ModuleDiff, _ out: inout TextBuffer) {
    var rows: [(name: ByteSlice, old: UInt64?, new: UInt64?)] = []
    rows += diff.code.removed.map { ($0.name, $0.size, nil) }
    rows += diff.code.added.map { ($0.name, nil, $0.size) }
    rows += diff.code.pairs.filter { $0.old.size != $0.new.size }.map {
      ($0.new.name, $0.old.size, $0.new.size)
    }
    func delta(_ row: (name: ByteSlice, old: UInt64?, new: UInt64?)) -> Int64 {
      Int64(clamping: row.new ?? 0) - Int64(clamping: row.old ?? 0)
    }
    rows.sort { (-delta($0), $0.name) < (-delta($1), $1.name) }
    let grown = rows.filter { $0.old != nil && $0.new != nil }
    let (up, down) = rows.reduce(into: (Int64(0), Int64(0))) { sum, row in
      if delta(row) > 0 {
        sum.0 = sum.0.addingReportingOverflow(delta(row)).partialValue
      } else {
        sum.1 = sum.1.addingReportingOverflow(delta(row)).partialValue
      }
    }
    out.append("add/remove: \(diff.code.added.count)/\(diff.code.removed.count) ")
    out.append("grow/shrink: \(grown.count { delta($0) > 0 })/\(grown.count { delta($0) < 0 }) ")
    out.append("up/down: \(up)/\(down) (\(up.addingReportingOverflow(down).partialValue))\n")
    out.append("Function                                     old     new   delta\n")
    for row in rows {
      var name = TextBuffer()
      name.escaped(row.name.asWritten)
      out.append(name)
      out.spaces(40 - name.count)
      out.right(row.old.map { "\($0)" } ?? "-", 8)
      out.right(row.new.map { "\($0)" } ?? "-", 8)
      let change = delta(row)
      out.right(change > 0 ? "+\(change)" : "\(change)", 8)
      out.newline()
    }
    out.append("Total: Before=\(diff.sizes.old), After=\(diff.sizes.new)\n")
  }
}
