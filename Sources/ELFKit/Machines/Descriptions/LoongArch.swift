// LoongArch.

extension Machine {
  /// LoongArch (`EM_LOONGARCH`).
  public static var loongArch: Self { Self(rawValue: 258) }
}

extension MachineDescription {
  static let loongArch = MachineDescription(
    .loongArch, "LoongArch",
    MachineFormat(
      relocations: relocations,
      effects: [(1, .absolute(4)), (2, .absolute(8)), (99, .relative(4))],
      distances: [
        DistanceRelocation(47, .add, bytes: 1), DistanceRelocation(48, .add, bytes: 2),
        DistanceRelocation(50, .add, bytes: 4), DistanceRelocation(51, .add, bytes: 8),
        DistanceRelocation(52, .subtract, bytes: 1), DistanceRelocation(53, .subtract, bytes: 2),
        DistanceRelocation(55, .subtract, bytes: 4), DistanceRelocation(56, .subtract, bytes: 8),
        DistanceRelocation(107, .add), DistanceRelocation(108, .subtract),
      ],
      // LoongArch ELF psABI, "EI_CLASS, e_flags".
      flags: [
        MachineFlag(0x7, 1, "SOFT-FLOAT"), MachineFlag(0x7, 2, "SINGLE-FLOAT"),
        MachineFlag(0x7, 3, "DOUBLE-FLOAT"), MachineFlag(0xc0, 0x00, "OBJ-v0"),
        MachineFlag(0xc0, 0x40, "OBJ-v1"),
      ]),
    MachineKernel(
      option: .loongArch, is64Bit: true, byteOrder: .little, pageSizes: [4096, 16384, 65536],
      // Debian and the default configuration: CONFIG_16KB_3LEVEL.
      pageSizesOfReleases: [ReleasePageSize("-loong64", 16384)],
      vermagic: [VermagicWord("LOONGARCH 64BIT ")]),
    loader: { moduleLoader }, code: { MachineCode(calls: [CallForm(4, [66]), CallForm(8, [110])]) })
}

/// arch/loongarch/kernel/module.c, module-sections.c. Values of today's types are not looked at but those
/// of branches, which go through .plt where they do not fit.
private let moduleLoader = MachineLoader(
  relocations: [
    TakenRelocations(0, bytes: 0), TakenRelocations(1, bytes: 4), TakenRelocations(2, bytes: 8),
    // Marks, and what is pushed to a stack and changes nothing.
    TakenRelocations(20...37, bytes: 0), TakenRelocations(38...46, bytes: 4),
    TakenRelocations(50, bytes: 4), TakenRelocations(51, bytes: 8),
    TakenRelocations(52, bytes: 1), TakenRelocations(53, bytes: 2),
    TakenRelocations(54, bytes: 3), TakenRelocations(55, bytes: 4),
    TakenRelocations(56, bytes: 8), TakenRelocations(66, bytes: 4),
    TakenRelocations(71...76, bytes: 4),
    TakenRelocations(99, bytes: 4, since: .moreRelocations),
    TakenRelocations(109, bytes: 8, since: .moreRelocations),
  ],
  markers: [0, 20, 21, 100, 102],
  refusals: [
    RelocationRefusal(
      LoaderWords("kmod: ", ": Unsupport relocation type ", ", please add its support."))
  ],
  refusalError: .invalid,
  sections: [
    NeededSection(".got", since: .loongArchAddresses, missing, "GOT"),
    NeededSection(".plt", since: .loongArchTables, missing, "PLT"),
    NeededSection(".plt.idx", since: .loongArchTables, missing, "PLT.IDX"),
  ])

private let missing = LoaderWords("kmod: ", ": module ", " section(s) missing")

