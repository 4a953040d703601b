// The tags of dynamic entries with what their values are (gABI "Dynamic Array Tags", elf.h `DT_*`).

/// What the value of a dynamic entry is, and so how GNU readelf words it.
public enum DynamicValue: Sendable {
  /// An address, or something that nothing more is known about.
  case address
  /// A number of bytes.
  case size
  /// A number of other things.
  case count
  /// Nothing: that there is an entry says it all.
  case nothing
  /// The offset of a string, in words of this kind; without a string in the words `otherwise`.
  case string(String, otherwise: String = "")
  /// The offset of a string that stands alone.
  case text(String)
  /// Bits with names; words in front of them, what stands for no bits, and what for one that has no name.
  case flags(String, names: [String], none: String, unknown: UnknownFlags)
  /// The tag of another entry.
  case tag
  /// Seconds since 1970, with words in front of them.
  case time(String)
  /// The begin of three reserved words, shown with their end.
  case reservedWords

  /// What stands for bits without names.
  public enum UnknownFlags: Sendable {
    /// All of them, as one number.
    case number
    /// A word for each.
    case word(String)
    /// Nothing.
    case nothing
  }
}

/// A tag that has a name.
public struct DynamicTagRow: Sendable {
  /// `d_tag`.
  public let tag: DynamicTag
  /// Its name without the prefix (`NEEDED`).
  public let name: String
  /// What its value is.
  public let value: DynamicValue

  init(_ tag: UInt64, _ name: String, _ value: DynamicValue = .address) {
    self.tag = DynamicTag(rawValue: tag)
    self.name = name
    self.value = value
  }
}

extension DynamicTag {
  /// Those that all machines have; those of one machine are in its description.
  static let rows: [DynamicTagRow] = [
    DynamicTagRow(0, "NULL"), DynamicTagRow(1, "NEEDED", .string("Shared library: ")),
    DynamicTagRow(2, "PLTRELSZ", .size), DynamicTagRow(3, "PLTGOT"), DynamicTagRow(4, "HASH"),
    DynamicTagRow(5, "STRTAB"), DynamicTagRow(6, "SYMTAB"), DynamicTagRow(7, "RELA"),
    DynamicTagRow(8, "RELASZ", .size), DynamicTagRow(9, "RELAENT", .size),
    DynamicTagRow(10, "STRSZ", .size), DynamicTagRow(11, "SYMENT", .size),
    DynamicTagRow(12, "INIT"), DynamicTagRow(13, "FINI"),
    DynamicTagRow(14, "SONAME", .string("Library soname: ")),
    DynamicTagRow(15, "RPATH", .string("Library rpath: ")), DynamicTagRow(16, "SYMBOLIC"),
    DynamicTagRow(17, "REL"), DynamicTagRow(18, "RELSZ", .size), DynamicTagRow(19, "RELENT", .size),
    DynamicTagRow(20, "PLTREL", .tag), DynamicTagRow(21, "DEBUG"), DynamicTagRow(22, "TEXTREL"),
    DynamicTagRow(23, "JMPREL"), DynamicTagRow(24, "BIND_NOW", .nothing),
    DynamicTagRow(25, "INIT_ARRAY"), DynamicTagRow(26, "FINI_ARRAY"),
    DynamicTagRow(27, "INIT_ARRAYSZ", .size), DynamicTagRow(28, "FINI_ARRAYSZ", .size),
    DynamicTagRow(29, "RUNPATH", .string("Library runpath: ")),
    DynamicTagRow(
      30, "FLAGS",
      .flags(
        "", names: ["ORIGIN", "SYMBOLIC", "TEXTREL", "BIND_NOW", "STATIC_TLS"], none: "",
        unknown: .word("unknown"))),
    DynamicTagRow(32, "PREINIT_ARRAY"), DynamicTagRow(33, "PREINIT_ARRAYSZ", .size),
    DynamicTagRow(34, "SYMTAB_SHNDX"), DynamicTagRow(35, "RELRSZ", .size),
    DynamicTagRow(36, "RELR"), DynamicTagRow(37, "RELRENT", .size),
    DynamicTagRow(0x6fff_fdf4, "GNU_FLAGS_1", named(["UNIQUE"])),
    DynamicTagRow(0x6fff_fdf5, "GNU_PRELINKED", .time("")),
    DynamicTagRow(0x6fff_fdf6, "GNU_CONFLICTSZ", .size),
    DynamicTagRow(0x6fff_fdf7, "GNU_LIBLISTSZ", .size), DynamicTagRow(0x6fff_fdf8, "CHECKSUM"),
    DynamicTagRow(0x6fff_fdf9, "PLTPADSZ", .size), DynamicTagRow(0x6fff_fdfa, "MOVEENT", .size),
    DynamicTagRow(0x6fff_fdfb, "MOVESZ", .size),
    DynamicTagRow(0x6fff_fdfc, "FEATURE", named(["PARINIT", "CONFEXP"])),
    DynamicTagRow(0x6fff_fdfd, "POSFLAG_1", named(["LAZYLOAD", "GROUPPERM"])),
    DynamicTagRow(0x6fff_fdfe, "SYMINSZ"), DynamicTagRow(0x6fff_fdff, "SYMINENT"),
    DynamicTagRow(0x6fff_fe00, "ADDRRNGLO"), DynamicTagRow(0x6fff_fef5, "GNU_HASH"),
    DynamicTagRow(0x6fff_fef6, "TLSDESC_PLT"), DynamicTagRow(0x6fff_fef7, "TLSDESC_GOT"),
    DynamicTagRow(0x6fff_fef8, "GNU_CONFLICT"), DynamicTagRow(0x6fff_fef9, "GNU_LIBLIST"),
    DynamicTagRow(0x6fff_fefa, "CONFIG", library("Configuration file: ")),
    DynamicTagRow(0x6fff_fefb, "DEPAUDIT", library("Dependency audit library: ")),
    DynamicTagRow(0x6fff_fefc, "AUDIT", library("Audit library: ")),
    DynamicTagRow(0x6fff_fefd, "PLTPAD"), DynamicTagRow(0x6fff_fefe, "MOVETAB"),
    DynamicTagRow(0x6fff_feff, "SYMINFO"), DynamicTagRow(0x6fff_fff0, "VERSYM"),
    DynamicTagRow(0x6fff_fff9, "RELACOUNT", .count), DynamicTagRow(0x6fff_fffa, "RELCOUNT", .count),
    DynamicTagRow(0x6fff_fffb, "FLAGS_1", named(moreFlagNames)),
    DynamicTagRow(0x6fff_fffc, "VERDEF"), DynamicTagRow(0x6fff_fffd, "VERDEFNUM", .count),
    DynamicTagRow(0x6fff_fffe, "VERNEED"), DynamicTagRow(0x6fff_ffff, "VERNEEDNUM", .count),
    DynamicTagRow(0x7fff_fffd, "AUXILIARY", library("Auxiliary library: ")),
    DynamicTagRow(0x7fff_fffe, "USED", .string("Not needed object: ")),
    DynamicTagRow(0x7fff_ffff, "FILTER", library("Filter library: ")),
  ]

