// A treemap as a picture: one for wide screens and one for narrow ones, so that words can be read on both.

import ELFKit

struct TreemapDrawing {
  let parts: [TreemapNode]
  /// What the picture is of, for who hears it.
  let title: String
  /// Whether the page is as wide as a large table.
  var isWide = false

  func write(to html: inout HTMLWriter) {
    // A few boxes need no large picture.
    let count = parts.reduce(0) { $0 + max($1.parts.reduce(0) { $0 + max($1.parts.count, 1) }, 1) }
    let height = count < 24 ? 300.0 : 600.0
    write(to: &html, "wide", width: isWide ? 1536 : 1140, height: height)
    write(to: &html, "narrow", width: 370, height: height)
  }

  private func write(to html: inout HTMLWriter, _ name: Markup, width: Double, height: Double) {
    html.add("<svg class=\"map ")
    html.add(name)
    html.add("\" role=img")
    html.attribute("viewBox", "0 0 \(Int(width)) \(Int(height))")
    html.attribute("aria-label", title)
    html.add(">\n")
    draw(parts, in: TreemapBox(x: 0, y: 0, width: width, height: height), depth: 0, &html)
    html.add("</svg>\n")
  }

  private func draw(
    _ nodes: [TreemapNode], in box: TreemapBox, depth: Int, _ html: inout HTMLWriter
  ) {
    let boxes = box.divided(nodes.map { Double($0.size) })
    for (node, box) in zip(nodes, boxes) where box.width >= 1.5 && box.height >= 1.5 {
      let hasHeading = box.width > 46 && box.height > 40
      html.add("<g>")
      html.add("<rect class=\"k")
      html.number(node.kind)
      html.add(node.parts.isEmpty ? " leaf\"" : " group\"")
      place(box, &html)
      html.add("><title>")
      html.text(node.label, limit: 120)
      html.add(": ")
      html.text(Quantity.size(node.size))
      html.add("</title></rect>")
      if node.parts.isEmpty {
        label(node, box, &html)
      } else {
        if hasHeading { label(node, box, &html) }
        let edge = min(3, box.width / 8, box.height / 8)
        draw(
          node.parts, in: box.inside(edge: edge, heading: hasHeading ? 18 : edge), depth: depth + 1,
          &html)
      }
      html.add("</g>\n")
    }
  }

  private func place(_ box: TreemapBox, _ html: inout HTMLWriter) {
    html.add(" x=\"")
    html.tenths(box.x)
    html.add("\" y=\"")
    html.tenths(box.y)
    html.add("\" width=\"")
    html.tenths(box.width)
    html.add("\" height=\"")
    html.tenths(box.height)
    html.add("\"")
  }

  /// The name at the upper left, as far as there is room; behind it, or below, the size.
  private func label(_ node: TreemapNode, _ box: TreemapBox, _ html: inout HTMLWriter) {
    guard box.height >= 14 else { return }
    let room = Int((box.width - 8) / Self.letterWidth)
    let name = Self.shortened(node.label, to: room)
    guard !name.isEmpty else { return }
    text(name, "", x: box.x + 5, y: box.y + 13, &html)
    let size = Quantity.size(node.size)
    if name.count + size.utf8.count + 2 <= room {
      let x = box.x + 5 + Double(name.count + 1) * Self.letterWidth
      text(Array(size.unicodeScalars), "soft", x: x, y: box.y + 13, &html)
    } else if node.parts.isEmpty, box.height >= 30, size.utf8.count <= room {
      text(Array(size.unicodeScalars), "soft", x: box.x + 5, y: box.y + 27, &html)
    }
  }

  private func text(
    _ letters: [Unicode.Scalar], _ name: Markup, x: Double, y: Double, _ html: inout HTMLWriter
  ) {
    html.add("<text")
    if !name.text.isEmpty {
      html.add(" class=")
      html.add(name)
    }
    html.add(" x=\"")
    html.tenths(x)
    html.add("\" y=\"")
    html.tenths(y)
    html.add("\">")
    var text = ""
    text.unicodeScalars.append(contentsOf: letters)
    html.text(text)
    html.add("</text>")
  }

  /// The width of a letter of the fonts that a map is written in, at its size.
  private static let letterWidth = 6.65

  /// As much of a label as `room` letters hold; nothing when too little would be left. Labels that are not
  /// ASCII have letters of any width: they are left to the title.
  private static func shortened(_ label: [UInt8], to room: Int) -> [Unicode.Scalar] {
    guard label.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) else { return [] }
    let letters = label.prefix(200).map { Unicode.Scalar($0) }
    if letters.count <= room { return letters }
    return room >= 4 ? Array(letters.prefix(room - 1)) + ["…"] : []
  }
}
