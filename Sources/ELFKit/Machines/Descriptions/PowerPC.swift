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
    loader: { moduleLoader }, code: { .powerPC([10, 18]) })

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
private let relocations = NumberedNames(
  "R_PPC_",
  """
  #0 NONE ADDR32 ADDR24 ADDR16 ADDR16_LO ADDR16_HI ADDR16_HA ADDR14 ADDR14_BRTAKEN \
  #9 ADDR14_BRNTAKEN REL24 REL14 REL14_BRTAKEN REL14_BRNTAKEN GOT16 GOT16_LO GOT16_HI GOT16_HA \
  #18 PLTREL24 COPY GLOB_DAT JMP_SLOT RELATIVE LOCAL24PC UADDR32 UADDR16 REL32 PLT32 PLTREL32 \
  #29 PLT16_LO PLT16_HI PLT16_HA SDAREL16 SECTOFF SECTOFF_LO SECTOFF_HI SECTOFF_HA ADDR30 \
  #67 TLS DTPMOD32 TPREL16 TPREL16_LO TPREL16_HI TPREL16_HA TPREL32 DTPREL16 DTPREL16_LO \
  #76 DTPREL16_HI DTPREL16_HA DTPREL32 GOT_TLSGD16 GOT_TLSGD16_LO GOT_TLSGD16_HI GOT_TLSGD16_HA \
  #83 GOT_TLSLD16 GOT_TLSLD16_LO GOT_TLSLD16_HI GOT_TLSLD16_HA GOT_TPREL16 GOT_TPREL16_LO \
  #89 GOT_TPREL16_HI GOT_TPREL16_HA GOT_DTPREL16 GOT_DTPREL16_LO GOT_DTPREL16_HI GOT_DTPREL16_HA \
  #95 TLSGD TLSLD #101 EMB_NADDR32 EMB_NADDR16 EMB_NADDR16_LO EMB_NADDR16_HI EMB_NADDR16_HA \
  #106 EMB_SDAI16 EMB_SDA2I16 EMB_SDA2REL EMB_SDA21 EMB_MRKREF EMB_RELSEC16 EMB_RELST_LO \
  #113 EMB_RELST_HI EMB_RELST_HA EMB_BIT_FLD EMB_RELSDA #119 PLTSEQ PLTCALL #216 VLE_REL8 \
  #217 VLE_REL15 VLE_REL24 VLE_LO16A VLE_LO16D VLE_HI16A VLE_HI16D VLE_HA16A VLE_HA16D VLE_SDA21 \
  #226 VLE_SDA21_LO VLE_SDAREL_LO16A VLE_SDAREL_LO16D VLE_SDAREL_HI16A VLE_SDAREL_HI16D \
  #231 VLE_SDAREL_HA16A VLE_SDAREL_HA16D VLE_ADDR20 #246 REL16DX_HA #248 IRELATIVE REL16 \
  #250 REL16_LO REL16_HI REL16_HA GNU_VTINHERIT GNU_VTENTRY TOC16
  """)
