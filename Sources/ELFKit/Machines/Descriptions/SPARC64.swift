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
      netBSDRegisters: 0,
      attributes: {
        [
          MachineAttribute(4, "Tag_GNU_Sparc_HWCAPS") { bits($0, capabilities) },
          MachineAttribute(8, "Tag_GNU_Sparc_HWCAPS2") { bits($0, moreCapabilities) },
        ]
      }),
    MachineKernel(option: .sparc64, is64Bit: true, byteOrder: .big, pageSizes: [8192]))

  /// SPARC Compliance Definition, "Relocation Types"; elf.h `R_SPARC_*`.
  static let sparcRelocations = NumberedNames(
    "R_SPARC_",
    """
    #0 NONE 8 16 32 DISP8 DISP16 DISP32 WDISP30 WDISP22 HI22 22 13 LO10 GOT10 GOT13 GOT22 PC10 \
    #17 PC22 WPLT30 COPY GLOB_DAT JMP_SLOT RELATIVE UA32 PLT32 HIPLT22 LOPLT10 PCPLT32 PCPLT22 \
    #29 PCPLT10 10 11 64 OLO10 HH22 HM10 LM22 PC_HH22 PC_HM10 PC_LM22 WDISP16 WDISP19 UNUSED_42 \
    #43 7 5 6 DISP64 PLT64 HIX22 LOX10 H44 M44 L44 REGISTER UA64 UA16 TLS_GD_HI22 TLS_GD_LO10 \
    #58 TLS_GD_ADD TLS_GD_CALL TLS_LDM_HI22 TLS_LDM_LO10 TLS_LDM_ADD TLS_LDM_CALL TLS_LDO_HIX22 \
    #65 TLS_LDO_LOX10 TLS_LDO_ADD TLS_IE_HI22 TLS_IE_LO10 TLS_IE_LD TLS_IE_LDX TLS_IE_ADD \
    #72 TLS_LE_HIX22 TLS_LE_LOX10 TLS_DTPMOD32 TLS_DTPMOD64 TLS_DTPOFF32 TLS_DTPOFF64 \
    #78 TLS_TPOFF32 TLS_TPOFF64 GOTDATA_HIX22 GOTDATA_LOX10 GOTDATA_OP_HIX22 GOTDATA_OP_LOX10 \
    #84 GOTDATA_OP H34 SIZE32 SIZE64 WDISP10 #248 JMP_IREL IRELATIVE GNU_VTINHERIT GNU_VTENTRY \
    #252 REV32
    """)
}

private func bits(_ value: UInt64, _ names: [String]) -> String {
  // Bits without a name are passed over.
  let set = names.indices.filter { value >> UInt64($0) & 1 == 1 && !names[$0].isEmpty }
    .map { names[$0] }
  return value == 0 ? "0" : set.joined(separator: "|")
}

private let capabilities = [
  "mul32", "div32", "fsmuld", "v8plus", "popc", "vis", "vis2", "ASIBlkInit", "fmaf", "",
  "vis3", "hpc", "random", "trans", "fjfmau", "ima", "cspare",
]

private let moreCapabilities = [
  "fjathplus", "vis3b", "adp", "sparc5", "mwait", "xmpmul", "xmont2", "nsec", "fjathhpc",
  "fjdes",
]
