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
    loader: { moduleLoader }, code: { .powerPC([10, 116]) })
}

extension MachineCode {
  /// bl (Power ISA, 2.4) with relocations of these types.
  static func powerPC(_ types: [UInt32]) -> MachineCode {
    MachineCode(
      calls: [CallForm(4, types)],
      localCalls: [
        .word(
          CallWord(0x4800_0001, mask: 0xfc00_0003, link: 1) { word in
            Int64(Int32(bitPattern: (word & 0x03ff_fffc) &<< 6) &>> 6)
          })
      ])
  }
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
private let relocations = NumberedNames(
  "R_PPC64_",
  """
  #0 NONE ADDR32 ADDR24 ADDR16 ADDR16_LO ADDR16_HI ADDR16_HA ADDR14 ADDR14_BRTAKEN \
  #9 ADDR14_BRNTAKEN REL24 REL14 REL14_BRTAKEN REL14_BRNTAKEN GOT16 GOT16_LO GOT16_HI GOT16_HA \
  #19 COPY GLOB_DAT JMP_SLOT RELATIVE #24 UADDR32 UADDR16 REL32 PLT32 PLTREL32 PLT16_LO PLT16_HI \
  #31 PLT16_HA #33 SECTOFF SECTOFF_LO SECTOFF_HI SECTOFF_HA REL30 ADDR64 ADDR16_HIGHER \
  #40 ADDR16_HIGHERA ADDR16_HIGHEST ADDR16_HIGHESTA UADDR64 REL64 PLT64 PLTREL64 TOC16 TOC16_LO \
  #49 TOC16_HI TOC16_HA TOC PLTGOT16 PLTGOT16_LO PLTGOT16_HI PLTGOT16_HA ADDR16_DS ADDR16_LO_DS \
  #58 GOT16_DS GOT16_LO_DS PLT16_LO_DS SECTOFF_DS SECTOFF_LO_DS TOC16_DS TOC16_LO_DS PLTGOT16_DS \
  #66 PLTGOT16_LO_DS TLS DTPMOD64 TPREL16 TPREL16_LO TPREL16_HI TPREL16_HA TPREL64 DTPREL16 \
  #75 DTPREL16_LO DTPREL16_HI DTPREL16_HA DTPREL64 GOT_TLSGD16 GOT_TLSGD16_LO GOT_TLSGD16_HI \
  #82 GOT_TLSGD16_HA GOT_TLSLD16 GOT_TLSLD16_LO GOT_TLSLD16_HI GOT_TLSLD16_HA GOT_TPREL16_DS \
  #88 GOT_TPREL16_LO_DS GOT_TPREL16_HI GOT_TPREL16_HA GOT_DTPREL16_DS GOT_DTPREL16_LO_DS \
  #93 GOT_DTPREL16_HI GOT_DTPREL16_HA TPREL16_DS TPREL16_LO_DS TPREL16_HIGHER TPREL16_HIGHERA \
  #99 TPREL16_HIGHEST TPREL16_HIGHESTA DTPREL16_DS DTPREL16_LO_DS DTPREL16_HIGHER \
  #104 DTPREL16_HIGHERA DTPREL16_HIGHEST DTPREL16_HIGHESTA TLSGD TLSLD TOCSAVE ADDR16_HIGH \
  #111 ADDR16_HIGHA TPREL16_HIGH TPREL16_HIGHA DTPREL16_HIGH DTPREL16_HIGHA REL24_NOTOC \
  #117 ADDR64_LOCAL ENTRY PLTSEQ PLTCALL PLTSEQ_NOTOC PLTCALL_NOTOC PCREL_OPT REL24_P9NOTOC \
  #128 D34 D34_LO D34_HI30 D34_HA30 PCREL34 GOT_PCREL34 PLT_PCREL34 PLT_PCREL34_NOTOC \
  #136 ADDR16_HIGHER34 ADDR16_HIGHERA34 ADDR16_HIGHEST34 ADDR16_HIGHESTA34 REL16_HIGHER34 \
  #141 REL16_HIGHERA34 REL16_HIGHEST34 REL16_HIGHESTA34 D28 PCREL28 TPREL34 DTPREL34 \
  #148 GOT_TLSGD_PCREL34 GOT_TLSLD_PCREL34 GOT_TPREL_PCREL34 GOT_DTPREL_PCREL34 #240 REL16_HIGH \
  #241 REL16_HIGHA REL16_HIGHER REL16_HIGHERA REL16_HIGHEST REL16_HIGHESTA REL16DX_HA JMP_IREL \
  #248 IRELATIVE REL16 REL16_LO REL16_HI REL16_HA GNU_VTINHERIT GNU_VTENTRY
  """)
