// The entries of the table for dynamic linking (gABI "Dynamic Section", elf(5) `Elf64_Dyn`).

/// One entry of the table for dynamic linking: what it says, and the address or number.
public struct DynamicEntry: ClassedRecord, Hashable {
  /// 8 and 16 bytes.
  @inlinable
  public static var byteCounts: (elf32: Int, elf64: Int) { (8, 16) }

  /// `d_tag`: what the entry says.
  public let tag: DynamicTag
  /// `d_val` or `d_ptr`: the number or address.
  public let value: UInt64

  /// Decodes `Elf64_Dyn`.
  public init(elf64 bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    tag = DynamicTag(rawValue: bytes.u64(base, encoding))
    value = bytes.u64(base + 8, encoding)
  }

  /// Decodes `Elf32_Dyn`.
  @inline(never)
  public init(elf32 bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    tag = DynamicTag(rawValue: UInt64(bytes.u32(base, encoding)))
    value = UInt64(bytes.u32(base + 4, encoding))
  }
}

/// `d_tag`: what an entry of the table for dynamic linking says.
public struct DynamicTag: RawRepresentable, Hashable, Sendable {
  /// The number of the file.
  public let rawValue: UInt64
  /// Any value; unknown ones are kept.
  @inlinable
  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The end of the table (`DT_NULL`).
  public static var null: Self { Self(rawValue: 0) }
  /// The size of the relocations of the procedure linkage table (`DT_PLTRELSZ`).
  public static var linkageRelocationsSize: Self { Self(rawValue: 2) }
  /// The address of the global offset table (`DT_PLTGOT`).
  public static var offsetTable: Self { Self(rawValue: 3) }
  /// The address of the hash table of symbols (`DT_HASH`).
  public static var hash: Self { Self(rawValue: 4) }
  /// The address of the strings (`DT_STRTAB`).
  public static var strings: Self { Self(rawValue: 5) }
  /// The address of the symbols (`DT_SYMTAB`).
  public static var symbols: Self { Self(rawValue: 6) }
  /// The address of relocations with addends (`DT_RELA`).
  public static var rela: Self { Self(rawValue: 7) }
  /// Their size (`DT_RELASZ`).
  public static var relaSize: Self { Self(rawValue: 8) }
  /// The size of the strings (`DT_STRSZ`).
  public static var stringsSize: Self { Self(rawValue: 10) }
  /// The address of relocations without addends (`DT_REL`).
  public static var rel: Self { Self(rawValue: 17) }
  /// Their size (`DT_RELSZ`).
  public static var relSize: Self { Self(rawValue: 18) }
  /// Which kind the relocations of the procedure linkage table are (`DT_PLTREL`).
  public static var linkageRelocationKind: Self { Self(rawValue: 20) }
  /// The address of the relocations of the procedure linkage table (`DT_JMPREL`).
  public static var linkageRelocations: Self { Self(rawValue: 23) }
  /// The size of relative relocations, packed (`DT_RELRSZ`).
  public static var relrSize: Self { Self(rawValue: 35) }
  /// Their address (`DT_RELR`).
  public static var relr: Self { Self(rawValue: 36) }
  /// Flags of Solaris and GNU (`DT_FLAGS_1`).
  public static var moreFlags: Self { Self(rawValue: 0x6fff_fffb) }
  /// The address of GNU's hash table (`DT_GNU_HASH`).
  public static var gnuHash: Self { Self(rawValue: 0x6fff_fef5) }
  /// The address of the versions of symbols (`DT_VERSYM`).
  public static var symbolVersions: Self { Self(rawValue: 0x6fff_fff0) }
  /// The address of the versions that are defined (`DT_VERDEF`).
  public static var versionDefinitions: Self { Self(rawValue: 0x6fff_fffc) }
  /// Their number (`DT_VERDEFNUM`).
  public static var versionDefinitionCount: Self { Self(rawValue: 0x6fff_fffd) }
  /// The address of the versions that are needed (`DT_VERNEED`).
  public static var versionNeeds: Self { Self(rawValue: 0x6fff_fffe) }
  /// The number of files that they are needed of (`DT_VERNEEDNUM`).
  public static var versionNeedCount: Self { Self(rawValue: 0x6fff_ffff) }
}
