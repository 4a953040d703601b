// Section headers (gABI "Sections", elf(5) `Elf64_Shdr`) and the numbers in them.

/// One entry of the section header table.
public struct SectionHeader: ClassedRecord, Hashable {
  /// 40 and 64 bytes.
  @inlinable
  public static var byteCounts: (elf32: Int, elf64: Int) { (40, 64) }

  /// `sh_name`: the offset of the name in the section of names.
  public let nameOffset: UInt32
  /// `sh_type`: what the section holds.
  public let type: SectionType
  /// `sh_flags`: how it is used.
  public let flags: SectionFlags
  /// `sh_addr`: its address; 0 in a relocatable file.
  public let address: UInt64
  /// `sh_offset`: the file offset of its bytes.
  public let offset: UInt64
  /// `sh_size`: its size in bytes; a `NOBITS` section has no bytes in the file.
  public let size: UInt64
  /// `sh_link`: another section whose meaning depends on the type.
  public let link: UInt32
  /// `sh_info`: a number whose meaning depends on the type.
  public let info: UInt32
  /// `sh_addralign`: its alignment; 0 and 1 mean none.
  public let alignment: UInt64
  /// `sh_entsize`: the size of one entry of a table; 0 when it is none.
  public let entrySize: UInt64

  /// Decodes `Elf64_Shdr`.
  @inlinable
  @inline(__always)
  public init(elf64 bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    nameOffset = bytes.u32(base, encoding)
    type = SectionType(rawValue: bytes.u32(base + 4, encoding))
    flags = SectionFlags(rawValue: bytes.u64(base + 8, encoding))
    address = bytes.u64(base + 16, encoding)
    offset = bytes.u64(base + 24, encoding)
    size = bytes.u64(base + 32, encoding)
    link = bytes.u32(base + 40, encoding)
    info = bytes.u32(base + 44, encoding)
    alignment = bytes.u64(base + 48, encoding)
    entrySize = bytes.u64(base + 56, encoding)
  }

  /// Decodes `Elf32_Shdr`.
  @inline(never)
  public init(elf32 bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    precondition(base >= 0 && base <= bytes.count - Self.byteCounts.elf32)
    nameOffset = bytes.u32(base, encoding)
    type = SectionType(rawValue: bytes.u32(base + 4, encoding))
    flags = SectionFlags(rawValue: UInt64(bytes.u32(base + 8, encoding)))
    address = UInt64(bytes.u32(base + 12, encoding))
    offset = UInt64(bytes.u32(base + 16, encoding))
    size = UInt64(bytes.u32(base + 20, encoding))
    link = bytes.u32(base + 24, encoding)
    info = bytes.u32(base + 28, encoding)
    alignment = UInt64(bytes.u32(base + 32, encoding))
    entrySize = UInt64(bytes.u32(base + 36, encoding))
  }

  /// The number of bytes that the section has in the file: none when it is `NOBITS` or `NULL`.
  public var fileSize: UInt64 { type == .nobits || type == .null ? 0 : size }

  /// Whether the byte at `offset` of the file is one of the section's.
  public func fileContains(_ offset: UInt64) -> Bool {
    offset >= self.offset && offset - self.offset < fileSize
  }
}

extension SectionHeader {
  /// A field that errors point at.
  public enum Field: Sendable {
    /// `sh_type`
    case type
    /// `sh_size`
    case size
    /// `sh_link`
    case link
    /// `sh_info`
    case info
    /// `sh_addralign`
    case alignment
  }

  /// Where the field lies in the record.
  public static func offset(of field: Field, in encoding: Encoding) -> UInt64 {
    let is64 = encoding.fileClass == .elf64
    return switch field {
    case .type: 4
    case .size: is64 ? 32 : 20
    case .link: is64 ? 40 : 24
    case .info: is64 ? 44 : 28
    case .alignment: is64 ? 48 : 32
    }
  }
}

extension RecordTable<SectionHeader> {
  /// `sh_name` of the header at `position`, without a look at the rest of it: that would be most of
  /// the work of looking for a name.
  @inlinable
  @inline(__always)
  public func nameOffset(of position: Int) -> UInt32 { word(0, of: position) }

