// `st_other`: visibility in the lower two bits, and what processors keep in the others.

extension SymbolRecord {
  /// The name of the visibility (`DEFAULT`).
  public static func visibilityName(_ other: UInt8) -> String {
    switch other & 3 {
    case 1: "INTERNAL"
    case 2: "HIDDEN"
    case 3: "PROTECTED"
    default: "DEFAULT"
    }
  }

  /// What the upper six bits of `st_other` mean on `machine`, as GNU readelf words it, or `nil`
  /// when they are zero.
  public static func otherText(_ other: UInt8, on machine: Machine, _ osABI: OSABI) -> String? {
    let bits = other & ~3
    guard bits != 0 else { return nil }
    return switch machine {
    case .aarch64: aarch64Text(bits)
    case .alpha: bits == 0x80 ? "NOPV" : bits == 0x88 ? "STD GPLOAD" : "<unknown>"
    case .ia64 where osABI.rawValue == 13: openVMSText(bits)
    case .mips: mipsTexts[bits] ?? unknownText(bits)
    case .powerPC64: powerPC64Text(bits)
    case .riscv: bits == 0x80 ? "VARIANT_CC" : String(bits & 0x7f, radix: 16)
    default: unknownText(bits)
    }
  }

  private static func unknownText(_ bits: UInt8) -> String {
    "<other>: \(String(bits, radix: 16))"
  }

  /// elf.h `STO_AARCH64_VARIANT_PCS`.
  private static func aarch64Text(_ bits: UInt8) -> String {
    guard bits & 0x80 != 0 else { return unknownText(bits) }
    let rest = bits & 0x7f
    return rest == 0 ? "VARIANT_PCS" : "VARIANT_PCS | \(String(rest, radix: 16))"
  }

  /// The distance between a function's global and local entry points (ELFv2 ABI, "Symbol Table":
  /// `2 ** n / 4` instructions of four bytes; 1 means that r2 is not preserved).
  private static func powerPC64Text(_ bits: UInt8) -> String {
    let exponent = bits >> 5
    guard bits & 0x1f == 0, exponent < 7 else { return unknownText(bits) }
    return "<localentry>: \(exponent == 1 ? 1 : 1 << UInt(exponent))"
  }

  /// elf.h `STO_MIPS_*`.
  private static let mipsTexts: NameTable = [
    0x04: "OPTIONAL", 0x08: "MIPS PLT", 0x20: "MIPS PIC", 0x80: "MICROMIPS",
    0xa0: "MICROMIPS, MIPS PIC", 0xf0: "MIPS16",
  ]

  /// OpenVMS: how the symbol is linked.
  private static func openVMSText(_ bits: UInt8) -> String {
    switch bits >> 6 {
    case 0: "IGN"
    case 1: "RSV"
    case 2: "STD"
    default: "LNK"
    }
  }
}
