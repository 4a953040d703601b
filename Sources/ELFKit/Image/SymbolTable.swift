// Symbols: records joined with their names and, where these do not fit, their section numbers.

/// A symbol with its name and the section it is defined in.
public struct Symbol: Sendable {
  /// The symbol's number in its table; symbol 0 is never in use.
  public let index: Int
  /// The record as the file has it.
  public let record: SymbolRecord
  /// The name's bytes; empty for section symbols and when the offset lies outside the table.
  public let name: ByteSlice
  /// The number of the section the symbol is defined in, or `nil` for the special indices
  /// (undefined, absolute, common …); see ``SymbolRecord/sectionIndex`` for which.
  public let section: UInt32?

  /// Whether the symbol has to be found elsewhere.
  public var isUndefined: Bool { record.sectionIndex == .undefined }
}

/// A symbol table (gABI `SHT_SYMTAB` or `SHT_DYNSYM`).
///
/// Indexing is O(1) plus the length of the name.
public struct SymbolTable: RandomAccessCollection, Sendable {
  /// The records.
  public let records: RecordTable<SymbolRecord>
  /// The names.
  public let names: StringTable
  /// Section numbers for symbols whose `st_shndx` is `SHN_XINDEX`; empty when there are none.
  public let extendedIndices: RecordTable<UInt32>

  /// A table made of its parts.
  public init(
    _ records: RecordTable<SymbolRecord>, _ names: StringTable,
    extendedIndices: RecordTable<UInt32>
  ) {
    self.records = records
    self.names = names
    self.extendedIndices = extendedIndices
  }

  /// Always zero.
  public var startIndex: Int { 0 }
  /// The number of symbols, symbol 0 included.
  public var endIndex: Int { records.count }

  /// The symbol with this number, or `nil` when there is none.
  public subscript(index: SymbolIndex) -> Symbol? {
    let position = Int(index.rawValue)
    return position < endIndex ? self[position] : nil
  }

  /// The symbol at `position`, which lies below ``endIndex``. Numbers of a file are a ``SymbolIndex``.
  public subscript(position: Int) -> Symbol {
    let record = records[position]
    return Symbol(
      index: position, record: record,
      name: names[record.nameOffset] ?? .empty(at: names.bytes.fileOffset),
      section: section(of: record, at: position))
  }

  /// The section that the symbol at `position` is defined in, or `nil`.
  public func section(of record: SymbolRecord, at position: Int) -> UInt32? {
    let index = record.sectionIndex
    if index == .extended {
      return position < extendedIndices.count ? extendedIndices[position] : nil
    }
    return index == .undefined || index.isReserved ? nil : UInt32(index.rawValue)
  }
}

extension SymbolTable {
  /// A table without symbols.
  static func empty(_ encoding: Encoding) -> Self {
    Self(
      RecordTable(.empty(at: 0), encoding), StringTable(.empty(at: 0)),
      extendedIndices: RecordTable(.empty(at: 0), encoding))
  }
}

extension ELFImage {
  /// The symbol table of a module: its first `SHT_SYMTAB` section; empty when there is none.
  public func symbols() throws(ELFError) -> SymbolTable {
    guard let section = sections.first(ofType: .symtab) else {
      return .empty(encoding)
    }
    return try symbols(in: section)
  }

  /// The symbols of `section`, whatever `sh_entsize` says, as the kernel and readelf do; with the
  /// string table and the extended indices that belong to it.
  ///
  /// Throws when names overlap so often that they claim more than sixteen times the bytes of both
  /// tables.
  public func symbols(in section: Section) throws(ELFError) -> SymbolTable {
    let records = RecordTable<SymbolRecord>(try bytes(of: section), encoding)
    let names = try linkedStrings(of: section)
    try checkNames(names, of: records, in: section)
    return SymbolTable(records, names, extendedIndices: try extendedIndices(for: section))
  }

  /// Throws when the names of a symbol table overlap so often that they claim more than sixteen
  /// times the bytes of `names` and `records`.
  public func checkNames(
    _ names: StringTable, of records: RecordTable<SymbolRecord>, in section: Section
  ) throws(ELFError) {
    guard
      !names.isOverclaimed(
        by: records.lazy.map { $0.nameOffset }, ofRecords: records.bytes.count)
    else {
      throw ELFError(
        .overlapping, .section(Int(section.header.link)), at: names.bytes.fileOffset)
    }
  }

  private func extendedIndices(
    for section: Section
  ) throws(ELFError) -> RecordTable<UInt32> {
    guard let position = sections.extendedIndices(of: section.index) else {
      return RecordTable(.empty(at: 0), encoding)
    }
    return RecordTable(try bytes(of: sections[position]), encoding)
  }
}
