// The page of many modules: how many there are of each kind, and a row for each.

import ELFKit

struct TreePage: Sendable {
  /// The modules, in the order in which they were named.
  let entries: [TreeEntry]
  let graph: TreeGraph
  let paths: TreePaths
  /// What could not be read at all, and what describes a kernel and could not be.
  let unread: [Unread]
  /// What lies in folders that were named and was not looked at.
  let leftOut: [Unread]

  init(_ entries: [TreeEntry], unread: [Unread], leftOut: [Unread]) {
    self.entries = entries
    self.unread = unread
    self.leftOut = leftOut
    graph = TreeGraph(entries.map { $0.member })
    paths = TreePaths(entries.map { $0.path })
  }

  /// The whole page.
  func page() -> [UInt8] {
    let title = Quantity.count(entries.count, "module")
    return PageFrame.page(title: Array(title.utf8), isWide: true) { html in
      html.add("<header>\n<h1>")
      html.text(entries.isEmpty ? "Nothing could be read" : title)
      html.add("</h1>\n<p class=path>")
      html.text(paths.common, limit: 1000)
      html.add("</p>\n")
      html.problems(unread + entries.flatMap { $0.problems }, "Not everything could be read")
      html.problems(leftOut, "Not everything was looked at")
      if !entries.isEmpty { html.figures(figures) }
      html.add("</header>\n")
      sections().write(to: &html)
    }
  }

  private var figures: [(value: String, noun: String)] {
    let resident = entries.reduce(UInt64(0)) { $0 &+ $1.resident }
    let size = entries.reduce(UInt64(0)) { $0 &+ $1.size }
    let firmware = Set(entries.flatMap { $0.firmware }).count
    return [
      (Quantity.size(size), "of files"),
      (Quantity.size(resident), "of memory, all loaded"),
      HTMLWriter.figure(entries.reduce(0) { $0 + $1.parameters }, "parameter"),
      HTMLWriter.figure(entries.reduce(0) { $0 + $1.aliases }, "alias"),
      HTMLWriter.figure(firmware, "firmware file"),
      ("\(entries.reduce(0) { $0 + $1.counted })", "warnings and errors"),
    ]
  }

  private func sections() -> PageSections {
    var sections = PageSections()
    guard !entries.isEmpty else { return sections }
    sections.add("kinds", "Kinds") { TreeFacets(page: self).write(to: &$0) }
    sections.add("sizes", "Sizes", "what stays in memory, by folder") { sizes(&$0) }
    sections.add("findings", "Findings", "the rules of koinspect check, without a policy") {
      findings(&$0)
    }
    let picture = DependencyPicture(entries, graph)
    sections.add(
      "dependencies", "Dependencies",
      picture.shown > 1
        ? "the \(picture.shown) modules that most others need"
        : picture.shown == 1 ? "the module that most others need" : ""
    ) { html in
      picture.write(to: &html)
      guard graph.repeated > 0 else { return }
      html.add("<p class=faint>")
      html.text(
        "\(Quantity.count(graph.repeated, "module")) with the name of an earlier one left out here")
      html.add("</p>\n")
    }
    sections.add("firmware", "Firmware") { firmware(&$0) }
    sections.add("modules", "Modules") { table(&$0) }
    return sections
  }

  private func table(_ html: inout HTMLWriter) {
    let columns = TreeColumn.all.filter { $0.isTelling(self) }
    let facets = TreeFacets(page: self).telling
    html.beginList("Modules", columns.map { ($0.title, $0.look) }, "modules")
    for place in entries.indices {
      let entry = entries[place]
      html.add("<tr id=m")
      html.number(place)
      for facet in facets {
        guard let value = facet.value(entry) else { continue }
        html.attribute(facet.attribute, value)
      }
      html.add(">")
      for column in columns {
        html.add("<td")
        if !column.look.text.isEmpty {
          html.add(" class=\"")
          html.add(column.look)
          html.add("\"")
        }
        if column.title == "Memory" { html.attribute("data-v", "\(entry.resident)") }
        if column.title == "File" { html.attribute("data-v", "\(entry.size)") }
        html.add(">")
        column.cell(self, place, &html)
        html.add("</td>")
      }
      html.add("</tr>\n")
    }
    html.endList()
  }
}

