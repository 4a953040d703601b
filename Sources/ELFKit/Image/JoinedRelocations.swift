// Relocations by what they change, joined with what their numbers stand for.

/// The type of a relocation on one machine.
public struct RelocationType: Hashable, Sendable {
  /// The number in the machine's table: on MIPS64 the first of three, on SPARC without its data.
  public let number: UInt32
  /// The machine.
  public let machine: Machine

  /// The name (`R_X86_64_PC32`), or `nil` when it is unknown.
  public var name: String? { machine.relocationName(number) }
}

/// One relocation, and what its numbers stand for.
public struct JoinedRelocation: Sendable {
  /// The numbers as the file has them.
  public let record: Relocation
  /// What is done to the bytes.
  public let type: RelocationType
  /// The symbol; `nil` when there is none with the number ``Relocation/symbol``, which only a damaged
  /// file has. Number 0 is a symbol that is all zero.
  public let symbol: Symbol?
  /// The section that the symbol is defined in; `nil` when it is in none, or in one that is not there.
  public let section: Section?
  /// The number of the section that holds the relocation.
  public let table: Int

  /// The offset, within the section that is changed, of the first byte that is changed.
  public var offset: UInt64 { record.offset }
  /// What is added to the symbol's value; `nil` when it is in the bytes that are changed.
  public var addend: Int64? { record.addend }
  /// The symbol's name, or, as symbols of sections have none, that of its section; `nil` without a
  /// symbol.
  public var symbolName: ByteSlice? {
    guard let symbol else { return nil }
    return symbol.record.nameOffset == 0 ? section?.name ?? symbol.name : symbol.name
  }
}

/// All relocations that change one section, in the order of the file.
///
/// Each is joined when it is asked for. Indexing costs the length of the symbol's name and, when
/// several tables change the section, O(log of their number).
public struct JoinedRelocations: RandomAccessCollection, Sendable {
  /// One relocation section and the position of its first entry.
  fileprivate struct Part {
    let number: Int
    let start: Int
    let relocations: RelocationTable
    let symbols: SymbolTable
  }

  fileprivate let parts: [Part]
  fileprivate let sections: SectionTable
  fileprivate let machine: Machine

  /// The number of relocations.
  public let endIndex: Int
  /// Always zero.
  public var startIndex: Int { 0 }

  /// The relocation at `position`.
  public subscript(position: Int) -> JoinedRelocation {
    precondition(position >= 0 && position < endIndex, "index out of range")
    let part = parts[partIndex(at: position)]
    let record = part.relocations[position - part.start]
    let symbol = part.symbols[record.symbol]
    return JoinedRelocation(
      record: record,
      type: RelocationType(
        number: part.relocations.packing.primaryType(record.type), machine: machine),
      symbol: symbol, section: symbol?.section.flatMap { sections.section($0) }, table: part.number)
  }

  /// The last part that begins at or before `position`; none is empty.
  private func partIndex(at position: Int) -> Int {
    Swift.max(Halving.firstIndex(parts.count) { parts[$0].start > position } - 1, 0)
  }
}

extension ELFImage {
  /// The relocations that change `section`: those of every `SHT_RELA` and `SHT_REL` section whose
  /// `sh_info` names it, each joined with the symbol table that its `sh_link` names.
  ///
  /// Who asks for many sections gives the `symbols` of the module, so that they are not read again for
  /// each. Throws when one of the tables cannot be read, and when the names that the relocations refer
  /// to are, each time counted, sixteen times longer than all tables together.
  public func relocations(
    of section: Section, with symbols: SymbolTable? = nil
  ) throws(ELFError) -> JoinedRelocations {
    var parts: [JoinedRelocations.Part] = []
    var tables: [UInt32: SymbolTable] = [:]
    var count = 0
    for number in sections.relocationSections(of: section.index) {
      let relocations = try self.relocations(in: sections[number])
      guard !relocations.isEmpty else { continue }
      let link = sections[number].header.link
      let table: SymbolTable
      if let known = symbols ?? tables[link] {
        table = known
      } else {
        table = try self.symbols(in: try sections.linked(from: sections[number]))
        tables[link] = table
      }
      let part = JoinedRelocations.Part(
        number: number, start: count, relocations: relocations, symbols: table)
      try checkNames(of: part)
      parts.append(part)
      count += relocations.count
    }
    return JoinedRelocations(
      parts: parts, sections: sections, machine: header.machine, endIndex: count)
  }

  /// A name may be as long as the file, and every relocation may refer to it.
  private func checkNames(of part: JoinedRelocations.Part) throws(ELFError) {
    let (records, names) = (part.symbols.records, part.symbols.names)
    guard names.hasString(longerThan: 256) || sections.names.hasString(longerThan: 256) else {
      return
    }
    let size = [names.bytes, sections.names.bytes, records.bytes, part.relocations.bytes]
      .reduce(0) { $0 + UInt64($1.count) }
    var allowance = Allowance(for: 4 * size)
    for relocation in part.relocations {
      guard let record = records[relocation.symbol] else { continue }
      var name = names.range(at: record.nameOffset)
      if record.nameOffset == 0,
        let number = part.symbols.section(of: record, at: Int(relocation.symbol.rawValue)),
        number < sections.count
      {
        name = sections.names.range(at: sections.headers.nameOffset(of: Int(number)))
      }
      guard allowance.take(UInt64(name?.count ?? 0)) else {
        throw ELFError(.overlapping, .section(part.number), at: part.relocations.bytes.fileOffset)
      }
    }
  }
}
