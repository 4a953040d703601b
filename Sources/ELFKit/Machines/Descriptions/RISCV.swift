// RISC-V.

extension Machine {
  /// RISC-V (`EM_RISCV`).
  public static var riscv: Self { Self(rawValue: 243) }
}

extension MachineDescription {
  static let riscv = MachineDescription(
    .riscv, "RISC-V",
    MachineFormat(
      relocations: relocations,
      effects: [
        (1, .absolute(4)), (2, .absolute(8)), (33, .add(1)), (34, .add(2)), (35, .add(4)),
        (36, .add(8)), (37, .subtract(1)), (38, .subtract(2)), (39, .subtract(4)),
        (40, .subtract(8)), (52, .subtractSixBits), (53, .setSixBits), (54, .absolute(1)),
        (55, .absolute(2)), (56, .absolute(4)), (57, .relative(4)),
      ],
      distances: [DistanceRelocation(60, .set), DistanceRelocation(61, .subtract)],
      // RISC-V ELF psABI, "File Header".
      flags: [
        MachineFlag(0x1, "RVC"), MachineFlag(0x8, "RVE"), MachineFlag(0x10, "TSO"),
        MachineFlag(0x6, 0x0, "soft-float ABI"), MachineFlag(0x6, 0x2, "single-float ABI"),
        MachineFlag(0x6, 0x4, "double-float ABI"), MachineFlag(0x6, 0x6, "quad-float ABI"),
      ],
      // RISC-V ELF psABI, "Program Header Table".
      segmentTypes: [0x7000_0003: "RISCV_ATTRIBUTES"],
      dynamicTags: { [DynamicTagRow(0x7000_0001, "RISCV_VARIANT_CC")] },
      sectionTypes: [0x7000_0003: "RISCV_ATTRIBUTES"],
      other: { bits, _ in bits == 0x80 ? "VARIANT_CC" : String(bits & 0x7f, radix: 16) },
      attributeSections: SectionType(rawValue: 0x7000_0003), attributeVendor: "riscv",
      attributes: { attributes }),
    MachineKernel(
      option: .riscv, is64Bit: true, isAlso32Bit: true, byteOrder: .little, pageSizes: [4096],
      vermagic: [VermagicWord("riscv")]),
    loader: { moduleLoader },
    code: { MachineCode(calls: [CallForm(8, [18, 19]), CallForm(4, [17])]) })
}

/// RISC-V ELF psABI, "Attributes".
private let attributes = [
  MachineAttribute(4, "Tag_RISCV_stack_align") { "\($0)-bytes" },
  MachineAttribute(5, "Tag_RISCV_arch"),
  MachineAttribute(6, "Tag_RISCV_unaligned_access") {
    $0 == 0 ? "No unaligned access" : $0 == 1 ? "Unaligned access" : nil
  },
  MachineAttribute(8, "Tag_RISCV_priv_spec") { "\($0)" },
  MachineAttribute(10, "Tag_RISCV_priv_spec_minor") { "\($0)" },
  MachineAttribute(12, "Tag_RISCV_priv_spec_revision") { "\($0)" },
]

/// `riscv_insn_valid_32bit_offset`: from -2^31 - 2^11 to 2^31 - 2^11 - 1.
private let upperAndLower = ValueRange(
  base: .place, values: -0x8000_0800...0x7fff_f7ff)

