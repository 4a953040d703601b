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
      other: { bits, _ in bits == 0x80 ? "NOPV" : bits == 0x88 ? "STD GPLOAD" : "<unknown>" },
      netBSDRegisters: 0),
    MachineKernel(option: .alpha, is64Bit: true, byteOrder: .little, pageSizes: [8192]))
}

/// elf.h `R_ALPHA_*`.
private let relocations = NumberedNames(
  "R_ALPHA_",
  """
  #0 NONE REFLONG REFQUAD GPREL32 LITERAL LITUSE GPDISP BRADDR HINT SREL16 SREL32 SREL64 \
  #17 GPRELHIGH GPRELLOW GPREL16 #24 COPY GLOB_DAT JMP_SLOT RELATIVE BRSGP TLSGD TLSLDM DTPMOD64 \
  #32 GOTDTPREL DTPREL64 DTPRELHI DTPRELLO DTPREL16 GOTTPREL TPREL64 TPRELHI TPRELLO TPREL16
  """)
