// Which function or object of one build is which of another, and what has changed in it.

/// What has changed in a function or an object.
public enum PieceChange: Hashable, Sendable {
  /// The bytes.
  case bytes
  /// It refers to one thing in place of another.
  case refers(from: ByteSlice, to: ByteSlice)
  /// A text.
  case text(from: ByteSlice, to: ByteSlice)
  /// Data without a name that it refers to.
  case data
  /// What it refers to stands elsewhere in something that has the same name.
  case place(ByteSlice)
  /// It lies in another section.
  case moved(from: ByteSlice, to: ByteSlice)
  /// What a table says about places in it.
  case table(ByteSlice)
  /// Lines of the source that it reports: nothing else.
  case lines
  /// The folder that a file of the source was built in.
  case path
}

/// A function or an object of two builds.
public struct PiecePair: Sendable {
  /// That of the older one.
  public let old: NormalizedPiece
  /// That of the newer one.
  public let new: NormalizedPiece
  /// What is different; empty when they are equal.
  public let changes: [PieceChange]

  /// Whether they are equal, or only lines and folders of the source are not.
  public var isSame: Bool { changes.allSatisfy { $0 == .lines || $0 == .path } }
}

/// The functions and objects of two builds, paired.
public struct PieceComparison: Sendable {
  /// Those that both have.
  public private(set) var pairs: [PiecePair] = []
  /// Those that only the newer build has.
  public private(set) var added: [NormalizedPiece] = []
  /// Those that only the older build has.
  public private(set) var removed: [NormalizedPiece] = []

  /// Of nothing.
  public init() {}

  /// Whether each has its equal.
  public var isSame: Bool { added.isEmpty && removed.isEmpty && pairs.allSatisfy { $0.isSame } }

  /// Pairs pieces by name; of several with one name those that are equal first, then in their order. What
  /// is left is paired by content.
  public init(_ old: NormalizedModule, _ new: NormalizedModule) {
    var waiting: [Kind: [NormalizedPiece]] = [:]
    for piece in new.pieces.reversed() { waiting[Kind(piece), default: []].append(piece) }
    var left: [NormalizedPiece] = []
    var groups: [(Kind, [NormalizedPiece])] = []
    var numbers: [Kind: Int] = [:]
    for piece in old.pieces {
      let kind = Kind(piece)
      if let number = numbers[kind] {
        groups[number].1.append(piece)
      } else {
        numbers[kind] = groups.count
        groups.append((kind, [piece]))
      }
    }
    for (kind, olds) in groups {
      var news = Array((waiting.removeValue(forKey: kind) ?? []).reversed())
      pair(olds, &news, &left)
      if !news.isEmpty { waiting[kind] = news.reversed() }
    }
    // In the order of the new module: a dictionary has another one in each run.
    var rest: [NormalizedPiece] = []
    for piece in new.pieces {
      rest += (waiting.removeValue(forKey: Kind(piece)) ?? []).reversed()
    }
    pairByContent(left, rest)
  }

  private struct Kind: Hashable {
    let key: ByteSlice
    let isFunction: Bool

    init(_ piece: NormalizedPiece) {
      key = piece.key
      isFunction = piece.isFunction
    }
  }

  /// What two pieces that are equal have in common.
  private struct Content: Hashable {
    let bytes: ByteSlice
    let size: UInt64
    let references: [PieceReference]

    init(_ piece: NormalizedPiece) {
      bytes = piece.bytes
      size = piece.size
      references = piece.references
    }
  }

  private mutating func pair(
    _ olds: [NormalizedPiece], _ news: inout [NormalizedPiece], _ left: inout [NormalizedPiece]
  ) {
    if olds.count == 1, news.count == 1 {
      pairs.append(Self.compared(olds[0], news[0]))
      news = []
      return
    }
    var byContent: [Content: [Int]] = [:]
    for (number, piece) in news.enumerated().reversed() {
      byContent[Content(piece), default: []].append(number)
    }
    var used: Set<Int> = []
    var others: [NormalizedPiece] = []
    for piece in olds {
      if let number = byContent[Content(piece)]?.popLast() {
        used.insert(number)
        pairs.append(Self.compared(piece, news[number]))
      } else {
        others.append(piece)
      }
    }
    var free = news.enumerated().filter { !used.contains($0.offset) }.map { $0.element }[...]
    for piece in others {
      if let next = free.popFirst() {
        pairs.append(Self.compared(piece, next))
      } else {
        left.append(piece)
      }
    }
    news = Array(free)
  }

