// Intel IA-64.

extension Machine {
  /// Intel IA-64 (`EM_IA_64`).
  public static var ia64: Self { Self(rawValue: 50) }
}

extension MachineDescription {
  static let ia64 = MachineDescription(
    .ia64, "IA-64",
    MachineFormat(
      relocations: relocations,
      effects: [
        (36, .absolute(4)), (37, .absolute(4)), (38, .absolute(8)), (39, .absolute(8)),
        (78, .relative(8)), (79, .relative(8)), (100, .absolute(4)), (101, .absolute(4)),
      ],
      flags: flags,
      segmentTypes: [0x7000_0000: "IA_64_ARCHEXT", 0x7000_0001: "IA_64_UNWIND"],
      systemSegmentTypes: (
        1,
        [
          0x6000_0000: "HP_TLS", 0x6000_0012: "HP_OPT_ANNOT", 0x6000_0013: "HP_HSL_ANNOT",
          0x6000_0014: "HP_STACK",
        ]
      ),
      dynamicTags: { ia64DynamicTags },
      sectionTypes: [
        0x6000_0000: "VMS_TRACE", 0x7000_0000: "IA_64_EXT", 0x7000_0001: "IA_64_UNWIND",
      ],
      // It has its own use for the numbers of systems.
      unnamedSectionTypes: [0x6fff_4700, 0x6fff_fff5],
      sectionFlags: [
        MachineSectionFlag(0x1000_0000, "SHORT"), MachineSectionFlag(0x2000_0000, "NORECOV"),
      ],
      // Under HP-UX.
      systemSectionIndices: (1, [0xff00: "ANSI_COM"]),
      // How OpenVMS links the symbol.
      other: { bits, osABI in
        osABI.rawValue == 13 ? ["IGN", "RSV", "STD", "LNK"][Int(bits >> 6)] : nil
      },
      unwind: .decoded),
    MachineKernel(
      option: .ia64, is64Bit: true, byteOrder: .little, pageSizes: [4096, 8192, 16384, 65536]))
}

/// elf.h `EF_IA_64_*`, then those of OpenVMS.
private let flags = [
  MachineFlag(0x10, 0x10, "64-bit"), MachineFlag(0x10, 0x00, "32-bit"),
  MachineFlag(0x20, "reduced fp model"), MachineFlag(0x80, "no function descriptors, constant gp"),
  MachineFlag(0xc0, 0x40, "constant gp"), MachineFlag(0x100, "absolute"),
  MachineFlag(0x3, 0x1, "warning", on: 13), MachineFlag(0x3, 0x2, "error", on: 13),
  MachineFlag(0x3, 0x3, "abort", on: 13), MachineFlag(0x4, 0x4, "vms_linkages", on: 13),
]