/// arch/riscv/kernel/module.c, module-sections.c.
private let moduleLoader = MachineLoader(
  relocations: [
    TakenRelocations(1, bytes: 4, .range(.unsigned(32))), TakenRelocations(2, bytes: 8),
    TakenRelocations(16...17, bytes: 4),
    // auipc and a signed offset of 12 bits; R_RISCV_CALL_PLT goes through .plt where that is too far.
    TakenRelocations(18, bytes: 8, .range(upperAndLower)), TakenRelocations(19, bytes: 8),
    TakenRelocations(20, bytes: 4),
    TakenRelocations(23, bytes: 4, .range(upperAndLower)), TakenRelocations(24...28, bytes: 4),
    TakenRelocations(35, bytes: 4), TakenRelocations(36, bytes: 8),
    TakenRelocations(39, bytes: 4), TakenRelocations(40, bytes: 8),
    TakenRelocations(44...45, bytes: 2),
    TakenRelocations(51, bytes: 0),
    TakenRelocations(0, bytes: 0, since: .moreRelocations),
    TakenRelocations(33, bytes: 1, since: .moreRelocations),
    TakenRelocations(34, bytes: 2, since: .moreRelocations),
    TakenRelocations(37, bytes: 1, since: .moreRelocations),
    TakenRelocations(38, bytes: 2, since: .moreRelocations),
    TakenRelocations(52...54, bytes: 1, since: .moreRelocations),
    TakenRelocations(55, bytes: 2, since: .moreRelocations),
    TakenRelocations(56...57, bytes: 4, since: .moreRelocations),
    TakenRelocations(59, bytes: 4, since: .moreRelocations),
    // Numbers of as many bytes as they need.
    TakenRelocations(60...61, bytes: 1, since: .moreRelocations),
  ],
  markers: [0, 43, 51],
  // Read, not measured. Modules are in the 2 GiB below the kernel's end (arch/riscv/include/asm/pgtable.h),
  // and it is in the upper 2 GiB.
  ranges: AddressRanges(rows: [AddressRanges.Row(-(1 << 32)...(-1))], reach: 0x7fff_f000),
  overflows: [
    OverflowWords("%n: value %v out of range for 32-bit field", of: 1...1),
    OverflowWords(
      "%n: target %v can not be addressed by the 32-bit offset from PC = (____ptrval____)"),
  ],
  overflowError: .invalid,
  shownAddress: 0xffff_ffff_0000_0000,
  refusals: [
    // Padding that only a linker can fit in.
    RelocationRefusal(
      LoaderWords(
        "", ": The unexpected relocation type 'R_RISCV_ALIGN' from PC = (____ptrval____)"),
      of: 43...43, saysType: false),
    RelocationRefusal(LoaderWords("", ": Unknown relocation type ")),
  ],
  refusalError: .invalid,
  sections: [
    NeededSection(".plt", with: .moduleSections, missing, "PLT"),
    NeededSection(".got", with: .moduleSections, missing, "GOT"),
    NeededSection(".got.plt", with: .moduleSections, missing, "GOT.PLT"),
  ],
  reflagged: [".plt", ".got", ".got.plt"],
  words: wordPatterns)

/// auipc and jalr; addi aN, aN, %pcrel_lo(label) behind the auipc of that label, a0 to a7 being arguments
/// (RISC-V ELF psABI, "PC-Relative Symbol Addresses").
private let wordPatterns = WordPatterns(
  branches: [17, 18, 19], loads: [24], shift: 7, registers: 32, first: 10, last: 7,
  address: .other(23))

private let missing = LoaderWords("", ": module ", " section(s) missing")

/// RISC-V ELF psABI, "Relocations"; `R_RISCV_*`.
private let relocations = NumberedNames(
  "R_RISCV_",
  """
  #0 NONE 32 64 RELATIVE COPY JUMP_SLOT TLS_DTPMOD32 TLS_DTPMOD64 TLS_DTPREL32 TLS_DTPREL64 \
  #10 TLS_TPREL32 TLS_TPREL64 #16 BRANCH JAL CALL CALL_PLT GOT_HI20 TLS_GOT_HI20 TLS_GD_HI20 \
  #23 PCREL_HI20 PCREL_LO12_I PCREL_LO12_S HI20 LO12_I LO12_S TPREL_HI20 TPREL_LO12_I \
  #31 TPREL_LO12_S TPREL_ADD ADD8 ADD16 ADD32 ADD64 SUB8 SUB16 SUB32 SUB64 GOT32_PCREL #43 ALIGN \
  #44 RVC_BRANCH RVC_JUMP RVC_LUI GPREL_I GPREL_S TPREL_I TPREL_S RELAX SUB6 SET6 SET8 SET16 \
  #56 SET32 32_PCREL IRELATIVE PLT32 SET_ULEB128 SUB_ULEB128 TLSDESC_HI20 TLSDESC_LOAD_LO12 \
  #64 TLSDESC_ADD_LO12 TLSDESC_CALL
  """)
