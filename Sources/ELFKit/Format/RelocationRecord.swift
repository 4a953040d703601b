// Relocations (gABI "Relocation", elf(5) `Elf64_Rela`, `Elf64_Rel` and their 32-bit twins).

/// An entry of an `SHT_RELA` section.
public struct RelaRecord: ClassedRecord, Hashable {
  /// 12 and 24 bytes.
  @inlinable
  public static var byteCounts: (elf32: Int, elf64: Int) { (12, 24) }

  /// `r_offset`: in a relocatable file the offset within the section that is changed.
  public let offset: UInt64
  /// `r_info`: symbol and type; see ``RelocationInfo``.
  public let info: UInt64
  /// `r_addend`: what is added to the symbol's value.
  public let addend: Int64

  /// Decodes `Elf64_Rela`.
  @inlinable
  @inline(__always)
  public init(elf64 bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    offset = bytes.u64(base, encoding)
    info = bytes.u64(base + 8, encoding)
    addend = Int64(bitPattern: bytes.u64(base + 16, encoding))
  }

  /// Decodes `Elf32_Rela`.
  @inline(never)
  public init(elf32 bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    precondition(base >= 0 && base <= bytes.count - Self.byteCounts.elf32)
    offset = UInt64(bytes.u32(base, encoding))
    info = UInt64(bytes.u32(base + 4, encoding))
    addend = Int64(Int32(bitPattern: bytes.u32(base + 8, encoding)))
  }
}

/// An entry of an `SHT_REL` section; the addend is in the bytes that are changed.
public struct RelRecord: ClassedRecord, Hashable {
  /// 8 and 16 bytes.
  @inlinable
  public static var byteCounts: (elf32: Int, elf64: Int) { (8, 16) }

  /// `r_offset`: in a relocatable file the offset within the section that is changed.
  public let offset: UInt64
  /// `r_info`: symbol and type; see ``RelocationInfo``.
  public let info: UInt64

  /// Decodes `Elf64_Rel`.
  @inlinable
  @inline(__always)
  public init(elf64 bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    offset = bytes.u64(base, encoding)
    info = bytes.u64(base + 8, encoding)
  }

  /// Decodes `Elf32_Rel`.
  @inline(never)
  public init(elf32 bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    precondition(base >= 0 && base <= bytes.count - Self.byteCounts.elf32)
    offset = UInt64(bytes.u32(base, encoding))
    info = UInt64(bytes.u32(base + 4, encoding))
  }
}

/// What the lower half of `r_info` holds.
public enum RelocationPacking: Sendable {
  /// One type of 32 bits, as the gABI has it.
  case one
  /// Up to three types of 8 bits, one after the other, and a special symbol (MIPS64).
  case three
  /// A type of 8 bits and 24 bits of data (SPARC64).
  case data

  /// The type as a number of the machine's table: of several the first.
  @inlinable
  public func primaryType(_ type: UInt32) -> UInt32 { self == .one ? type : type & 0xff }
}

/// `r_info` taken apart.
///
/// The gABI puts the symbol into the upper and the type into the lower 32 bits; in 32-bit files the
/// type has the lower 8 bits and the symbol the 24 above. MIPS64 packs `r_sym` (32 bits), `r_ssym`,
/// `r_type3`, `r_type2` and `r_type` (8 bits each) in file order, which on little-endian files is not
/// the gABI's order (MIPS64 ELF specification, 2.9.1).
public struct RelocationInfo: Hashable, Sendable {
  /// The index of the symbol in the linked symbol table.
  public let symbol: SymbolIndex
  /// The type; on MIPS64 `r_type | r_type2 << 8 | r_type3 << 16 | r_ssym << 24`.
  public let type: UInt32

  /// Takes `info` apart as the machine's `packing` and `encoding` have it.
  @inlinable
  @inline(__always)
  public init(_ info: UInt64, _ packing: RelocationPacking, _ encoding: Encoding) {
    if encoding.fileClass == .elf32 {
      symbol = SymbolIndex(rawValue: UInt32(truncatingIfNeeded: info &>> 8))
      type = UInt32(truncatingIfNeeded: info & 0xff)
    } else if packing == .three, encoding.byteOrder == .little {
      symbol = SymbolIndex(rawValue: UInt32(truncatingIfNeeded: info))
      type = UInt32(truncatingIfNeeded: info &>> 32).byteSwapped
    } else {
      symbol = SymbolIndex(rawValue: UInt32(truncatingIfNeeded: info &>> 32))
      type = UInt32(truncatingIfNeeded: info)
    }
  }
}