/// LoongArch ELF psABI, "Relocations"; `R_LARCH_*`.
private let relocations: NameTable = [
  0: "R_LARCH_NONE", 1: "R_LARCH_32", 2: "R_LARCH_64", 3: "R_LARCH_RELATIVE", 4: "R_LARCH_COPY",
  5: "R_LARCH_JUMP_SLOT", 6: "R_LARCH_TLS_DTPMOD32", 7: "R_LARCH_TLS_DTPMOD64",
  8: "R_LARCH_TLS_DTPREL32", 9: "R_LARCH_TLS_DTPREL64", 10: "R_LARCH_TLS_TPREL32",
  11: "R_LARCH_TLS_TPREL64", 12: "R_LARCH_IRELATIVE", 20: "R_LARCH_MARK_LA",
  21: "R_LARCH_MARK_PCREL", 22: "R_LARCH_SOP_PUSH_PCREL", 23: "R_LARCH_SOP_PUSH_ABSOLUTE",
  24: "R_LARCH_SOP_PUSH_DUP", 25: "R_LARCH_SOP_PUSH_GPREL", 26: "R_LARCH_SOP_PUSH_TLS_TPREL",
  27: "R_LARCH_SOP_PUSH_TLS_GOT", 28: "R_LARCH_SOP_PUSH_TLS_GD", 29: "R_LARCH_SOP_PUSH_PLT_PCREL",
  30: "R_LARCH_SOP_ASSERT", 31: "R_LARCH_SOP_NOT", 32: "R_LARCH_SOP_SUB", 33: "R_LARCH_SOP_SL",
  34: "R_LARCH_SOP_SR", 35: "R_LARCH_SOP_ADD", 36: "R_LARCH_SOP_AND", 37: "R_LARCH_SOP_IF_ELSE",
  38: "R_LARCH_SOP_POP_32_S_10_5", 39: "R_LARCH_SOP_POP_32_U_10_12",
  40: "R_LARCH_SOP_POP_32_S_10_12", 41: "R_LARCH_SOP_POP_32_S_10_16",
  42: "R_LARCH_SOP_POP_32_S_10_16_S2", 43: "R_LARCH_SOP_POP_32_S_5_20",
  44: "R_LARCH_SOP_POP_32_S_0_5_10_16_S2", 45: "R_LARCH_SOP_POP_32_S_0_10_10_16_S2",
  46: "R_LARCH_SOP_POP_32_U", 47: "R_LARCH_ADD8", 48: "R_LARCH_ADD16", 49: "R_LARCH_ADD24",
  50: "R_LARCH_ADD32", 51: "R_LARCH_ADD64", 52: "R_LARCH_SUB8", 53: "R_LARCH_SUB16",
  54: "R_LARCH_SUB24", 55: "R_LARCH_SUB32", 56: "R_LARCH_SUB64", 57: "R_LARCH_GNU_VTINHERIT",
  58: "R_LARCH_GNU_VTENTRY", 64: "R_LARCH_B16", 65: "R_LARCH_B21", 66: "R_LARCH_B26",
  67: "R_LARCH_ABS_HI20", 68: "R_LARCH_ABS_LO12", 69: "R_LARCH_ABS64_LO20",
  70: "R_LARCH_ABS64_HI12", 71: "R_LARCH_PCALA_HI20", 72: "R_LARCH_PCALA_LO12",
  73: "R_LARCH_PCALA64_LO20", 74: "R_LARCH_PCALA64_HI12", 75: "R_LARCH_GOT_PC_HI20",
  76: "R_LARCH_GOT_PC_LO12", 77: "R_LARCH_GOT64_PC_LO20", 78: "R_LARCH_GOT64_PC_HI12",
  79: "R_LARCH_GOT_HI20", 80: "R_LARCH_GOT_LO12", 81: "R_LARCH_GOT64_LO20",
  82: "R_LARCH_GOT64_HI12", 83: "R_LARCH_TLS_LE_HI20", 84: "R_LARCH_TLS_LE_LO12",
  85: "R_LARCH_TLS_LE64_LO20", 86: "R_LARCH_TLS_LE64_HI12", 87: "R_LARCH_TLS_IE_PC_HI20",
  88: "R_LARCH_TLS_IE_PC_LO12", 89: "R_LARCH_TLS_IE64_PC_LO20", 90: "R_LARCH_TLS_IE64_PC_HI12",
  91: "R_LARCH_TLS_IE_HI20", 92: "R_LARCH_TLS_IE_LO12", 93: "R_LARCH_TLS_IE64_LO20",
  94: "R_LARCH_TLS_IE64_HI12", 95: "R_LARCH_TLS_LD_PC_HI20", 96: "R_LARCH_TLS_LD_HI20",
  97: "R_LARCH_TLS_GD_PC_HI20", 98: "R_LARCH_TLS_GD_HI20", 99: "R_LARCH_32_PCREL",
  100: "R_LARCH_RELAX", 101: "R_LARCH_DELETE", 102: "R_LARCH_ALIGN", 103: "R_LARCH_PCREL20_S2",
  104: "R_LARCH_CFA", 105: "R_LARCH_ADD6", 106: "R_LARCH_SUB6", 107: "R_LARCH_ADD_ULEB128",
  108: "R_LARCH_SUB_ULEB128", 109: "R_LARCH_64_PCREL", 110: "R_LARCH_CALL36",
  111: "R_LARCH_TLS_DESC_PC_HI20", 112: "R_LARCH_TLS_DESC_PC_LO12",
  113: "R_LARCH_TLS_DESC64_PC_LO20", 114: "R_LARCH_TLS_DESC64_PC_HI12",
  115: "R_LARCH_TLS_DESC_HI20", 116: "R_LARCH_TLS_DESC_LO12", 117: "R_LARCH_TLS_DESC64_LO20",
  118: "R_LARCH_TLS_DESC64_HI12", 119: "R_LARCH_TLS_DESC_LD", 120: "R_LARCH_TLS_DESC_CALL",
  121: "R_LARCH_TLS_LE_HI20_R", 122: "R_LARCH_TLS_LE_ADD_R", 123: "R_LARCH_TLS_LE_LO12_R",
  124: "R_LARCH_TLS_LD_PCREL20_S2", 125: "R_LARCH_TLS_GD_PCREL20_S2",
  126: "R_LARCH_TLS_DESC_PCREL20_S2",
]
