// A page taken apart, as strictly as is needed to see that nothing of a file became markup.

import Foundation
import Testing

/// The elements of a page, in their order, and its text.
struct PageMarkup {
  struct Element: Equatable {
    let name: String
    let attributes: String
  }

  private(set) var elements: [Element] = []
  /// What does not fit: tags that nobody opened or closed.
  private(set) var problems: [String] = []

  private static let single: Set = ["meta", "br", "!DOCTYPE"]

  init(_ page: String) {
    var open: [String] = []
    var rest = page[...]
    while let start = rest.firstIndex(of: "<") {
      rest = rest[rest.index(after: start)...]
      // A quoted value may hold anything but its quote.
      var isQuoted = false
      guard
        let end = rest.firstIndex(where: { letter in
          if letter == "\"" { isQuoted.toggle() }
          return letter == ">" && !isQuoted
        })
      else {
        problems.append("a tag without an end")
        return
      }
      let tag = rest[..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("/") {
        let name = String(tag.dropFirst())
        if open.popLast() != name { problems.append("</\(name)> closes something else") }
        continue
      }
      let name = String(tag.prefix { !$0.isWhitespace })
      let attributes = tag.dropFirst(name.count).trimmingPrefix { $0.isWhitespace }
      elements.append(Element(name: name, attributes: String(attributes)))
      if name == "style" || name == "script" {
        guard let close = rest.range(of: "</\(name)>") else {
          problems.append("<\(name)> without an end")
          return
        }
        rest = rest[close.upperBound...]
      } else if !Self.single.contains(name), !tag.hasSuffix("/") {
        open.append(name)
      }
    }
    problems += open.map { "<\($0)> stays open" }
  }

  /// The text between the tags of the first element called so.
  static func content(of name: String, in page: String) -> String? {
    guard let start = page.range(of: "<\(name)>"),
      let end = page[start.upperBound...].range(of: "</\(name)>")
    else { return nil }
    return String(page[start.upperBound..<end.lowerBound])
  }
}
