// How many modules there are of each kind. Each kind leads to the table, which then shows these alone.

import ELFKit

struct TreeFacets {
  let page: TreePage

  /// A way to tell modules apart.
  struct Facet: Sendable {
    let title: String
    /// The word for it in links, and the attribute of rows that says so.
    let key: Markup
    let attribute: Markup
    /// What stands for none.
    let absence: String
    let value: @Sendable (TreeEntry) -> [UInt8]?
  }

  static let all = [
    Facet(title: "Licences", key: "license", attribute: "data-license", absence: "none declared") {
      $0.license
    },
    Facet(title: "Taints", key: "taints", attribute: "data-taints", absence: "none") {
      $0.taints.isEmpty ? nil : $0.taints
    },
    Facet(title: "Signers", key: "signer", attribute: "data-signer", absence: "unsigned") {
      $0.signer
    },
    Facet(title: "Kernels", key: "kernel", attribute: "data-kernel", absence: "not said") {
      $0.kernel
    },
    Facet(title: "Machines", key: "machine", attribute: "data-machine", absence: "") {
      Array($0.machine.utf8)
    },
  ]

  /// More kinds than this tell nothing.
  private static let shownKinds = 16

  /// Those in which modules differ.
  var telling: [Facet] {
    Self.all.filter { facet in
      let first = page.entries.first.map { facet.value($0) }
      return page.entries.contains { facet.value($0) != first }
    }
  }

  func write(to html: inout HTMLWriter) {
    html.add("<div class=facets>\n")
    for facet in Self.all { write(facet, &html) }
    html.add("</div>\n")
  }

  private func write(_ facet: Facet, _ html: inout HTMLWriter) {
    var counts: [[UInt8]?: Int] = [:]
    for entry in page.entries { counts[facet.value(entry), default: 0] += 1 }
    let sorted = counts.sorted { left, right in
      guard left.value == right.value else { return left.value > right.value }
      return (left.key ?? []).lexicographicallyPrecedes(right.key ?? [])
    }
    html.add("<div><h3>")
    html.text(facet.title)
    html.add("</h3>\n<ol>\n")
    for (kind, count) in sorted.prefix(Self.shownKinds) {
      html.add("<li>")
      if let kind, counts.count > 1 {
        html.add("<a href=\"#modules\" data-key=")
        html.add(facet.key)
        html.attribute("data-value", kind)
        html.add(">")
        html.text(kind)
        html.add("</a>")
      } else if let kind {
        html.add("<span>")
        html.text(kind)
        html.add("</span>")
      } else {
        html.cell(Cell(facet.absence, .faint))
      }
      html.add("<span>")
      html.number(count)
      html.add(
        "</span><svg class=bar viewBox=\"0 0 100 1\" preserveAspectRatio=none aria-hidden=true>")
      html.add("<rect height=1 width=\"")
      html.tenths(Double(count) * 100 / Double(max(page.entries.count, 1)))
      html.add("\"></rect></svg></li>\n")
    }
    html.add("</ol>\n")
    let rest = sorted.dropFirst(Self.shownKinds)
    if !rest.isEmpty {
      html.add("<p class=faint>")
      html.text("\(rest.reduce(0) { $0 + $1.value }) of \(rest.count) other kinds")
      html.add("</p>\n")
    }
    html.add("</div>\n")
  }
}