  /// `sh_type` of the header at `position`, without a look at the rest of it.
  @inlinable
  @inline(__always)
  public func type(of position: Int) -> SectionType { SectionType(rawValue: word(1, of: position)) }

  /// The file offset of a field of the header at `position`.
  public func fileOffset(of field: SectionHeader.Field, at position: Int) -> UInt64 {
    fileOffset(of: position) &+ SectionHeader.offset(of: field, in: encoding)
  }
}

/// `sh_type`: what a section holds.
public struct SectionType: RawRepresentable, Hashable, Sendable {
  /// The number of the file.
  public let rawValue: UInt32
  /// Any value; unknown ones are kept.
  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Not in use (`SHT_NULL`).
  public static var null: Self { Self(rawValue: 0) }
  /// Bytes whose meaning is the program's own (`SHT_PROGBITS`).
  public static var progbits: Self { Self(rawValue: 1) }
  /// A symbol table (`SHT_SYMTAB`).
  public static var symtab: Self { Self(rawValue: 2) }
  /// A string table (`SHT_STRTAB`).
  public static var strtab: Self { Self(rawValue: 3) }
  /// Relocations with addends (`SHT_RELA`).
  public static var rela: Self { Self(rawValue: 4) }
  /// Notes (`SHT_NOTE`).
  public static var note: Self { Self(rawValue: 7) }
  /// Zero bytes that the file does not hold (`SHT_NOBITS`).
  public static var nobits: Self { Self(rawValue: 8) }
  /// Relocations whose addends are in the bytes they change (`SHT_REL`).
  public static var rel: Self { Self(rawValue: 9) }
  /// Symbols for dynamic linking (`SHT_DYNSYM`).
  public static var dynsym: Self { Self(rawValue: 11) }
  /// A section group (`SHT_GROUP`).
  public static var group: Self { Self(rawValue: 17) }
  /// Section indices that do not fit into symbols (`SHT_SYMTAB_SHNDX`).
  public static var symtabSectionIndices: Self { Self(rawValue: 18) }
  /// Relative relocations, packed (`SHT_RELR`).
  public static var relr: Self { Self(rawValue: 19) }
  /// Versions that are defined (`SHT_GNU_verdef`).
  public static var versionDefinitions: Self { Self(rawValue: 0x6fff_fffd) }
  /// Versions that are needed (`SHT_GNU_verneed`).
  public static var versionNeeds: Self { Self(rawValue: 0x6fff_fffe) }
  /// The version of each symbol (`SHT_GNU_versym`).
  public static var symbolVersions: Self { Self(rawValue: 0x6fff_ffff) }

  /// Whether it is one of the two kinds of relocation section.
  public var isRelocations: Bool { self == .rela || self == .rel }
}

/// `sh_flags`: how a section is used. Unknown bits are kept.
public struct SectionFlags: OptionSet, Hashable, Sendable {
  /// The bits of the file.
  public let rawValue: UInt64
  /// Any bits.
  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Writable (`SHF_WRITE`).
  public static var write: Self { Self(rawValue: 0x1) }
  /// Occupies memory (`SHF_ALLOC`).
  public static var alloc: Self { Self(rawValue: 0x2) }
  /// Holds instructions (`SHF_EXECINSTR`).
  public static var executable: Self { Self(rawValue: 0x4) }
  /// May be merged (`SHF_MERGE`).
  public static var merge: Self { Self(rawValue: 0x10) }
  /// Holds NUL-ended strings (`SHF_STRINGS`).
  public static var strings: Self { Self(rawValue: 0x20) }
  /// `sh_info` names a section (`SHF_INFO_LINK`).
  public static var infoLink: Self { Self(rawValue: 0x40) }
  /// The section belongs to a group (`SHF_GROUP`).
  public static var group: Self { Self(rawValue: 0x200) }
  /// Holds variables of which every thread has its own (`SHF_TLS`).
  public static var threadLocal: Self { Self(rawValue: 0x400) }
  /// Compressed (`SHF_COMPRESSED`).
  public static var compressed: Self { Self(rawValue: 0x800) }
  /// Relocations that livepatch applies, not the loader (`SHF_RELA_LIVEPATCH`, linux/elf.h).
  public static var livepatchRelocations: Self { Self(rawValue: 0x0010_0000) }
}
