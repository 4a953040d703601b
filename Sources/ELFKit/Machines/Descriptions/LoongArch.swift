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
    loader: { moduleLoader }, code: { machineCode })
}

/// bl, whose distance has its lower half first (LoongArch Reference Manual, volume 1, table B-1).
private let machineCode = MachineCode(
  calls: [CallForm(4, [66]), CallForm(8, [110])],
  localCalls: [
    .word(
      CallWord(0x5400_0000, mask: 0xfc00_0000, link: 1 << 26) { word in
        let distance = word &<< 22 | (word &>> 10 & 0xffff) &<< 6
        return Int64(Int32(bitPattern: distance) &>> 6) &* 4
      })
  ])

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
private let relocations = NumberedNames(
  "R_LARCH_",
  """
  #0 NONE 32 64 RELATIVE COPY JUMP_SLOT TLS_DTPMOD32 TLS_DTPMOD64 TLS_DTPREL32 TLS_DTPREL64 \
  #10 TLS_TPREL32 TLS_TPREL64 IRELATIVE #20 MARK_LA MARK_PCREL SOP_PUSH_PCREL SOP_PUSH_ABSOLUTE \
  #24 SOP_PUSH_DUP SOP_PUSH_GPREL SOP_PUSH_TLS_TPREL SOP_PUSH_TLS_GOT SOP_PUSH_TLS_GD \
  #29 SOP_PUSH_PLT_PCREL SOP_ASSERT SOP_NOT SOP_SUB SOP_SL SOP_SR SOP_ADD SOP_AND SOP_IF_ELSE \
  #38 SOP_POP_32_S_10_5 SOP_POP_32_U_10_12 SOP_POP_32_S_10_12 SOP_POP_32_S_10_16 \
  #42 SOP_POP_32_S_10_16_S2 SOP_POP_32_S_5_20 SOP_POP_32_S_0_5_10_16_S2 \
  #45 SOP_POP_32_S_0_10_10_16_S2 SOP_POP_32_U ADD8 ADD16 ADD24 ADD32 ADD64 SUB8 SUB16 SUB24 \
  #55 SUB32 SUB64 GNU_VTINHERIT GNU_VTENTRY #64 B16 B21 B26 ABS_HI20 ABS_LO12 ABS64_LO20 \
  #70 ABS64_HI12 PCALA_HI20 PCALA_LO12 PCALA64_LO20 PCALA64_HI12 GOT_PC_HI20 GOT_PC_LO12 \
  #77 GOT64_PC_LO20 GOT64_PC_HI12 GOT_HI20 GOT_LO12 GOT64_LO20 GOT64_HI12 TLS_LE_HI20 \
  #84 TLS_LE_LO12 TLS_LE64_LO20 TLS_LE64_HI12 TLS_IE_PC_HI20 TLS_IE_PC_LO12 TLS_IE64_PC_LO20 \
  #90 TLS_IE64_PC_HI12 TLS_IE_HI20 TLS_IE_LO12 TLS_IE64_LO20 TLS_IE64_HI12 TLS_LD_PC_HI20 \
  #96 TLS_LD_HI20 TLS_GD_PC_HI20 TLS_GD_HI20 32_PCREL RELAX DELETE ALIGN PCREL20_S2 CFA ADD6 \
  #106 SUB6 ADD_ULEB128 SUB_ULEB128 64_PCREL CALL36 TLS_DESC_PC_HI20 TLS_DESC_PC_LO12 \
  #113 TLS_DESC64_PC_LO20 TLS_DESC64_PC_HI12 TLS_DESC_HI20 TLS_DESC_LO12 TLS_DESC64_LO20 \
  #118 TLS_DESC64_HI12 TLS_DESC_LD TLS_DESC_CALL TLS_LE_HI20_R TLS_LE_ADD_R TLS_LE_LO12_R \
  #124 TLS_LD_PCREL20_S2 TLS_GD_PCREL20_S2 TLS_DESC_PCREL20_S2
  """)
