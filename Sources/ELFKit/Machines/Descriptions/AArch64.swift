// 64-bit ARM.

extension Machine {
  /// 64-bit ARM (`EM_AARCH64`).
  public static var aarch64: Self { Self(rawValue: 183) }
}

extension MachineDescription {
  static let aarch64 = MachineDescription(
    .aarch64, "AArch64",
    MachineFormat(
      relocations: relocations,
      effects: [
        (1, .absolute(4)), (256, .none), (257, .absolute(8)), (258, .absolute(4)),
        (260, .relative(8)), (261, .relative(4)),
      ],
      segmentTypes: [0x7000_0000: "AARCH64_ARCHEXT", 0x7000_0002: "AARCH64_MEMTAG_MTE"],
      dynamicTags: {
        [
          DynamicTagRow(0x7000_0001, "AARCH64_BTI_PLT", .nothing),
          DynamicTagRow(0x7000_0003, "AARCH64_PAC_PLT", .nothing),
          DynamicTagRow(0x7000_0005, "AARCH64_VARIANT_PCS"),
        ]
      },
      sectionTypes: [0x7000_0003: "AARCH64_ATTRIBUTES"],
      // elf.h `STO_AARCH64_VARIANT_PCS`.
      other: { bits, _ in
        guard bits & 0x80 != 0 else { return nil }
        let rest = bits & 0x7f
        return rest == 0 ? "VARIANT_PCS" : "VARIANT_PCS | \(String(rest, radix: 16))"
      },
      protections: (0xc000_0000, ["BTI", "PAC", "GCS"]),
      properties: {
        [MachineProperty(0xc000_0000, "AArch64 feature", ["BTI", "PAC"], none: "")]
      }),
    MachineKernel(
      option: .arm64, is64Bit: true, byteOrder: .little, pageSizes: [4096, 16384, 65536],
      // Debian, Ubuntu and RHEL name what is not usual.
      pageSizesOfReleases: [
        ReleasePageSize("-16k", 16384), ReleasePageSize("-64k", 65536),
        ReleasePageSize("+64k", 65536),
      ],
      vermagic: [VermagicWord("aarch64")], relativeExports: .relativeExports,
      entrySizes: [TableEntrySize("__tracepoints_ptrs", 4)]),
    loader: { moduleLoader }, code: { machineCode })
}

/// arch/arm64/kernel/{alternative,ftrace,jump_label}.c, arch/arm64/include/asm/bug.h.
private let machineCode = MachineCode(
  calls: [CallForm(4, [283])], localCall: .word(opcode: 0x9400_0000),
  patches: [
    PatchedTable("__patchable_function_entries", 8, .fixed(12), before: 8),
    PatchedTable("__jump_table", 16, .fixed(4)),
    PatchedTable(".altinstructions", 12, .listed(at: 10)),
  ],
  // paciasp and autiasp, where the shadow call stack is patched in.
  patchedWords: [0xd503_233f, 0xd503_23bf], instructionBytes: 4,
  words: [([0x00, 0x00, 0x21, 0xd4], "brk, a BUG or WARN")])

/// bl and b; add xN, xN, #:lo12:x behind adrp, or adr alone, x0 to x7 being arguments (ELF for the Arm 64-bit
/// architecture, "Relocation"; AAPCS64, "Parameter passing").
private let wordPatterns = WordPatterns(
  branches: [282, 283], loads: [274, 277], shift: 0, registers: 32, first: 0, last: 7,
  overwrites: { word, register in
    guard word & 31 == register else { return false }
    // Branches name no register there, and stores read it (Arm ARM, "A64 instruction set encoding").
    let group = word >> 25 & 15
    if group & 0b1110 == 0b1010 { return false }
    return group & 0b0101 != 0b0100 || word & 1 << 22 != 0
  },
  // movz wN, #n for w0 to w7.
  lines: (mask: 0xffe0_0018, opcode: 0x5280_0000, shift: 5))

