// The modules that most others need, and what these need of each other: those that need nothing stand on the
// left, each other to the right of all that it needs.

import ELFKit

struct DependencyPicture {
  private let entries: [TreeEntry]
  private let graph: TreeGraph
  /// The columns, and the modules in each.
  private let columns: [[Int]]
  /// The modules that are shown.
  let shown: Int

  /// No more can be told apart.
  private static let mostModules = 36
  private static let (width, height, gap, step) = (168.0, 34.0, 62.0, 44.0)

  init(_ entries: [TreeEntry], _ graph: TreeGraph) {
    self.entries = entries
    self.graph = graph
    let ranked = graph.users.indices.filter { !graph.users[$0].isEmpty }.sorted { left, right in
      (graph.users[right].count, left) < (graph.users[left].count, right)
    }
    let chosen = Set(ranked.prefix(Self.mostModules))
    // Modules that need each other in a circle are moved right as often as there are modules, and no more.
    var depths = Dictionary(uniqueKeysWithValues: chosen.map { ($0, 0) })
    for _ in 0..<chosen.count {
      var isDone = true
      for module in chosen {
        let depth = graph.needs[module].compactMap { depths[$0] }.max().map { $0 + 1 } ?? 0
        if depth > depths[module] ?? 0, depth < Self.mostColumns {
          depths[module] = depth
          isDone = false
        }
      }
      if isDone { break }
    }
    var columns = [[Int]](repeating: [], count: (depths.values.max() ?? 0) + 1)
    for module in ranked.prefix(Self.mostModules) { columns[depths[module] ?? 0].append(module) }
    shown = chosen.count
    self.columns = Self.ordered(columns, graph)
  }

  private static let mostColumns = 6

  /// Each column in the order of what its modules need, so that few lines cross.
  private static func ordered(_ columns: [[Int]], _ graph: TreeGraph) -> [[Int]] {
    var rows: [Int: Double] = [:]
    return columns.map { column in
      let sorted = column.enumerated().map { place, module in
        let known = graph.needs[module].compactMap { rows[$0] }
        let middle = known.isEmpty ? Double(place) : known.reduce(0, +) / Double(known.count)
        return (module: module, middle: middle, place: place)
      }.sorted { ($0.middle, $0.place) < ($1.middle, $1.place) }.map { $0.module }
      for (row, module) in sorted.enumerated() { rows[module] = Double(row) }
      return sorted
    }
  }

  func write(to html: inout HTMLWriter) {
    guard shown > 0 else { return }
    let tallest = columns.map { $0.count }.max() ?? 0
    let width = Double(columns.count) * (Self.width + Self.gap) - Self.gap + 2
    let height = Double(tallest) * Self.step + 2
    html.add("<div class=scroll><svg class=graph role=img")
    html.attribute("width", "\(Int(width))")
    html.attribute("height", "\(Int(height))")
    html.attribute("viewBox", "0 0 \(Int(width)) \(Int(height))")
    html.attribute("aria-label", "Which of these modules need which; the table says the same")
    html.add(">\n")
    var places: [Int: (x: Double, y: Double)] = [:]
    for (column, modules) in columns.enumerated() {
      // Short columns stand in the middle.
      let start = Double(tallest - modules.count) * Self.step / 2
      for (row, module) in modules.enumerated() {
        places[module] = (
          Double(column) * (Self.width + Self.gap) + 1, start + Double(row) * Self.step + 1
        )
      }
    }
    for module in columns.joined() {
      guard let from = places[module] else { continue }
      for need in graph.needs[module] {
        guard let to = places[need] else { continue }
        line(from: (to.x + Self.width, to.y), to: from, &html)
      }
    }
    for module in columns.joined() {
      guard let place = places[module] else { continue }
      box(module, at: place, &html)
    }
    html.add("</svg></div>\n")
  }

  private func line(
    from: (x: Double, y: Double), to: (x: Double, y: Double), _ html: inout HTMLWriter
  ) {
    let (start, end) = (from.y + Self.height / 2, to.y + Self.height / 2)
    let bend = max((to.x - from.x) / 2, 24)
    html.add("<path d=\"M")
    html.tenths(from.x)
    html.add(" ")
    html.tenths(start)
    html.add("C")
    html.tenths(from.x + bend)
    html.add(" ")
    html.tenths(start)
    html.add(" ")
    html.tenths(to.x - bend)
    html.add(" ")
    html.tenths(end)
    html.add(" ")
    html.tenths(to.x)
    html.add(" ")
    html.tenths(end)
    html.add("\"/>\n")
  }

  private func box(
    _ module: Int, at place: (x: Double, y: Double), _ html: inout HTMLWriter
  ) {
    html.add("<a href=\"#m")
    html.number(module)
    html.add("\"><rect rx=6 x=\"")
    html.tenths(place.x)
    html.add("\" y=\"")
    html.tenths(place.y)
    html.add("\" width=\"")
    html.tenths(Self.width)
    html.add("\" height=\"")
    html.tenths(Self.height)
    html.add("\"></rect><text x=\"")
    html.tenths(place.x + 9)
    html.add("\" y=\"")
    html.tenths(place.y + 14)
    html.add("\">")
    html.text(Self.short(entries[module].name))
    html.add("</text><text class=soft x=\"")
    html.tenths(place.x + 9)
    html.add("\" y=\"")
    html.tenths(place.y + 27)
    html.add("\">")
    html.text("needed by \(graph.users[module].count)")
    html.add("</text></a>\n")
  }

  /// As much of a name as a box holds.
  private static func short(_ name: [UInt8]) -> [UInt8] {
    name.count <= 22 ? name : Array(name.prefix(21)) + Array("…".utf8)
  }
}
