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
  calls: [CallForm(4, [283])], localCalls: [.word(CallWord(0x9400_0000, link: 1 << 31, bits: 26))],
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
  reflagged: [".plt", ".init.plt", trampoline, initTrampoline],
  // The trampoline of the tracer, with CONFIG_DYNAMIC_FTRACE.
  lateSections: [
    NeededSection(
      trampoline, besides: traced, until: .arm64TablesAlways, with: .arm64PLTs),
    NeededSection(trampoline, besides: traced, since: .arm64TablesAlways),
    NeededSection(initTrampoline, besides: traced, since: .arm64InitTrampoline),
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
private let initTrampoline = ".init.text.ftrace_trampoline"
private let traced = "__patchable_function_entries"

/// ELF for the Arm 64-bit Architecture, "Relocation codes"; `R_AARCH64_*`.
private let relocations = NumberedNames(
  "R_AARCH64_",
  """
  #0 NONE P32_ABS32 P32_ABS16 P32_PREL32 P32_PREL16 P32_MOVW_UABS_G0 P32_MOVW_UABS_G0_NC \
  #7 P32_MOVW_UABS_G1 P32_MOVW_SABS_G0 P32_LD_PREL_LO19 P32_ADR_PREL_LO21 P32_ADR_PREL_PG_HI21 \
  #12 P32_ADD_ABS_LO12_NC P32_LDST8_ABS_LO12_NC P32_LDST16_ABS_LO12_NC P32_LDST32_ABS_LO12_NC \
  #16 P32_LDST64_ABS_LO12_NC P32_LDST128_ABS_LO12_NC P32_TSTBR14 P32_CONDBR19 P32_JUMP26 \
  #21 P32_CALL26 P32_MOVW_PREL_G0 P32_MOVW_PREL_G0_NC P32_MOVW_PREL_G1 P32_GOT_LD_PREL19 \
  #26 P32_ADR_GOT_PAGE P32_LD32_GOT_LO12_NC P32_LD32_GOTPAGE_LO14 #80 P32_TLSGD_ADR_PREL21 \
  #81 P32_TLSGD_ADR_PAGE21 P32_TLSGD_ADD_LO12_NC P32_TLSLD_ADR_PREL21 P32_TLSLD_ADR_PAGE21 \
  #85 P32_TLSLD_ADD_LO12_NC #87 P32_TLSLD_MOVW_DTPREL_G1 P32_TLSLD_MOVW_DTPREL_G0 \
  #89 P32_TLSLD_MOVW_DTPREL_G0_NC P32_TLSLD_ADD_DTPREL_HI12 P32_TLSLD_ADD_DTPREL_LO12 \
  #92 P32_TLSLD_ADD_DTPREL_LO12_NC #103 P32_TLSIE_ADR_GOTTPREL_PAGE21 \
  #104 P32_TLSIE_LD32_GOTTPREL_LO12_NC P32_TLSIE_LD_GOTTPREL_PREL19 P32_TLSLE_MOVW_TPREL_G1 \
  #107 P32_TLSLE_MOVW_TPREL_G0 P32_TLSLE_MOVW_TPREL_G0_NC P32_TLSLE_ADD_TPREL_HI12 \
  #110 P32_TLSLE_ADD_TPREL_LO12 P32_TLSLE_ADD_TPREL_LO12_NC P32_TLSLE_LDST8_TPREL_LO12 \
  #113 P32_TLSLE_LDST8_TPREL_LO12_NC P32_TLSLE_LDST16_TPREL_LO12 P32_TLSLE_LDST16_TPREL_LO12_NC \
  #116 P32_TLSLE_LDST32_TPREL_LO12 P32_TLSLE_LDST32_TPREL_LO12_NC P32_TLSLE_LDST64_TPREL_LO12 \
  #119 P32_TLSLE_LDST64_TPREL_LO12_NC #122 P32_TLSDESC_LD_PREL19 P32_TLSDESC_ADR_PREL21 \
  #124 P32_TLSDESC_ADR_PAGE21 P32_TLSDESC_LD32_LO12_NC P32_TLSDESC_ADD_LO12_NC P32_TLSDESC_CALL \
  #180 P32_COPY P32_GLOB_DAT P32_JUMP_SLOT P32_RELATIVE P32_TLS_DTPMOD P32_TLS_DTPREL \
  #186 P32_TLS_TPREL P32_TLSDESC P32_IRELATIVE #256 NULL ABS64 ABS32 ABS16 PREL64 PREL32 PREL16 \
  #263 MOVW_UABS_G0 MOVW_UABS_G0_NC MOVW_UABS_G1 MOVW_UABS_G1_NC MOVW_UABS_G2 MOVW_UABS_G2_NC \
  #269 MOVW_UABS_G3 MOVW_SABS_G0 MOVW_SABS_G1 MOVW_SABS_G2 LD_PREL_LO19 ADR_PREL_LO21 \
  #275 ADR_PREL_PG_HI21 ADR_PREL_PG_HI21_NC ADD_ABS_LO12_NC LDST8_ABS_LO12_NC TSTBR14 CONDBR19 \
  #282 JUMP26 CALL26 LDST16_ABS_LO12_NC LDST32_ABS_LO12_NC LDST64_ABS_LO12_NC MOVW_PREL_G0 \
  #288 MOVW_PREL_G0_NC MOVW_PREL_G1 MOVW_PREL_G1_NC MOVW_PREL_G2 MOVW_PREL_G2_NC MOVW_PREL_G3 \
  #299 LDST128_ABS_LO12_NC MOVW_GOTOFF_G0 MOVW_GOTOFF_G0_NC MOVW_GOTOFF_G1 MOVW_GOTOFF_G1_NC \
  #304 MOVW_GOTOFF_G2 MOVW_GOTOFF_G2_NC MOVW_GOTOFF_G3 GOTREL64 GOTREL32 GOT_LD_PREL19 \
  #310 LD64_GOTOFF_LO15 ADR_GOT_PAGE LD64_GOT_LO12_NC LD64_GOTPAGE_LO15 #512 TLSGD_ADR_PREL21 \
  #513 TLSGD_ADR_PAGE21 TLSGD_ADD_LO12_NC TLSGD_MOVW_G1 TLSGD_MOVW_G0_NC TLSLD_ADR_PREL21 \
  #518 TLSLD_ADR_PAGE21 TLSLD_ADD_LO12_NC TLSLD_MOVW_G1 TLSLD_MOVW_G0_NC TLSLD_LD_PREL19 \
  #523 TLSLD_MOVW_DTPREL_G2 TLSLD_MOVW_DTPREL_G1 TLSLD_MOVW_DTPREL_G1_NC TLSLD_MOVW_DTPREL_G0 \
  #527 TLSLD_MOVW_DTPREL_G0_NC TLSLD_ADD_DTPREL_HI12 TLSLD_ADD_DTPREL_LO12 \
  #530 TLSLD_ADD_DTPREL_LO12_NC TLSLD_LDST8_DTPREL_LO12 TLSLD_LDST8_DTPREL_LO12_NC \
  #533 TLSLD_LDST16_DTPREL_LO12 TLSLD_LDST16_DTPREL_LO12_NC TLSLD_LDST32_DTPREL_LO12 \
  #536 TLSLD_LDST32_DTPREL_LO12_NC TLSLD_LDST64_DTPREL_LO12 TLSLD_LDST64_DTPREL_LO12_NC \
  #539 TLSIE_MOVW_GOTTPREL_G1 TLSIE_MOVW_GOTTPREL_G0_NC TLSIE_ADR_GOTTPREL_PAGE21 \
  #542 TLSIE_LD64_GOTTPREL_LO12_NC TLSIE_LD_GOTTPREL_PREL19 TLSLE_MOVW_TPREL_G2 \
  #545 TLSLE_MOVW_TPREL_G1 TLSLE_MOVW_TPREL_G1_NC TLSLE_MOVW_TPREL_G0 TLSLE_MOVW_TPREL_G0_NC \
  #549 TLSLE_ADD_TPREL_HI12 TLSLE_ADD_TPREL_LO12 TLSLE_ADD_TPREL_LO12_NC TLSLE_LDST8_TPREL_LO12 \
  #553 TLSLE_LDST8_TPREL_LO12_NC TLSLE_LDST16_TPREL_LO12 TLSLE_LDST16_TPREL_LO12_NC \
  #556 TLSLE_LDST32_TPREL_LO12 TLSLE_LDST32_TPREL_LO12_NC TLSLE_LDST64_TPREL_LO12 \
  #559 TLSLE_LDST64_TPREL_LO12_NC TLSDESC_LD_PREL19 TLSDESC_ADR_PREL21 TLSDESC_ADR_PAGE21 \
  #563 TLSDESC_LD64_LO12 TLSDESC_ADD_LO12 TLSDESC_OFF_G1 TLSDESC_OFF_G0_NC TLSDESC_LDR \
  #568 TLSDESC_ADD TLSDESC_CALL TLSLE_LDST128_TPREL_LO12 TLSLE_LDST128_TPREL_LO12_NC \
  #572 TLSLD_LDST128_DTPREL_LO12 TLSLD_LDST128_DTPREL_LO12_NC #1024 COPY GLOB_DAT JUMP_SLOT \
  #1027 RELATIVE TLS_DTPMOD64 TLS_DTPREL64 TLS_TPREL64 TLSDESC IRELATIVE
  """)
