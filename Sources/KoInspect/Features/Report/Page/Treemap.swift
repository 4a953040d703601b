// Sizes as areas: rectangles within rectangles, each as square as can be (Bruls, Huizing and van Wijk,
// "Squarified Treemaps", 2000).

/// Something that has a size, and what it consists of.
struct TreemapNode {
  /// What it is called: any bytes.
  let label: [UInt8]
  let size: UInt64
  /// Which of the colours it has.
  let kind: Int
  var parts: [TreemapNode] = []

  /// `nodes` by their size, of which only the first `count` stand by themselves.
  static func largest(_ nodes: [TreemapNode], _ count: Int, _ noun: String) -> [TreemapNode] {
    var sorted = nodes.filter { $0.size > 0 }.enumerated().sorted { left, right in
      (right.element.size, left.offset) < (left.element.size, right.offset)
    }.map { $0.element }
    // One that would stand for the rest can as well stand for itself.
    guard sorted.count > count + 1 else { return sorted }
    let rest = sorted[count...]
    let size = rest.reduce(UInt64(0)) { $0 &+ $1.size }
    let label = Array("\(rest.count) other \(noun)".utf8)
    let kind = rest.first?.kind ?? 0
    sorted.removeSubrange(count...)
    return sorted + [TreemapNode(label: label, size: size, kind: kind)]
  }
}

/// A rectangle of a drawing.
struct TreemapBox: Equatable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  /// What is left inside an edge, below a heading.
  func inside(edge: Double, heading: Double) -> Self {
    Self(
      x: x + edge, y: y + heading, width: max(width - 2 * edge, 0),
      height: max(height - heading - edge, 0))
  }

  /// A box for each of `sizes`, which are in order, the largest first, and above zero.
  func divided(_ sizes: [Double]) -> [Self] {
    var boxes: [Self] = []
    var rest = self
    var left = sizes.reduce(0, +)
    var start = 0
    while start < sizes.count, left > 0, rest.width > 0, rest.height > 0 {
      let scale = rest.width * rest.height / left
      let side = min(rest.width, rest.height)
      var end = start + 1
      var sum = sizes[start]
      var worst = Self.worst(sizes[start], sizes[start], of: sum, scale: scale, side: side)
      while end < sizes.count {
        let next = Self.worst(
          sizes[start], sizes[end], of: sum + sizes[end], scale: scale, side: side)
        guard next <= worst else { break }
        worst = next
        sum += sizes[end]
        end += 1
      }
      boxes += rest.cutRow(Array(sizes[start..<end]), sum, scale)
      left -= sum
      start = end
    }
    // What has no room has no area.
    let none = Self(x: rest.x, y: rest.y, width: 0, height: 0)
    return boxes + Array(repeating: none, count: sizes.count - boxes.count)
  }

  /// How far the least square one of a row is from a square.
  private static func worst(
    _ largest: Double, _ smallest: Double, of sum: Double, scale: Double, side: Double
  ) -> Double {
    let area = sum * scale
    let square = side * side
    return max(square * largest * scale / (area * area), area * area / (square * smallest * scale))
  }

  /// Takes a row for these off the longer side.
  private mutating func cutRow(_ sizes: [Double], _ sum: Double, _ scale: Double) -> [Self] {
    var boxes: [Self] = []
    let isColumn = width >= height
    let thickness = sum * scale / (isColumn ? height : width)
    var place = isColumn ? y : x
    for size in sizes {
      let length = size * scale / thickness
      boxes.append(
        isColumn
          ? Self(x: x, y: place, width: thickness, height: length)
          : Self(x: place, y: y, width: length, height: thickness))
      place += length
    }
    if isColumn {
      x += thickness
      width = max(width - thickness, 0)
    } else {
      y += thickness
      height = max(height - thickness, 0)
    }
    return boxes
  }
}
