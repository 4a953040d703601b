// All modules of a kernel by name: those in files, those built in, and what else they are called.

/// The modules that `modprobe` would find.
public struct KnownModules: Sendable {
  /// The names, as they are compared.
  public let names: Set<ByteSlice>
  /// The text of `modules.alias`.
  private let aliases: ByteSlice

  /// Modules with these `names` (dashes and underscores being the same), and the text of `modules.alias`.
  public init(names: Set<ByteSlice>, aliases: ByteSlice) {
    self.names = names
    self.aliases = aliases
  }

  /// Whether `word`, a name or an alias, means one of them. Costs a look at each alias when it is no name.
  public func knows(_ word: ByteSlice) -> Bool {
    if names.contains(ModuleName.folded(word)) { return true }
    guard let first = word.first else { return false }
    var start = 0
    while start < aliases.count {
      let end = aliases.firstIndex(of: UInt8(ascii: "\n"), from: start) ?? aliases.count
      let line = aliases[within: start..<end]
      start = end + 1
      let prefix = "alias "
      guard line.starts(with: prefix) else { continue }
      let rest = line.suffix(from: prefix.utf8.count)
      guard let initial = rest.first, initial == first || !Self.isPlain(initial),
        let blank = rest.firstIndex(of: UInt8(ascii: " "))
      else { continue }
      if AliasPattern(rest[within: 0..<blank]).matches(word) { return true }
    }
    return false
  }

  /// Whether a pattern that begins so can only match what begins so.
  private static func isPlain(_ byte: UInt8) -> Bool {
    !"*?[\\_-".utf8.contains(byte)
  }
}
