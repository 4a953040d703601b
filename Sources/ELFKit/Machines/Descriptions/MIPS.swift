// MIPS.

extension Machine {
  /// MIPS (`EM_MIPS`).
  public static var mips: Self { Self(rawValue: 8) }
}

extension MachineDescription {
  static let mips = MachineDescription(
    .mips, "MIPS",
    MachineFormat(
      packing: .three, relocations: relocations,
      effects: [(2, .absolute(4)), (18, .absolute(8))],
      addends: { addends }, flags: flags,
      segmentTypes: [
        0x7000_0000: "REGINFO", 0x7000_0001: "RTPROC", 0x7000_0002: "OPTIONS",
        0x7000_0003: "ABIFLAGS",
      ],
      dynamicTags: { mipsDynamicTags },
      offsetTable: OffsetTableTags(
        localCount: DynamicTag(rawValue: 0x7000_000a),
        firstSymbol: DynamicTag(rawValue: 0x7000_0013),
        symbolCount: DynamicTag(rawValue: 0x7000_0011), calls: DynamicTag(rawValue: 0x7000_0032),
        pointerDistance: 0x7ff0),
      translatedHashes: (DynamicTag(rawValue: 0x7000_0036), ".MIPS.xhash"),
      options: (DynamicTag(rawValue: 0x7000_0029), SectionType(rawValue: 0x7000_000d)),
      sectionTypes: sectionTypes, sectionIndices: [0xff03: "SCOM", 0xff04: "SUND"],
      // elf.h `STO_MIPS_*`.
      other: { bits, _ in others[bits] },
      attributes: {
        [
          MachineAttribute(4, "Tag_GNU_MIPS_ABI_FP") { MIPSABIFlags.floatingABIText($0) },
          MachineAttribute(8, "Tag_GNU_MIPS_ABI_MSA", ["Any MSA or not", "128-bit MSA"]),
        ]
      },
      namesUnknownAttributes: false, abiFlagsSection: ".MIPS.abiflags"),
    MachineKernel(
      option: .mips, is64Bit: true, isAlso32Bit: true, pageSizes: [4096, 16384, 65536],
      vermagic: [VermagicWord("MIPS64_R2 64BIT ", with: .mips64Release2, isOneOfMany: true)],
      entrySizes: [
        TableEntrySize("__bug_table", pointers: 3), TableEntrySize("__ex_table", pointers: 2),
        TableEntrySize("__jump_table", pointers: 3),
      ]),
    loader: { moduleLoader }, code: { MachineCode(calls: [CallForm(8, [4])]) })
}

/// arch/mips/kernel/module.c, read and not measured. 32-bit kernels have REL, 64-bit ones RELA.
private let moduleLoader = MachineLoader(
  entries: .both,
  relocations: [
    TakenRelocations(0, bytes: 0), TakenRelocations(2, bytes: 4),
    TakenRelocations(4, bytes: 4, jump("26")), TakenRelocations(5...6, bytes: 4),
    TakenRelocations(10, bytes: 4, jump("PC16")), TakenRelocations(18, bytes: 8),
    TakenRelocations(28...29, bytes: 4), TakenRelocations(60, bytes: 4, jump("PC21")),
    TakenRelocations(61, bytes: 4, jump("PC26")),
  ],
  refusals: [RelocationRefusal(LoaderWords("", ": Unknown relocation type "))],
  refusalError: .invalid)

/// Jumps lead to whole instructions, and to their own 256 MiB or near them.
private func jump(_ type: String) -> RelocationValue {
  .code(
    CodeKind(
      alignment: 4, isShort: true, line: "module %n: dangerous R_MIPS_\(type) relocation",
      advice: "build the module again: jumps lead to whole instructions"))
}

/// System V ABI, MIPS supplement, "Relocation Types".
private let addends = [
  AddendRow(3, .bits(32)), AddendRow(4, .bits(26, shift: 2)), AddendRow(5, .high(low: 6)),
  AddendRow(6, .low), AddendRow(10, .bits(16, shift: 2), ahead: 4),
  AddendRow(60, .bits(21, shift: 2), ahead: 4), AddendRow(61, .bits(26, shift: 2), ahead: 4),
]

