// The version of each symbol for dynamic linking, with its name.

/// Versions of symbols: a number for each symbol, and the names of these numbers.
public struct SymbolVersions: Sendable {
  /// How a symbol has its version.
  public enum Kind: Hashable, Sendable {
    /// It is the version that who asks for the name alone gets.
    case usual
    /// Only who asks for the version gets it.
    case hidden
    /// It is needed of another file, under this number.
    case needed(UInt16)
  }

  /// The numbers of the symbols.
  public private(set) var numbers: RecordTable<VersionNumber>
  /// The offsets of the names that the file defines, by number; `nil` when it defines none.
  private let definitions: [UInt16: UInt32]?
  /// The offsets of the names that it needs, by number; `nil` when it needs none.
  private let needs: [UInt16: UInt32]?

  /// Versions made of their parts.
  public init(
    _ numbers: RecordTable<VersionNumber>, definitions: [DefinedVersion]?, needs: [NeededFile]?
  ) {
    self.numbers = numbers
    self.definitions = definitions.map { list in
      var names: [UInt16: UInt32] = [:]
      for version in list.reversed() {
        if let name = version.names.first {
          names[version.record.index] = name.record.nameOffset
        }
      }
      return names
    }
    self.needs = needs.map { list in
      var names: [UInt16: UInt32] = [:]
      for version in list.reversed().flatMap({ $0.versions.reversed() }) {
        names[version.record.index] = version.record.nameOffset
      }
      return names
    }
  }

  /// The same names for other numbers.
  public func numbered(by numbers: RecordTable<VersionNumber>) -> SymbolVersions {
    var versions = self
    versions.numbers = numbers
    return versions
  }

  /// The offset of the name of the version with this number, of those that are needed or of all.
  public func nameOffset(of version: VersionNumber, isDefined: Bool) -> UInt32? {
    if isDefined, let offset = definitions?[version.index] { return offset }
    return needs?[version.rawValue]
  }

  /// The version of the symbol at `position`: how it has it, and the offset of the version's name, which is
  /// `nil` when nothing says what the number means. `nil` for a symbol without a version.
  public func version(
    of symbol: SymbolRecord, at position: Int
  ) -> (kind: Kind, nameOffset: UInt32?)? {
    guard position < numbers.count else { return nil }
    let number = numbers[position]
    guard number.rawValue != 0, number.index != 1 else { return nil }
    let kind: Kind = number.isHidden ? .hidden : .usual
    if symbol.sectionIndex != .undefined, let definitions, let offset = definitions[number.index] {
      // The symbol that stands for the version itself.
      return offset == symbol.nameOffset ? nil : (kind, offset)
    }
    guard let needs else { return nil }
    guard let offset = needs[number.rawValue] else { return (kind, nil) }
    return (.needed(number.rawValue), offset)
  }
}