/// arch/arm64/kernel/module.c, module-plts.c.
private let moduleLoader = MachineLoader(
  relocations: [
    TakenRelocations(0, bytes: 0), TakenRelocations(256, bytes: 0),
    // Data.
    TakenRelocations(257, bytes: 8), TakenRelocations(258, bytes: 4, .range(.unsigned(32))),
    TakenRelocations(259, bytes: 2, .range(.unsigned(16))), TakenRelocations(260, bytes: 8),
    TakenRelocations(261, bytes: 4, .range(.signed(32, from: .place))),
    TakenRelocations(262, bytes: 2, .range(.signed(16, from: .place))),
    // Instructions. Values of MOVW with a sign have one more bit: the instruction can invert them.
    TakenRelocations(263, bytes: 4, .range(.unsigned(16))), TakenRelocations(264, bytes: 4),
    TakenRelocations(265, bytes: 4, .range(.unsigned(32))), TakenRelocations(266, bytes: 4),
    TakenRelocations(267, bytes: 4, .range(.unsigned(48))), TakenRelocations(268...269, bytes: 4),
    TakenRelocations(270, bytes: 4, .range(.signed(17, from: .absolute))),
    TakenRelocations(271, bytes: 4, .range(.signed(33, from: .absolute))),
    TakenRelocations(272, bytes: 4, .range(.signed(49, from: .absolute))),
    TakenRelocations(273...274, bytes: 4, .range(.signed(21, from: .place))),
    TakenRelocations(275, bytes: 4, .range(.signed(33, from: .page))),
    TakenRelocations(276...278, bytes: 4),
    TakenRelocations(279, bytes: 4, .range(.signed(16, from: .place))),
    TakenRelocations(280, bytes: 4, .range(.signed(21, from: .place))),
    // Branches: what is too far away goes through .plt.
    TakenRelocations(282...283, bytes: 4, .range(.branch(28))),
    TakenRelocations(284...286, bytes: 4),
    TakenRelocations(287, bytes: 4, .range(.signed(17, from: .place))),
    TakenRelocations(288, bytes: 4),
    TakenRelocations(289, bytes: 4, .range(.signed(33, from: .place))),
    TakenRelocations(290, bytes: 4),
    TakenRelocations(291, bytes: 4, .range(.signed(49, from: .place))),
    TakenRelocations(292...293, bytes: 4), TakenRelocations(299, bytes: 4),
  ],
  // Documentation/arch/arm64/memory.rst; kaslr.c: the kernel is in the lower half of its part, modules
  // are near it (module_init_limits: within 2 GiB, for R_AARCH64_PREL32).
  ranges: AddressRanges(
    rows: [
      AddressRanges.Row(-(1 << 47)...(-(1 << 44)), when: .arm64AddressBits, is: ["48", "52"]),
      AddressRanges.Row(-(1 << 48)...(-(1 << 33))),
    ], reach: 1 << 31),
  overflows: [
    OverflowWords("Modules: module %n: overflow in relocation type %t val %v", since: .arm64Prefix),
    OverflowWords("module %n: overflow in relocation type %t val %v"),
  ],
  shownAddress: 0xffff_8000_0000_0000,
  looksUpTargets: .arm64Tables,
  refusals: [
    RelocationRefusal(
      LoaderWords("Modules: module ", ": unsupported RELA relocation: "), since: .arm64Prefix),
    RelocationRefusal(LoaderWords("module ", ": unsupported RELA relocation: ")),
  ],
  sections: [
    NeededSection(
      ".plt", since: .arm64Tables, until: .arm64InitTable, with: .arm64PLTs, isUsual: true,
      LoaderWords("", ": module ", " section missing"), "PLT"),
    NeededSection(
      ".plt", since: .arm64InitTable, until: .arm64TablesAlways, with: .arm64PLTs, isUsual: true,
      missing, "PLT"),
    NeededSection(
      ".init.plt", since: .arm64InitTable, until: .arm64TablesAlways, with: .arm64PLTs,
      isUsual: true, missing, "PLT"),
    NeededSection(".plt", since: .arm64TablesAlways, missing, "PLT"),
    NeededSection(".init.plt", since: .arm64TablesAlways, missing, "PLT"),
  ],
  reflagged: [".plt", ".init.plt", trampoline],
  // The trampoline of the tracer, with CONFIG_DYNAMIC_FTRACE.
  lateSections: [
    NeededSection(
      trampoline, besides: traced, until: .arm64TablesAlways, with: .arm64PLTs),
    NeededSection(trampoline, besides: traced, since: .arm64TablesAlways),
  ],
  words: wordPatterns,
  // `bti c`, `bti jc`, `paciasp` and `pacibsp` (Arm ARM, "Effect of entering a guarded page").
  landingPads: LandingPads(
    option: .kernelBTI, since: .kernelBTI,
    instructions: [0xd503_245f, 0xd503_24df, 0xd503_233f, 0xd503_237f], instruction: "bti c",
    property: "BTI", seals: nil, pointer: 257, flag: "-mbranch-protection=pac-ret+bti",
    oops: "Internal error: Oops - BTI: 0000000036000002 [#1] SMP", processor: "bti"))

