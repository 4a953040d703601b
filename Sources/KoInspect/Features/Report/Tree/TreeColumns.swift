// The columns of a page's table of modules, one row each here. A column in which all modules are equal tells
// nothing and is left out: what they share stands among the sums.

import ELFKit

struct TreeColumn {
  let title: String
  /// How it looks: `n` for numbers, `m` for what narrow screens have no room for, `w` and `x` for what only wide
  /// and very wide ones have.
  let look: Markup
  /// What decides whether two modules differ here; `nil` for a column that is always there.
  let key: (@Sendable (TreePage, Int) -> [UInt8])?
  let cell: @Sendable (TreePage, Int, inout HTMLWriter) -> Void

  static let all: [Self] = [
    Self(title: "Module", look: "", key: nil) { page, place, html in
      let entry = page.entries[place]
      html.text(entry.name, limit: 200)
      if let version = entry.version {
        html.add(" <small>")
        html.text(version, limit: 60)
        html.add("</small>")
      }
      html.add("<span class=path>")
      html.text(page.paths.place(of: entry.path, entry.name), limit: 400)
      html.add("</span>")
    },
    text("Description", "about m") { $0.description },
    text("Kernel", "w") { $0.kernel },
    text("Machine", "w nowrap") { Array($0.machine.utf8) },
    Self(
      title: "Licence", look: "", key: { $0.entries[$1].license ?? [] },
      cell: {
        page, place, html in
        let entry = page.entries[place]
        guard let license = entry.license else { return html.cell(Cell("none", .bad)) }
        html.add(entry.isFree ? "<span>" : "<span class=bad>")
        html.text(license)
        html.add("</span>")
      }),
    text("Signer", "w") { $0.signer },
    text("Taints", "w mono") { $0.taints.isEmpty ? nil : $0.taints },
    size("Memory", "n") { $0.resident },
    size("File", "n x") { $0.size },
    Self(
      title: "Needs", look: "w needs", key: { $0.graph.needs[$1].flatMap { Array("\($0),".utf8) } },
      cell: {
        page, place, html in
        for (position, need) in page.graph.needs[place].prefix(40).enumerated() {
          if position > 0 { html.add(", ") }
          html.module(need, page)
        }
        let more = page.graph.needs[place].count - 40
        if more > 0 { html.text(" and \(more) more") }
      }),
    count("Needed by", "n m") { $0.graph.users[$1].count },
    count("Parameters", "n x") { $0.entries[$1].parameters },
    count("Aliases", "n x") { $0.entries[$1].aliases },
    count("Firmware", "n w") { $0.entries[$1].firmware.count },
    Self(
      title: "Warnings, errors", look: "n m", key: { Array("\($0.entries[$1].counted)".utf8) },
      cell: {
        page, place, html in
        let entry = page.entries[place]
        guard entry.counted > 0 else { return }
        let isError = entry.findings.contains { $0.severity == .error }
        html.cell(Cell("\(entry.counted)", isError ? .bad : .warning))
      }),
  ]

  private static func text(
    _ title: String, _ look: Markup, _ value: @escaping @Sendable (TreeEntry) -> [UInt8]?
  ) -> Self {
    Self(
      title: title, look: look, key: { value($0.entries[$1]) ?? [] },
      cell: { page, place, html in
        if let text = value(page.entries[place]) { html.text(text) }
      })
  }

  private static func count(
    _ title: String, _ look: Markup, _ value: @escaping @Sendable (TreePage, Int) -> Int
  ) -> Self {
    Self(
      title: title, look: look, key: { Array("\(value($0, $1))".utf8) },
      cell: { page, place, html in
        let count = value(page, place)
        if count > 0 { html.number(count) }
      })
  }

  private static func size(
    _ title: String, _ look: Markup, _ value: @escaping @Sendable (TreeEntry) -> UInt64
  ) -> Self {
    Self(
      title: title, look: look, key: { Array("\(value($0.entries[$1]))".utf8) },
      cell: {
        page, place, html in html.text(Quantity.size(value(page.entries[place])))
      })
  }

  /// Whether it tells modules apart.
  func isTelling(_ page: TreePage) -> Bool {
    guard let key, !page.entries.isEmpty else { return true }
    let first = key(page, 0)
    return page.entries.indices.contains { key(page, $0) != first }
  }
}

extension TreeEntry {
  /// How many findings matter.
  var counted: Int { findings.count { $0.severity > .note } }
}

extension HTMLWriter {
  /// A module's name, which leads to its row.
  mutating func module(_ place: Int, _ page: TreePage) {
    add("<a href=\"#m")
    number(place)
    add("\">")
    text(page.entries[place].name, limit: 100)
    add("</a>")
  }
}
