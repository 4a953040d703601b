// 32-bit ARM.

extension Machine {
  /// 32-bit ARM (`EM_ARM`).
  public static var arm: Self { Self(rawValue: 40) }
}

extension MachineDescription {
  static let arm = MachineDescription(
    .arm, "ARM",
    MachineFormat(
      relocations: relocations, effects: [(2, .absolute(4)), (3, .relative(4))],
      addends: { addends }, flags: flags,
      systems: [65: "ARM FDPIC", 97: "ARM"],
      segmentTypes: [0x7000_0001: "EXIDX"],
      sectionTypes: [
        0x7000_0001: "ARM_EXIDX", 0x7000_0002: "ARM_PREEMPTMAP", 0x7000_0003: "ARM_ATTRIBUTES",
        0x7000_0004: "ARM_DEBUGOVERLAY", 0x7000_0005: "ARM_OVERLAYSECTION",
      ],
      // `SHF_ARM_PURECODE`.
      sectionFlags: [MachineSectionFlag(0x2000_0000, "y", "purecode")],
      symbolTypes: [13: "THUMB_FUNC"], attributeSections: SectionType(rawValue: 0x7000_0003),
      attributeVendor: "aeabi", attributes: { attributes },
      // `SHT_ARM_EXIDX`.
      unwind: .index(SectionType(rawValue: 0x7000_0001))),
    MachineKernel(
      option: .arm, pageSizes: [4096], entrySizes: [TableEntrySize("__ex_table", 8)],
      // Thumb code (arch/arm/include/asm/module.h, `kallsyms_symbol_value`).
      functionMark: 1),
    loader: { moduleLoader }, code: { machineCode })
}

/// bl of ARM and of Thumb, whose halves stand in the order of the file (Arm ARM, A8.8.25).
private let machineCode = MachineCode(
  calls: [CallForm(4, [1, 10, 28])],
  localCalls: [
    .word(CallWord(0xeb00_0000, link: 1 << 24, bits: 24, ahead: 8)),
    .word(
      CallWord(0xd000_f000, mask: 0xd000_f800, link: 1 << 30, step: 2) { word in
        AddendField.thumbDistance(word & 0xffff, word &>> 16) &+ 4
      }),
  ],
  // arch/arm/kernel/{ftrace,jump_label,module,phys2virt}.c.
  patches: [
    PatchedTable("__mcount_loc", 4, .fixed(4)), PatchedTable("__jump_table", 12, .fixed(4)),
    PatchedTable(".alt.smp.init", 8, .fixed(4)), PatchedTable(".pv_table", 4, .fixed(4)),
  ],
  instructionBytes: 4,
  // arch/arm/include/asm/bug.h, `BUG_INSTR_VALUE`.
  words: [
    ([0xf2, 0x01, 0xf0, 0xe7], "udf, a BUG or WARN"), ([0x02, 0xde], "udf, a BUG or WARN"),
  ])

/// arch/arm/kernel/module.c, module-plts.c, elf.c. The types of Thumb code are taken by kernels that are
/// Thumb code themselves; there is a table for branches that are too far.
private let moduleLoader = MachineLoader(
  takesHeader: takes, entries: .withoutAddends,
  relocations: [
    TakenRelocations(0, bytes: 4), TakenRelocations(1, bytes: 4, .code(fours)),
    TakenRelocations(2...3, bytes: 4), TakenRelocations(28...29, bytes: 4, .code(fours)),
    TakenRelocations(38, bytes: 4), TakenRelocations(40, bytes: 4),
    TakenRelocations(42, bytes: 4, .range(.signed(31, from: .place))),
    TakenRelocations(43...44, bytes: 4),
    TakenRelocations(45...46, bytes: 4, since: .armPlaceMoves),
    TakenRelocations(57, bytes: 4, since: .armGroups),
    TakenRelocations(59, bytes: 4, since: .armGroups),
    TakenRelocations(63, bytes: 4, since: .armGroups, .range(.groups)),
    TakenRelocations(10...10, bytes: 4, .code(odd), word: thumb),
    TakenRelocations(30...30, bytes: 4, .code(odd), word: thumb),
    TakenRelocations(47...48, bytes: 4, word: thumb),
    TakenRelocations(49...50, bytes: 4, since: .armPlaceMoves, word: thumb),
  ],
  // Also of the type that changes nothing it looks at the place.
  markers: [], checksPlaces: true,
  // arch/arm/mm/init.c, `execmem_arch_setup`: modules are in the 16 MiB before the kernel; what does not fit
  // in there any more goes behind it, which is not reckoned with. The kernel is at the beginning of its part.
  ranges: AddressRanges(
    rows: [
      AddressRanges.Row(-0x4100_0000...(-0x4000_0001), when: .pageOffset, is: ["0xC0000000"]),
      AddressRanges.Row(-(1 << 31)...(1 << 31) - 1),
    ], reach: 1 << 24, kernelReach: 1 << 29),
  sortsCode: .armPLTs,
  overflows: [
    OverflowWords(
      "%n: section %i reloc %r sym '%s': relocation %t out of range (0x%p -> 0x%a)")
  ],
  shownAddress: 0xbf00_0000, looksUpTargets: .armTables,
  refusals: [RelocationRefusal(LoaderWords("", ": unknown relocation: "))],
  sections: [
    NeededSection(".plt", with: .armPLTs, missing, "PLT"),
    NeededSection(".init.plt", with: .armPLTs, missing, "PLT"),
  ], reflagged: [".plt", ".init.plt"],
  callTables: [
    CallTable(
      section: "__mcount_loc", symbols: ["__gnu_mcount_nc"], distance: 0, areAddresses: true,
      complaint: "a place in __mcount_loc is no call of __gnu_mcount_nc")
  ], words: wordPatterns)

