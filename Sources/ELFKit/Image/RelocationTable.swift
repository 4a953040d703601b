// Relocations: REL and RELA entries in one shape.

/// One relocation.
public struct Relocation: Hashable, Sendable {
  /// The offset, within the section that is changed, of the first byte that is changed.
  public let offset: UInt64
  /// The number of the symbol, 0 for none.
  public let symbol: SymbolIndex
  /// The type; on MIPS64 up to three types in one number, see ``RelocationInfo/type``.
  public let type: UInt32
  /// What is added to the symbol's value; `nil` when it is in the bytes that are changed (REL).
  public let addend: Int64?

  /// A relocation made of its parts.
  @inlinable
  public init(offset: UInt64, symbol: SymbolIndex, type: UInt32, addend: Int64?) {
    self.offset = offset
    self.symbol = symbol
    self.type = type
    self.addend = addend
  }
}

/// A relocation section (gABI `SHT_RELA` or `SHT_REL`). Indexing is O(1) and decodes one entry.
public struct RelocationTable: RandomAccessCollection, Sendable {
  /// The bytes of the table.
  public let bytes: ByteSlice
  /// Whether entries carry their addends.
  public let hasAddends: Bool
  /// The number of the section that is changed (`sh_info`).
  public let target: UInt32
  /// How the machine packs `r_info`.
  public let packing: RelocationPacking
  /// How numbers are written.
  public let encoding: Encoding

  /// A table over `bytes`; a remainder smaller than one entry is left out.
  public init(
    _ bytes: ByteSlice, hasAddends: Bool, target: UInt32, _ machine: Machine, _ encoding: Encoding
  ) {
    self.bytes = bytes
    self.hasAddends = hasAddends
    self.target = target
    // Only entries of 64-bit files have room for more than one type.
    packing = encoding.fileClass == .elf32 ? .one : machine.description?.format.packing ?? .one
    self.encoding = encoding
    stride =
      hasAddends ? RelaRecord.byteCount(in: encoding) : RelRecord.byteCount(in: encoding)
    endIndex = bytes.range.count / stride
  }

  /// Always zero.
  @inlinable
  public var startIndex: Int { 0 }

  /// The size of one entry in bytes.
  public let stride: Int

  /// The number of whole entries; kept, as the stride is, because every look at an entry needs it.
  public let endIndex: Int

  /// The relocation at `position`.
  @inlinable
  @inline(__always)
  public subscript(position: Int) -> Relocation {
    precondition(position >= 0 && position < endIndex, "index out of range")
    let span = bytes.storage.span
    let base = bytes.range.lowerBound &+ position &* stride
    if hasAddends {
      let record = RelaRecord(decoding: span, at: base, encoding)
      let info = RelocationInfo(record.info, packing, encoding)
      return Relocation(
        offset: record.offset, symbol: info.symbol, type: info.type, addend: record.addend)
    }
    let record = RelRecord(decoding: span, at: base, encoding)
    let info = RelocationInfo(record.info, packing, encoding)
    return Relocation(offset: record.offset, symbol: info.symbol, type: info.type, addend: nil)
  }
}

extension ELFImage {
  /// The relocations of `section`, which must be an `SHT_RELA` or `SHT_REL` section.
  public func relocations(in section: Section) throws(ELFError) -> RelocationTable {
    let header = section.header
    let hasAddends = header.type == .rela
    guard hasAddends || header.type == .rel else {
      throw ELFError(
        .wrongSectionType(header.type.rawValue), .section(section.index),
        at: sections.headers.fileOffset(of: .type, at: section.index))
    }
    return RelocationTable(
      try bytes(of: section), hasAddends: hasAddends, target: header.info,
      self.header.machine, encoding)
  }
}
