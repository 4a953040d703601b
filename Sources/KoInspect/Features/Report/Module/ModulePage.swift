// The page of one module: what it is, what is wrong with it, who would load it, what it costs, offers and needs.

import ELFKit

struct ModulePage {
  let summary: ModuleSummary
  /// What `check` finds without a policy.
  let findings: [Finding]
  /// What a kernel that was named would do; `nil` when none was.
  let answer: PreflightReport?
  /// Who offers what it needs, as far as that is known.
  let symbols: SymbolsReport
  let devices: AliasesReport
  let names: DeviceNames
  let sizes: ModuleSizes
  /// What of it, or of what describes the kernel, could not be read.
  let problems: [Unread]

  private var facts: ModuleDescription { summary.facts }

  /// The whole page.
  func page() -> [UInt8] {
    let name = facts.name?.bytes ?? ModuleName.ofFile(at: summary.path)
    return PageFrame.page(title: name, isWide: false) { html in
      head(name, &html)
      sections().write(to: &html)
    }
  }

  private func head(_ name: [UInt8], _ html: inout HTMLWriter) {
    html.add("<header>\n<h1>")
    html.text(name, limit: 200)
    if let version = facts.info.first("version") {
      html.add(" <small>")
      html.text(version, limit: 100)
      html.add("</small>")
    }
    html.add("</h1>\n")
    if let description = facts.info.first("description") {
      html.add("<p class=lead>")
      html.text(description, limit: 1000)
      html.add("</p>\n")
    }
    html.add("<p class=path>")
    html.text(summary.path, limit: 1000)
    html.add("</p>\n<p class=faint>")
    html.text("\(Quantity.size(facts.size)), for \(SummaryReport(summary).machine)")
    if let compression = summary.compression {
      html.text(", compressed with \(compression.rawValue)")
    }
    html.add("</p>\n")
    html.problems(problems, "Not all of it could be read")
    html.figures([
      (Quantity.size(facts.sections.memory.resident), "stay in memory"),
      HTMLWriter.figure(facts.parameters.count, "parameter"),
      HTMLWriter.figure(devices.aliases.count, "alias"),
      HTMLWriter.figure(facts.imports.count, "import"),
      HTMLWriter.figure(facts.exports.count, "export"),
      ("\(findings.count { $0.severity > .note })", "warnings and errors"),
    ])
    html.add("</header>\n")
  }

  private func sections() -> PageSections {
    var sections = PageSections()
    sections.add("identity", "Identity") { $0.facts(SummaryReport(summary).table()) }
    sections.add("findings", "Findings", "the rules of koinspect check, without a policy") {
      FindingsList(findings: findings).write(to: &$0)
    }
    sections.add("loading", "Loading") { loading(&$0) }
    sections.add("sizes", "Sizes", "what it takes in memory, down to functions") { sizes(&$0) }
    sections.add("parameters", "Parameters") { parameters(&$0) }
    sections.add("devices", "Devices and names", AliasesReport.totals(devices.aliases)) {
      aliases(&$0)
    }
    sections.add("imports", "Imports", importsNote) { imports(&$0) }
    sections.add("exports", "Exports") { exports(&$0) }
    return sections
  }

  /// Which kernel would load it: what was asked, and else what the file says.
  private func loading(_ html: inout HTMLWriter) {
    guard let answer else {
      html.add("<p>")
      if let vermagic = facts.info.first("vermagic") {
        html.add("Built for <code>")
        // Its last blank means something to the kernel and nothing to a person.
        let end = vermagic.count - (vermagic.last == UInt8(ascii: " ") ? 1 : 0)
        html.text(vermagic[within: 0..<end], limit: 300)
        html.add("</code>. Kernels with another version magic refuse it, unless it is forced.")
      } else {
        html.add("It does not say which kernel it was built for.")
      }
      html.add("</p>\n<p class=faint>No kernel was named, so none was asked: with ")
      html.add("<code>--kernel DIR</code> the steps of loading stand here.</p>\n")
      return
    }
    var text = TextBuffer()
    answer.write(to: &text, .plain)
    html.add("<pre>")
    for line in text.pending.split(separator: 0x0a, omittingEmptySubsequences: false) {
      html.text(line)
      html.add("\n")
    }
    html.add("</pre>\n")
  }

  private func sizes(_ html: inout HTMLWriter) {
    guard !sizes.regions.isEmpty else { return }
    let drawing = TreemapDrawing(
      parts: sizes.regions, title: "What takes how much memory; the tables below say the same")
    drawing.write(to: &html)
    html.add("<ul class=legend>\n")
    for region in sizes.regions {
      html.add("<li><svg viewBox=\"0 0 1 1\" aria-hidden=true><rect width=1 height=1 class=k")
      html.number(region.kind)
      html.add("></rect></svg>")
      html.text("\(String(decoding: region.label, as: UTF8.self)) \(Quantity.size(region.size))")
      html.add("</li>\n")
    }
    html.add("</ul>\n")
    if !sizes.largest.isEmpty {
      html.add("<details><summary>The largest functions and objects</summary>\n")
      html.beginList(
        "Functions and objects", [("Name", ""), ("Section", "m"), ("Bytes", "n")])
      for piece in sizes.largest {
        html.add("<tr><td class=name>")
        html.text(piece.name, limit: 300)
        html.add("</td><td class=\"m mono\">")
        html.text(facts.sections.list[piece.section].name, limit: 100)
        html.add("</td><td class=n>")
        html.number(piece.size)
        html.add("</td></tr>\n")
      }
      html.endList()
      html.add("</details>\n")
    }
    html.add("<details><summary>All sections</summary>\n")
    html.beginList(
      "Sections", [("Section", ""), ("In memory", "m"), ("Bytes", "n"), ("What for", "")])
    let all = facts.sections.list.filter { $0.type != .null }
    for section in all.prefix(HTMLWriter.shownRows) {
      html.add("<tr><td class=name>")
      html.text(section.name, limit: 200)
      html.add("</td><td class=m>")
      html.text(section.region.rawValue)
      html.add("</td><td class=n>")
      html.number(section.size)
      html.add("</td><td>")
      if let count = section.entryCount, let noun = section.entryNoun {
        html.text("\(Quantity.count(count, noun)): ")
      }
      html.text(section.purpose ?? (section.isRelocations ? "relocations" : ""))
      html.add("</td></tr>\n")
    }
    html.endList()
    html.more(all.count)
    html.add("</details>\n")
  }