/// bl, b and their like; movt rN, #:upper16:x behind movw, r0 to r3 being arguments (ELF for the Arm
/// architecture, "Relocation"; AAPCS32).
private let wordPatterns = WordPatterns(
  branches: [1, 28, 29], loads: [44], shift: 12, registers: 16, first: 0, last: 3,
  address: .halfWord)

private let oneKind = "compile all of the module for the same instruction set: -marm, or -mthumb"
private let fours = CodeKind(
  alignment: 4,
  line: "%n: section %i reloc %r sym '%s': unsupported interworking call (ARM -> Thumb)",
  advice: oneKind)
private let odd = CodeKind(
  alignment: 2, hasOddFunctions: true,
  line: "%n: section %i reloc %r sym '%s': unsupported interworking call (Thumb -> ARM)",
  advice: oneKind)

extension ValueRange {
  /// The last of three instructions that add up to a distance: what two groups of eight bits leave of it
  /// must be twelve bits. With 28 bits it always is (`get_group_rem`).
  fileprivate static var groups: Self {
    var field = signed(29, from: .place)
    field.isPartial = true
    return field
  }
}

private let missing = LoaderWords("", ": module ", " section(s) missing")
/// In the version magic of Thumb kernels (arch/arm/include/asm/vermagic.h).
private let thumb = "thumb2"

/// `elf_check_arch`: the entry address must be one of code, and files of before the EABI must not be for
/// processors with addresses of 26 bits, or for floating point in a way that no kernel has.
private func takes(_ header: FileHeader) -> Bool {
  if header.entry & 1 == 0, header.entry & 3 != 0 { return false }
  guard header.flags & 0xff00_0000 == 0 else { return true }
  return header.flags & 0x8 == 0
}

/// ELF for the Arm Architecture, "Addends and PC-bias compensation".
private let addends = [
  AddendRow(1, .bits(24, shift: 2), ahead: 8), AddendRow(27...29, .bits(24, shift: 2), ahead: 8),
  AddendRow(4, .armOffset), AddendRow(10, .thumbBranch, ahead: 4),
  AddendRow(30, .thumbBranch, ahead: 4),
  AddendRow(38, .bits(32)), AddendRow(41, .bits(32)), AddendRow(42, .bits(31)),
  AddendRow(43...46, .armMove), AddendRow(47...50, .thumbMove), AddendRow(57...61, .armRotated),
  AddendRow(62...63, .armOffset),
]

