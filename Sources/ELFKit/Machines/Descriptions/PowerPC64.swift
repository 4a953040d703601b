// 64-bit PowerPC.

extension Machine {
  /// 64-bit PowerPC (`EM_PPC64`).
  public static var powerPC64: Self { Self(rawValue: 21) }
}

extension MachineDescription {
  static let powerPC64 = MachineDescription(
    .powerPC64, "PowerPC64",
    MachineFormat(
      relocations: relocations,
      effects: [
        (1, .absolute(4)), (26, .relative(4)), (38, .absolute(8)), (44, .relative(8)),
      ],
      // ELFv2 ABI, "File Header": the ABI's version.
      flags: [
        MachineFlag(0x3, 1, "abiv1"), MachineFlag(0x3, 2, "abiv2"), MachineFlag(0x3, 3, "abiv3"),
      ],
      dynamicTags: {
        [
          DynamicTagRow(0x7000_0000, "PPC64_GLINK"), DynamicTagRow(0x7000_0001, "PPC64_OPD"),
          DynamicTagRow(0x7000_0002, "PPC64_OPDSZ"), DynamicTagRow(0x7000_0003, "PPC64_OPT"),
        ]
      },
      // The distance between a function's global and local entry points (ELFv2 ABI, "Symbol Table":
      // `2 ** n / 4` instructions of four bytes; 1 means that r2 is not preserved).
      other: { bits, _ in
        let exponent = bits >> 5
        guard bits & 0x1f == 0, exponent < 7 else { return nil }
        return "<localentry>: \(exponent == 1 ? 1 : 1 << UInt(exponent))"
      },
      attributes: { powerAttributes }),
    MachineKernel(
      option: .powerPC64, is64Bit: true, pageSizes: [4096, 65536],
      // Debian.
      pageSizesOfReleases: [
        ReleasePageSize("-64k", 65536),
        ReleasePageSize("-powerpc64le", until: .powerPCSmallPages, 65536),
      ],
      vermagic: [
        VermagicWord("patchable-function-entry ", since: .patchableEntryMagic),
        VermagicWord("mprofile-kernel ", with: .mprofileKernel, until: .patchableEntryMagic),
        VermagicWord("relocatable ", with: .relocatable),
      ],
      // Its stubs are shared with the rest.
      keepsInit: .powerPCKeepsInit, entrySizes: [TableEntrySize("__ex_table", 8)]),
    loader: { moduleLoader }, code: { MachineCode(calls: [CallForm(4, [10, 116])]) })
}

/// arch/powerpc/kernel/module_64.c.
private let moduleLoader = MachineLoader(
  // Little-endian kernels are built for ABI version 2, big-endian ones for version 1.
  takesFlags: { flags, order in order == .little ? flags & 3 == 2 : flags & 3 < 2 },
  relocations: [
    TakenRelocations(1, bytes: 4),
    // What others define is reached through .stubs.
    TakenRelocations(10, bytes: 4, .range(.signed(26, from: .place, isLoose: true))),
    TakenRelocations(26, bytes: 4, .range(.signed(32, from: .place, isLoose: true))),
    TakenRelocations(38, bytes: 8), TakenRelocations(44, bytes: 8),
    TakenRelocations(47...48, bytes: 2), TakenRelocations(50, bytes: 2),
    TakenRelocations(51, bytes: 8), TakenRelocations(63...64, bytes: 2),
    TakenRelocations(109, bytes: 0), TakenRelocations(118, bytes: 8),
    TakenRelocations(250, bytes: 2), TakenRelocations(252, bytes: 2),
    TakenRelocations(116, bytes: 4, since: .moreRelocations),
    TakenRelocations(132...133, bytes: 8, since: .moreRelocations),
  ],
  // Read, not measured: everything is at 0xc000… or, in older ones, at 0xd000….
  ranges: AddressRanges(
    rows: [AddressRanges.Row(-0x4000_0000_0000_0000...(-0x1000_0000_0000_0000))], reach: 1 << 31),
  overflows: [
    OverflowWords("module_64: %n: REL24 %d out of range!", of: 10...10),
    OverflowWords("module_64: %n: REL32 %d out of range!", of: 26...26),
  ],
  refusals: [RelocationRefusal(LoaderWords("module_64: ", ": Unknown ADD relocation: "))],
  sections: [NeededSection(".stubs", LoaderWords("module_64: ", ": doesn't contain .stubs."))],
  ownSymbols: [".TOC."],
  words: wordPatterns)

