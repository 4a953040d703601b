// Lists of the symbols that a vendor keeps stable from one release of its kernel to the next: Red Hat's
// stablelists, Android's symbol lists, SUSE's symvers and symtypes.

/// Symbols that a vendor keeps stable.
public struct SymbolList: Hashable, Sendable {
  /// The symbols.
  public let names: Set<ByteSlice>

  /// These symbols.
  public init(names: Set<ByteSlice>) { self.names = names }

  /// Reads a symbol a line, with blanks before it or without. Lines that begin with `#` are comments,
  /// those with `[` headings (`[rhel9_x86_64_stablelist]`, `[abi_symbol_list]`); in lines of a
  /// `Module.symvers` the symbol follows its CRC; in symtypes words with `#` are types. The cost grows
  /// with the number of bytes.
  public init(_ text: ByteSlice) {
    var names: Set<ByteSlice> = []
    // A byte order mark is no part of the first line.
    var start = text.starts(with: "\u{feff}") ? 3 : 0
    while start < text.count {
      let end = text.firstIndex(of: UInt8(ascii: "\n"), from: start) ?? text.count
      if let name = Self.name(in: text[within: start..<end]) { names.insert(name) }
      start = end + 1
    }
    self.names = names
  }

  /// Whether it has `name`, or `name` is one that modules of some machines need and no kernel offers,
  /// since the loader provides it.
  public func contains(_ name: ByteSlice) -> Bool {
    names.contains(name) || Self.isProvidedByLoader(name)
  }

  /// Whether `name` is a symbol that the loader of some machine provides.
  static func isProvidedByLoader(_ name: ByteSlice) -> Bool {
    name.equals(".TOC.") || name.equals("_GLOBAL_OFFSET_TABLE_")
  }

  /// The symbol that a line names, or `nil`.
  private static func name(in line: ByteSlice) -> ByteSlice? {
    var rest = line
    guard let first = word(&rest), first[0] != UInt8(ascii: "#"), first[0] != UInt8(ascii: "[")
    else { return nil }
    let name = first.starts(with: "0x") ? word(&rest) ?? first : first
    let isName = name.allSatisfy { 0x21...0x7e ~= $0 && $0 != UInt8(ascii: "#") }
    return isName ? name : nil
  }

  /// The next word of `rest`, which then begins after it; `nil` when there is none.
  private static func word(_ rest: inout ByteSlice) -> ByteSlice? {
    func isBlank(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
    guard let start = (0..<rest.count).first(where: { !isBlank(rest[$0]) }) else { return nil }
    let end = (start..<rest.count).first { isBlank(rest[$0]) } ?? rest.count
    let word = rest[within: start..<end]
    rest = rest.suffix(from: end)
    return word
  }
}
