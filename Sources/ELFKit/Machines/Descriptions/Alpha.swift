// Alpha.

extension Machine {
  /// Alpha, the number in use (`EM_ALPHA`).
  public static var alpha: Self { Self(rawValue: 0x9026) }
}

extension MachineDescription {
  static let alpha = MachineDescription(
    .alpha, "Alpha",
    MachineFormat(
      relocations: relocations,
      effects: [
        (1, .absolute(4)), (2, .absolute(8)), (10, .relative(4)), (11, .relative(8)),
      ],
      // How the literal of `R_ALPHA_LITUSE` is used.
      namedAddends: (5, ["ADDR", "BASE", "BYTOFF", "JSR", "TLSGD", "TLSLDM", "JSRDIRECT"]),
      dynamicTags: { [DynamicTagRow(0x7000_0000, "ALPHA_PLTRO")] }, hasLongHashes: true,
      other: { bits, _ in bits == 0x80 ? "NOPV" : bits == 0x88 ? "STD GPLOAD" : "<unknown>" }),
    MachineKernel(option: .alpha, is64Bit: true, byteOrder: .little, pageSizes: [8192]))
}

/// elf.h `R_ALPHA_*`.
private let relocations: NameTable = [
  0: "R_ALPHA_NONE", 1: "R_ALPHA_REFLONG", 2: "R_ALPHA_REFQUAD", 3: "R_ALPHA_GPREL32",
  4: "R_ALPHA_LITERAL", 5: "R_ALPHA_LITUSE", 6: "R_ALPHA_GPDISP", 7: "R_ALPHA_BRADDR",
  8: "R_ALPHA_HINT", 9: "R_ALPHA_SREL16", 10: "R_ALPHA_SREL32", 11: "R_ALPHA_SREL64",
  17: "R_ALPHA_GPRELHIGH", 18: "R_ALPHA_GPRELLOW", 19: "R_ALPHA_GPREL16", 24: "R_ALPHA_COPY",
  25: "R_ALPHA_GLOB_DAT", 26: "R_ALPHA_JMP_SLOT", 27: "R_ALPHA_RELATIVE", 28: "R_ALPHA_BRSGP",
  29: "R_ALPHA_TLSGD", 30: "R_ALPHA_TLSLDM", 31: "R_ALPHA_DTPMOD64", 32: "R_ALPHA_GOTDTPREL",
  33: "R_ALPHA_DTPREL64", 34: "R_ALPHA_DTPRELHI", 35: "R_ALPHA_DTPRELLO", 36: "R_ALPHA_DTPREL16",
  37: "R_ALPHA_GOTTPREL", 38: "R_ALPHA_TPREL64", 39: "R_ALPHA_TPRELHI", 40: "R_ALPHA_TPRELLO",
  41: "R_ALPHA_TPREL16",
]
