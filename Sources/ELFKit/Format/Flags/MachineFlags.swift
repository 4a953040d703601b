// `e_flags` in words. What the bits mean is each processor's own business.

/// One word of `e_flags`: it applies when the bits under a mask have a value.
struct FlagWord: Sendable {
  let mask: UInt32
  let value: UInt32
  let text: String

  /// A word for bits that are all set.
  init(_ bits: UInt32, _ text: String) { self.init(bits, bits, text) }

  /// A word for a field that has a value.
  init(_ mask: UInt32, _ value: UInt32, _ text: String) {
    self.mask = mask
    self.value = value
    self.text = text
  }
}

extension Machine {
  /// The words for `flags` (`e_flags`) in the order in which GNU readelf prints them. Bits without
  /// a word are left out; without any bits there are no words at all.
  public func flagTexts(_ flags: UInt32, _ osABI: OSABI) -> [String] {
    guard flags != 0 else { return [] }
    if self == .mips { return MIPSFlags.texts(flags) }
    let words = flagWords + (self == .ia64 && osABI.rawValue == 13 ? Self.ia64VMSFlags : [])
    return words.filter { flags & $0.mask == $0.value }.map(\.text)
  }

  private var flagWords: [FlagWord] {
    switch self {
    case .riscv: Self.riscvFlags
    case .s390: Self.s390Flags
    case .powerPC64: Self.powerPC64Flags
    case .loongArch: Self.loongArchFlags
    case .sparcV9: Self.sparcFlags
    case .ia64: Self.ia64Flags
    case .paRISC: Self.paRISCFlags
    default: []
    }
  }

  /// RISC-V ELF psABI, "File Header".
  private static let riscvFlags = [
    FlagWord(0x1, "RVC"), FlagWord(0x8, "RVE"), FlagWord(0x10, "TSO"),
    FlagWord(0x6, 0x0, "soft-float ABI"), FlagWord(0x6, 0x2, "single-float ABI"),
    FlagWord(0x6, 0x4, "double-float ABI"), FlagWord(0x6, 0x6, "quad-float ABI"),
  ]

  /// elf.h `EF_S390_HIGH_GPRS`.
  private static let s390Flags = [FlagWord(0x1, "highgprs")]

  /// ELFv2 ABI, "File Header": the ABI's version.
  private static let powerPC64Flags = [
    FlagWord(0x3, 1, "abiv1"), FlagWord(0x3, 2, "abiv2"), FlagWord(0x3, 3, "abiv3"),
  ]

  /// LoongArch ELF psABI, "EI_CLASS, e_flags".
  private static let loongArchFlags = [
    FlagWord(0x7, 1, "SOFT-FLOAT"), FlagWord(0x7, 2, "SINGLE-FLOAT"),
    FlagWord(0x7, 3, "DOUBLE-FLOAT"), FlagWord(0xc0, 0x00, "OBJ-v0"),
    FlagWord(0xc0, 0x40, "OBJ-v1"),
  ]

  /// elf.h `EF_SPARC_*`, `EF_SPARCV9_*`.
  private static let sparcFlags = [
    FlagWord(0x100, "v8+"), FlagWord(0x200, "ultrasparcI"), FlagWord(0x800, "ultrasparcIII"),
    FlagWord(0x400, "halr1"), FlagWord(0x80_0000, "ledata"), FlagWord(0x3, 0, "tso"),
    FlagWord(0x3, 1, "pso"), FlagWord(0x3, 2, "rmo"),
  ]

  /// elf.h `EF_IA_64_*`.
  private static let ia64Flags = [
    FlagWord(0x10, 0x10, "64-bit"), FlagWord(0x10, 0x00, "32-bit"),
    FlagWord(0x20, "reduced fp model"),
    FlagWord(0x80, "no function descriptors, constant gp"),
    FlagWord(0xc0, 0x40, "constant gp"), FlagWord(0x100, "absolute"),
  ]

  /// The same bits under OpenVMS.
  private static let ia64VMSFlags = [
    FlagWord(0x3, 0x1, "warning"), FlagWord(0x3, 0x2, "error"), FlagWord(0x3, 0x3, "abort"),
    FlagWord(0x4, "vms_linkages"),
  ]

  /// elf.h `EF_PARISC_*`; the lower half is the version of the architecture.
  private static let paRISCFlags = [
    FlagWord(0xffff, 0x020b, "PA-RISC 1.0"), FlagWord(0xffff, 0x0210, "PA-RISC 1.1"),
    FlagWord(0xffff, 0x0214, "PA-RISC 2.0"), FlagWord(0x1_0000, "trapnil"),
    FlagWord(0x2_0000, "ext"), FlagWord(0x4_0000, "lsb"), FlagWord(0x8_0000, "wide"),
    FlagWord(0x10_0000, "no kabp"), FlagWord(0x40_0000, "lazyswap"),
  ]
}
