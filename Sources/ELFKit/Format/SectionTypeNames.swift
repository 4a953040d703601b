// Names of section types (gABI, elf.h `SHT_*`, processor supplements), without the prefix.

extension SectionType {
  /// The name on `machine` (`PROGBITS`), or `nil` when it is unknown.
  public func name(on machine: Machine) -> String? {
    if machine == .ia64, Self.unnamedOnIA64.contains(rawValue) { return nil }
    return Self.machineNames[machine]?[rawValue] ?? Self.names[rawValue]
  }

  private static let names: NameTable = [
    0: "NULL", 1: "PROGBITS", 2: "SYMTAB", 3: "STRTAB", 4: "RELA", 5: "HASH", 6: "DYNAMIC",
    7: "NOTE", 8: "NOBITS", 9: "REL", 10: "SHLIB", 11: "DYNSYM", 14: "INIT_ARRAY",
    15: "FINI_ARRAY", 16: "PREINIT_ARRAY", 17: "GROUP", 18: "SYMTAB SECTION INDICES",
    19: "RELR", 0x6fff_4700: "GNU_INCREMENTAL_INPUTS", 0x6fff_fff0: "VERSYM",
    0x6fff_fff5: "GNU_ATTRIBUTES", 0x6fff_fff6: "GNU_HASH", 0x6fff_fff7: "GNU_LIBLIST",
    0x6fff_fffc: "VERDEF", 0x6fff_fffd: "VERDEF", 0x6fff_fffe: "VERNEED",
    0x6fff_ffff: "VERSYM", 0x7fff_fffd: "AUXILIARY", 0x7fff_ffff: "FILTER",
  ]

  /// IA-64 has its own use for the numbers of systems, and no names for these.
  private static let unnamedOnIA64: [UInt32] = [0x6fff_4700, 0x6fff_fff5]

  private static let machineNames: MachineNameTables = [
    8: mips,
    15: [
      0x7000_0000: "PARISC_EXT", 0x7000_0001: "PARISC_UNWIND", 0x7000_0002: "PARISC_DOC",
      0x7000_0003: "PARISC_ANNOT", 0x7000_0004: "PARISC_DLKM", 0x7000_0008: "PARISC_SYMEXTN",
      0x7000_0009: "PARISC_STUBS",
    ],
    40: [
      0x7000_0001: "ARM_EXIDX", 0x7000_0002: "ARM_PREEMPTMAP", 0x7000_0003: "ARM_ATTRIBUTES",
      0x7000_0004: "ARM_DEBUGOVERLAY", 0x7000_0005: "ARM_OVERLAYSECTION",
    ],
    50: [
      0x6000_0000: "VMS_TRACE", 0x7000_0000: "IA_64_EXT", 0x7000_0001: "IA_64_UNWIND",
    ],
    62: [0x7000_0001: "X86_64_UNWIND"],
    180: [0x7000_0001: "X86_64_UNWIND"],
    181: [0x7000_0001: "X86_64_UNWIND"],
    183: [0x7000_0003: "AARCH64_ATTRIBUTES"],
    243: [0x7000_0003: "RISCV_ATTRIBUTES"],
  ]

  private static let mips: NameTable = [
    0x7000_0000: "MIPS_LIBLIST", 0x7000_0001: "MIPS_MSYM", 0x7000_0002: "MIPS_CONFLICT",
    0x7000_0003: "MIPS_GPTAB", 0x7000_0004: "MIPS_UCODE", 0x7000_0005: "MIPS_DEBUG",
    0x7000_0006: "MIPS_REGINFO", 0x7000_0007: "MIPS_PACKAGE", 0x7000_0008: "MIPS_PACKSYM",
    0x7000_0009: "MIPS_RELD", 0x7000_000b: "MIPS_IFACE", 0x7000_000c: "MIPS_CONTENT",
    0x7000_000d: "MIPS_OPTIONS", 0x7000_0010: "MIPS_SHDR", 0x7000_0011: "MIPS_FDESC",
    0x7000_0012: "MIPS_EXTSYM", 0x7000_0013: "MIPS_DENSE", 0x7000_0014: "MIPS_PDESC",
    0x7000_0015: "MIPS_LOCSYM", 0x7000_0016: "MIPS_AUXSYM", 0x7000_0017: "MIPS_OPTSYM",
    0x7000_0018: "MIPS_LOCSTR", 0x7000_0019: "MIPS_LINE", 0x7000_001a: "MIPS_RFDESC",
    0x7000_001b: "MIPS_DELTASYM", 0x7000_001c: "MIPS_DELTAINST",
    0x7000_001d: "MIPS_DELTACLASS", 0x7000_001e: "MIPS_DWARF", 0x7000_001f: "MIPS_DELTADECL",
    0x7000_0020: "MIPS_SYMBOL_LIB", 0x7000_0021: "MIPS_EVENTS", 0x7000_0022: "MIPS_TRANSLATE",
    0x7000_0023: "MIPS_PIXIE", 0x7000_0024: "MIPS_XLATE", 0x7000_0025: "MIPS_XLATE_DEBUG",
    0x7000_0026: "MIPS_WHIRL", 0x7000_0027: "MIPS_EH_REGION", 0x7000_0028: "MIPS_XLATE_OLD",
    0x7000_0029: "MIPS_PDR_EXCEPTION", 0x7000_002a: "MIPS_ABIFLAGS", 0x7000_002b: "MIPS_XHASH",
  ]
}
