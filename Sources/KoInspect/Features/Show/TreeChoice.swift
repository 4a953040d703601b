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
  }

  /// What is read of each module: the columns, then what filters and the order look at, then what says
  /// whether a name is that of one module.
  var read: [TreeField] {
    (asked ?? TreeField.usual) + filters.map { $0.field } + (order.map { [$0] } ?? [])
      + (asked == nil ? TreeField.whereNamesRepeat : [])
  }

  /// The table of what was read.
  func table(_ rows: [ModuleTreeRow]) -> ModuleTreeTable {
    var fields = asked ?? TreeField.usual
    let first = fields.count
    var kept = rows.filter { row in
      filters.indices.allSatisfy { filters[$0].keeps(row.values[first + $0]) }
    }
    let sorted = first + filters.count
    if order != nil {
      // As they were where they are equal.
      let numbered = kept.enumerated().sorted { left, right in
        let (one, other) = (left.element.values[sorted], right.element.values[sorted])
        if one == other { return left.offset < right.offset }
        return isReversed ? other.precedes(one) : one.precedes(other)
      }
      kept = numbered.map { $0.element }
    }
    var columns = Array(0..<first)
    if asked == nil {
      let more = sorted + (order == nil ? 0 : 1)
      for (position, field) in TreeField.whereNamesRepeat.enumerated()
      where field.isWanted(kept, named: 0, column: more + position) {
        fields.append(field)
        columns.append(more + position)
      }
    }
    for row in kept.indices {
      let values = kept[row].values
      kept[row].values = columns.map { values[$0] }
    }
    return ModuleTreeTable(fields: fields, rows: kept)
  }
}

extension TreeField {
  /// What a table has that nobody chose the columns of.
  static let usual = all.filter {
    ["name", "size", "taints", "license", "signer"].contains($0.key)
  }

  /// What tells modules of one name apart.
  static let whereNamesRepeat = all.filter { ["kernel", "path"].contains($0.key) }

  /// Whether this tells modules of one name apart: the names of `rows` stand in column `named`.
  fileprivate func isWanted(_ rows: [ModuleTreeRow], named: Int, column: Int) -> Bool {
    var seen: [[UInt8]: TreeValue] = [:]
    for row in rows {
      let value = row.values[column]
      let known = seen.updateValue(value, forKey: row.values[named].plain ?? [])
      if let known, known != value { return true }
    }
    return false
  }
}
