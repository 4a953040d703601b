// IBM S/390: today s390x, the 64-bit one.

extension Machine {
  /// IBM S/390 (`EM_S390`).
  public static var s390: Self { Self(rawValue: 22) }
}

extension MachineDescription {
  static let s390 = MachineDescription(
    .s390, "s390x",
    MachineFormat(
      relocations: s390Relocations, effects: s390Effects,
      // elf.h `EF_S390_HIGH_GPRS`.
      flags: [MachineFlag(0x1, "highgprs")],
      segmentTypes: [0x7000_0000: "S390_PGSTE"], hasLongHashes: true,
      attributes: {
        [MachineAttribute(8, "Tag_GNU_S390_ABI_Vector", ["any", "software", "hardware"])]
      },
      namesUnknownAttributes: false),
    MachineKernel(
      option: .s390, is64Bit: true, byteOrder: .big, pageSizes: [4096], vermagic: [],
      entrySizes: [
        TableEntrySize("__bug_table", since: .bugFormat, 16),
        TableEntrySize(".altinstructions", since: .s390AlternativeContext, 13),
        TableEntrySize(".altinstructions", since: .s390Alternatives, 11),
      ],
      // arch/s390/kernel/module.c, `module_frob_arch_sections`: jumps to far symbols.
      addsCode: true),
    loader: { s390Loader }, code: { MachineCode(calls: [CallForm(4, [19, 20], opcode: 0xe5)]) })

  static let s390Effects: [(type: UInt32, effect: RelocationEffect)] = [
    (4, .absolute(4)), (5, .relative(4)), (22, .absolute(8)), (23, .relative(8)),
  ]

  /// arch/s390/kernel/module.c.
  static let s390Loader = MachineLoader(
    alsoTakes: [.s390Old],
    relocations: [
      TakenRelocations(0, bytes: 0), TakenRelocations(1, bytes: 1, .range(.unsigned(8))),
      TakenRelocations(2, bytes: 2, .range(.unsigned(12))),
      TakenRelocations(3, bytes: 2, .range(.unsigned(16))),
      TakenRelocations(4, bytes: 4, .range(.unsigned(32))),
      TakenRelocations(5, bytes: 4, .range(.signed(32, from: .place))),
      TakenRelocations(6, bytes: 2), TakenRelocations(7...8, bytes: 4),
      TakenRelocations(13, bytes: 4), TakenRelocations(14, bytes: 8),
      TakenRelocations(15, bytes: 2),
      TakenRelocations(16, bytes: 2, .range(.signed(16, from: .place))),
      TakenRelocations(17, bytes: 2, .range(.signed(17, from: .place))),
      TakenRelocations(18, bytes: 2),
      TakenRelocations(19, bytes: 4, .range(.signed(33, from: .place))),
      TakenRelocations(20...21, bytes: 4),
      TakenRelocations(22...25, bytes: 8), TakenRelocations(26, bytes: 4),
      TakenRelocations(27, bytes: 2), TakenRelocations(28, bytes: 8),
      TakenRelocations(29...30, bytes: 2), TakenRelocations(31, bytes: 4),
      TakenRelocations(32, bytes: 8), TakenRelocations(33, bytes: 4),
      TakenRelocations(34, bytes: 2), TakenRelocations(35, bytes: 4),
      TakenRelocations(36, bytes: 8),
      TakenRelocations(57, bytes: 4, .range(.signed(20, from: .absolute))),
      TakenRelocations(58...59, bytes: 4),
      TakenRelocations(62, bytes: 2, .range(.signed(13, from: .place))),
      TakenRelocations(63, bytes: 2),
      TakenRelocations(64, bytes: 3, .range(.signed(25, from: .place))),
      TakenRelocations(65, bytes: 3),
    ],
    // Read, not measured: the kernel begins at 1 MiB or, in newer ones, far above; modules are within
    // 2 GiB of each other, and need not be near it.
    ranges: AddressRanges(
      rows: [AddressRanges.Row(1 << 20...1 << 53)], reach: 0x7f00_0000, kernelReach: 1 << 53),
    overflows: [
      OverflowWords("module %n: relocation error for symbol %s (r_type %t, value 0x%v)")
    ],
    shownAddress: 1 << 41,
    refusals: [
      // Those of dynamic linking are refused without a word.
      RelocationRefusal(nil, of: 9...12),
      RelocationRefusal(LoaderWords("module ", ": unknown relocation: ")),
    ],
    patterns: s390Patterns)

  /// `larl %rN,x` for r2 to r5, the registers of arguments; brasl and jg (z/Architecture Principles of
  /// Operation; ELF ABI s390x supplement, "Parameter Passing").
  private static let s390Patterns = CodePatterns(
    loads: [[[0xc0, 0x20]], [[0xc0, 0x30]], [[0xc0, 0x40]], [[0xc0, 0x50]]],
    branches: [0xe5, 0xf4], distance: 19, distances: [19, 20], bias: -2)

  /// ELF ABI s390x supplement, "Relocation Types"; `R_390_*`.
  static let s390Relocations = NumberedNames(
    "R_390_",
    """
    #0 NONE 8 12 16 32 PC32 GOT12 GOT32 PLT32 COPY GLOB_DAT JMP_SLOT RELATIVE GOTOFF32 GOTPC \
    #15 GOT16 PC16 PC16DBL PLT16DBL PC32DBL PLT32DBL GOTPCDBL 64 PC64 GOT64 PLT64 GOTENT \
    #27 GOTOFF16 GOTOFF64 GOTPLT12 GOTPLT16 GOTPLT32 GOTPLT64 GOTPLTENT PLTOFF16 PLTOFF32 \
    #36 PLTOFF64 TLS_LOAD TLS_GDCALL TLS_LDCALL TLS_GD32 TLS_GD64 TLS_GOTIE12 TLS_GOTIE32 \
    #44 TLS_GOTIE64 TLS_LDM32 TLS_LDM64 TLS_IE32 TLS_IE64 TLS_IEENT TLS_LE32 TLS_LE64 TLS_LDO32 \
    #53 TLS_LDO64 TLS_DTPMOD TLS_DTPOFF TLS_TPOFF 20 GOT20 GOTPLT20 TLS_GOTIE20 IRELATIVE \
    #62 PC12DBL PLT12DBL PC24DBL PLT24DBL #250 GNU_VTINHERIT GNU_VTENTRY
    """)
}