/// Addenda to the ABI for the Arm Architecture, "Public aeabi attribute tags".
private let attributes = [
  MachineAttribute(4, "Tag_CPU_raw_name"), MachineAttribute(5, "Tag_CPU_name"),
  MachineAttribute(
    6, "Tag_CPU_arch",
    [
      "Pre-v4", "v4", "v4T", "v5T", "v5TE", "v5TEJ", "v6", "v6KZ", "v6T2", "v6K", "v7", "v6-M",
      "v6S-M", "v7E-M", "v8", "v8-R", "v8-M.baseline", "v8-M.mainline", "v8.1-A", "v8.2-A",
      "v8.3-A",
      "v8.1-M.mainline", "v9",
    ]),
  MachineAttribute(7, "Tag_CPU_arch_profile") { profile($0) },
  MachineAttribute(8, "Tag_ARM_ISA_use", ["No", "Yes"]),
  MachineAttribute(9, "Tag_THUMB_ISA_use", ["No", "Thumb-1", "Thumb-2", "Yes"]),
  MachineAttribute(
    10, "Tag_FP_arch",
    [
      "No", "VFPv1", "VFPv2", "VFPv3", "VFPv3-D16", "VFPv4", "VFPv4-D16", "FP for ARMv8",
      "FPv5/FP-D16 for ARMv8",
    ]),
  MachineAttribute(11, "Tag_WMMX_arch", ["No", "WMMXv1", "WMMXv2"]),
  MachineAttribute(
    12, "Tag_Advanced_SIMD_arch",
    ["No", "NEONv1", "NEONv1 with Fused-MAC", "NEON for ARMv8", "NEON for ARMv8.1"]),
  MachineAttribute(
    13, "Tag_PCS_config",
    [
      "None", "Bare platform", "Linux application", "Linux DSO", "PalmOS 2004",
      "PalmOS (reserved)", "SymbianOS 2004", "SymbianOS (reserved)",
    ]),
  MachineAttribute(14, "Tag_ABI_PCS_R9_use", ["V6", "SB", "TLS", "Unused"]),
  MachineAttribute(
    15, "Tag_ABI_PCS_RW_data", ["Absolute", "PC-relative", "SB-relative", "None"]),
  MachineAttribute(16, "Tag_ABI_PCS_RO_data", ["Absolute", "PC-relative", "None"]),
  MachineAttribute(17, "Tag_ABI_PCS_GOT_use", ["None", "direct", "GOT-indirect"]),
  MachineAttribute(18, "Tag_ABI_PCS_wchar_t", ["None", "??? 1", "2", "??? 3", "4"]),
  MachineAttribute(19, "Tag_ABI_FP_rounding", ["Unused", "Needed"]),
  MachineAttribute(20, "Tag_ABI_FP_denormal", ["Unused", "Needed", "Sign only"]),
  MachineAttribute(21, "Tag_ABI_FP_exceptions", ["Unused", "Needed"]),
  MachineAttribute(22, "Tag_ABI_FP_user_exceptions", ["Unused", "Needed"]),
  MachineAttribute(23, "Tag_ABI_FP_number_model", ["Unused", "Finite", "RTABI", "IEEE 754"]),
  MachineAttribute(24, "Tag_ABI_align_needed") { alignment($0, ["None", "8-byte", "4-byte"]) },
  MachineAttribute(25, "Tag_ABI_align_preserved") {
    alignment($0, ["None", "8-byte, except leaf SP", "8-byte"])
  },
  MachineAttribute(26, "Tag_ABI_enum_size", ["Unused", "small", "int", "forced to int"]),
  MachineAttribute(
    27, "Tag_ABI_HardFP_use", ["As Tag_FP_arch", "SP only", "Reserved", "Deprecated"]),
  MachineAttribute(28, "Tag_ABI_VFP_args", ["AAPCS", "VFP registers", "custom", "compatible"]),
  MachineAttribute(29, "Tag_ABI_WMMX_args", ["AAPCS", "WMMX registers", "custom"]),
  MachineAttribute(
    30, "Tag_ABI_optimization_goals",
    [
      "None", "Prefer Speed", "Aggressive Speed", "Prefer Size", "Aggressive Size",
      "Prefer Debug", "Aggressive Debug",
    ]),
  MachineAttribute(
    31, "Tag_ABI_FP_optimization_goals",
    [
      "None", "Prefer Speed", "Aggressive Speed", "Prefer Size", "Aggressive Size",
      "Prefer Accuracy", "Aggressive Accuracy",
    ]),
  MachineAttribute(32, "Tag_compatibility", tail: .text) { "flag = \($0), vendor = " },
  MachineAttribute(34, "Tag_CPU_unaligned_access", ["None", "v6"]),
  MachineAttribute(36, "Tag_FP_HP_extension", ["Not Allowed", "Allowed"]),
  MachineAttribute(38, "Tag_ABI_FP_16bit_format", ["None", "IEEE 754", "Alternative Format"]),
  MachineAttribute(42, "Tag_MPextension_use", ["Not Allowed", "Allowed"]),
  MachineAttribute(
    44, "Tag_DIV_use",
    [
      "Allowed in Thumb-ISA, v7-R or v7-M", "Not allowed",
      "Allowed in v7-A with integer division extension",
    ]),
  MachineAttribute(46, "Tag_DSP_extension", ["Follow architecture", "Allowed"]),
  MachineAttribute(48, "Tag_MVE_arch", ["No MVE", "MVE Integer only", "MVE Integer and FP"]),
  MachineAttribute(
    50, "Tag_PAC_extension",
    [
      "No PAC/AUT instructions", "PAC/AUT instructions permitted in the NOP space",
      "PAC/AUT instructions permitted in the NOP and in the non-NOP space",
    ]),
  MachineAttribute(
    52, "Tag_BTI_extension",
    [
      "BTI instructions not permitted", "BTI instructions permitted in the NOP space",
      "BTI instructions permitted in the NOP and in the non-NOP space",
    ]),
  MachineAttribute(64, "Tag_nodefaults") { _ in "True" },
  // Nothing but an architecture is known there.
  MachineAttribute(65, "Tag_also_compatible_with", tail: .attribute) { $0 == 6 ? nil : "???" },
  MachineAttribute(66, "Tag_T2EE_use", ["Not Allowed", "Allowed"]),
  MachineAttribute(67, "Tag_conformance"),
  MachineAttribute(
    68, "Tag_Virtualization_use",
    [
      "Not Allowed", "TrustZone", "Virtualization Extensions",
      "TrustZone and Virtualization Extensions",
    ]),
  MachineAttribute(70, "Tag_MPextension_use_legacy", ["Not Allowed", "Allowed"]),
  MachineAttribute(
    74, "Tag_BTI_use",
    ["Compiled without branch target enforcement", "Compiled with branch target enforcement"]),
  MachineAttribute(
    76, "Tag_PACRET_use",
    [
      "Compiled without return address signing and authentication",
      "Compiled with return address signing and authentication",
    ]),
]

