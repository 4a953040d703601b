// Strings that DWARF refers to by their offset in another section, which is a relocation.

/// The string sections of a file, and the relocations of the section whose strings are asked for.
struct DebugStrings: Sendable {
  private let machine: Machine
  private let encoding: Encoding
  private let symbols: SymbolTable
  private let relocations: SortedRelocations
  private var tables: [Int: ByteSlice] = [:]
  /// The numbers of `.debug_str` and `.debug_line_str`.
  private let sections: [Int?]

  init(_ image: ELFImage, _ section: Int) throws(ELFError) {
    machine = image.header.machine
    encoding = image.encoding
    symbols = try image.symbols()
    relocations = try SortedRelocations(image, of: section)
    var tables: [Int: ByteSlice] = [:]
    var numbers: [Int?] = []
    for name in [".debug_str", ".debug_line_str"] {
      let section = image.sections.first(named: name)
      let isPlain = section.map { !$0.header.flags.contains(.compressed) } ?? false
      if let section, isPlain { tables[section.index] = try image.bytes(of: section) }
      numbers.append(section?.index)
    }
    self.tables = tables
    sections = numbers
  }

  /// Where the field that `relocation` changes leads; `nil` when it leads out of the file, or what the
  /// type does is not known.
  func target(
    of relocation: Relocation, _ symbols: SymbolTable, _ bytes: ByteSlice
  ) -> DebugTarget? {
    guard case .absolute(let size)? = machine.relocationEffect(relocation.type),
      let symbol = symbols[relocation.symbol], let section = symbol.section
    else { return nil }
    var addend = UInt64(bitPattern: relocation.addend ?? 0)
    if relocation.addend == nil {
      var cursor = DebugCursor(
        bytes, encoding, at: Int(Swift.min(relocation.offset, UInt64(bytes.count))))
      addend = cursor.number(size)
    }
    return DebugTarget(section: Int(section), offset: symbol.record.value &+ addend)
  }

  /// The string whose offset stands at `position` of `bytes`, in `.debug_line_str` or `.debug_str`.
  func string(at position: Int, _ stored: UInt64, inLines: Bool, _ bytes: ByteSlice) -> ByteSlice? {
    var place = sections[inLines ? 1 : 0].map { DebugTarget(section: $0, offset: stored) }
    if let relocation = relocations.first(at: UInt64(position)) {
      place = target(of: relocation, symbols, bytes)
    }
    guard let place, let table = tables[place.section], place.offset < UInt64(table.count) else {
      return nil
    }
    // A name that has no end soon is none.
    let rest = table.suffix(from: Int(place.offset))
    let head = rest[within: 0..<Swift.min(rest.count, 4096)]
    return head.firstIndex(of: 0).map { head[within: 0..<$0] }
  }
}
