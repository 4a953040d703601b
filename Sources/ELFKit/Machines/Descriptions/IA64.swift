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
      unwind: .info(
        MachineFormat.UnwindInfo(
          table: SectionType(rawValue: 0x7000_0001),
          names: [
            (".gnu.linkonce.ia64unw.", ".gnu.linkonce.ia64unwi."),
            (".IA_64.unwind", ".IA_64.unwind_info"),
          ],
          // R_IA64_SEGREL32MSB to R_IA64_SEGREL64LSB.
          relocations: 92...95))),
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
private let relocations = NumberedNames(
  "R_IA64_",
  """
  #0 NONE #33 IMM14 IMM22 IMM64 DIR32MSB DIR32LSB DIR64MSB DIR64LSB #42 GPREL22 GPREL64I \
  #44 GPREL32MSB GPREL32LSB GPREL64MSB GPREL64LSB #50 LTOFF22 LTOFF64I #58 PLTOFF22 PLTOFF64I \
  #62 PLTOFF64MSB PLTOFF64LSB #67 FPTR64I FPTR32MSB FPTR32LSB FPTR64MSB FPTR64LSB PCREL60B \
  #73 PCREL21B PCREL21M PCREL21F PCREL32MSB PCREL32LSB PCREL64MSB PCREL64LSB #82 LTOFF_FPTR22 \
  #83 LTOFF_FPTR64I LTOFF_FPTR32MSB LTOFF_FPTR32LSB LTOFF_FPTR64MSB LTOFF_FPTR64LSB \
  #92 SEGREL32MSB SEGREL32LSB SEGREL64MSB SEGREL64LSB #100 SECREL32MSB SECREL32LSB SECREL64MSB \
  #103 SECREL64LSB #108 REL32MSB REL32LSB REL64MSB REL64LSB #116 LTV32MSB LTV32LSB LTV64MSB \
  #119 LTV64LSB #121 PCREL21BI PCREL22 PCREL64I #128 IPLTMSB IPLTLSB #132 COPY #134 LTOFF22X \
  #135 LDXMOV #145 TPREL14 TPREL22 TPREL64I #150 TPREL64MSB TPREL64LSB #154 LTOFF_TPREL22 \
  #166 DTPMOD64MSB DTPMOD64LSB #170 LTOFF_DTPMOD22 #177 DTPREL14 DTPREL22 DTPREL64I DTPREL32MSB \
  #181 DTPREL32LSB DTPREL64MSB DTPREL64LSB #186 LTOFF_DTPREL22
  """)

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