  private mutating func pairByContent(_ olds: [NormalizedPiece], _ news: [NormalizedPiece]) {
    var byContent: [Content: [Int]] = [:]
    for (number, piece) in news.enumerated().reversed()
    where piece.isFunction && !piece.bytes.isEmpty {
      byContent[Content(piece), default: []].append(number)
    }
    var used: Set<Int> = []
    for piece in olds {
      if piece.isFunction, let number = byContent[Content(piece)]?.popLast() {
        used.insert(number)
        pairs.append(Self.compared(piece, news[number]))
      } else {
        removed.append(piece)
      }
    }
    added = news.enumerated().filter { !used.contains($0.offset) }.map { $0.element }
  }
}

extension PieceComparison {
  /// What is different between two pieces.
  static func compared(_ old: NormalizedPiece, _ new: NormalizedPiece) -> PiecePair {
    var changes: [PieceChange] = []
    func add(_ change: PieceChange) {
      if !changes.contains(change) { changes.append(change) }
    }
    if old.section != new.section { add(.moved(from: old.section, to: new.section)) }
    if old.size != new.size || old.bytes != new.bytes {
      let isLine = old.bytesWithoutLines != nil && old.bytesWithoutLines == new.bytesWithoutLines
      add(isLine ? .lines : .bytes)
    }
    if old.references != new.references { explain(old.references, new.references, add) }
    if old.entries != new.entries {
      let (before, after) = (sorted(old.entries), sorted(new.entries))
      if before != after { explain(before, after, add) }
    }
    return PiecePair(old: old, new: new, changes: changes)
  }

  private static func sorted(_ entries: [TableEntry]) -> [TableEntry] {
    // A sort that keeps the order of equals: two entries of a place stand in the order of the table.
    entries.enumerated().sorted {
      ($0.element.table, $0.element.offset, $0.offset) < (
        $1.element.table, $1.element.offset, $1.offset
      )
    }.map { $0.element }
  }

  private static func explain(
    _ old: [PieceReference], _ new: [PieceReference], _ add: (PieceChange) -> Void
  ) {
    guard old.count == new.count else {
      // Which of them are new tells more than that bytes differ.
      let before = Set(old.compactMap { $0.target.name })
      let after = Set(new.compactMap { $0.target.name })
      let (gone, come) = (before.subtracting(after).sorted(), after.subtracting(before).sorted())
      for name in gone { add(.refers(from: name, to: .empty(at: 0))) }
      for name in come { add(.refers(from: .empty(at: 0), to: name)) }
      add(.bytes)
      return
    }
    for (left, right) in zip(old, new) where left != right {
      if left.offset != right.offset || left.type != right.type { add(.bytes) }
      if left.target != right.target { add(change(left.target, right.target)) }
    }
  }

  private static func change(
    _ old: ReferenceTarget, _ new: ReferenceTarget
  ) -> PieceChange {
    if case .text(let before) = old, case .text(let after) = new {
      return old.isPath(of: new) ? .path : .text(from: before, to: after)
    }
    guard let before = old.name, let after = new.name else { return .data }
    if before == after { return .place(before) }
    return .refers(from: before, to: after)
  }

  private static func explain(
    _ old: [TableEntry], _ new: [TableEntry], _ add: (PieceChange) -> Void
  ) {
    if old.count == new.count, zip(old, new).allSatisfy({ $0.saysSame(as: $1) }) {
      if zip(old, new).contains(where: { $0.line != $1.line }) { add(.lines) }
      if zip(old, new).contains(where: { $0.references != $1.references }) { add(.path) }
      return
    }
    let tables = Set((old + new).map { $0.table }).sorted()
    for table in tables
    where !Self.saySame(
      old.filter { $0.table == table }, new.filter { $0.table == table })
    {
      add(.table(table))
    }
  }

  private static func saySame(_ old: [TableEntry], _ new: [TableEntry]) -> Bool {
    old.count == new.count && zip(old, new).allSatisfy { $0.saysSame(as: $1) }
  }
}