/// bl; addi rN,rM,x@toc@l or ld of an entry of the table of addresses behind addis, r3 to r10 being arguments
/// (64-bit ELF V2 ABI, "Relocation Types", "Parameter Passing").
private let wordPatterns = WordPatterns(
  branches: [10, 116], loads: [48, 64], shift: 21, registers: 32, first: 3, last: 7, table: ".toc")

/// 64-bit ELF V2 ABI, "Relocation Types"; elf.h `R_PPC64_*`.
private let relocations: NameTable = [
  0: "R_PPC64_NONE", 1: "R_PPC64_ADDR32", 2: "R_PPC64_ADDR24", 3: "R_PPC64_ADDR16",
  4: "R_PPC64_ADDR16_LO", 5: "R_PPC64_ADDR16_HI", 6: "R_PPC64_ADDR16_HA", 7: "R_PPC64_ADDR14",
  8: "R_PPC64_ADDR14_BRTAKEN", 9: "R_PPC64_ADDR14_BRNTAKEN", 10: "R_PPC64_REL24",
  11: "R_PPC64_REL14", 12: "R_PPC64_REL14_BRTAKEN", 13: "R_PPC64_REL14_BRNTAKEN",
  14: "R_PPC64_GOT16", 15: "R_PPC64_GOT16_LO", 16: "R_PPC64_GOT16_HI", 17: "R_PPC64_GOT16_HA",
  19: "R_PPC64_COPY", 20: "R_PPC64_GLOB_DAT", 21: "R_PPC64_JMP_SLOT", 22: "R_PPC64_RELATIVE",
  24: "R_PPC64_UADDR32", 25: "R_PPC64_UADDR16", 26: "R_PPC64_REL32", 27: "R_PPC64_PLT32",
  28: "R_PPC64_PLTREL32", 29: "R_PPC64_PLT16_LO", 30: "R_PPC64_PLT16_HI", 31: "R_PPC64_PLT16_HA",
  33: "R_PPC64_SECTOFF", 34: "R_PPC64_SECTOFF_LO", 35: "R_PPC64_SECTOFF_HI",
  36: "R_PPC64_SECTOFF_HA", 37: "R_PPC64_REL30", 38: "R_PPC64_ADDR64",
  39: "R_PPC64_ADDR16_HIGHER", 40: "R_PPC64_ADDR16_HIGHERA", 41: "R_PPC64_ADDR16_HIGHEST",
  42: "R_PPC64_ADDR16_HIGHESTA", 43: "R_PPC64_UADDR64", 44: "R_PPC64_REL64", 45: "R_PPC64_PLT64",
  46: "R_PPC64_PLTREL64", 47: "R_PPC64_TOC16", 48: "R_PPC64_TOC16_LO", 49: "R_PPC64_TOC16_HI",
  50: "R_PPC64_TOC16_HA", 51: "R_PPC64_TOC", 52: "R_PPC64_PLTGOT16", 53: "R_PPC64_PLTGOT16_LO",
  54: "R_PPC64_PLTGOT16_HI", 55: "R_PPC64_PLTGOT16_HA", 56: "R_PPC64_ADDR16_DS",
  57: "R_PPC64_ADDR16_LO_DS", 58: "R_PPC64_GOT16_DS", 59: "R_PPC64_GOT16_LO_DS",
  60: "R_PPC64_PLT16_LO_DS", 61: "R_PPC64_SECTOFF_DS", 62: "R_PPC64_SECTOFF_LO_DS",
  63: "R_PPC64_TOC16_DS", 64: "R_PPC64_TOC16_LO_DS", 65: "R_PPC64_PLTGOT16_DS",
  66: "R_PPC64_PLTGOT16_LO_DS", 67: "R_PPC64_TLS", 68: "R_PPC64_DTPMOD64", 69: "R_PPC64_TPREL16",
  70: "R_PPC64_TPREL16_LO", 71: "R_PPC64_TPREL16_HI", 72: "R_PPC64_TPREL16_HA",
  73: "R_PPC64_TPREL64", 74: "R_PPC64_DTPREL16", 75: "R_PPC64_DTPREL16_LO",
  76: "R_PPC64_DTPREL16_HI", 77: "R_PPC64_DTPREL16_HA", 78: "R_PPC64_DTPREL64",
  79: "R_PPC64_GOT_TLSGD16", 80: "R_PPC64_GOT_TLSGD16_LO", 81: "R_PPC64_GOT_TLSGD16_HI",
  82: "R_PPC64_GOT_TLSGD16_HA", 83: "R_PPC64_GOT_TLSLD16", 84: "R_PPC64_GOT_TLSLD16_LO",
  85: "R_PPC64_GOT_TLSLD16_HI", 86: "R_PPC64_GOT_TLSLD16_HA", 87: "R_PPC64_GOT_TPREL16_DS",
  88: "R_PPC64_GOT_TPREL16_LO_DS", 89: "R_PPC64_GOT_TPREL16_HI", 90: "R_PPC64_GOT_TPREL16_HA",
  91: "R_PPC64_GOT_DTPREL16_DS", 92: "R_PPC64_GOT_DTPREL16_LO_DS", 93: "R_PPC64_GOT_DTPREL16_HI",
  94: "R_PPC64_GOT_DTPREL16_HA", 95: "R_PPC64_TPREL16_DS", 96: "R_PPC64_TPREL16_LO_DS",
  97: "R_PPC64_TPREL16_HIGHER", 98: "R_PPC64_TPREL16_HIGHERA", 99: "R_PPC64_TPREL16_HIGHEST",
  100: "R_PPC64_TPREL16_HIGHESTA", 101: "R_PPC64_DTPREL16_DS", 102: "R_PPC64_DTPREL16_LO_DS",
  103: "R_PPC64_DTPREL16_HIGHER", 104: "R_PPC64_DTPREL16_HIGHERA",
  105: "R_PPC64_DTPREL16_HIGHEST", 106: "R_PPC64_DTPREL16_HIGHESTA", 107: "R_PPC64_TLSGD",
  108: "R_PPC64_TLSLD", 109: "R_PPC64_TOCSAVE", 110: "R_PPC64_ADDR16_HIGH",
  111: "R_PPC64_ADDR16_HIGHA", 112: "R_PPC64_TPREL16_HIGH", 113: "R_PPC64_TPREL16_HIGHA",
  114: "R_PPC64_DTPREL16_HIGH", 115: "R_PPC64_DTPREL16_HIGHA", 116: "R_PPC64_REL24_NOTOC",
  117: "R_PPC64_ADDR64_LOCAL", 118: "R_PPC64_ENTRY", 119: "R_PPC64_PLTSEQ",
  120: "R_PPC64_PLTCALL", 121: "R_PPC64_PLTSEQ_NOTOC", 122: "R_PPC64_PLTCALL_NOTOC",
  123: "R_PPC64_PCREL_OPT", 124: "R_PPC64_REL24_P9NOTOC", 128: "R_PPC64_D34",
  129: "R_PPC64_D34_LO", 130: "R_PPC64_D34_HI30", 131: "R_PPC64_D34_HA30", 132: "R_PPC64_PCREL34",
  133: "R_PPC64_GOT_PCREL34", 134: "R_PPC64_PLT_PCREL34", 135: "R_PPC64_PLT_PCREL34_NOTOC",
  136: "R_PPC64_ADDR16_HIGHER34", 137: "R_PPC64_ADDR16_HIGHERA34",
  138: "R_PPC64_ADDR16_HIGHEST34", 139: "R_PPC64_ADDR16_HIGHESTA34",
  140: "R_PPC64_REL16_HIGHER34", 141: "R_PPC64_REL16_HIGHERA34", 142: "R_PPC64_REL16_HIGHEST34",
  143: "R_PPC64_REL16_HIGHESTA34", 144: "R_PPC64_D28", 145: "R_PPC64_PCREL28",
  146: "R_PPC64_TPREL34", 147: "R_PPC64_DTPREL34", 148: "R_PPC64_GOT_TLSGD_PCREL34",
  149: "R_PPC64_GOT_TLSLD_PCREL34", 150: "R_PPC64_GOT_TPREL_PCREL34",
  151: "R_PPC64_GOT_DTPREL_PCREL34", 240: "R_PPC64_REL16_HIGH", 241: "R_PPC64_REL16_HIGHA",
  242: "R_PPC64_REL16_HIGHER", 243: "R_PPC64_REL16_HIGHERA", 244: "R_PPC64_REL16_HIGHEST",
  245: "R_PPC64_REL16_HIGHESTA", 246: "R_PPC64_REL16DX_HA", 247: "R_PPC64_JMP_IREL",
  248: "R_PPC64_IRELATIVE", 249: "R_PPC64_REL16", 250: "R_PPC64_REL16_LO",
  251: "R_PPC64_REL16_HI", 252: "R_PPC64_REL16_HA", 253: "R_PPC64_GNU_VTINHERIT",
  254: "R_PPC64_GNU_VTENTRY",
]
