// Imports by who offers them: what `--by provider` prints, and what a page has beside each import.

import ELFKit

/// Imports of a module, those of one provider together.
struct ImportGroups {
  /// What one offers.
  struct Group {
    /// Who; in words where nobody is known.
    let provider: Cell
    /// Sorted by name.
    let imports: [ModuleImport]
  }

  /// Sorted by what the providers are called.
  let list: [Group]

  /// Groups `imports` by what `report` knows of who offers them. O(n log n).
  init(_ imports: [ModuleImport], _ report: SymbolsReport) {
    let hasVersions = imports.contains { $0.crc != nil }
    let rows = imports.map { (symbol: $0, provider: report.provider($0, hasVersions)) }
      .sorted { left, right in
        let (one, other) = (left.provider.text.pending, right.provider.text.pending)
        return one == other
          ? left.symbol.name < right.symbol.name : one.lexicographicallyPrecedes(other)
      }
    var groups: [(provider: Cell, imports: [ModuleImport])] = []
    for row in rows {
      if groups.last?.provider.text.pending == row.provider.text.pending {
        groups[groups.count - 1].imports.append(row.symbol)
      } else {
        groups.append((row.provider, [row.symbol]))
      }
    }
    list = groups.map { Group(provider: $0.provider, imports: $0.imports) }
  }

  /// Who offers most is first.
  var largestFirst: [Group] {
    list.enumerated().sorted { left, right in
      (right.element.imports.count, left.offset) < (left.element.imports.count, right.offset)
    }.map { $0.element }
  }
}

/// What `--by` may be given.
enum ImportOrder: String, CaseIterable {
  case name
  case provider

  /// The order that was asked for; by name without a word.
  init(_ word: [UInt8]?) throws(SystemError) {
    guard let word else {
      self = .name
      return
    }
    guard let order = Self(rawValue: String(decoding: word, as: UTF8.self)) else {
      throw SystemError("--by is \(Self.allCases.map { $0.rawValue }.joined(separator: " or "))")
    }
    self = order
  }
}

extension Option {
  /// The row of --by, of commands that list imports.
  static func imports(_ name: Name) -> Self {
    Self(
      name, nil, "by", argument: .required("ORDER"),
      values: ImportOrder.allCases.map { $0.rawValue },
      help: "imports by name, or by provider: under who offers them")
  }
}

extension SymbolsReport {
  /// Who offers an import: the kernel and the modules that were given know; where they do not, `depends`
  /// does, which modpost makes of the providers it met. It passes over what nobody offered then, weak
  /// symbols and, where it writes versions, those that have none.
  func provider(_ symbol: ModuleImport, _ hasVersions: Bool) -> Cell {
    if let providers, providers.isComplete || providers[symbol.name] != nil {
      return Self.provider(symbol, providers)
    }
    let isResolved = !symbol.isWeak && (symbol.crc != nil || !hasVersions)
    if isResolved, let depends, depends.isEmpty {
      return Cell("the kernel: depends names no module", .faint)
    }
    if let providers { return Self.provider(symbol, providers) }
    guard let depends, isResolved else { return Cell("not known", .faint) }
    var text = TextBuffer()
    text.append("not known: the kernel or \(depends.contains(",") ? "one of " : "")")
    text.escaped(depends)
    return Cell(text, .faint)
  }

  /// The imports of each provider under its name.
  func writeByProvider(
    _ imports: [ModuleImport], to out: inout TextBuffer, _ style: Style, indentation: Int = 2
  ) {
    for group in ImportGroups(imports, self).largestFirst {
      out.spaces(indentation)
      out.append(group.provider.text)
      out.toned(.faint, style, ", \(Quantity.count(group.imports.count, "symbol"))")
      out.newline()
      var table = Table(indentation: indentation + 2)
      for symbol in group.imports {
        table.row([Self.crc(symbol.crc), Cell(escaping: symbol.name), remarks(symbol)])
      }
      table.write(to: &out, style)
    }
  }
}
