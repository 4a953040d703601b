// The page of two builds of a module: the answer, then what it rests on.

import ELFKit

struct PairPage {
  let diff: ModuleDiff
  let old: [UInt8]
  let new: [UInt8]

  func page() -> [UInt8] {
    let name = diff.name.isEmpty ? ModuleName.ofFile(at: new) : diff.name.bytes
    return PageFrame.page(title: name, isWide: false) { html in
      html.add("<header>\n<h1>")
      html.text(name, limit: 200)
      html.add("</h1>\n<p class=lead>")
      html.text(diff.headline)
      html.add("</p>\n<p class=path>")
      html.text(old, limit: 1000)
      html.add(" → ")
      html.text(new, limit: 1000)
      html.add("</p>\n")
      html.figures(figures)
      html.add("</header>\n")
      sections().write(to: &html)
    }
  }

  private var figures: [(value: String, noun: String)] {
    let code = diff.changes.filter { $0.part == .code }
    return [
      ("\(code.count { $0.kind == "changed" })", "functions changed"),
      ("\(code.count { $0.kind == "added" })", "functions added"),
      ("\(code.count { $0.kind == "removed" })", "functions removed"),
      ("\(diff.code.pairs.count { $0.isSame && $0.new.isFunction })", "functions the same"),
      (Self.signed(diff.sizes.old, diff.sizes.new), "bytes of code and data"),
    ]
  }

  /// How much more it is, or less.
  static func signed(_ old: UInt64, _ new: UInt64) -> String {
    new > old ? "+\(new - old)" : new < old ? "−\(old - new)" : "±0"
  }

  private func sections() -> PageSections {
    var sections = PageSections()
    for part in diff.parts {
      let changes = diff.changes.filter { $0.part == part }
      sections.add(Self.id(part), Self.title(part), Quantity.count(changes.count, "change")) {
        Self.write(changes, to: &$0)
      }
    }
    sections.add("sizes", "Sizes", "of functions and objects") { sizes(&$0) }
    sections.add("ignored", "What differs and does not count") { html in
      guard !diff.ignored.isEmpty || diff.changes.isEmpty else { return }
      html.add("<p>")
      html.text(diff.ignored.isEmpty ? "Nothing." : diff.ignored.joined(separator: ", "))
      html.add("</p>\n")
    }
    return sections
  }

  private static func write(_ changes: [DiffChange], to html: inout HTMLWriter) {
    html.beginList("Changes", [("", ""), ("Name", ""), ("Before", ""), ("After", "")])
    for change in changes.prefix(HTMLWriter.shownRows) {
      html.add("<tr><td class=nowrap>")
      let tone: Tone = change.old == nil ? .good : change.new == nil ? .bad : .warning
      html.cell(Cell(change.kind, tone))
      html.add("</td><td class=name>")
      html.text(change.name.bytes, limit: 300)
      for value in [change.old, change.new] {
        html.add("</td><td>")
        html.text(value?.bytes ?? [], limit: 1000)
      }
      for (number, reason) in change.reasons.enumerated() {
        html.add(number == 0 ? ": " : "; ")
        html.text(reason.bytes, limit: 1000)
      }
      html.add("</td></tr>\n")
    }
    html.endList()
    html.more(changes.count)
  }

  /// Functions and objects of another size, the one that grew most first.
  private func sizes(_ html: inout HTMLWriter) {
    var rows: [(name: ByteSlice, old: UInt64, new: UInt64)] = []
    rows += diff.code.removed.map { ($0.name, $0.size, 0) }
    rows += diff.code.added.map { ($0.name, 0, $0.size) }
    rows += diff.code.pairs.filter { $0.old.size != $0.new.size }.map {
      ($0.new.name, $0.old.size, $0.new.size)
    }
    guard !rows.isEmpty else { return }
    func growth(_ row: (name: ByteSlice, old: UInt64, new: UInt64)) -> Int64 {
      Int64(clamping: row.new) - Int64(clamping: row.old)
    }
    rows.sort { (-growth($0), $0.name) < (-growth($1), $1.name) }
    html.beginList(
      "Sizes", [("Name", ""), ("Before", "n m"), ("After", "n m"), ("Difference", "n")])
    for row in rows.prefix(HTMLWriter.shownRows) {
      html.add("<tr><td class=name>")
      html.text(row.name, limit: 300)
      html.add("</td><td class=\"n m\">")
      html.number(row.old)
      html.add("</td><td class=\"n m\">")
      html.number(row.new)
      html.add("</td><td class=n")
      html.attribute("data-v", "\(growth(row))")
      html.add(">")
      html.text(Self.signed(row.old, row.new))
      html.add("</td></tr>\n")
    }
    html.endList()
    html.more(rows.count)
  }

  private static func id(_ part: DiffPart) -> Markup { Markup(stringLiteral: part.rawValue) }

  private static func title(_ part: DiffPart) -> Markup {
    switch part {
    case .identity: "Identity"
    case .licence: "Licence"
    case .params: "Parameters"
    case .exports: "Exports"
    case .imports: "Imports"
    case .aliases: "Aliases"
    case .firmware: "Firmware"
    case .dependencies: "Dependencies"
    case .taints: "Taints"
    case .findings: "Findings"
    case .code: "Code"
    case .data: "Data"
    case .memory: "Memory"
    case .size: "Size"
    }
  }
}
