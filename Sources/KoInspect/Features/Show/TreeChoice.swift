// Which columns a table of modules has, which modules are in it, and in which order.

import ELFKit

struct TreeChoice: Sendable {
  /// `F`: the module has it. `F=V`: it is V, in which `*` and `?` stand for anything; `F=`: it has none.
  private struct Filter: Sendable {
    let field: TreeField
    let pattern: [UInt8]?

    func keeps(_ value: TreeValue) -> Bool {
      guard let pattern else { return value != .none }
      guard let text = value.plain else { return pattern.isEmpty }
      return AliasPattern(ByteSlice(pattern)).matches(ByteSlice(text))
    }
  }

  /// What is read of each module, each field once: the columns, what filters and the order look at, and what
  /// tells modules of one name apart.
  let read: [TreeField]
  /// The columns; `nil` for the usual ones.
  private let asked: [TreeField]?
  private let filters: [Filter]
  private let order: TreeField?
  private let isReversed: Bool

  /// `fields` are the words of --fields, `filters` those of --filter, `order` that of --sort.
  init(fields: [UInt8]?, filters: [[UInt8]], order: [UInt8]?) throws(SystemError) {
    var asked: [TreeField]?
    for key in fields?.split(separator: UInt8(ascii: ",")) ?? [] {
      asked = (asked ?? []) + [try TreeField.named(Array(key))]
    }
    if fields != nil, asked == nil { throw SystemError("--fields names no field") }
    self.asked = asked
    var all: [Filter] = []
    for text in filters {
      let equals = text.firstIndex(of: UInt8(ascii: "="))
      all.append(
        Filter(
          field: try TreeField.named(Array(text[..<(equals ?? text.count)])),
          pattern: equals.map { Array(text[($0 + 1)...]) }))
    }
    self.filters = all
    isReversed = order?.first == UInt8(ascii: "-")
    self.order = try order.map { order throws(SystemError) in
      try TreeField.named(Array(order.drop { $0 == UInt8(ascii: "-") }))
    }
    let columns = asked ?? (TreeField.usual + TreeField.whereNamesRepeat)
    var read: [TreeField] = []
    for field in columns + all.map({ $0.field }) + (self.order.map { [$0] } ?? [])
    where !read.contains(where: { $0.key == field.key }) {
      read.append(field)
    }
    self.read = read
  }

  /// The table of what was read.
  func table(_ rows: [ModuleTreeRow]) -> ModuleTreeTable {
    let looks = filters.map { ($0, column($0.field)) }
    let kept = sorted(
      rows.filter { row in
        looks.allSatisfy { filter, column in filter.keeps(row.values[column]) }
      })
    var fields = asked ?? TreeField.usual
    if asked == nil {
      fields += TreeField.whereNamesRepeat.filter { tellsApart($0, kept) }
    }
    let columns = fields.map { column($0) }
    return ModuleTreeTable(
      fields: fields,
      rows: kept.map { row in ModuleTreeRow(values: columns.map { row.values[$0] }) })
  }

  /// Where in a row the value of `field` stands, which is among those that are read.
  private func column(_ field: TreeField) -> Int {
    read.firstIndex { $0.key == field.key } ?? 0
  }

  /// The rows in the order that was asked for; as they were where they are equal.
  private func sorted(_ rows: [ModuleTreeRow]) -> [ModuleTreeRow] {
    guard let order else { return rows }
    let column = column(order)
    let numbered = rows.enumerated().sorted { left, right in
      let (one, other) = (left.element.values[column], right.element.values[column])
      if one == other { return left.offset < right.offset }
      return isReversed ? other.precedes(one) : one.precedes(other)
    }
    return numbered.map { $0.element }
  }

  /// Whether `field` is another for two modules of one name.
  private func tellsApart(_ field: TreeField, _ rows: [ModuleTreeRow]) -> Bool {
    let (name, column) = (column(TreeField.usual[0]), column(field))
    var seen: [[UInt8]: TreeValue] = [:]
    for row in rows {
      let value = row.values[column]
      let known = seen.updateValue(value, forKey: row.values[name].plain ?? [])
      if let known, known != value { return true }
    }
    return false
  }
}

extension TreeField {
  /// What a table has that nobody chose the columns of.
  static let usual = all.filter {
    ["name", "size", "taints", "license", "signer"].contains($0.key)
  }

  /// What tells modules of one name apart.
  static let whereNamesRepeat = all.filter { ["kernel", "path"].contains($0.key) }
}