/// `e_flags` (elf.h `EF_MIPS_*`): bits, then processor, ABI, extensions and architecture.
private let flags = [
  MachineFlag(0x1, "noreorder"), MachineFlag(0x2, "pic"), MachineFlag(0x4, "cpic"),
  MachineFlag(0x10, "ugen_reserved"), MachineFlag(0x20, "abi2"), MachineFlag(0x80, "odk first"),
  MachineFlag(0x100, "32bitmode"), MachineFlag(0x400, "nan2008"), MachineFlag(0x200, "fp64"),
  MachineFlag(0xff_0000, processors, else: "unknown CPU"),
  MachineFlag(0xf000, abis, else: "unknown ABI"), MachineFlag(0x800_0000, "mdmx"),
  MachineFlag(0x400_0000, "mips16"), MachineFlag(0x200_0000, "micromips"),
  MachineFlag(0xf000_0000, architectures, else: "unknown ISA"),
]

private let processors: NameTable = [
  0x81_0000: "3900", 0x82_0000: "4010", 0x83_0000: "4100", 0x85_0000: "4650", 0x87_0000: "4120",
  0x88_0000: "4111", 0x8a_0000: "sb1", 0x8b_0000: "octeon", 0x8c_0000: "xlr",
  0x8d_0000: "octeon2", 0x8e_0000: "octeon3", 0x91_0000: "5400", 0x92_0000: "5900",
  0x93_0000: "interaptiv-mr2", 0x98_0000: "5500", 0x99_0000: "9000", 0xa0_0000: "loongson-2e",
  0xa1_0000: "loongson-2f", 0xa2_0000: "gs464", 0xa3_0000: "gs464e", 0xa4_0000: "gs264e",
]

private let abis: NameTable = [0x1000: "o32", 0x2000: "o64", 0x3000: "eabi32", 0x4000: "eabi64"]

private let architectures: NameTable = [
  0: "mips1", 0x1000_0000: "mips2", 0x2000_0000: "mips3", 0x3000_0000: "mips4",
  0x4000_0000: "mips5", 0x5000_0000: "mips32", 0x6000_0000: "mips64", 0x7000_0000: "mips32r2",
  0x8000_0000: "mips64r2", 0x9000_0000: "mips32r6", 0xa000_0000: "mips64r6",
]

private let others: NameTable = [
  0x04: "OPTIONAL", 0x08: "MIPS PLT", 0x20: "MIPS PIC", 0x80: "MICROMIPS",
  0xa0: "MICROMIPS, MIPS PIC", 0xf0: "MIPS16",
]