private func profile(_ value: UInt64) -> String {
  switch value {
  case 0: "None"
  case 0x41: "Application"
  case 0x52: "Realtime"
  case 0x4d: "Microcontroller"
  case 0x53: "Application or Realtime"
  default: "??? (\(Character(UnicodeScalar(UInt8(truncatingIfNeeded: value)))))"
  }
}

/// An alignment: one of `names`, or a power of two above.
private func alignment(_ value: UInt64, _ names: [String]) -> String {
  switch value {
  case 0..<3: names[Int(value)]
  case 3: "??? 3"
  case 4...12: "8-byte and up to \(1 << value)-byte extended"
  default: "??? (\(value))"
  }
}

/// `e_flags` (ELF for the Arm Architecture, "ELF header").
private let flags =
  [
    MachineFlag(0x1, "relocatable executable"), MachineFlag(0x20, "position independent"),
    MachineFlag(
      0xff00_0000,
      [
        0: "GNU EABI", 0x0100_0000: "Version1 EABI", 0x0200_0000: "Version2 EABI",
        0x0300_0000: "Version3 EABI", 0x0400_0000: "Version4 EABI", 0x0500_0000: "Version5 EABI",
      ], other: { _ in "<unrecognized EABI>" }),
    MachineFlag(0xff00_0004, 0x0100_0004, "sorted symbol tables"),
    MachineFlag(0xff00_0004, 0x0200_0004, "sorted symbol tables"),
    MachineFlag(0xff00_0008, 0x0200_0008, "dynamic symbols use segment index"),
    MachineFlag(0xff00_0010, 0x0200_0010, "mapping symbols precede others"),
    MachineFlag(0xff40_0000, 0x0440_0000, "LE8"), MachineFlag(0xff80_0000, 0x0480_0000, "BE8"),
    MachineFlag(0xff00_0200, 0x0500_0200, "soft-float ABI"),
    MachineFlag(0xff00_0400, 0x0500_0400, "hard-float ABI"),
    MachineFlag(0xff40_0000, 0x0540_0000, "LE8"), MachineFlag(0xff80_0000, 0x0580_0000, "BE8"),
  ] + oldFlags + [
    MachineFlag(0xff00_0000, 0, some: 0x00ff_f002, "<unknown>"),
    MachineFlag(0xff00_0000, 0x0100_0000, some: 0x00ff_ffda, "<unknown>"),
    MachineFlag(0xff00_0000, 0x0200_0000, some: 0x00ff_ffc2, "<unknown>"),
    MachineFlag(0xff00_0000, 0x0400_0000, some: 0x003f_ffde, "<unknown>"),
    MachineFlag(0xff00_0000, 0x0500_0000, some: 0x003f_f9de, "<unknown>"),
    MachineFlag(0, 0, "<unknown>").when { flags, _ in
      flags >> 24 > 5 && flags & 0x00ff_ffde != 0
    },
  ]