/// What stands before the table.
extension TreePage {
  /// What takes how much memory, by the first two folders.
  fileprivate func sizes(_ html: inout HTMLWriter) {
    var tops: [[UInt8]: [[UInt8]: [TreemapNode]]] = [:]
    for entry in entries {
      let folders = paths.folders(of: entry.path)
      let (top, next) = (folders.first ?? [], folders.dropFirst().first ?? [])
      tops[top, default: [:]][next, default: []].append(
        TreemapNode(label: entry.name, size: entry.resident, kind: 0))
    }
    func sum(_ nodes: [TreemapNode]) -> UInt64 {
      nodes.reduce(UInt64(0)) { $0 &+ $1.size }
    }
    func sorted<Value>(_ groups: [[UInt8]: Value]) -> [(key: [UInt8], value: Value)] {
      groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    }
    let parts = sorted(tops).map { top, groups in
      let inner = sorted(groups).flatMap { name, modules -> [TreemapNode] in
        let largest = TreemapNode.largest(modules, 48, "modules")
        guard !name.isEmpty else { return largest }
        return [TreemapNode(label: name, size: sum(modules), kind: 0, parts: largest)]
      }
      return TreemapNode(
        label: top, size: sum(inner), kind: 0,
        parts: TreemapNode.largest(inner, 24, "folders and modules"))
    }
    let colored = TreemapNode.largest(parts, 24, "folders").enumerated().map { place, node in
      node.colored(place % 7)
    }
    // Without folders, the modules themselves.
    let flat = colored.count == 1 && colored[0].label.isEmpty ? colored[0].parts : colored
    TreemapDrawing(
      parts: flat, title: "Which folders and modules take how much memory; the table says the same",
      isWide: true
    ).write(to: &html)
  }

  /// By rule, the worst first.
  fileprivate func findings(_ html: inout HTMLWriter) {
    var found: [String: [(place: Int, finding: TreeEntry.FoundHere)]] = [:]
    for (place, entry) in entries.enumerated() {
      for finding in entry.findings { found[finding.rule, default: []].append((place, finding)) }
    }
    guard !found.isEmpty else {
      html.add("<p class=good>Nothing was found.</p>\n")
      return
    }
    for severity in Severity.allCases.reversed() {
      for rule in FindingsList.rules {
        let rows = (found[rule.id] ?? []).filter { $0.finding.severity == severity }
        guard !rows.isEmpty else { continue }
        html.add("<details><summary>")
        html.severity(severity)
        html.add(" ")
        html.text(rule.summary)
        html.add(" <span class=faint>")
        html.text(Quantity.count(rows.count, "time"))
        html.add(", <code>")
        html.text(rule.id)
        html.add("</code></span></summary>\n<p class=faint>")
        html.text("\(rule.reason) \(rule.remedy)")
        html.add("</p>\n")
        html.beginList(rule.id, [("Module", ""), ("What", "")])
        for row in rows.prefix(Self.shownFindings) {
          html.add("<tr><td class=nowrap>")
          html.module(row.place, self)
          html.add("</td><td>")
          html.text(row.finding.message, limit: 400)
          html.add("</td></tr>\n")
        }
        html.endList()
        html.more(
          rows.count, shown: Self.shownFindings, listedBy: "koinspect check --only \(rule.id)")
        html.add("</details>\n")
      }
    }
  }

  private static let shownFindings = 500

  /// Each file that modules name, and who names it.
  fileprivate func firmware(_ html: inout HTMLWriter) {
    var users: [[UInt8]: [Int]] = [:]
    for (place, entry) in entries.enumerated() {
      for name in Set(entry.firmware) { users[name, default: []].append(place) }
    }
    guard !users.isEmpty else { return }
    let names = users.keys.sorted { $0.lexicographicallyPrecedes($1) }
    let modules = entries.count { !$0.firmware.isEmpty }
    html.add("<details><summary>")
    html.text(
      "\(Quantity.count(names.count, "file")) that \(Quantity.count(modules, "module")) may ask for"
    )
    html.add("</summary>\n")
    html.beginList("Firmware", [("File below /lib/firmware", ""), ("Asked for by", "")])
    for name in names.prefix(Self.shownFirmware) {
      html.add("<tr><td class=name>")
      html.text(name)
      html.add("</td><td>")
      for (position, place) in (users[name] ?? []).prefix(20).enumerated() {
        if position > 0 { html.add(", ") }
        html.module(place, self)
      }
      let more = (users[name]?.count ?? 0) - 20
      if more > 0 { html.text(" and \(more) more") }
      html.add("</td></tr>\n")
    }
    html.endList()
    html.more(names.count, shown: Self.shownFirmware, listedBy: "koinspect show --json")
    html.add("</details>\n")
  }

  private static let shownFirmware = 10_000
}

extension TreemapNode {
  /// The same in one colour.
  func colored(_ kind: Int) -> Self {
    TreemapNode(label: label, size: size, kind: kind, parts: parts.map { $0.colored(kind) })
  }
}