  /// elf.h `DF_1_*`.
  private static let moreFlagNames = [
    "NOW", "GLOBAL", "GROUP", "NODELETE", "LOADFLTR", "INITFIRST", "NOOPEN", "ORIGIN", "DIRECT",
    "TRANS", "INTERPOSE", "NODEFLIB", "NODUMP", "CONFALT", "ENDFILTEE", "DISPRELDNE", "DISPRELPND",
    "NODIRECT", "IGNMULDEF", "NOKSYMS", "NOHDR", "EDITED", "NORELOC", "SYMINTPOSE", "GLOBAUDIT",
    "SINGLETON", "STUB", "PIE", "KMOD", "WEAKFILTER", "NOCOMMON",
  ]

  private static func named(_ names: [String]) -> DynamicValue {
    .flags("Flags: ", names: names, none: "None", unknown: .number)
  }

  private static func library(_ label: String) -> DynamicValue {
    .string(label, otherwise: label)
  }

  /// Solaris, "Linker and Libraries Guide": `DT_SUNW_*`.
  static let solarisRows: [DynamicTagRow] = [
    DynamicTagRow(0x6000_000d, "SUNW_AUXILIARY"), DynamicTagRow(0x6000_000e, "SUNW_RTLDINF"),
    DynamicTagRow(0x6000_000f, "SUNW_FILTER"), DynamicTagRow(0x6000_0010, "SUNW_CAP"),
    DynamicTagRow(0x6000_0011, "SUNW_SYMTAB"), DynamicTagRow(0x6000_0012, "SUNW_SYMSZ"),
    DynamicTagRow(0x6000_0013, "SUNW_SORTENT"), DynamicTagRow(0x6000_0014, "SUNW_SYMSORT"),
    DynamicTagRow(0x6000_0015, "SUNW_SYMSORTSZ"), DynamicTagRow(0x6000_0016, "SUNW_TLSSORT"),
    DynamicTagRow(0x6000_0017, "SUNW_TLSSORTSZ"), DynamicTagRow(0x6000_0018, "SUNW_CAPINFO"),
    DynamicTagRow(0x6000_0019, "SUNW_STRPAD"), DynamicTagRow(0x6000_001a, "SUNW_CAPCHAIN"),
    DynamicTagRow(0x6000_001b, "SUNW_LDMACH"), DynamicTagRow(0x6000_001d, "SUNW_CAPCHAINENT"),
    DynamicTagRow(0x6000_001f, "SUNW_CAPCHAINSZ"), DynamicTagRow(0x6000_0021, "SUNW_PARENT"),
    DynamicTagRow(0x6000_0023, "SUNW_ASLR"), DynamicTagRow(0x6000_0025, "SUNW_RELAX"),
    DynamicTagRow(0x6000_0029, "SUNW_NXHEAP"), DynamicTagRow(0x6000_002b, "SUNW_NXSTACK"),
    DynamicTagRow(0x7000_0001, "SPARC_REGISTER"),
  ]
}
