// 32-bit PowerPC.

extension Machine {
  /// 32-bit PowerPC (`EM_PPC`).
  public static var powerPC: Self { Self(rawValue: 20) }
}

extension MachineDescription {
  static let powerPC = MachineDescription(
    .powerPC, "PowerPC",
    MachineFormat(
      relocations: relocations, effects: [(1, .absolute(4)), (26, .relative(4))],
      // elf.h `EF_PPC_*`.
      flags: [
        MachineFlag(0x8000_0000, "emb"), MachineFlag(0x1_0000, "relocatable"),
        MachineFlag(0x8000, "relocatable-lib"),
      ],
      dynamicTags: {
        [DynamicTagRow(0x7000_0000, "PPC_GOT"), DynamicTagRow(0x7000_0001, "PPC_OPT")]
      },
      // `SHF_PPC_VLE`.
      sectionFlags: [MachineSectionFlag(0x1000_0000, "v", "VLE")],
      attributes: { powerAttributes }),
    MachineKernel(
      option: .powerPC, byteOrder: .big, pageSizes: [4096, 16384, 65536, 262_144]),
    loader: { moduleLoader })

  /// GNU attributes of both PowerPCs (binutils, include/elf/ppc.h `Tag_GNU_Power_ABI_*`).
  static let powerAttributes = [
    MachineAttribute(4, "Tag_GNU_Power_ABI_FP") { floatText($0) },
    MachineAttribute(8, "Tag_GNU_Power_ABI_Vector") {
      number($0, above: 3) + ["unspecified", "generic", "AltiVec", "SPE"][Int($0 & 3)]
    },
    MachineAttribute(12, "Tag_GNU_Power_ABI_Struct_Return") {
      number($0, above: 2) + ["unspecified", "r3/r4", "memory", "???"][Int($0 & 3)]
    },
  ]
}

/// A number that has bits which are not known.
private func number(_ value: UInt64, above limit: UInt64) -> String {
  value > limit ? "(0x\(String(value, radix: 16))), " : ""
}

private func floatText(_ value: UInt64) -> String {
  let floats = [
    "unspecified hard/soft float", "hard float", "soft float", "single-precision hard float",
  ]
  let longDoubles = [
    "unspecified long double", "128-bit IBM long double", "64-bit long double",
    "128-bit IEEE long double",
  ]
  return
    "\(number(value, above: 15))\(floats[Int(value & 3)]), \(longDoubles[Int(value >> 2 & 3)])"
}

/// arch/powerpc/kernel/module_32.c, read and not measured.
private let moduleLoader = MachineLoader(
  relocations: [
    TakenRelocations(1, bytes: 4), TakenRelocations(4...6, bytes: 2),
    TakenRelocations(10, bytes: 4), TakenRelocations(26, bytes: 4),
  ],
  refusals: [RelocationRefusal(LoaderWords("", ": unknown ADD relocation: "))],
  sections: [NeededSection(".plt", missing), NeededSection(".init.plt", missing)],
  reflagged: [".plt", ".init.plt"])

private let missing = LoaderWords(
  "Module doesn't contain .plt or .init.plt sections.", saysName: false)

