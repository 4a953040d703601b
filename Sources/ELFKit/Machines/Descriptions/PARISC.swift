// HP PA-RISC.

extension Machine {
  /// HP PA-RISC (`EM_PARISC`).
  public static var paRISC: Self { Self(rawValue: 15) }
}

extension MachineDescription {
  static let paRISC = MachineDescription(
    .paRISC, "PA-RISC",
    MachineFormat(
      relocations: relocations,
      // Distances count from two instructions further on.
      effects: [
        (1, .absolute(4)), (2, .absolute(4)), (9, .relative(4, ahead: 8)), (41, .absolute(4)),
        (72, .relative(8, ahead: 8)), (80, .absolute(8)),
      ],
      // elf.h `EF_PARISC_*`; the lower half is the version of the architecture.
      flags: [
        MachineFlag(0xffff, 0x020b, "PA-RISC 1.0"), MachineFlag(0xffff, 0x0210, "PA-RISC 1.1"),
        MachineFlag(0xffff, 0x0214, "PA-RISC 2.0"), MachineFlag(0x1_0000, "trapnil"),
        MachineFlag(0x2_0000, "ext"), MachineFlag(0x4_0000, "lsb"), MachineFlag(0x8_0000, "wide"),
        MachineFlag(0x10_0000, "no kabp"), MachineFlag(0x40_0000, "lazyswap"),
      ],
      segmentTypes: [
        0x7000_0000: "PARISC_ARCHEXT", 0x7000_0001: "PARISC_UNWIND",
        0x7000_0002: "PARISC_WEAKORDER",
      ],
      systemSegmentTypes: (1, hpSegmentTypes), dynamicTags: { hpDynamicTags },
      systemTags: 0x6000_000d...0x6fff_ffff,
      sectionTypes: [
        0x7000_0000: "PARISC_EXT", 0x7000_0001: "PARISC_UNWIND", 0x7000_0002: "PARISC_DOC",
        0x7000_0003: "PARISC_ANNOT", 0x7000_0004: "PARISC_DLKM", 0x7000_0008: "PARISC_SYMEXTN",
        0x7000_0009: "PARISC_STUBS",
      ],
      symbolTypes: [11: "HP_OPAQUE", 12: "HP_STUB", 13: "PARISC_MILLI"],
      unwind: .records(".PARISC.unwind")),
    MachineKernel(
      option: .paRISC, is64Bit: true, isAlso32Bit: true, byteOrder: .big,
      pageSizes: [4096, 16384, 65536]))
}

/// PA-RISC 2.0 ELF supplement, "Relocations"; elf.h `R_PARISC_*`.
private let relocations = NumberedNames(
  "R_PARISC_",
  """
  #0 NONE DIR32 DIR21L DIR17R DIR17F #6 DIR14R DIR14F PCREL12F PCREL32 PCREL21L PCREL17R \
  #12 PCREL17F PCREL17C PCREL14R PCREL14F #18 DPREL21L DPREL14WR DPREL14DR #22 DPREL14R DPREL14F \
  #26 DLTREL21L #30 DLTREL14R DLTREL14F #34 DLTIND21L #38 DLTIND14R DLTIND14F SETBASE SECREL32 \
  #42 BASEREL21L BASEREL17R BASEREL17F #46 BASEREL14R BASEREL14F SEGBASE SEGREL32 PLTOFF21L \
  #54 PLTOFF14R PLTOFF14F #57 LTOFF_FPTR32 LTOFF_FPTR21L #62 LTOFF_FPTR14R #64 FPTR64 PLABEL32 \
  #66 PLABEL21L #70 PLABEL14R #72 PCREL64 PCREL22C PCREL22F PCREL14WR PCREL14DR PCREL16F \
  #78 PCREL16WF PCREL16DF DIR64 #83 DIR14WR DIR14DR DIR16F DIR16WF DIR16DF GPREL64 \
  #91 DLTREL14WR DLTREL14DR GPREL16F GPREL16WF GPREL16DF LTOFF64 #99 DLTIND14WR DLTIND14DR \
  #101 LTOFF16F LTOFF16WF LTOFF16DF SECREL64 #107 BASEREL14WR BASEREL14DR #112 SEGREL64 \
  #115 PLTOFF14WR PLTOFF14DR PLTOFF16F PLTOFF16WF PLTOFF16DF LTOFF_FPTR64 #123 LTOFF_FPTR14WR \
  #124 LTOFF_FPTR14DR LTOFF_FPTR16F LTOFF_FPTR16WF LTOFF_FPTR16DF COPY IPLT EPLT #153 TPREL32 \
  #154 TPREL21L #158 TPREL14R #162 LTOFF_TP21L #166 LTOFF_TP14R LTOFF_TP14F #216 TPREL64 \
  #219 TPREL14WR TPREL14DR TPREL16F TPREL16WF TPREL16DF LTOFF_TP64 #227 LTOFF_TP14WR \
  #228 LTOFF_TP14DR LTOFF_TP16F LTOFF_TP16WF LTOFF_TP16DF GNU_VTENTRY GNU_VTINHERIT TLS_GD21L \
  #235 TLS_GD14R TLS_GDCALL TLS_LDM21L TLS_LDM14R TLS_LDMCALL TLS_LDO21L TLS_LDO14R TLS_DTPMOD32 \
  #243 TLS_DTPMOD64 TLS_DTPOFF32 TLS_DTPOFF64
  """)

