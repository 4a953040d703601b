// Everything that a module needs or wants, each with its reason.

/// Something that a module needs or wants.
public struct ModuleNeed: Sendable {
  /// Why.
  public enum Reason: Hashable, Sendable {
    /// It imports symbols: depmod makes a dependency of that.
    case symbols
    /// `depends=` names it, but none of its symbols are imported: depmod does not look at that.
    case declared
    /// `softdep=`, before the module.
    case softBefore
    /// `softdep=`, after the module.
    case softAfter
    /// `weakdep=`: the module may ask for it while it runs.
    case weak
    /// The code asks for it while it runs (`request_module` and its like).
    case requested
    /// The same, with something filled in: what it means may be meant.
    case requestedPattern
    /// The code asks for a module, and nothing shows for which one.
    case requestedUnknown
  }

  /// Why it is needed.
  public let reason: Reason
  /// What it is called there.
  public let word: ByteSlice
  /// What that means in the tree; nothing when nobody there is called so.
  public let meanings: [ModuleNames.Meaning]
  /// The symbols that are imported.
  public let symbols: [ByteSlice]
  /// Whether the module also loads without these symbols.
  public let isWeak: Bool
}

extension DependencyGraph {
  /// What the module at `position` needs: by symbols in the order of its table, then what it names.
  public func needs(of position: Int) -> [ModuleNeed] {
    let member = members[position]
    var found = edges[position].map { edge in
      ModuleNeed(
        reason: .symbols, word: members[edge.provider].name, meanings: [.file(edge.provider)],
        symbols: edge.symbols, isWeak: edge.isWeak)
    }
    let providers = Set(edges[position].map { members[$0.provider].name })
    for name in member.needs?.dependencies ?? [] where !providers.contains(name) {
      found.append(need(.declared, name))
    }
    if let words = member.words {
      let soft = words.soft
      found += (soft?.before ?? []).map { need(.softBefore, $0) }
      found += (soft?.after ?? []).map { need(.softAfter, $0) }
      found += words.weak.map { need(.weak, $0) }
    }
    // Different functions may ask for one name.
    var asked: Set<ByteSlice> = []
    var patterns: Set<ByteSlice> = []
    for request in member.requests where request.kind == .module {
      if let name = request.name, request.isPattern {
        guard patterns.insert(name).inserted else { continue }
        found.append(
          ModuleNeed(
            reason: .requestedPattern, word: name, meanings: names.candidates(of: name),
            symbols: [], isWeak: false))
      } else if let name = request.name {
        if asked.insert(name).inserted { found.append(need(.requested, name)) }
      } else {
        found.append(
          ModuleNeed(
            reason: .requestedUnknown, word: request.function, meanings: [], symbols: [],
            isWeak: false))
      }
    }
    return found
  }

  private func need(_ reason: ModuleNeed.Reason, _ word: ByteSlice) -> ModuleNeed {
    ModuleNeed(
      reason: reason, word: word, meanings: names.meanings(of: word), symbols: [], isWeak: false)
  }

  /// The shortest chain by which the module at `start` needs the one at `end`, both in it; by symbols alone
  /// where there is such a one, else by all that is named. `nil` when there is none.
  public func chain(from start: Int, to end: Int) -> [Int]? {
    Self.shortestPath(from: start, to: end) { edges[$0].map { $0.provider } }
      ?? Self.shortestPath(from: start, to: end) { position in
        needs(of: position).filter { $0.reason != .requestedPattern }.flatMap { need in
          need.meanings.compactMap { if case .file(let other) = $0 { other } else { nil } }
        }
      }
  }

  /// Symbols that the module at `position` cannot be loaded without and that nobody offers, neither
  /// another module nor the list of `kernel` as a part of it; depmod says that it `needs unknown symbol`.
  public func unknownSymbols(of position: Int, _ kernel: SymbolProviders) -> [ByteSlice] {
    let known = Set(edges[position].flatMap { $0.symbols })
    return (members[position].needs?.imports ?? []).compactMap { symbol in
      let isDotted = symbol.name.first == UInt8(ascii: ".")
      let name = isDotted ? symbol.name.suffix(from: 1) : symbol.name
      guard !symbol.isWeak, !known.contains(name),
        kernel[name]?.provider.equals("vmlinux") != true,
        !Self.loaderSymbols.contains(where: { symbol.name.equals($0) })
      else { return nil }
      return name
    }
  }

  /// What loaders make themselves (tools/depmod.c, `depmod_add_fake_syms`).
  private static let loaderSymbols = ["__this_module", "_GLOBAL_OFFSET_TABLE_", "TOC.", ".TOC."]
}
