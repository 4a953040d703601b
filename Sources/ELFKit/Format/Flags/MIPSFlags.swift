// `e_flags` of MIPS (elf.h `EF_MIPS_*`): bits, then processor, ABI, extensions and architecture.

enum MIPSFlags {
  static func texts(_ flags: UInt32) -> [String] {
    var texts = bits.filter { flags & $0.mask == $0.value }.map(\.text)
    let processor = flags >> 16 & 0xff
    if processor != 0 { texts.append(processors[processor] ?? "unknown CPU") }
    let abi = flags >> 12 & 0xf
    if abi != 0 { texts.append(abis[abi] ?? "unknown ABI") }
    texts += extensions.filter { flags & $0.mask == $0.value }.map(\.text)
    texts.append(architectures[flags >> 28] ?? "unknown ISA")
    return texts
  }

  private static let bits = [
    FlagWord(0x1, "noreorder"), FlagWord(0x2, "pic"), FlagWord(0x4, "cpic"),
    FlagWord(0x10, "ugen_reserved"), FlagWord(0x20, "abi2"), FlagWord(0x80, "odk first"),
    FlagWord(0x100, "32bitmode"), FlagWord(0x400, "nan2008"), FlagWord(0x200, "fp64"),
  ]

  private static let processors: NameTable = [
    0x81: "3900", 0x82: "4010", 0x83: "4100", 0x85: "4650", 0x87: "4120", 0x88: "4111",
    0x8a: "sb1", 0x8b: "octeon", 0x8c: "xlr", 0x8d: "octeon2", 0x8e: "octeon3", 0x91: "5400",
    0x92: "5900", 0x93: "interaptiv-mr2", 0x98: "5500", 0x99: "9000", 0xa0: "loongson-2e",
    0xa1: "loongson-2f", 0xa2: "gs464", 0xa3: "gs464e", 0xa4: "gs264e",
  ]

  private static let abis: NameTable = [1: "o32", 2: "o64", 3: "eabi32", 4: "eabi64"]

  private static let extensions = [
    FlagWord(0x800_0000, "mdmx"), FlagWord(0x400_0000, "mips16"),
    FlagWord(0x200_0000, "micromips"),
  ]

  private static let architectures: NameTable = [
    0: "mips1", 1: "mips2", 2: "mips3", 3: "mips4", 4: "mips5", 5: "mips32", 6: "mips64",
    7: "mips32r2", 8: "mips64r2", 9: "mips32r6", 10: "mips64r6",
  ]
}