/// elf.h `EF_ARM_*` from before the EABI.
private let oldFlags = [
  (0x4, "interworking enabled"), (0x8, "uses APCS/26"), (0x10, "uses APCS/float"),
  (0x40, "8 bit structure alignment"), (0x80, "uses new ABI"), (0x100, "uses old ABI"),
  (0x200, "software FP"), (0x400, "VFP"), (0x800, "Maverick FP"),
].map { (bit: UInt32, text: String) in MachineFlag(0xff00_0000 | bit, bit, text) }

/// ELF for the Arm Architecture, "Relocation codes"; `R_ARM_*`.
private let relocations = NumberedNames(
  "R_ARM_",
  """
  #0 NONE PC24 ABS32 REL32 LDR_PC_G0 ABS16 ABS12 THM_ABS5 ABS8 SBREL32 THM_CALL THM_PC8 BREL_ADJ \
  #13 TLS_DESC THM_SWI8 XPC25 THM_XPC22 TLS_DTPMOD32 TLS_DTPOFF32 TLS_TPOFF32 COPY GLOB_DAT \
  #22 JUMP_SLOT RELATIVE GOTOFF32 BASE_PREL GOT_BREL PLT32 CALL JUMP24 THM_JUMP24 BASE_ABS \
  #32 ALU_PCREL7_0 ALU_PCREL15_8 ALU_PCREL23_15 LDR_SBREL_11_0 ALU_SBREL_19_12 ALU_SBREL_27_20 \
  #38 TARGET1 SBREL31 V4BX TARGET2 PREL31 MOVW_ABS_NC MOVT_ABS MOVW_PREL_NC MOVT_PREL \
  #47 THM_MOVW_ABS_NC THM_MOVT_ABS THM_MOVW_PREL_NC THM_MOVT_PREL THM_JUMP19 THM_JUMP6 \
  #53 THM_ALU_PREL_11_0 THM_PC12 ABS32_NOI REL32_NOI ALU_PC_G0_NC ALU_PC_G0 ALU_PC_G1_NC \
  #60 ALU_PC_G1 ALU_PC_G2 LDR_PC_G1 LDR_PC_G2 LDRS_PC_G0 LDRS_PC_G1 LDRS_PC_G2 LDC_PC_G0 \
  #68 LDC_PC_G1 LDC_PC_G2 ALU_SB_G0_NC ALU_SB_G0 ALU_SB_G1_NC ALU_SB_G1 ALU_SB_G2 LDR_SB_G0 \
  #76 LDR_SB_G1 LDR_SB_G2 LDRS_SB_G0 LDRS_SB_G1 LDRS_SB_G2 LDC_SB_G0 LDC_SB_G1 LDC_SB_G2 \
  #84 MOVW_BREL_NC MOVT_BREL MOVW_BREL THM_MOVW_BREL_NC THM_MOVT_BREL THM_MOVW_BREL TLS_GOTDESC \
  #91 TLS_CALL TLS_DESCSEQ THM_TLS_CALL PLT32_ABS GOT_ABS GOT_PREL GOT_BREL12 GOTOFF12 GOTRELAX \
  #100 GNU_VTENTRY GNU_VTINHERIT THM_JUMP11 THM_JUMP8 TLS_GD32 TLS_LDM32 TLS_LDO32 TLS_IE32 \
  #108 TLS_LE32 TLS_LDO12 TLS_LE12 TLS_IE12GP #128 ME_TOO THM_TLS_DESCSEQ #132 THM_ALU_ABS_G0_NC \
  #133 THM_ALU_ABS_G1_NC THM_ALU_ABS_G2_NC THM_ALU_ABS_G3_NC THM_BF16 THM_BF12 THM_BF18 \
  #160 IRELATIVE GOTFUNCDESC GOTOFFFUNCDESC FUNCDESC FUNCDESC_VALUE TLS_GD32_FDPIC \
  #166 TLS_LDM32_FDPIC TLS_IE32_FDPIC #249 RXPC25 RSBREL32 THM_RPC22 RREL32 RABS32 RPC24 RBASE
  """)
