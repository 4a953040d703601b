// The page of two trees of modules: how many changed, and a row for each that both have.

import ELFKit

struct TreesPage {
  let trees: TreePairs
  /// Of each pair what came of it; `nil` for what could not be compared.
  let outcomes: [Outcome?]
  let unread: [Unread]

  /// What came of a pair, without the modules.
  struct Outcome: Sendable {
    let verdict: ModuleDiff.Verdict
    let headline: String
    let sizes: (old: UInt64, new: UInt64)
    /// How many functions and objects are not the same.
    let pieces: Int

    init(_ diff: ModuleDiff) {
      verdict = diff.verdict
      headline = diff.headline
      sizes = diff.sizes
      pieces = diff.changes.count { $0.part == .code || $0.part == .data }
    }
  }

  func page() -> [UInt8] {
    let title = "\(Quantity.count(trees.pairs.count, "module")) compared"
    return PageFrame.page(title: Array(title.utf8), isWide: true) { html in
      html.add("<header>\n<h1>")
      html.text(title)
      html.add("</h1>\n<p class=path>")
      html.text(trees.old, limit: 1000)
      html.add(" → ")
      html.text(trees.new, limit: 1000)
      html.add("</p>\n")
      html.problems(unread, "Not everything could be compared")
      html.figures(figures)
      html.add("</header>\n")
      sections().write(to: &html)
    }
  }

  private func count(_ verdict: ModuleDiff.Verdict) -> Int {
    outcomes.count { $0?.verdict == verdict }
  }

  private var figures: [(value: String, noun: String)] {
    let known = outcomes.compactMap { $0 }
    let before = known.reduce(UInt64(0)) { $0 &+ $1.sizes.old }
    let after = known.reduce(UInt64(0)) { $0 &+ $1.sizes.new }
    return [
      ("\(count(.changed))", "changed"), ("\(count(.same))", "same code and data"),
      ("\(count(.identical))", "identical"), ("\(trees.added.count)", "added"),
      ("\(trees.removed.count)", "removed"),
      (PairPage.signed(before, after), "bytes of code and data"),
    ]
  }

  private func sections() -> PageSections {
    var sections = PageSections()
    sections.add("modules", "Modules", "that both have") { table(&$0) }
    sections.add("added", "Added") { list(trees.added, below: trees.new, &$0) }
    let gone = trees.removed.filter { !trees.isBuiltIn($0) }
    sections.add("removed", "Removed") { list(gone, below: trees.old, &$0) }
    let builtIn = trees.removed.filter { trees.isBuiltIn($0) }
    sections.add("builtin", "Now built in") { list(builtIn, below: trees.old, &$0) }
    return sections
  }

  private func table(_ html: inout HTMLWriter) {
    guard !trees.pairs.isEmpty else { return }
    html.add("<ul class=legend>\n")
    for verdict in ModuleDiff.Verdict.allCases where count(verdict) > 0 {
      html.add("<li><a href=\"#modules\" data-key=verdict")
      html.attribute("data-value", verdict.rawValue)
      html.add(">")
      html.text(verdict.rawValue)
      html.add("</a> <span class=faint>")
      html.number(count(verdict))
      html.add("</span></li>\n")
    }
    html.add("</ul>\n")
    html.beginList(
      "Modules",
      [
        ("Module", ""), ("What changed", ""), ("Functions and objects", "n m"), ("Before", "n w"),
        ("After", "n w"), ("Difference", "n"),
      ], "modules")
    for (pair, outcome) in zip(trees.pairs, outcomes) {
      guard let outcome else { continue }
      html.add("<tr")
      html.attribute("data-verdict", outcome.verdict.rawValue)
      html.add("><td>")
      html.text(ModuleName.ofFile(at: pair.new), limit: 200)
      html.add("<span class=path>")
      html.text(TreePairs.place(pair.new, trees.new), limit: 400)
      html.add("</span></td><td>")
      html.text(outcome.headline)
      html.add("</td><td class=\"n m\">")
      html.number(outcome.pieces)
      html.add("</td><td class=\"n w\">")
      html.number(outcome.sizes.old)
      html.add("</td><td class=\"n w\">")
      html.number(outcome.sizes.new)
      html.add("</td><td class=n")
      let growth = Int64(clamping: outcome.sizes.new) - Int64(clamping: outcome.sizes.old)
      html.attribute("data-v", "\(growth)")
      html.add(">")
      html.text(PairPage.signed(outcome.sizes.old, outcome.sizes.new))
      html.add("</td></tr>\n")
    }
    html.endList()
  }

  private func list(_ files: [[UInt8]], below folder: [UInt8], _ html: inout HTMLWriter) {
    guard !files.isEmpty else { return }
    html.add("<ul class=columns>\n")
    for file in files {
      html.add("<li class=path>")
      html.text(TreePairs.place(file, folder), limit: 400)
      html.add("</li>\n")
    }
    html.add("</ul>\n")
  }
}
