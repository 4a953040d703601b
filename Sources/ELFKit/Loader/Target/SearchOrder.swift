// Which of several files with a module's name is the module: depmod's configuration (depmod.d(5)).

/// The lines of `depmod.d` that choose among files: `search`, `override`, `exclude`; and `external`, which
/// adds folders.
public struct SearchOrder: Sendable {
  /// An entry of `search`.
  private enum Place: Sendable {
    /// A folder below the tree.
    case folder(ByteSlice)
    /// All of the tree that is not listed.
    case builtIn
    /// The folders of `external`.
    case external

    init(_ word: ByteSlice) {
      self =
        word.equals("built-in") ? .builtIn : word.equals("external") ? .external : .folder(word)
    }
  }

  /// The first place wins.
  private var search: [Place] = [.folder("updates"), .builtIn]
  private var hasSearch = false
  /// Modules whose folder is named.
  private var overrides: [(name: ByteSlice, folder: ByteSlice)] = []
  /// Folders outside of the tree whose modules count too, as they are called; of two the first wins.
  public private(set) var externals: [ByteSlice] = []
  /// Names of folders and files that are not looked at.
  private var excluded: Set<ByteSlice> = []

  /// The usual one: `updates`, then everything else.
  public init() {}

  /// Adds the lines of a file, and returns the numbers of those that mean nothing. The first `search`
  /// replaces the usual one, later ones add to it.
  ///
  /// `isMeant` says of a POSIX regular expression for releases whether it matches the kernel's. Of the folders
  /// of one `external` the first one counts alone: depmod (kmod 30, 34) does not look at the others, whatever
  /// depmod.d(5) says.
  public mutating func add(_ text: ByteSlice, isMeant: (ByteSlice) -> Bool) -> [Int] {
    var mistakes: [Int] = []
    for (number, words) in Self.lines(of: text) {
      guard let command = words.first, command.first != UInt8(ascii: "#") else { continue }
      let rest = Array(words.dropFirst())
      func isForKernel(_ pattern: ByteSlice) -> Bool { pattern.equals("*") || isMeant(pattern) }
      if command.equals("search") {
        search = (hasSearch ? search : []) + rest.map { Place($0) }
        hasSearch = true
      } else if command.equals("override"), rest.count >= 3 {
        if isForKernel(rest[1]) { overrides.append((ModuleName.folded(rest[0]), rest[2])) }
      } else if command.equals("external"), rest.count >= 2 {
        if isForKernel(rest[0]) { externals.append(Self.withoutSlashes(rest[1])) }
      } else if command.equals("exclude") {
        excluded.formUnion(rest)
      } else {
        mistakes.append(number)
      }
    }
    return mistakes
  }

  /// The words of each line with the number of its first one: one that ends in `\` goes on in the next.
  private static func lines(of text: ByteSlice) -> [(number: Int, words: [ByteSlice])] {
    var lines: [(number: Int, words: [ByteSlice])] = []
    var goesOn = false
    let all = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (position, part) in all.enumerated() {
      let line = ByteSlice(part)
      let breaks = line.last == UInt8(ascii: "\\")
      let words = (breaks ? line[within: 0..<line.count - 1] : line).words
      if goesOn, let last = lines.indices.last {
        lines[last].words += words
      } else {
        lines.append((position + 1, words))
      }
      goesOn = breaks
    }
    return lines
  }

  /// `folder` as paths in it begin.
  private static func withoutSlashes(_ folder: ByteSlice) -> ByteSlice {
    var count = folder.count
    while count > 1, folder[count - 1] == UInt8(ascii: "/") { count -= 1 }
    return folder[within: 0..<count]
  }

  /// Whether nobody looks at the file at `path`: it, or a folder above it, is excluded.
  func excludes(_ path: ByteSlice) -> Bool {
    !excluded.isEmpty && path.split(separator: UInt8(ascii: "/")).contains { excluded.contains($0) }
  }

  /// How high the file at `path`, as it is called below the tree, stands: of two the higher one is the module.
  public func priority(of path: ByteSlice) -> Int {
    let name = ModuleName.ofFile(at: path)
    let parent = path[within: 0..<(path.lastIndex(of: UInt8(ascii: "/")) ?? 0)]
    // A folder that is named is one of the tree.
    if path.first != UInt8(ascii: "/"),
      overrides.contains(where: { $0.name == name && $0.folder == parent })
    {
      return .max - 1
    }
    var usual = 0
    var value = search.count * (externals.count + 1)
    for place in search {
      switch place {
      case .builtIn: usual = value
      case .folder(let folder):
        if Self.lies(path, below: folder) { return value }
      case .external:
        for folder in externals {
          if Self.lies(path, below: folder) { return value }
          value -= 1
        }
      }
      value -= 1
    }
    return usual
  }

  /// Whole names of folders only.
  private static func lies(_ path: ByteSlice, below folder: ByteSlice) -> Bool {
    path.count > folder.count && path[folder.count] == UInt8(ascii: "/")
      && path[within: 0..<folder.count] == folder
  }
}

/// A file that is not the module of its name, because another one is.
public struct ShadowedModule: Sendable {
  /// The file.
  public let path: ByteSlice
  /// The one that counts.
  public let winner: ByteSlice
  /// Whether both stand equally high, so that depmod takes the one that it meets first, as the folder
  /// happens to be sorted.
  public let isTie: Bool
}

extension SearchOrder {
  /// The modules among `members` that count, in the order of `list` (`modules.order`, whose lines are their paths,
  /// uncompressed), then those that it does not name; and those that do not count. The files `named` come before
  /// all others of their names.
  public func chosen(
    from members: [ModuleMember], order list: ByteSlice?, named: Set<ByteSlice> = []
  ) -> (members: [ModuleMember], shadowed: [ShadowedModule]) {
    var places: [ByteSlice: Int] = [:]
    var chosen: [(member: ModuleMember, priority: Int)] = []
    var lost: [(loser: ByteSlice, place: Int, isTie: Bool)] = []
    for member in members where named.contains(member.path) || !excludes(member.path) {
      let priority = named.contains(member.path) ? .max : priority(of: member.path)
      guard let place = places[member.name] else {
        places[member.name] = chosen.count
        chosen.append((member, priority))
        continue
      }
      let before = chosen[place]
      if priority > before.priority { chosen[place] = (member, priority) }
      let loser = priority > before.priority ? before.member.path : member.path
      lost.append((loser, place, priority == before.priority))
    }
    let shadowed = lost.map {
      ShadowedModule(path: $0.loser, winner: chosen[$0.place].member.path, isTie: $0.isTie)
    }
    var lines: [ByteSlice: Int] = [:]
    for line in list?.split(separator: UInt8(ascii: "\n")) ?? [] where lines[line] == nil {
      lines[line] = lines.count
    }
    let sorted = chosen.map { $0.member }.enumerated().map { position, member in
      (lines[Self.uncompressed(member.path)] ?? lines.count + position, member)
    }.sorted { $0.0 < $1.0 }
    return (sorted.map { $0.1 }, shadowed)
  }

  /// `path` up to and with `.ko`.
  private static func uncompressed(_ path: ByteSlice) -> ByteSlice {
    for ending in [".gz", ".xz", ".zst"] where path.ends(with: ".ko" + ending) {
      return path[within: 0..<path.count - ending.utf8.count]
    }
    return path
  }
}
