// What a word means to modprobe: a module by its name, by a symbol, by an alias, or something built in
// (libkmod/libkmod-module.c, `kmod_module_new_from_lookup`).

/// The modules of a tree by all that they are called.
public struct ModuleNames: Sendable {
  /// A module that a word means.
  public enum Meaning: Hashable, Sendable {
    /// The one at this position of the list.
    case file(Int)
    /// One that is a part of the kernel.
    case builtIn(ByteSlice)
  }

  /// An alias of a module.
  public struct Alias: Sendable {
    let pattern: ByteSlice
    let name: ByteSlice

    /// That what is built in as `name` is called `pattern`, too.
    public init(pattern: ByteSlice, name: ByteSlice) {
      self.pattern = pattern
      self.name = name
    }
  }

  private var positions: [ByteSlice: Int] = [:]
  private let providers: [ByteSlice: Int32]
  private let builtIns: Set<ByteSlice>
  private var files = Patterns()
  private var kernels = Patterns()

  /// Aliases: those without wildcards by what they are, the others by their first byte.
  private struct Patterns: Sendable {
    private var plain: [ByteSlice: [Meaning]] = [:]
    private var wild: [UInt8: [(ByteSlice, Meaning)]] = [:]

    mutating func add(_ pattern: ByteSlice, _ meaning: Meaning) {
      guard let normal = ModuleName.normalized(alias: pattern), let first = normal.first else {
        return
      }
      if normal.contains(where: Self.isWild) {
        let key = Self.isWild(first) ? 0 : first
        wild[key, default: []].append((pattern, meaning))
      } else {
        plain[ByteSlice(normal), default: []].append(meaning)
      }
    }

    func matching(_ word: ByteSlice) -> [Meaning] {
      guard let first = word.first else { return [] }
      var found = plain[word] ?? []
      for key in [0, first] {
        for (pattern, meaning) in wild[key] ?? [] where Self.matches(pattern, word) {
          found.append(meaning)
        }
      }
      return found
    }

    /// The modules with an alias that `pattern` matches, of those without wildcards.
    func candidates(_ pattern: AliasPattern) -> [Meaning] {
      plain.filter { pattern.matches($0.key) }.flatMap { $0.value }
    }

    private static func isWild(_ byte: UInt8) -> Bool { "*?[\\".utf8.contains(byte) }

    /// Patterns are made of those only that begin as the word does: a tree has tens of thousands.
    private static func matches(_ pattern: ByteSlice, _ word: ByteSlice) -> Bool {
      var position = 0
      while position < pattern.count, !isWild(pattern[position]) {
        guard position < word.count, ModuleName.folded(pattern[position]) == word[position] else {
          return false
        }
        position += 1
      }
      return AliasPattern(pattern).matches(word)
    }
  }

  /// The names of `members`, of which no two have one name and that offer the symbols `providers`; what is
  /// built in, and what that is also called.
  init(
    _ members: [ModuleMember], _ providers: [ByteSlice: Int32], builtIns: Set<ByteSlice>,
    aliases: [Alias]
  ) {
    self.providers = providers
    self.builtIns = builtIns
    for (position, member) in members.enumerated() {
      positions[member.name] = position
      for alias in member.words?.aliases ?? [] { files.add(alias, .file(position)) }
    }
    for alias in aliases { kernels.add(alias.pattern, .builtIn(alias.name)) }
  }

  /// Where the module called `name` is.
  public func position(of name: ByteSlice) -> Int? { positions[ModuleName.folded(name)] }

  /// What `word` means, each module once: the first kind of name that knows it decides, and of an alias all
  /// modules that claim it are meant, in their order. Nothing when no module is called so.
  public func meanings(of word: ByteSlice) -> [Meaning] {
    guard let normal = ModuleName.normalized(alias: word).map({ ByteSlice($0) }) else { return [] }
    if let position = positions[normal] { return [.file(position)] }
    if word.starts(with: "symbol:"), let owner = providers[word.suffix(from: 7)] {
      return [.file(Int(owner))]
    }
    let files = Set(files.matching(normal)).compactMap { meaning -> Int? in
      if case .file(let position) = meaning { position } else { nil }
    }
    if !files.isEmpty { return files.sorted().map { .file($0) } }
    let kernel = kernels.matching(normal)
    if !kernel.isEmpty {
      var seen: Set<Meaning> = []
      return kernel.filter { seen.insert($0).inserted }
    }
    return builtIns.contains(normal) ? [.builtIn(normal)] : []
  }

  /// The modules that `pattern` may mean, in their order: those whose name or alias it matches, aliases with
  /// wildcards aside. Nothing for a pattern that begins with what is filled in.
  public func candidates(of pattern: ByteSlice) -> [Meaning] {
    guard let first = pattern.first, first != UInt8(ascii: "*") else { return [] }
    let alias = AliasPattern(pattern)
    var found: Set<Meaning> = Set(files.candidates(alias)).union(kernels.candidates(alias))
    for (name, position) in positions where alias.matches(name) { found.insert(.file(position)) }
    for name in builtIns where alias.matches(name) { found.insert(.builtIn(name)) }
    if pattern.starts(with: "symbol:") {
      let symbols = AliasPattern(pattern.suffix(from: 7))
      for (name, owner) in providers where symbols.matches(name) {
        found.insert(.file(Int(owner)))
      }
    }
    return found.sorted(by: Self.comesBefore)
  }

  private static func comesBefore(_ left: Meaning, _ right: Meaning) -> Bool {
    switch (left, right) {
    case (.file(let left), .file(let right)): left < right
    case (.builtIn(let left), .builtIn(let right)): left < right
    case (.file, .builtIn): true
    case (.builtIn, .file): false
    }
  }
}
