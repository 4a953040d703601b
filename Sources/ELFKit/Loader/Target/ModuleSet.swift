// A tree of modules as one value: who is in it, who offers what, who needs whom.

/// Modules that belong together, such as those below `/lib/modules/RELEASE`.
///
/// Of several with one name the first counts where a name is looked up, and of several that offer one
/// symbol the first does: the caller puts them into the order that he means.
public struct ModuleSet: Sendable {
  /// The modules, in the order in which they were given.
  public let members: [ModuleMember]
  private var names: [ByteSlice: Int32] = [:]
  private var offers: [ByteSlice: Place] = [:]

  /// Where an offer stands.
  private struct Place {
    let member: Int32
    let export: Int32
  }

  /// The modules `members`; costs one look-up for each and for each symbol that they offer.
  public init(_ members: [ModuleMember] = []) {
    self.members = members
    names.reserveCapacity(members.count)
    for (position, member) in members.enumerated() {
      let number = Int32(clamping: position)
      if names[member.name] == nil { names[member.name] = number }
      for (index, export) in member.exports.enumerated() where offers[export.name] == nil {
        offers[export.name] = Place(member: number, export: Int32(clamping: index))
      }
    }
  }

  /// Whether there is no module in it.
  public var isEmpty: Bool { members.isEmpty }

  /// Where the module called `name` stands in ``members``, dashes and underscores being the same.
  public func position(of name: ByteSlice) -> Int? {
    names[ModuleName.folded(name)].map { Int($0) }
  }

  /// The module called `name`.
  public subscript(_ name: ByteSlice) -> ModuleMember? { position(of: name).map { members[$0] } }

  /// Where the module that offers `symbol` stands in ``members``, and what it says of the symbol.
  public func provider(of symbol: ByteSlice) -> (position: Int, export: ModuleExport)? {
    guard let place = offers[symbol] else { return nil }
    let position = Int(place.member)
    return (position, members[position].exports[Int(place.export)])
  }

  /// Where the modules stand that the one at `position` needs: those that `depends=` names, then those
  /// that offer what it imports; each once, none of them itself. Those that are not in the set are left
  /// out. Empty when the members' needs were not read.
  public func dependencies(of position: Int) -> [Int] {
    guard let needs = members[position].needs else { return [] }
    var seen: Set<Int> = [position]
    var found: [Int] = []
    for name in needs.dependencies {
      if let other = self.position(of: name), seen.insert(other).inserted { found.append(other) }
    }
    for symbol in needs.imports {
      if let other = offers[symbol.name], seen.insert(Int(other.member)).inserted {
        found.append(Int(other.member))
      }
    }
    return found
  }

  /// The order in which all of them can be loaded: each after those it needs.
  public var loadOrder: [Int] { loadOrder(of: Array(members.indices)) }

  /// The modules at `wanted` and all that they need, each after those it needs. Where modules need each
  /// other in a circle, the one that was reached first comes last.
  public func loadOrder(of wanted: [Int]) -> [Int] {
    var order: [Int] = []
    var met = [Bool](repeating: false, count: members.count)
    // A stack of its own: a chain is as long as whoever made the modules wants.
    var stack: [(position: Int, waiting: ArraySlice<Int>)] = []
    for start in wanted where !met[start] {
      met[start] = true
      stack.append((start, dependencies(of: start)[...]))
      while let top = stack.indices.last {
        guard let next = stack[top].waiting.popFirst() else {
          order.append(stack.removeLast().position)
          continue
        }
        guard !met[next] else { continue }
        met[next] = true
        stack.append((next, dependencies(of: next)[...]))
      }
    }
    return order
  }
}

extension SymbolProviders {
  /// Adds what the modules of `set` offer, each under its path, and notes which of them are non-free;
  /// what is known already stays.
  public mutating func add(_ set: ModuleSet) {
    for member in set.members where !member.exports.isEmpty {
      add(member.exports, of: member.path)
      if member.isProprietary == true { markProprietary(member.path) }
    }
  }
}
