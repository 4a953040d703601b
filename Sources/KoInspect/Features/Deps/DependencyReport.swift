// What modules need, and who needs them, for people.

import ELFKit

struct DependencyReport {
  let subject: DependencySubject
  let hasAllSymbols: Bool
  private var tree: DependencyTree { subject.tree }
  private var graph: DependencyGraph { subject.tree.graph }

  init(_ subject: DependencySubject, hasAllSymbols: Bool = false) {
    self.subject = subject
    self.hasAllSymbols = hasAllSymbols
  }

  /// Each module with all below it; of a whole tree each with what it needs itself.
  func write(_ out: inout TextBuffer, _ style: Style) {
    for (number, module) in subject.modules.enumerated() {
      if number > 0 { out.newline() }
      writeHeading(module, &out, style)
      guard case .file(let position) = module else { continue }
      var table = Table(indentation: 2)
      var isMet: Set<Int> = [position]
      // A stack of its own: the depth is as large as whoever made the modules wants.
      var waiting = graph.needs(of: position).reversed().map { ($0, 0) }
      while let (need, depth) = waiting.popLast() {
        table.row([name(need, depth), reason(need)])
        guard !subject.isTree, need.reason == .symbols,
          case .file(let provider)? = need.meanings.first, isMet.insert(provider).inserted
        else { continue }
        waiting += graph.needs(of: provider).reversed().map { ($0, depth + 1) }
      }
      for need in graph.members[position].firmware(in: subject.firmware) {
        let isMissing = need.files?.isEmpty ?? false
        table.row([
          Cell(escaping: need.name, isMissing ? .warning : .name), Cell(need.text),
        ])
      }
      for function in graph.members[position].firmwareUnseen {
        table.row([
          Cell(escaping: function, .name),
          Cell("asks for firmware while it runs; for which file is not seen"),
        ])
      }
      if table.isEmpty {
        out.append("  needs no other module\n")
      } else {
        table.write(to: &out, style)
      }
    }
  }

  /// How deep the tree is drawn; what is deeper stands at this depth.
  private static let deepest = 12

  private func name(_ need: ModuleNeed, _ depth: Int) -> Cell {
    var text = TextBuffer()
    text.spaces(2 * min(depth, Self.deepest))
    text.escaped(need.word)
    return Cell(text, need.meanings.isEmpty ? .warning : .name)
  }

  /// Why, and what it is: the symbols, or what the word means.
  private func reason(_ need: ModuleNeed) -> Cell {
    var text = TextBuffer()
    if need.reason == .symbols {
      text.append(Quantity.count(need.symbols.count, "symbol"))
      if need.isWeak { text.append(", all weak") }
      text.append(": ")
      list(hasAllSymbols ? need.symbols : Array(need.symbols.prefix(4)), &text)
      if !hasAllSymbols, need.symbols.count > 4 { text.append(", …") }
      return Cell(text)
    }
    text.append(
      need.meanings.isEmpty && need.reason == .declared ? "named by depends=" : need.reason.text)
    if need.reason == .requestedUnknown { return Cell(text) }
    let names = need.meanings.map { tree.name(of: $0) }
    if need.meanings.isEmpty {
      text.append(": no module here is called so")
    } else if names != [ModuleName.folded(need.word)] {
      text.append(": ")
      let isLong = !hasAllSymbols && names.count > 8
      list(isLong ? Array(names.prefix(8)) : names, &text)
      if isLong { text.append(" and \(names.count - 8) more") }
    }
    if need.meanings.contains(where: { if case .builtIn = $0 { true } else { false } }) {
      text.append(" (built in)")
    }
    return Cell(text)
  }

  private func list(_ names: [ByteSlice], _ text: inout TextBuffer) {
    for (number, name) in names.enumerated() {
      if number > 0 { text.append(", ") }
      text.escaped(name)
    }
  }

  private func writeHeading(
    _ module: ModuleNames.Meaning, _ out: inout TextBuffer, _ style: Style
  ) {
    out.toned(.heading, style) { $0.escaped(tree.name(of: module)) }
    switch module {
    case .file(let position):
      out.append("  ")
      out.escaped(tree.path(of: position))
    case .builtIn: out.append("  built in")
    }
    out.newline()
  }
}

extension DependencyReport {
  /// What modprobe loads, as it shows it: one line a module.
  func writeFlat(_ out: inout TextBuffer) {
    let order = graph.probeOrder(of: subject.modules)
    for module in order {
      switch module {
      case .file(let position): out.escaped(tree.path(of: position))
      case .builtIn(let name):
        out.append("builtin ")
        out.escaped(name)
      }
      out.newline()
    }
  }

  /// Who needs the modules.
  func writeUsers(_ out: inout TextBuffer, _ style: Style) {
    let users = self.users
    for (number, module) in subject.modules.enumerated() {
      if number > 0 { out.newline() }
      writeHeading(module, &out, style)
      var table = Table(indentation: 2)
      for (user, need) in users[module] ?? [] {
        table.row([Cell(escaping: graph.members[user].name, .name), reason(need)])
      }
      if table.isEmpty {
        out.append("  no module here needs it\n")
        continue
      }
      table.write(to: &out, style)
      guard case .file(let position) = module else { continue }
      let direct = graph.users[position].count
      let all = graph.dependents(of: position).count
      if all > direct {
        out.append("  \(Quantity.count(all, "module")) cannot be loaded without it\n")
      }
    }
  }

  /// Of the modules in question who needs them, each with why. Asks each module of the tree once.
  private var users: [ModuleNames.Meaning: [(Int, ModuleNeed)]] {
    var users: [ModuleNames.Meaning: [(Int, ModuleNeed)]] = [:]
    for module in subject.modules { users[module] = [] }
    for user in graph.members.indices {
      for need in graph.needs(of: user) {
        // An alias may name a module twice.
        for module in Set(need.meanings) { users[module]?.append((user, need)) }
      }
    }
    return users
  }

  /// The chain from the first module to the second.
  func writeWhy(_ console: inout Console, _ style: Style) -> ExitStatus {
    let files = subject.files
    guard files.count == 2, subject.modules.count == 2, !subject.isTree else {
      console.message { $0.append("deps: --why takes two modules: A and B") }
      return .failure
    }
    guard let chain = graph.chain(from: files[0], to: files[1]) else {
      console.out.escaped(graph.members[files[0]].name)
      console.out.append(" does not need ")
      console.out.escaped(graph.members[files[1]].name)
      console.out.newline()
      return .findings
    }
    var table = Table(indentation: 0)
    for (user, provider) in zip(chain, chain.dropFirst()) {
      let need = graph.needs(of: user).first { $0.meanings.contains(.file(provider)) }
      guard let need else { continue }
      var text = TextBuffer()
      text.escaped(graph.members[user].name)
      text.append(" needs ")
      text.escaped(graph.members[provider].name)
      table.row([Cell(text), reason(need)])
    }
    table.write(to: &console.out, style)
    return .clean
  }
}
