// Symbols (gABI "Symbol Table", elf(5) `Elf64_Sym`) and the numbers in them.

/// One entry of a symbol table, as the file has it.
public struct SymbolRecord: ClassedRecord, Hashable {
  /// 16 and 24 bytes.
  @inlinable
  public static var byteCounts: (elf32: Int, elf64: Int) { (16, 24) }

  /// `st_name`: the offset of the name in the linked string table.
  public let nameOffset: UInt32
  /// `st_info`: binding in the upper, type in the lower four bits.
  public let info: UInt8
  /// `st_other`: visibility in the lower two bits, the rest is the processor's.
  public let other: UInt8
  /// `st_shndx`: the section the symbol is defined in, or a special index.
  public let sectionIndex: SectionIndex
  /// `st_value`: in a relocatable file an offset within the section.
  public let value: UInt64
  /// `st_size`: the size of the object or function in bytes; 0 when unknown.
  public let size: UInt64

  /// Decodes `Elf64_Sym`.
  @inlinable
  @inline(__always)
  public init(elf64 bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    nameOffset = bytes.u32(base, encoding)
    info = bytes[base + 4]
    other = bytes[base + 5]
    sectionIndex = SectionIndex(rawValue: bytes.u16(base + 6, encoding))
    value = bytes.u64(base + 8, encoding)
    size = bytes.u64(base + 16, encoding)
  }

  /// Decodes `Elf32_Sym`.
  @inline(never)
  public init(elf32 bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    precondition(base >= 0 && base <= bytes.count - Self.byteCounts.elf32)
    nameOffset = bytes.u32(base, encoding)
    value = UInt64(bytes.u32(base + 4, encoding))
    size = UInt64(bytes.u32(base + 8, encoding))
    info = bytes[base + 12]
    other = bytes[base + 13]
    sectionIndex = SectionIndex(rawValue: bytes.u16(base + 14, encoding))
  }

  /// The binding: local, global or weak.
  @inlinable
  public var binding: SymbolBinding { SymbolBinding(rawValue: info &>> 4) }
  /// What the symbol names.
  @inlinable
  public var type: SymbolType { SymbolType(rawValue: info & 0xf) }
}

/// `st_shndx`: a section or one of the special indices.
public struct SectionIndex: RawRepresentable, Hashable, Sendable {
  /// The number of the file.
  public let rawValue: UInt16
  /// Any value; unknown ones are kept.
  @inlinable
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Not defined here (`SHN_UNDEF`).
  public static var undefined: Self { Self(rawValue: 0) }
  /// The first special index (`SHN_LORESERVE`).
  public static var firstReserved: Self { Self(rawValue: 0xff00) }
  /// Resolved by livepatch (`SHN_LIVEPATCH`, linux/elf.h).
  public static var livepatch: Self { Self(rawValue: 0xff20) }
  /// The value is absolute (`SHN_ABS`).
  public static var absolute: Self { Self(rawValue: 0xfff1) }
  /// A common block (`SHN_COMMON`).
  public static var common: Self { Self(rawValue: 0xfff2) }
  /// The index is in the `SHT_SYMTAB_SHNDX` section (`SHN_XINDEX`).
  public static var extended: Self { Self(rawValue: 0xffff) }

  /// Whether this is a special index and not a section.
  @inlinable
  public var isReserved: Bool { rawValue >= 0xff00 }
}

/// The upper four bits of `st_info`.
public struct SymbolBinding: RawRepresentable, Hashable, Sendable {
  /// The number of the file.
  public let rawValue: UInt8
  /// Any value; unknown ones are kept.
  @inlinable
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Known within its file only (`STB_LOCAL`).
  public static var local: Self { Self(rawValue: 0) }
  /// Known to every file (`STB_GLOBAL`).
  public static var global: Self { Self(rawValue: 1) }
  /// Like global, but may be missing (`STB_WEAK`).
  public static var weak: Self { Self(rawValue: 2) }
}

/// The lower four bits of `st_info`.
public struct SymbolType: RawRepresentable, Hashable, Sendable {
  /// The number of the file.
  public let rawValue: UInt8
  /// Any value; unknown ones are kept.
  @inlinable
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Not specified (`STT_NOTYPE`).
  public static var none: Self { Self(rawValue: 0) }
  /// Data (`STT_OBJECT`).
  public static var object: Self { Self(rawValue: 1) }
  /// A function (`STT_FUNC`).
  public static var function: Self { Self(rawValue: 2) }
  /// The section itself (`STT_SECTION`).
  public static var section: Self { Self(rawValue: 3) }
  /// The name of a source file (`STT_FILE`).
  public static var file: Self { Self(rawValue: 4) }
  /// A function that chooses the function (`STT_GNU_IFUNC`).
  public static var indirectFunction: Self { Self(rawValue: 10) }
}