/// elf.h `SHT_MIPS_*`.
private let sectionTypes: NameTable = [
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

/// MIPS64 ELF specification, "Relocation"; elf.h `R_MIPS_*`, `R_MIPS16_*`, `R_MICROMIPS_*`.
private let relocations = NumberedNames(
  "R_",
  """
  #0 MIPS_NONE MIPS_16 MIPS_32 MIPS_REL32 MIPS_26 MIPS_HI16 MIPS_LO16 MIPS_GPREL16 MIPS_LITERAL \
  #9 MIPS_GOT16 MIPS_PC16 MIPS_CALL16 MIPS_GPREL32 MIPS_UNUSED1 MIPS_UNUSED2 MIPS_UNUSED3 \
  #16 MIPS_SHIFT5 MIPS_SHIFT6 MIPS_64 MIPS_GOT_DISP MIPS_GOT_PAGE MIPS_GOT_OFST MIPS_GOT_HI16 \
  #23 MIPS_GOT_LO16 MIPS_SUB MIPS_INSERT_A MIPS_INSERT_B MIPS_DELETE MIPS_HIGHER MIPS_HIGHEST \
  #30 MIPS_CALL_HI16 MIPS_CALL_LO16 MIPS_SCN_DISP MIPS_REL16 MIPS_ADD_IMMEDIATE MIPS_PJUMP \
  #36 MIPS_RELGOT MIPS_JALR MIPS_TLS_DTPMOD32 MIPS_TLS_DTPREL32 MIPS_TLS_DTPMOD64 \
  #41 MIPS_TLS_DTPREL64 MIPS_TLS_GD MIPS_TLS_LDM MIPS_TLS_DTPREL_HI16 MIPS_TLS_DTPREL_LO16 \
  #46 MIPS_TLS_GOTTPREL MIPS_TLS_TPREL32 MIPS_TLS_TPREL64 MIPS_TLS_TPREL_HI16 \
  #50 MIPS_TLS_TPREL_LO16 MIPS_GLOB_DAT #60 MIPS_PC21_S2 MIPS_PC26_S2 MIPS_PC18_S3 MIPS_PC19_S2 \
  #64 MIPS_PCHI16 MIPS_PCLO16 #100 MIPS16_26 MIPS16_GPREL MIPS16_GOT16 MIPS16_CALL16 MIPS16_HI16 \
  #105 MIPS16_LO16 MIPS16_TLS_GD MIPS16_TLS_LDM MIPS16_TLS_DTPREL_HI16 MIPS16_TLS_DTPREL_LO16 \
  #110 MIPS16_TLS_GOTTPREL MIPS16_TLS_TPREL_HI16 MIPS16_TLS_TPREL_LO16 MIPS16_PC16_S1 \
  #126 MIPS_COPY MIPS_JUMP_SLOT #133 MICROMIPS_26_S1 MICROMIPS_HI16 MICROMIPS_LO16 \
  #136 MICROMIPS_GPREL16 MICROMIPS_LITERAL MICROMIPS_GOT16 MICROMIPS_PC7_S1 MICROMIPS_PC10_S1 \
  #141 MICROMIPS_PC16_S1 MICROMIPS_CALL16 #145 MICROMIPS_GOT_DISP MICROMIPS_GOT_PAGE \
  #147 MICROMIPS_GOT_OFST MICROMIPS_GOT_HI16 MICROMIPS_GOT_LO16 MICROMIPS_SUB MICROMIPS_HIGHER \
  #152 MICROMIPS_HIGHEST MICROMIPS_CALL_HI16 MICROMIPS_CALL_LO16 MICROMIPS_SCN_DISP \
  #156 MICROMIPS_JALR MICROMIPS_HI0_LO16 #162 MICROMIPS_TLS_GD MICROMIPS_TLS_LDM \
  #164 MICROMIPS_TLS_DTPREL_HI16 MICROMIPS_TLS_DTPREL_LO16 MICROMIPS_TLS_GOTTPREL \
  #169 MICROMIPS_TLS_TPREL_HI16 MICROMIPS_TLS_TPREL_LO16 #172 MICROMIPS_GPREL7_S2 \
  #173 MICROMIPS_PC23_S2 #248 MIPS_PC32 MIPS_EH MIPS_GNU_REL16_S2 #253 MIPS_GNU_VTINHERIT \
  #254 MIPS_GNU_VTENTRY
  """)

/// elf.h `DT_MIPS_*`.
private let mipsDynamicTags: [DynamicTagRow] = [
  DynamicTagRow(0x7000_0001, "MIPS_RLD_VERSION", .count),
  DynamicTagRow(0x7000_0002, "MIPS_TIME_STAMP", .time("Time Stamp: ")),
  DynamicTagRow(0x7000_0003, "MIPS_ICHECKSUM"),
  DynamicTagRow(0x7000_0004, "MIPS_IVERSION", .text("Interface Version: ")),
  DynamicTagRow(
    0x7000_0005, "MIPS_FLAGS",
    .flags(
      "",
      names: [
        "QUICKSTART", "NOTPOT", "NO_LIBRARY_REPLACEMENT", "NO_MOVE", "SGI_ONLY", "GUARANTEE_INIT",
        "DELTA_C_PLUS_PLUS", "GUARANTEE_START_INIT", "PIXIE", "DEFAULT_DELAY_LOAD", "REQUICKSTART",
        "REQUICKSTARTED", "CORD", "NO_UNRES_UNDEF", "RLD_ORDER_SAFE",
      ], none: "NONE",
      unknown: .nothing)),
  DynamicTagRow(0x7000_0006, "MIPS_BASE_ADDRESS"), DynamicTagRow(0x7000_0007, "MIPS_MSYM"),
  DynamicTagRow(0x7000_0008, "MIPS_CONFLICT"), DynamicTagRow(0x7000_0009, "MIPS_LIBLIST"),
  DynamicTagRow(0x7000_000a, "MIPS_LOCAL_GOTNO", .count),
  DynamicTagRow(0x7000_000b, "MIPS_CONFLICTNO", .count),
  DynamicTagRow(0x7000_0010, "MIPS_LIBLISTNO", .count),
  DynamicTagRow(0x7000_0011, "MIPS_SYMTABNO", .count),
  DynamicTagRow(0x7000_0012, "MIPS_UNREFEXTNO", .count), DynamicTagRow(0x7000_0013, "MIPS_GOTSYM"),
  DynamicTagRow(0x7000_0014, "MIPS_HIPAGENO", .count), DynamicTagRow(0x7000_0016, "MIPS_RLD_MAP"),
  DynamicTagRow(0x7000_0017, "MIPS_DELTA_CLASS"),
  DynamicTagRow(0x7000_0018, "MIPS_DELTA_CLASS_NO", .count),
  DynamicTagRow(0x7000_0019, "MIPS_DELTA_INSTANCE"),
  DynamicTagRow(0x7000_001a, "MIPS_DELTA_INSTANCE_NO", .count),
  DynamicTagRow(0x7000_001b, "MIPS_DELTA_RELOC"),
  DynamicTagRow(0x7000_001c, "MIPS_DELTA_RELOC_NO", .count),
  DynamicTagRow(0x7000_001d, "MIPS_DELTA_SYM"),
  DynamicTagRow(0x7000_001e, "MIPS_DELTA_SYM_NO", .count),
  DynamicTagRow(0x7000_0020, "MIPS_DELTA_CLASSSYM"),
  DynamicTagRow(0x7000_0021, "MIPS_DELTA_CLASSSYM_NO", .count),
  DynamicTagRow(0x7000_0022, "MIPS_CXX_FLAGS"), DynamicTagRow(0x7000_0023, "MIPS_PIXIE_INIT"),
  DynamicTagRow(0x7000_0024, "MIPS_SYMBOL_LIB"),
  DynamicTagRow(0x7000_0025, "MIPS_LOCALPAGE_GOTIDX"),
  DynamicTagRow(0x7000_0026, "MIPS_LOCAL_GOTIDX"), DynamicTagRow(0x7000_0027, "MIPS_HIDDEN_GOTIDX"),
  DynamicTagRow(0x7000_0028, "MIPS_PROTECTED_GOTIDX"), DynamicTagRow(0x7000_0029, "MIPS_OPTIONS"),
  DynamicTagRow(0x7000_002a, "MIPS_INTERFACE"), DynamicTagRow(0x7000_002b, "MIPS_DYNSTR_ALIGN"),
  DynamicTagRow(0x7000_002c, "MIPS_INTERFACE_SIZE"),
  DynamicTagRow(0x7000_002d, "MIPS_RLD_TEXT_RESOLVE_ADDR"),
  DynamicTagRow(0x7000_002e, "MIPS_PERF_SUFFIX"),
  DynamicTagRow(0x7000_002f, "MIPS_COMPACT_SIZE", .count),
  DynamicTagRow(0x7000_0030, "MIPS_GP_VALUE"), DynamicTagRow(0x7000_0031, "MIPS_AUX_DYNAMIC"),
  DynamicTagRow(0x7000_0032, "MIPS_PLTGOT"), DynamicTagRow(0x7000_0034, "MIPS_RWPLT"),
  DynamicTagRow(0x7000_0035, "MIPS_RLD_MAP_REL"), DynamicTagRow(0x7000_0036, "MIPS_XHASH"),
]
