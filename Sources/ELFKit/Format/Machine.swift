// Processors (`e_machine`). What differs between them is data: see `Relocations/`.

/// `e_machine`: the processor that a file is for.
public struct Machine: RawRepresentable, Hashable, Sendable {
  /// The number of the file.
  public let rawValue: UInt16
  /// Any value; unknown ones are kept.
  @inlinable
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// 32-bit SPARC (`EM_SPARC`).
  public static var sparc: Self { Self(rawValue: 2) }
  /// MIPS (`EM_MIPS`).
  public static var mips: Self { Self(rawValue: 8) }
  /// HP PA-RISC (`EM_PARISC`).
  public static var paRISC: Self { Self(rawValue: 15) }
  /// SPARC Version 9, an early number (`EM_OLD_SPARCV9`).
  public static var sparcV9Old: Self { Self(rawValue: 11) }
  /// SPARC Version 8+ (`EM_SPARC32PLUS`).
  public static var sparcV8Plus: Self { Self(rawValue: 18) }
  /// 32-bit PowerPC (`EM_PPC`).
  public static var powerPC: Self { Self(rawValue: 20) }
  /// 64-bit PowerPC (`EM_PPC64`).
  public static var powerPC64: Self { Self(rawValue: 21) }
  /// IBM S/390 (`EM_S390`).
  public static var s390: Self { Self(rawValue: 22) }
  /// 32-bit ARM (`EM_ARM`).
  public static var arm: Self { Self(rawValue: 40) }
  /// SPARC Version 9 (`EM_SPARCV9`).
  public static var sparcV9: Self { Self(rawValue: 43) }
  /// Intel IA-64 (`EM_IA_64`).
  public static var ia64: Self { Self(rawValue: 50) }
  /// x86-64 (`EM_X86_64`).
  public static var amd64: Self { Self(rawValue: 62) }
  /// Intel L1OM (`EM_L1OM`).
  public static var l1OM: Self { Self(rawValue: 180) }
  /// Intel K1OM (`EM_K1OM`).
  public static var k1OM: Self { Self(rawValue: 181) }
  /// 64-bit ARM (`EM_AARCH64`).
  public static var aarch64: Self { Self(rawValue: 183) }
  /// RISC-V (`EM_RISCV`).
  public static var riscv: Self { Self(rawValue: 243) }
  /// LoongArch (`EM_LOONGARCH`).
  public static var loongArch: Self { Self(rawValue: 258) }
  /// Alpha, the number in use (`EM_ALPHA`).
  public static var alpha: Self { Self(rawValue: 0x9026) }
  /// IBM S/390, an early number (`EM_S390_OLD`).
  public static var s390Old: Self { Self(rawValue: 0xa390) }
}

extension Machine {
  /// The usual short name, or `nil` for a machine that 64-bit kernels are not built for.
  public var shortName: String? { Self.shortNames[rawValue] }

  private static let shortNames: NameTable = [
    8: "MIPS", 15: "PA-RISC", 21: "PowerPC64", 22: "s390x", 43: "SPARC64", 50: "IA-64",
    62: "x86-64", 183: "AArch64", 243: "RISC-V", 258: "LoongArch", 0x9026: "Alpha",
  ]
}