  private func parameters(_ html: inout HTMLWriter) {
    guard !facts.parameters.isEmpty else { return }
    var table = Table(indentation: 0)
    let headings = ["Name", "Type", "Mode", "Default", "Description"]
    let shown = facts.parameters.prefix(HTMLWriter.shownRows)
    ParametersReport(parameters: Array(shown)).fill(&table)
    html.list("Parameters", headings, table, hidden: [2])
    html.more(facts.parameters.count)
  }
}

/// What it claims, needs and offers.
extension ModulePage {
  fileprivate func aliases(_ html: inout HTMLWriter) {
    var groups: [(subject: String, aliases: [ModuleAlias])] = []
    var places: [String: Int] = [:]
    for alias in devices.aliases.prefix(HTMLWriter.shownRows) {
      let subject = alias.format?.subject ?? "name"
      if let place = places[subject] {
        groups[place].aliases.append(alias)
      } else {
        places[subject] = groups.count
        groups.append((subject, [alias]))
      }
    }
    for group in groups {
      var seen: Set<[UInt8]> = []
      let rows = group.aliases.map {
        (words: AliasesReport.words($0, devices.machine), name: names.name($0))
      }
      .filter { seen.insert($0.words.pending).inserted }
      html.add("<h3>")
      html.text(Quantity.count(rows.count, group.subject))
      html.add("</h3>\n")
      let hasNames = rows.contains { $0.name != nil }
      var table = Table(indentation: 0)
      for row in rows {
        table.row([Cell(row.words)] + (hasNames ? [row.name.map { Cell($0) } ?? Cell()] : []))
      }
      if hasNames {
        html.list(group.subject, ["Claims", "Called so by the lists of this machine"], table)
        continue
      }
      html.add("<ul class=columns>\n")
      for row in rows {
        html.add("<li>")
        html.text(row.words)
        html.add("</li>\n")
      }
      html.add("</ul>\n")
    }
    html.more(devices.aliases.count)
  }

  fileprivate var importsNote: String {
    guard symbols.providers == nil else { return "who offers them, as far as that is known" }
    return "with --kernel or --modules also who offers them"
  }

  fileprivate func imports(_ html: inout HTMLWriter) {
    guard !facts.imports.isEmpty else { return }
    let groups = ImportGroups(facts.imports, symbols)
    let rows = groups.list.flatMap { group in
      group.imports.map { (symbol: $0, provider: group.provider) }
    }
    let isKnown = symbols.providers != nil
    if isKnown { providers(groups.largestFirst, &html) }
    html.beginList(
      "Imports",
      [("Symbol", "")] + (isKnown ? [("Offered by", "")] : []) + [("CRC", "m"), ("Remarks", "m")])
    for row in rows.prefix(HTMLWriter.shownRows) {
      html.add("<tr")
      if isKnown { html.attribute("data-provider", row.provider.text.pending) }
      html.add("><td class=name>")
      html.text(row.symbol.name, limit: 300)
      if isKnown {
        html.add("</td><td>")
        html.cell(row.provider)
      }
      html.add("</td><td class=\"m mono\">")
      html.cell(SymbolsReport.crc(row.symbol.crc))
      html.add("</td><td class=m>")
      html.cell(symbols.remarks(row.symbol))
      html.add("</td></tr>\n")
    }
    html.endList()
    html.more(rows.count)
  }

  /// How many symbols each offers: the most first.
  private func providers(_ groups: [ImportGroups.Group], _ html: inout HTMLWriter) {
    html.add("<ul class=legend>\n")
    for group in groups.prefix(100) {
      let name = group.provider.text.pending
      html.add("<li><a href=\"#imports\" data-key=provider")
      html.attribute("data-value", name)
      html.add(">")
      html.text(name, limit: 100)
      html.add("</a> <span class=faint>")
      html.number(group.imports.count)
      html.add("</span></li>\n")
    }
    html.add("</ul>\n")
  }

  fileprivate func exports(_ html: inout HTMLWriter) {
    guard !facts.exports.isEmpty else { return }
    var table = Table(indentation: 0)
    for symbol in facts.exports.sorted(by: { $0.name < $1.name }).prefix(HTMLWriter.shownRows) {
      table.row([
        Cell(escaping: symbol.name, .name), SymbolsReport.crc(symbol.crc),
        SymbolsReport.terms(symbol),
      ])
    }
    html.list("Exports", ["Symbol", "CRC", "Terms"], table, hidden: [1])
    html.more(facts.exports.count)
  }
}
