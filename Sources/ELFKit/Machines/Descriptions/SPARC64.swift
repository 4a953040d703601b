// 64-bit SPARC, Version 9. The names of relocations are those of all SPARCs.

extension Machine {
  /// SPARC Version 9 (`EM_SPARCV9`).
  public static var sparcV9: Self { Self(rawValue: 43) }
}

extension MachineDescription {
  static let sparcV9 = MachineDescription(
    .sparcV9, "SPARC64",
    MachineFormat(
      packing: .data, relocations: sparcRelocations,
      effects: [
        (3, .absolute(4)), (6, .relative(4)), (23, .absolute(4)), (32, .absolute(8)),
        (46, .relative(8)), (54, .absolute(8)),
      ],
      // `R_SPARC_OLO10`.
      dataAddendType: 33,
      // elf.h `EF_SPARC_*`, `EF_SPARCV9_*`.
      flags: [
        MachineFlag(0x100, "v8+"), MachineFlag(0x200, "ultrasparcI"),
        MachineFlag(0x800, "ultrasparcIII"), MachineFlag(0x400, "halr1"),
        MachineFlag(0x80_0000, "ledata"), MachineFlag(0x3, 0, "tso"), MachineFlag(0x3, 1, "pso"),
        MachineFlag(0x3, 2, "rmo"),
      ],
      dynamicTags: { [DynamicTagRow(0x7000_0001, "SPARC_REGISTER")] },
      sectionFlags: [MachineSectionFlag(0x4000_0000, "ORDERED")], symbolTypes: [13: "REGISTER"],
      attributes: {
        [
          MachineAttribute(4, "Tag_GNU_Sparc_HWCAPS") { bits($0, capabilities) },
          MachineAttribute(8, "Tag_GNU_Sparc_HWCAPS2") { bits($0, moreCapabilities) },
        ]
      }),
    MachineKernel(option: .sparc64, is64Bit: true, byteOrder: .big, pageSizes: [8192]))

  /// SPARC Compliance Definition, "Relocation Types"; elf.h `R_SPARC_*`.
  static let sparcRelocations: NameTable = [
    0: "R_SPARC_NONE", 1: "R_SPARC_8", 2: "R_SPARC_16", 3: "R_SPARC_32", 4: "R_SPARC_DISP8",
    5: "R_SPARC_DISP16", 6: "R_SPARC_DISP32", 7: "R_SPARC_WDISP30", 8: "R_SPARC_WDISP22",
    9: "R_SPARC_HI22", 10: "R_SPARC_22", 11: "R_SPARC_13", 12: "R_SPARC_LO10", 13: "R_SPARC_GOT10",
    14: "R_SPARC_GOT13", 15: "R_SPARC_GOT22", 16: "R_SPARC_PC10", 17: "R_SPARC_PC22",
    18: "R_SPARC_WPLT30", 19: "R_SPARC_COPY", 20: "R_SPARC_GLOB_DAT", 21: "R_SPARC_JMP_SLOT",
    22: "R_SPARC_RELATIVE", 23: "R_SPARC_UA32", 24: "R_SPARC_PLT32", 25: "R_SPARC_HIPLT22",
    26: "R_SPARC_LOPLT10", 27: "R_SPARC_PCPLT32", 28: "R_SPARC_PCPLT22", 29: "R_SPARC_PCPLT10",
    30: "R_SPARC_10", 31: "R_SPARC_11", 32: "R_SPARC_64", 33: "R_SPARC_OLO10", 34: "R_SPARC_HH22",
    35: "R_SPARC_HM10", 36: "R_SPARC_LM22", 37: "R_SPARC_PC_HH22", 38: "R_SPARC_PC_HM10",
    39: "R_SPARC_PC_LM22", 40: "R_SPARC_WDISP16", 41: "R_SPARC_WDISP19", 42: "R_SPARC_UNUSED_42",
    43: "R_SPARC_7", 44: "R_SPARC_5", 45: "R_SPARC_6", 46: "R_SPARC_DISP64", 47: "R_SPARC_PLT64",
    48: "R_SPARC_HIX22", 49: "R_SPARC_LOX10", 50: "R_SPARC_H44", 51: "R_SPARC_M44",
    52: "R_SPARC_L44", 53: "R_SPARC_REGISTER", 54: "R_SPARC_UA64", 55: "R_SPARC_UA16",
    56: "R_SPARC_TLS_GD_HI22", 57: "R_SPARC_TLS_GD_LO10", 58: "R_SPARC_TLS_GD_ADD",
    59: "R_SPARC_TLS_GD_CALL", 60: "R_SPARC_TLS_LDM_HI22", 61: "R_SPARC_TLS_LDM_LO10",
    62: "R_SPARC_TLS_LDM_ADD", 63: "R_SPARC_TLS_LDM_CALL", 64: "R_SPARC_TLS_LDO_HIX22",
    65: "R_SPARC_TLS_LDO_LOX10", 66: "R_SPARC_TLS_LDO_ADD", 67: "R_SPARC_TLS_IE_HI22",
    68: "R_SPARC_TLS_IE_LO10", 69: "R_SPARC_TLS_IE_LD", 70: "R_SPARC_TLS_IE_LDX",
    71: "R_SPARC_TLS_IE_ADD", 72: "R_SPARC_TLS_LE_HIX22", 73: "R_SPARC_TLS_LE_LOX10",
    74: "R_SPARC_TLS_DTPMOD32", 75: "R_SPARC_TLS_DTPMOD64", 76: "R_SPARC_TLS_DTPOFF32",
    77: "R_SPARC_TLS_DTPOFF64", 78: "R_SPARC_TLS_TPOFF32", 79: "R_SPARC_TLS_TPOFF64",
    80: "R_SPARC_GOTDATA_HIX22", 81: "R_SPARC_GOTDATA_LOX10", 82: "R_SPARC_GOTDATA_OP_HIX22",
    83: "R_SPARC_GOTDATA_OP_LOX10", 84: "R_SPARC_GOTDATA_OP", 85: "R_SPARC_H34",
    86: "R_SPARC_SIZE32", 87: "R_SPARC_SIZE64", 88: "R_SPARC_WDISP10", 248: "R_SPARC_JMP_IREL",
    249: "R_SPARC_IRELATIVE", 250: "R_SPARC_GNU_VTINHERIT", 251: "R_SPARC_GNU_VTENTRY",
    252: "R_SPARC_REV32",
  ]
}

private func bits(_ value: UInt64, _ names: [String]) -> String {
  let set = names.indices.filter { value >> UInt64($0) & 1 == 1 && !names[$0].isEmpty }
    .map { names[$0] }
  return set.isEmpty ? "0" : set.joined(separator: "|")
}

private let capabilities = [
  "mul32", "div32", "fsmuld", "v8plus", "popc", "vis", "vis2", "ASIBlkInit", "fmaf", "",
  "vis3", "hpc", "random", "trans", "fjfmau", "ima", "cspare",
]

private let moreCapabilities = [
  "fjathplus", "vis3b", "adp", "sparc5", "mwait", "xmpmul", "xmont2", "nsec", "fjathhpc",
  "fjdes",
]
