// Who needs whom in a tree of modules, as depmod decides it (kmod, tools/depmod.c): by symbols alone.

/// The modules of a tree and what holds them together.
public struct DependencyGraph: Sendable {
  /// That a module imports symbols of another.
  public struct Edge: Sendable {
    /// Where that is which offers them.
    public let provider: Int
    /// The symbols, in the order of the importing module's table.
    public internal(set) var symbols: [ByteSlice]
    /// Whether the module also loads without all of them.
    public internal(set) var isWeak: Bool
  }

  /// A symbol that more than one module offers.
  public struct Clash: Sendable {
    /// The symbol.
    public let symbol: ByteSlice
    /// Where they are; the last one counts.
    public let owners: [Int]
  }

  /// The modules, in the order in which depmod takes them; no two have the same name.
  public let members: [ModuleMember]
  /// What they are called.
  public let names: ModuleNames
  /// Of each module, whose symbols it imports, in the order of its table.
  public let edges: [[Edge]]
  /// Of each module, who imports its symbols.
  public let users: [[Int]]
  /// Symbols that more than one of them offers.
  public let clashes: [Clash]
  /// Modules that need each other in a circle, each circle once, from one of them on; with such,
  /// depmod writes nothing.
  public let cycles: [[Int]]
  /// Where each module stands in depmod's order, in which who needs others comes before them.
  public let ranks: [Int]

  /// The graph of `members`, of which no two have one name; with what is built into their kernel.
  public init(
    _ members: [ModuleMember], builtIns: Set<ByteSlice> = [], aliases: [ModuleNames.Alias] = []
  ) {
    self.members = members
    var owners: [ByteSlice: Int32] = [:]
    var twice: [ByteSlice: [Int]] = [:]
    for (position, member) in members.enumerated() {
      for export in member.exports {
        // A later module takes the symbol over: depmod's table of symbols is overwritten.
        guard let before = owners.updateValue(Int32(clamping: position), forKey: export.name),
          before != Int32(clamping: position)
        else { continue }
        twice[export.name, default: [Int(before)]].append(position)
      }
    }
    clashes = twice.map { Clash(symbol: $0.key, owners: $0.value) }.sorted { $0.symbol < $1.symbol }
    names = ModuleNames(members, owners, builtIns: builtIns, aliases: aliases)
    let edges = members.indices.map { Self.edges(of: members[$0], at: $0, owners) }
    var users = [[Int]](repeating: [], count: members.count)
    for (position, list) in edges.enumerated() {
      for edge in list { users[edge.provider].append(position) }
    }
    self.edges = edges
    self.users = users
    ranks = Self.ranks(edges)
    cycles = ranks.contains(members.count) ? Self.cycles(edges, ranks) : []
  }

  private static func edges(
    of member: ModuleMember, at position: Int, _ owners: [ByteSlice: Int32]
  ) -> [Edge] {
    var edges: [Edge] = []
    var places: [Int: Int] = [:]
    for symbol in member.needs?.imports ?? [] {
      // ppc64's functions have a dot before their name (depmod_load_module_dependencies).
      let isDotted = symbol.name.first == UInt8(ascii: ".")
      let name = isDotted ? symbol.name.suffix(from: 1) : symbol.name
      guard let owner = owners[name].map({ Int($0) }), owner != position else { continue }
      if let place = places[owner] {
        edges[place].symbols.append(name)
        edges[place].isWeak = edges[place].isWeak && symbol.isWeak
      } else {
        places[owner] = edges.count
        edges.append(Edge(provider: owner, symbols: [name], isWeak: symbol.isWeak))
      }
    }
    return edges
  }

  /// The order of `depmod_calculate_dependencies`: a module comes when all that need it have come, the last
  /// one that became free first. Those that never become free have the number of all.
  private static func ranks(_ edges: [[Edge]]) -> [Int] {
    var counts = [Int](repeating: 0, count: edges.count)
    for list in edges { for edge in list { counts[edge.provider] += 1 } }
    var free = counts.indices.filter { counts[$0] == 0 }
    var ranks = [Int](repeating: edges.count, count: edges.count)
    var next = 0
    while let position = free.popLast() {
      ranks[position] = next
      next += 1
      for edge in edges[position] {
        counts[edge.provider] -= 1
        if counts[edge.provider] == 0 { free.append(edge.provider) }
      }
    }
    return ranks
  }

  /// One circle for each knot of modules that need each other. Those without a rank that lie in none are
  /// needed by a circle.
  private static func cycles(_ edges: [[Edge]], _ ranks: [Int]) -> [[Int]] {
    var found: [[Int]] = []
    var isMet = [Bool](repeating: false, count: edges.count)
    for start in edges.indices where ranks[start] == edges.count && !isMet[start] {
      guard let circle = shortestPath(from: start, to: start, { edges[$0].map { $0.provider } })
      else { continue }
      // Who lies on a longer circle of the same knot is in this one or in the next that is found.
      let isNew = !circle.contains { isMet[$0] }
      for position in circle { isMet[position] = true }
      if isNew { found.append(Array(circle.dropLast())) }
    }
    return found
  }

  /// The shortest way of one step or more, both ends in it; `nil` when there is none.
  static func shortestPath(from start: Int, to end: Int, _ next: (Int) -> [Int]) -> [Int]? {
    var before: [Int: Int] = [:]
    var waiting = [start]
    var position = 0
    while position < waiting.count {
      let current = waiting[position]
      position += 1
      for other in next(current) where before[other] == nil {
        before[other] = current
        if other == end {
          var path = [end]
          var step = current
          while step != start {
            path.append(step)
            step = before[step] ?? start
          }
          return path.reversed().reduce(into: [start]) { $0.append($1) }
        }
        waiting.append(other)
      }
    }
    return nil
  }
}

extension DependencyGraph {
  /// All modules that the one at `position` needs by symbols, in the order of `modules.dep`: each is loaded
  /// after those behind it.
  public func closure(of position: Int) -> [Int] {
    reached(from: [position]) { edges[$0].map { $0.provider } }.dropFirst()
      .sorted { (ranks[$0], $0) < (ranks[$1], $1) }
  }

  /// All modules that need the one at `position`, directly or through others, in depmod's order.
  public func dependents(of position: Int) -> [Int] {
    reached(from: [position]) { users[$0] }.dropFirst().sorted()
  }

  /// `start` and all that can be reached from there, each once, as they are met.
  func reached(from start: [Int], _ next: (Int) -> [Int]) -> [Int] {
    var isMet: Set<Int> = Set(start)
    var found = start
    var position = 0
    while position < found.count {
      for other in next(found[position]) where isMet.insert(other).inserted { found.append(other) }
      position += 1
    }
    return found
  }
}

extension DependencyGraph {
  /// What depmod says about circles (`depmod_report_cycles`); nothing without one.
  public var cycleMessages: [ByteText] {
    if cycles.isEmpty { return [] }
    var lines: [ByteText] = []
    for circle in cycles {
      var line: ByteText = "Cycle detected: "
      for position in circle { line = "\(line)\(members[position].name) -> " }
      lines.append("\(line)\(members[circle[0]].name)")
    }
    let count = Set(cycles.flatMap { $0 }).count
    return lines + ["Found \(count) modules in dependency cycles!"]
  }
}
