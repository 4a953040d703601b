// The parts of a page, each under a heading that the list at its top leads to.

struct PageSections {
  private struct Section {
    let id: Markup
    let title: Markup
    /// What is said beside the heading.
    let note: String
    let content: [UInt8]
  }

  private var sections: [Section] = []

  /// Adds a part; one without content is left out.
  mutating func add(
    _ id: Markup, _ title: Markup, _ note: String = "", _ body: (inout HTMLWriter) -> Void
  ) {
    var html = HTMLWriter()
    body(&html)
    guard !html.bytes.isEmpty else { return }
    sections.append(Section(id: id, title: title, note: note, content: html.bytes))
  }

  func write(to html: inout HTMLWriter) {
    html.add("<nav aria-label=\"Parts of this page\"><ul>\n")
    for section in sections {
      html.add("<li><a href=\"#")
      html.add(section.id)
      html.add("\">")
      html.add(section.title)
      html.add("</a></li>\n")
    }
    html.add("</ul></nav>\n<main>\n")
    for section in sections {
      html.add("<section id=")
      html.add(section.id)
      html.add(">\n<h2>")
      html.add(section.title)
      if !section.note.isEmpty {
        html.add(" <small>")
        html.text(section.note)
        html.add("</small>")
      }
      html.add("</h2>\n")
      html.add(written: section.content)
      html.add("</section>\n")
    }
    html.add("</main>\n")
  }
}

extension HTMLWriter {
  /// Numbers that a page begins with.
  mutating func figures(_ figures: [(value: String, noun: String)]) {
    add("<ul class=figures>\n")
    for figure in figures {
      add("<li><b>")
      text(figure.value)
      add("</b><span>")
      text(figure.noun)
      add("</span></li>\n")
    }
    add("</ul>\n")
  }

  /// A number of things, as a figure.
  static func figure(_ count: Int, _ noun: String) -> (value: String, noun: String) {
    let words = Quantity.count(count, noun)
    return ("\(count)", words.split(separator: " ").dropFirst().joined(separator: " "))
  }

  /// What could not be read: it stands before everything else.
  mutating func problems(_ problems: [Unread], _ title: String) {
    guard !problems.isEmpty else { return }
    add("<div class=note role=alert><p><b>")
    text(title)
    add("</b></p>\n")
    for problem in problems.prefix(Self.shownProblems) {
      add("<p><span class=path>")
      text(problem.path, limit: 400)
      add("</span>: ")
      text(Array(problem.problem.utf8), limit: 400)
      add("</p>\n")
    }
    let more = problems.count - Self.shownProblems
    if more > 0 {
      add("<p>")
      text("and \(more) more")
      add("</p>\n")
    }
    add("</div>\n")
  }

  private static let shownProblems = 100

  /// A table of a screen with a heading for each column; `numbers` are the columns of numbers.
  mutating func list(_ label: String, _ headings: [String], _ table: Table, hidden: Set<Int> = []) {
    beginList(label, headings.enumerated().map { ($1, hidden.contains($0) ? "m" : "") })
    for row in table.rows.prefix(Self.shownRows) {
      add("<tr>")
      for (column, cell) in row.enumerated() {
        add(hidden.contains(column) ? "<td class=m>" : "<td>")
        self.cell(cell)
        add("</td>")
      }
      add("</tr>\n")
    }
    endList()
    more(table.rows.count)
  }

  /// Longer tables are for scripts.
  static let shownRows = 3000

  /// Says how many rows of so many are left out when no more than `shown` are there, if any are, and what
  /// lists them.
  mutating func more(
    _ count: Int, shown: Int = shownRows, listedBy command: String = "--json of the other commands"
  ) {
    guard count > shown else { return }
    add("<p class=faint>")
    text("and \(count - shown) more, which \(command) lists")
    add("</p>\n")
  }

  mutating func beginList(
    _ label: String, _ headings: [(title: String, look: Markup)], _ look: Markup = ""
  ) {
    add("<div class=scroll><table class=\"list ")
    add(look)
    add("\"")
    attribute("aria-label", label)
    add("><thead><tr>")
    for heading in headings {
      add("<th scope=col class=\"")
      add(heading.look)
      add("\">")
      text(heading.title)
      add("</th>")
    }
    add("</tr></thead>\n<tbody>\n")
  }

  mutating func endList() { add("</tbody></table></div>\n") }
}