/// Power Architecture 32-bit ABI supplement, "Relocation Types"; elf.h `R_PPC_*`.
private let relocations: NameTable = [
  0: "R_PPC_NONE", 1: "R_PPC_ADDR32", 2: "R_PPC_ADDR24", 3: "R_PPC_ADDR16", 4: "R_PPC_ADDR16_LO",
  5: "R_PPC_ADDR16_HI", 6: "R_PPC_ADDR16_HA", 7: "R_PPC_ADDR14", 8: "R_PPC_ADDR14_BRTAKEN",
  9: "R_PPC_ADDR14_BRNTAKEN", 10: "R_PPC_REL24", 11: "R_PPC_REL14", 12: "R_PPC_REL14_BRTAKEN",
  13: "R_PPC_REL14_BRNTAKEN", 14: "R_PPC_GOT16", 15: "R_PPC_GOT16_LO", 16: "R_PPC_GOT16_HI",
  17: "R_PPC_GOT16_HA", 18: "R_PPC_PLTREL24", 19: "R_PPC_COPY", 20: "R_PPC_GLOB_DAT",
  21: "R_PPC_JMP_SLOT", 22: "R_PPC_RELATIVE", 23: "R_PPC_LOCAL24PC", 24: "R_PPC_UADDR32",
  25: "R_PPC_UADDR16", 26: "R_PPC_REL32", 27: "R_PPC_PLT32", 28: "R_PPC_PLTREL32",
  29: "R_PPC_PLT16_LO", 30: "R_PPC_PLT16_HI", 31: "R_PPC_PLT16_HA", 32: "R_PPC_SDAREL16",
  33: "R_PPC_SECTOFF", 34: "R_PPC_SECTOFF_LO", 35: "R_PPC_SECTOFF_HI", 36: "R_PPC_SECTOFF_HA",
  37: "R_PPC_ADDR30", 67: "R_PPC_TLS", 68: "R_PPC_DTPMOD32", 69: "R_PPC_TPREL16",
  70: "R_PPC_TPREL16_LO", 71: "R_PPC_TPREL16_HI", 72: "R_PPC_TPREL16_HA", 73: "R_PPC_TPREL32",
  74: "R_PPC_DTPREL16", 75: "R_PPC_DTPREL16_LO", 76: "R_PPC_DTPREL16_HI", 77: "R_PPC_DTPREL16_HA",
  78: "R_PPC_DTPREL32", 79: "R_PPC_GOT_TLSGD16", 80: "R_PPC_GOT_TLSGD16_LO",
  81: "R_PPC_GOT_TLSGD16_HI", 82: "R_PPC_GOT_TLSGD16_HA", 83: "R_PPC_GOT_TLSLD16",
  84: "R_PPC_GOT_TLSLD16_LO", 85: "R_PPC_GOT_TLSLD16_HI", 86: "R_PPC_GOT_TLSLD16_HA",
  87: "R_PPC_GOT_TPREL16", 88: "R_PPC_GOT_TPREL16_LO", 89: "R_PPC_GOT_TPREL16_HI",
  90: "R_PPC_GOT_TPREL16_HA", 91: "R_PPC_GOT_DTPREL16", 92: "R_PPC_GOT_DTPREL16_LO",
  93: "R_PPC_GOT_DTPREL16_HI", 94: "R_PPC_GOT_DTPREL16_HA", 95: "R_PPC_TLSGD", 96: "R_PPC_TLSLD",
  101: "R_PPC_EMB_NADDR32", 102: "R_PPC_EMB_NADDR16", 103: "R_PPC_EMB_NADDR16_LO",
  104: "R_PPC_EMB_NADDR16_HI", 105: "R_PPC_EMB_NADDR16_HA", 106: "R_PPC_EMB_SDAI16",
  107: "R_PPC_EMB_SDA2I16", 108: "R_PPC_EMB_SDA2REL", 109: "R_PPC_EMB_SDA21",
  110: "R_PPC_EMB_MRKREF", 111: "R_PPC_EMB_RELSEC16", 112: "R_PPC_EMB_RELST_LO",
  113: "R_PPC_EMB_RELST_HI", 114: "R_PPC_EMB_RELST_HA", 115: "R_PPC_EMB_BIT_FLD",
  116: "R_PPC_EMB_RELSDA", 119: "R_PPC_PLTSEQ", 120: "R_PPC_PLTCALL", 216: "R_PPC_VLE_REL8",
  217: "R_PPC_VLE_REL15", 218: "R_PPC_VLE_REL24", 219: "R_PPC_VLE_LO16A", 220: "R_PPC_VLE_LO16D",
  221: "R_PPC_VLE_HI16A", 222: "R_PPC_VLE_HI16D", 223: "R_PPC_VLE_HA16A", 224: "R_PPC_VLE_HA16D",
  225: "R_PPC_VLE_SDA21", 226: "R_PPC_VLE_SDA21_LO", 227: "R_PPC_VLE_SDAREL_LO16A",
  228: "R_PPC_VLE_SDAREL_LO16D", 229: "R_PPC_VLE_SDAREL_HI16A", 230: "R_PPC_VLE_SDAREL_HI16D",
  231: "R_PPC_VLE_SDAREL_HA16A", 232: "R_PPC_VLE_SDAREL_HA16D", 233: "R_PPC_VLE_ADDR20",
  246: "R_PPC_REL16DX_HA", 248: "R_PPC_IRELATIVE", 249: "R_PPC_REL16", 250: "R_PPC_REL16_LO",
  251: "R_PPC_REL16_HI", 252: "R_PPC_REL16_HA", 253: "R_PPC_GNU_VTINHERIT",
  254: "R_PPC_GNU_VTENTRY", 255: "R_PPC_TOC16",
]