private let missing = LoaderWords("", ": module ", " section(s) missing")
private let trampoline = ".text.ftrace_trampoline"
private let traced = "__patchable_function_entries"

/// ELF for the Arm 64-bit Architecture, "Relocation codes"; `R_AARCH64_*`.
private let relocations: NameTable = [
  0: "R_AARCH64_NONE", 1: "R_AARCH64_P32_ABS32", 2: "R_AARCH64_P32_ABS16",
  3: "R_AARCH64_P32_PREL32", 4: "R_AARCH64_P32_PREL16", 5: "R_AARCH64_P32_MOVW_UABS_G0",
  6: "R_AARCH64_P32_MOVW_UABS_G0_NC", 7: "R_AARCH64_P32_MOVW_UABS_G1",
  8: "R_AARCH64_P32_MOVW_SABS_G0", 9: "R_AARCH64_P32_LD_PREL_LO19",
  10: "R_AARCH64_P32_ADR_PREL_LO21", 11: "R_AARCH64_P32_ADR_PREL_PG_HI21",
  12: "R_AARCH64_P32_ADD_ABS_LO12_NC", 13: "R_AARCH64_P32_LDST8_ABS_LO12_NC",
  14: "R_AARCH64_P32_LDST16_ABS_LO12_NC", 15: "R_AARCH64_P32_LDST32_ABS_LO12_NC",
  16: "R_AARCH64_P32_LDST64_ABS_LO12_NC", 17: "R_AARCH64_P32_LDST128_ABS_LO12_NC",
  18: "R_AARCH64_P32_TSTBR14", 19: "R_AARCH64_P32_CONDBR19", 20: "R_AARCH64_P32_JUMP26",
  21: "R_AARCH64_P32_CALL26", 22: "R_AARCH64_P32_MOVW_PREL_G0",
  23: "R_AARCH64_P32_MOVW_PREL_G0_NC", 24: "R_AARCH64_P32_MOVW_PREL_G1",
  25: "R_AARCH64_P32_GOT_LD_PREL19", 26: "R_AARCH64_P32_ADR_GOT_PAGE",
  27: "R_AARCH64_P32_LD32_GOT_LO12_NC", 28: "R_AARCH64_P32_LD32_GOTPAGE_LO14",
  80: "R_AARCH64_P32_TLSGD_ADR_PREL21", 81: "R_AARCH64_P32_TLSGD_ADR_PAGE21",
  82: "R_AARCH64_P32_TLSGD_ADD_LO12_NC", 83: "R_AARCH64_P32_TLSLD_ADR_PREL21",
  84: "R_AARCH64_P32_TLSLD_ADR_PAGE21", 85: "R_AARCH64_P32_TLSLD_ADD_LO12_NC",
  87: "R_AARCH64_P32_TLSLD_MOVW_DTPREL_G1", 88: "R_AARCH64_P32_TLSLD_MOVW_DTPREL_G0",
  89: "R_AARCH64_P32_TLSLD_MOVW_DTPREL_G0_NC", 90: "R_AARCH64_P32_TLSLD_ADD_DTPREL_HI12",
  91: "R_AARCH64_P32_TLSLD_ADD_DTPREL_LO12", 92: "R_AARCH64_P32_TLSLD_ADD_DTPREL_LO12_NC",
  103: "R_AARCH64_P32_TLSIE_ADR_GOTTPREL_PAGE21",
  104: "R_AARCH64_P32_TLSIE_LD32_GOTTPREL_LO12_NC", 105: "R_AARCH64_P32_TLSIE_LD_GOTTPREL_PREL19",
  106: "R_AARCH64_P32_TLSLE_MOVW_TPREL_G1", 107: "R_AARCH64_P32_TLSLE_MOVW_TPREL_G0",
  108: "R_AARCH64_P32_TLSLE_MOVW_TPREL_G0_NC", 109: "R_AARCH64_P32_TLSLE_ADD_TPREL_HI12",
  110: "R_AARCH64_P32_TLSLE_ADD_TPREL_LO12", 111: "R_AARCH64_P32_TLSLE_ADD_TPREL_LO12_NC",
  112: "R_AARCH64_P32_TLSLE_LDST8_TPREL_LO12", 113: "R_AARCH64_P32_TLSLE_LDST8_TPREL_LO12_NC",
  114: "R_AARCH64_P32_TLSLE_LDST16_TPREL_LO12", 115: "R_AARCH64_P32_TLSLE_LDST16_TPREL_LO12_NC",
  116: "R_AARCH64_P32_TLSLE_LDST32_TPREL_LO12", 117: "R_AARCH64_P32_TLSLE_LDST32_TPREL_LO12_NC",
  118: "R_AARCH64_P32_TLSLE_LDST64_TPREL_LO12", 119: "R_AARCH64_P32_TLSLE_LDST64_TPREL_LO12_NC",
  122: "R_AARCH64_P32_TLSDESC_LD_PREL19", 123: "R_AARCH64_P32_TLSDESC_ADR_PREL21",
  124: "R_AARCH64_P32_TLSDESC_ADR_PAGE21", 125: "R_AARCH64_P32_TLSDESC_LD32_LO12_NC",
  126: "R_AARCH64_P32_TLSDESC_ADD_LO12_NC", 127: "R_AARCH64_P32_TLSDESC_CALL",
  180: "R_AARCH64_P32_COPY", 181: "R_AARCH64_P32_GLOB_DAT", 182: "R_AARCH64_P32_JUMP_SLOT",
  183: "R_AARCH64_P32_RELATIVE", 184: "R_AARCH64_P32_TLS_DTPMOD", 185: "R_AARCH64_P32_TLS_DTPREL",
  186: "R_AARCH64_P32_TLS_TPREL", 187: "R_AARCH64_P32_TLSDESC", 188: "R_AARCH64_P32_IRELATIVE",
  256: "R_AARCH64_NULL", 257: "R_AARCH64_ABS64", 258: "R_AARCH64_ABS32", 259: "R_AARCH64_ABS16",
  260: "R_AARCH64_PREL64", 261: "R_AARCH64_PREL32", 262: "R_AARCH64_PREL16",
  263: "R_AARCH64_MOVW_UABS_G0", 264: "R_AARCH64_MOVW_UABS_G0_NC", 265: "R_AARCH64_MOVW_UABS_G1",
  266: "R_AARCH64_MOVW_UABS_G1_NC", 267: "R_AARCH64_MOVW_UABS_G2",
  268: "R_AARCH64_MOVW_UABS_G2_NC", 269: "R_AARCH64_MOVW_UABS_G3", 270: "R_AARCH64_MOVW_SABS_G0",
  271: "R_AARCH64_MOVW_SABS_G1", 272: "R_AARCH64_MOVW_SABS_G2", 273: "R_AARCH64_LD_PREL_LO19",
  274: "R_AARCH64_ADR_PREL_LO21", 275: "R_AARCH64_ADR_PREL_PG_HI21",
  276: "R_AARCH64_ADR_PREL_PG_HI21_NC", 277: "R_AARCH64_ADD_ABS_LO12_NC",
  278: "R_AARCH64_LDST8_ABS_LO12_NC", 279: "R_AARCH64_TSTBR14", 280: "R_AARCH64_CONDBR19",
  282: "R_AARCH64_JUMP26", 283: "R_AARCH64_CALL26", 284: "R_AARCH64_LDST16_ABS_LO12_NC",
  285: "R_AARCH64_LDST32_ABS_LO12_NC", 286: "R_AARCH64_LDST64_ABS_LO12_NC",
  287: "R_AARCH64_MOVW_PREL_G0", 288: "R_AARCH64_MOVW_PREL_G0_NC", 289: "R_AARCH64_MOVW_PREL_G1",
  290: "R_AARCH64_MOVW_PREL_G1_NC", 291: "R_AARCH64_MOVW_PREL_G2",
  292: "R_AARCH64_MOVW_PREL_G2_NC", 293: "R_AARCH64_MOVW_PREL_G3",
  299: "R_AARCH64_LDST128_ABS_LO12_NC", 300: "R_AARCH64_MOVW_GOTOFF_G0",
  301: "R_AARCH64_MOVW_GOTOFF_G0_NC", 302: "R_AARCH64_MOVW_GOTOFF_G1",
  303: "R_AARCH64_MOVW_GOTOFF_G1_NC", 304: "R_AARCH64_MOVW_GOTOFF_G2",
  305: "R_AARCH64_MOVW_GOTOFF_G2_NC", 306: "R_AARCH64_MOVW_GOTOFF_G3", 307: "R_AARCH64_GOTREL64",
  308: "R_AARCH64_GOTREL32", 309: "R_AARCH64_GOT_LD_PREL19", 310: "R_AARCH64_LD64_GOTOFF_LO15",
  311: "R_AARCH64_ADR_GOT_PAGE", 312: "R_AARCH64_LD64_GOT_LO12_NC",
  313: "R_AARCH64_LD64_GOTPAGE_LO15", 512: "R_AARCH64_TLSGD_ADR_PREL21",
  513: "R_AARCH64_TLSGD_ADR_PAGE21", 514: "R_AARCH64_TLSGD_ADD_LO12_NC",
  515: "R_AARCH64_TLSGD_MOVW_G1", 516: "R_AARCH64_TLSGD_MOVW_G0_NC",
  517: "R_AARCH64_TLSLD_ADR_PREL21", 518: "R_AARCH64_TLSLD_ADR_PAGE21",
  519: "R_AARCH64_TLSLD_ADD_LO12_NC", 520: "R_AARCH64_TLSLD_MOVW_G1",
  521: "R_AARCH64_TLSLD_MOVW_G0_NC", 522: "R_AARCH64_TLSLD_LD_PREL19",
  523: "R_AARCH64_TLSLD_MOVW_DTPREL_G2", 524: "R_AARCH64_TLSLD_MOVW_DTPREL_G1",
  525: "R_AARCH64_TLSLD_MOVW_DTPREL_G1_NC", 526: "R_AARCH64_TLSLD_MOVW_DTPREL_G0",
  527: "R_AARCH64_TLSLD_MOVW_DTPREL_G0_NC", 528: "R_AARCH64_TLSLD_ADD_DTPREL_HI12",
  529: "R_AARCH64_TLSLD_ADD_DTPREL_LO12", 530: "R_AARCH64_TLSLD_ADD_DTPREL_LO12_NC",
  531: "R_AARCH64_TLSLD_LDST8_DTPREL_LO12", 532: "R_AARCH64_TLSLD_LDST8_DTPREL_LO12_NC",
  533: "R_AARCH64_TLSLD_LDST16_DTPREL_LO12", 534: "R_AARCH64_TLSLD_LDST16_DTPREL_LO12_NC",
  535: "R_AARCH64_TLSLD_LDST32_DTPREL_LO12", 536: "R_AARCH64_TLSLD_LDST32_DTPREL_LO12_NC",
  537: "R_AARCH64_TLSLD_LDST64_DTPREL_LO12", 538: "R_AARCH64_TLSLD_LDST64_DTPREL_LO12_NC",
  539: "R_AARCH64_TLSIE_MOVW_GOTTPREL_G1", 540: "R_AARCH64_TLSIE_MOVW_GOTTPREL_G0_NC",
  541: "R_AARCH64_TLSIE_ADR_GOTTPREL_PAGE21", 542: "R_AARCH64_TLSIE_LD64_GOTTPREL_LO12_NC",
  543: "R_AARCH64_TLSIE_LD_GOTTPREL_PREL19", 544: "R_AARCH64_TLSLE_MOVW_TPREL_G2",
  545: "R_AARCH64_TLSLE_MOVW_TPREL_G1", 546: "R_AARCH64_TLSLE_MOVW_TPREL_G1_NC",
  547: "R_AARCH64_TLSLE_MOVW_TPREL_G0", 548: "R_AARCH64_TLSLE_MOVW_TPREL_G0_NC",
  549: "R_AARCH64_TLSLE_ADD_TPREL_HI12", 550: "R_AARCH64_TLSLE_ADD_TPREL_LO12",
  551: "R_AARCH64_TLSLE_ADD_TPREL_LO12_NC", 552: "R_AARCH64_TLSLE_LDST8_TPREL_LO12",
  553: "R_AARCH64_TLSLE_LDST8_TPREL_LO12_NC", 554: "R_AARCH64_TLSLE_LDST16_TPREL_LO12",
  555: "R_AARCH64_TLSLE_LDST16_TPREL_LO12_NC", 556: "R_AARCH64_TLSLE_LDST32_TPREL_LO12",
  557: "R_AARCH64_TLSLE_LDST32_TPREL_LO12_NC", 558: "R_AARCH64_TLSLE_LDST64_TPREL_LO12",
  559: "R_AARCH64_TLSLE_LDST64_TPREL_LO12_NC", 560: "R_AARCH64_TLSDESC_LD_PREL19",
  561: "R_AARCH64_TLSDESC_ADR_PREL21", 562: "R_AARCH64_TLSDESC_ADR_PAGE21",
  563: "R_AARCH64_TLSDESC_LD64_LO12", 564: "R_AARCH64_TLSDESC_ADD_LO12",
  565: "R_AARCH64_TLSDESC_OFF_G1", 566: "R_AARCH64_TLSDESC_OFF_G0_NC",
  567: "R_AARCH64_TLSDESC_LDR", 568: "R_AARCH64_TLSDESC_ADD", 569: "R_AARCH64_TLSDESC_CALL",
  570: "R_AARCH64_TLSLE_LDST128_TPREL_LO12", 571: "R_AARCH64_TLSLE_LDST128_TPREL_LO12_NC",
  572: "R_AARCH64_TLSLD_LDST128_DTPREL_LO12", 573: "R_AARCH64_TLSLD_LDST128_DTPREL_LO12_NC",
  1024: "R_AARCH64_COPY", 1025: "R_AARCH64_GLOB_DAT", 1026: "R_AARCH64_JUMP_SLOT",
  1027: "R_AARCH64_RELATIVE", 1028: "R_AARCH64_TLS_DTPMOD64", 1029: "R_AARCH64_TLS_DTPREL64",
  1030: "R_AARCH64_TLS_TPREL64", 1031: "R_AARCH64_TLSDESC", 1032: "R_AARCH64_IRELATIVE",
]