/// Itanium psABI, "Relocation Types"; elf.h `R_IA64_*`.
private let relocations: NameTable = [
  0: "R_IA64_NONE", 33: "R_IA64_IMM14", 34: "R_IA64_IMM22", 35: "R_IA64_IMM64",
  36: "R_IA64_DIR32MSB", 37: "R_IA64_DIR32LSB", 38: "R_IA64_DIR64MSB", 39: "R_IA64_DIR64LSB",
  42: "R_IA64_GPREL22", 43: "R_IA64_GPREL64I", 44: "R_IA64_GPREL32MSB", 45: "R_IA64_GPREL32LSB",
  46: "R_IA64_GPREL64MSB", 47: "R_IA64_GPREL64LSB", 50: "R_IA64_LTOFF22", 51: "R_IA64_LTOFF64I",
  58: "R_IA64_PLTOFF22", 59: "R_IA64_PLTOFF64I", 62: "R_IA64_PLTOFF64MSB",
  63: "R_IA64_PLTOFF64LSB", 67: "R_IA64_FPTR64I", 68: "R_IA64_FPTR32MSB", 69: "R_IA64_FPTR32LSB",
  70: "R_IA64_FPTR64MSB", 71: "R_IA64_FPTR64LSB", 72: "R_IA64_PCREL60B", 73: "R_IA64_PCREL21B",
  74: "R_IA64_PCREL21M", 75: "R_IA64_PCREL21F", 76: "R_IA64_PCREL32MSB", 77: "R_IA64_PCREL32LSB",
  78: "R_IA64_PCREL64MSB", 79: "R_IA64_PCREL64LSB", 82: "R_IA64_LTOFF_FPTR22",
  83: "R_IA64_LTOFF_FPTR64I", 84: "R_IA64_LTOFF_FPTR32MSB", 85: "R_IA64_LTOFF_FPTR32LSB",
  86: "R_IA64_LTOFF_FPTR64MSB", 87: "R_IA64_LTOFF_FPTR64LSB", 92: "R_IA64_SEGREL32MSB",
  93: "R_IA64_SEGREL32LSB", 94: "R_IA64_SEGREL64MSB", 95: "R_IA64_SEGREL64LSB",
  100: "R_IA64_SECREL32MSB", 101: "R_IA64_SECREL32LSB", 102: "R_IA64_SECREL64MSB",
  103: "R_IA64_SECREL64LSB", 108: "R_IA64_REL32MSB", 109: "R_IA64_REL32LSB",
  110: "R_IA64_REL64MSB", 111: "R_IA64_REL64LSB", 116: "R_IA64_LTV32MSB", 117: "R_IA64_LTV32LSB",
  118: "R_IA64_LTV64MSB", 119: "R_IA64_LTV64LSB", 121: "R_IA64_PCREL21BI", 122: "R_IA64_PCREL22",
  123: "R_IA64_PCREL64I", 128: "R_IA64_IPLTMSB", 129: "R_IA64_IPLTLSB", 132: "R_IA64_COPY",
  134: "R_IA64_LTOFF22X", 135: "R_IA64_LDXMOV", 145: "R_IA64_TPREL14", 146: "R_IA64_TPREL22",
  147: "R_IA64_TPREL64I", 150: "R_IA64_TPREL64MSB", 151: "R_IA64_TPREL64LSB",
  154: "R_IA64_LTOFF_TPREL22", 166: "R_IA64_DTPMOD64MSB", 167: "R_IA64_DTPMOD64LSB",
  170: "R_IA64_LTOFF_DTPMOD22", 177: "R_IA64_DTPREL14", 178: "R_IA64_DTPREL22",
  179: "R_IA64_DTPREL64I", 180: "R_IA64_DTPREL32MSB", 181: "R_IA64_DTPREL32LSB",
  182: "R_IA64_DTPREL64MSB", 183: "R_IA64_DTPREL64LSB", 186: "R_IA64_LTOFF_DTPREL22",
]

/// elf.h `DT_IA_64_*`.
private let ia64DynamicTags: [DynamicTagRow] = [
  DynamicTagRow(0x6000_000d, "VMS_SUBTYPE"), DynamicTagRow(0x6000_000f, "VMS_IMGIOCNT"),
  DynamicTagRow(0x6000_0015, "VMS_LNKFLAGS"), DynamicTagRow(0x6000_0017, "VMS_VIR_MEM_BLK_SIZ"),
  DynamicTagRow(0x6000_0019, "VMS_IDENT"), DynamicTagRow(0x6000_001d, "VMS_NEEDED_IDENT"),
  DynamicTagRow(0x6000_001f, "VMS_IMG_RELA_CNT"), DynamicTagRow(0x6000_0021, "VMS_SEG_RELA_CNT"),
  DynamicTagRow(0x6000_0023, "VMS_FIXUP_RELA_CNT"), DynamicTagRow(0x6000_0025, "VMS_FIXUP_NEEDED"),
  DynamicTagRow(0x6000_0027, "VMS_SYMVEC_CNT"), DynamicTagRow(0x6000_002b, "VMS_XLATED"),
  DynamicTagRow(0x6000_002d, "VMS_STACKSIZE"), DynamicTagRow(0x6000_002f, "VMS_UNWINDSZ"),
  DynamicTagRow(0x6000_0031, "VMS_UNWIND_CODSEG"), DynamicTagRow(0x6000_0033, "VMS_UNWIND_INFOSEG"),
  DynamicTagRow(0x6000_0035, "VMS_LINKTIME"), DynamicTagRow(0x6000_0037, "VMS_SEG_NO"),
  DynamicTagRow(0x6000_0039, "VMS_SYMVEC_OFFSET"), DynamicTagRow(0x6000_003b, "VMS_SYMVEC_SEG"),
  DynamicTagRow(0x6000_003d, "VMS_UNWIND_OFFSET"), DynamicTagRow(0x6000_003f, "VMS_UNWIND_SEG"),
  DynamicTagRow(0x7000_0000, "IA_64_PLT_RESERVE", .reservedWords),
]