/// elf.h `DT_HP_*`.
private let hpDynamicTags: [DynamicTagRow] = [
  DynamicTagRow(0x6000_0000, "HP_LOAD_MAP"),
  DynamicTagRow(
    0x6000_0001, "HP_DLD_FLAGS",
    .flags(
      "",
      names: [
        "HP_DEBUG_PRIVATE", "HP_DEBUG_CALLBACK", "HP_DEBUG_CALLBACK_BOR", "HP_NO_ENVVAR",
        "HP_BIND_NOW",
        "HP_BIND_NONFATAL", "HP_BIND_VERBOSE", "HP_BIND_RESTRICTED", "HP_BIND_SYMBOLIC",
        "HP_RPATH_FIRST",
        "HP_BIND_DEPTH_FIRST", "HP_GST", "HP_SHLIB_FIXED", "HP_MERGE_SHLIB_SEG", "HP_NODELETE",
        "HP_GROUP",
        "HP_PROTECT_LINKAGE_TABLE",
      ], none: "0",
      unknown: .number)),
  DynamicTagRow(0x6000_0002, "HP_DLD_HOOK"), DynamicTagRow(0x6000_0003, "HP_UX10_INIT"),
  DynamicTagRow(0x6000_0004, "HP_UX10_INITSZ"), DynamicTagRow(0x6000_0005, "HP_PREINIT"),
  DynamicTagRow(0x6000_0006, "HP_PREINITSZ"), DynamicTagRow(0x6000_0007, "HP_NEEDED"),
  DynamicTagRow(0x6000_0008, "HP_TIME_STAMP"), DynamicTagRow(0x6000_0009, "HP_CHECKSUM"),
  DynamicTagRow(0x6000_000a, "HP_GST_SIZE"), DynamicTagRow(0x6000_000b, "HP_GST_VERSION"),
  DynamicTagRow(0x6000_000c, "HP_GST_HASHVAL"), DynamicTagRow(0x6000_000d, "HP_GST_EPLTREL"),
  DynamicTagRow(0x6000_000e, "HP_GST_EPLTRELSZ"), DynamicTagRow(0x6000_000f, "HP_FILTERED"),
  DynamicTagRow(0x6000_0010, "HP_FILTER_TLS"), DynamicTagRow(0x6000_0011, "HP_COMPAT_FILTERED"),
  DynamicTagRow(0x6000_0012, "HP_LAZYLOAD"), DynamicTagRow(0x6000_0013, "HP_BIND_NOW_COUNT"),
  DynamicTagRow(0x6000_0014, "PLT"), DynamicTagRow(0x6000_0015, "PLT_SIZE"),
  DynamicTagRow(0x6000_0016, "DLT"), DynamicTagRow(0x6000_0017, "DLT_SIZE"),
]

/// elf.h `PT_HP_*`.
private let hpSegmentTypes: NameTable = [
  0x6000_0000: "HP_TLS", 0x6000_0001: "HP_CORE_NONE", 0x6000_0002: "HP_CORE_VERSION",
  0x6000_0003: "HP_CORE_KERNEL", 0x6000_0004: "HP_CORE_COMM", 0x6000_0005: "HP_CORE_PROC",
  0x6000_0006: "HP_CORE_LOADABLE", 0x6000_0007: "HP_CORE_STACK", 0x6000_0008: "HP_CORE_SHM",
  0x6000_0009: "HP_CORE_MMF", 0x6000_0010: "HP_PARALLEL", 0x6000_0011: "HP_FASTBIND",
  0x6000_0012: "HP_OPT_ANNOT", 0x6000_0013: "HP_HSL_ANNOT", 0x6000_0014: "HP_STACK",
  0x6000_0015: "HP_CORE_UTSNAME",
]
