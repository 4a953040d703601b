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
  static let s390Relocations: NameTable = [
    0: "R_390_NONE", 1: "R_390_8", 2: "R_390_12", 3: "R_390_16", 4: "R_390_32", 5: "R_390_PC32",
    6: "R_390_GOT12", 7: "R_390_GOT32", 8: "R_390_PLT32", 9: "R_390_COPY", 10: "R_390_GLOB_DAT",
    11: "R_390_JMP_SLOT", 12: "R_390_RELATIVE", 13: "R_390_GOTOFF32", 14: "R_390_GOTPC",
    15: "R_390_GOT16", 16: "R_390_PC16", 17: "R_390_PC16DBL", 18: "R_390_PLT16DBL",
    19: "R_390_PC32DBL", 20: "R_390_PLT32DBL", 21: "R_390_GOTPCDBL", 22: "R_390_64",
    23: "R_390_PC64", 24: "R_390_GOT64", 25: "R_390_PLT64", 26: "R_390_GOTENT",
    27: "R_390_GOTOFF16", 28: "R_390_GOTOFF64", 29: "R_390_GOTPLT12", 30: "R_390_GOTPLT16",
    31: "R_390_GOTPLT32", 32: "R_390_GOTPLT64", 33: "R_390_GOTPLTENT", 34: "R_390_PLTOFF16",
    35: "R_390_PLTOFF32", 36: "R_390_PLTOFF64", 37: "R_390_TLS_LOAD", 38: "R_390_TLS_GDCALL",
    39: "R_390_TLS_LDCALL", 40: "R_390_TLS_GD32", 41: "R_390_TLS_GD64", 42: "R_390_TLS_GOTIE12",
    43: "R_390_TLS_GOTIE32", 44: "R_390_TLS_GOTIE64", 45: "R_390_TLS_LDM32", 46: "R_390_TLS_LDM64",
    47: "R_390_TLS_IE32", 48: "R_390_TLS_IE64", 49: "R_390_TLS_IEENT", 50: "R_390_TLS_LE32",
    51: "R_390_TLS_LE64", 52: "R_390_TLS_LDO32", 53: "R_390_TLS_LDO64", 54: "R_390_TLS_DTPMOD",
    55: "R_390_TLS_DTPOFF", 56: "R_390_TLS_TPOFF", 57: "R_390_20", 58: "R_390_GOT20",
    59: "R_390_GOTPLT20", 60: "R_390_TLS_GOTIE20", 61: "R_390_IRELATIVE", 62: "R_390_PC12DBL",
    63: "R_390_PLT12DBL", 64: "R_390_PC24DBL", 65: "R_390_PLT24DBL", 250: "R_390_GNU_VTINHERIT",
    251: "R_390_GNU_VTENTRY",
  ]
}
