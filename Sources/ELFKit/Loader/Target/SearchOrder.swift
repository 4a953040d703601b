// Which of several files with a module's name is the module: depmod's configuration (depmod.d(5)).

/// The lines of `depmod.d` that choose among files: `search`, `override`, `exclude`; and `external`, which
/// adds folders.
public struct SearchOrder: Sendable {
  /// Folders of the tree, the first of which wins; `built-in` stands for all that are not listed.
  public private(set) var search: [ByteSlice] = ["updates", "built-in"]
  /// Modules whose folder is named.
  private var overrides: [(name: ByteSlice, kernel: ByteSlice, folder: ByteSlice)] = []
  /// Names of folders and files that are not looked at.
  public private(set) var excluded: Set<ByteSlice> = []
  private var hasSearch = false

  /// The usual one: `updates`, then everything else.
  public init() {}

  /// Adds the lines of a file. The first file's `search` replaces the usual one, later ones add to it.
  public mutating func add(_ text: ByteSlice) {
    for line in text.split(separator: UInt8(ascii: "\n")) {
      let words = line.words
      guard let command = words.first, command.first != UInt8(ascii: "#") else { continue }
      let rest = Array(words.dropFirst())
      if command.equals("search") {
        search = hasSearch ? search + rest : rest
        hasSearch = true
      } else if command.equals("override"), rest.count >= 3 {
        overrides.append((ModuleName.folded(rest[0]), rest[1], rest[2]))
      } else if command.equals("exclude") {
        excluded.formUnion(rest)
      }
    }
  }

  /// How high the file at `path`, as it is called below the tree, stands: of two the higher one is the module.
  /// `release` is the kernel's.
  public func priority(of path: ByteSlice, release: ByteSlice?) -> Int {
    let name = ModuleName.ofFile(at: path)
    let folder = path[within: 0..<(path.lastIndex(of: UInt8(ascii: "/")) ?? 0)]
    for override in overrides where override.name == name && override.folder == folder {
      if override.kernel.equals("*") || override.kernel == release { return search.count + 1 }
    }
    var usual = 0
    for (position, entry) in search.enumerated() {
      let value = search.count - position
      if entry.equals("built-in") {
        usual = value
      } else if path.count > entry.count, path[entry.count] == UInt8(ascii: "/"),
        path[within: 0..<entry.count] == entry
      {
        // Whole names of folders only.
        return value
      }
    }
    return usual
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
    from members: [ModuleMember], order list: ByteSlice?, release: ByteSlice?,
    named: Set<ByteSlice> = []
  ) -> (members: [ModuleMember], shadowed: [ShadowedModule]) {
    var places: [ByteSlice: Int] = [:]
    var chosen: [(member: ModuleMember, priority: Int)] = []
    var lost: [(loser: ByteSlice, place: Int, isTie: Bool)] = []
    for member in members {
      let priority =
        named.contains(member.path) ? .max : priority(of: member.path, release: release)
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
