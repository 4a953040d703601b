// `.MIPS.abiflags` (MIPS O32 FPXX ABI, "ABI flags"; elf.h `Elf_MIPS_ABIFlags_v0`).

/// What a MIPS object needs of the processor.
public struct MIPSABIFlags: FixedRecord, Hashable {
  /// 24 bytes.
  public static let byteCount = 24

  /// The version of the structure.
  public let version: UInt16
  /// The level of the architecture: 1 to 5, 32 or 64.
  public let level: UInt8
  /// Its revision; 0 for levels 1 to 5.
  public let revision: UInt8
  /// The size of general registers, as 0, 32, 64 and 128 bits are numbered.
  public let generalSize: UInt8
  /// The size of the floating-point registers, numbered likewise.
  public let floatingSize: UInt8
  /// The size of the second coprocessor's registers, numbered likewise.
  public let coprocessorSize: UInt8
  /// The floating-point ABI.
  public let floatingABI: UInt8
  /// The processor whose extensions are used, 0 for none.
  public let isaExtension: UInt32
  /// The application-specific extensions, a bit each.
  public let extensions: UInt32
  /// General flags.
  public let flags1: UInt32
  /// More flags; 0.
  public let flags2: UInt32

  /// Decodes the 24 bytes from `base` on.
  public init(decoding bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    version = bytes.u16(base, encoding)
    level = bytes[base + 2]
    revision = bytes[base + 3]
    generalSize = bytes[base + 4]
    floatingSize = bytes[base + 5]
    coprocessorSize = bytes[base + 6]
    floatingABI = bytes[base + 7]
    isaExtension = bytes.u32(base + 8, encoding)
    extensions = bytes.u32(base + 12, encoding)
    flags1 = bytes.u32(base + 16, encoding)
    flags2 = bytes.u32(base + 20, encoding)
  }
}

extension MIPSABIFlags {
  /// The name of a floating-point ABI, or `nil` when it is unknown.
  public static func floatingABIName(_ number: UInt64) -> String? {
    number < UInt64(floatingABIs.count) ? floatingABIs[Int(number)] : nil
  }

  /// The same, or how GNU readelf words a number without a name.
  public static func floatingABIText(_ number: UInt64) -> String {
    floatingABIName(number) ?? "??? (\(number))"
  }

  private static let floatingABIs = [
    "Hard or soft float", "Hard float (double precision)", "Hard float (single precision)",
    "Soft float", "Hard float (MIPS32r2 64-bit FPU 12 callee-saved)",
    "Hard float (32-bit CPU, Any FPU)", "Hard float (32-bit CPU, 64-bit FPU)",
    "Hard float compat (32-bit CPU, 64-bit FPU)", "NaN 2008 compatibility",
  ]

  /// The processor whose extensions are used, or `nil` when it is unknown.
  public var isaExtensionName: String? { Self.isaExtensions[isaExtension] }

  private static let isaExtensions: NameTable = [
    0: "None", 1: "RMI XLR", 2: "Cavium Networks Octeon2", 3: "Cavium Networks OcteonP",
    5: "Cavium Networks Octeon", 6: "Toshiba R5900", 7: "MIPS R4650", 8: "LSI R4010",
    9: "NEC VR4100", 10: "Toshiba R3900", 11: "MIPS R10000", 12: "Broadcom SB-1",
    13: "NEC VR4111/VR4181", 14: "NEC VR4120", 15: "NEC VR5400", 16: "NEC VR5500",
    17: "ST Microelectronics Loongson 2E", 18: "ST Microelectronics Loongson 2F",
    19: "Cavium Networks Octeon3", 20: "Imagination interAptiv MR2",
  ]

  /// The application-specific extensions by name, and the bits that have none.
  public var extensionNames: (names: [String], unknown: UInt32) {
    var unknown = extensions
    var names: [String] = []
    for (bit, name) in Self.extensions where extensions & bit != 0 {
      names.append(name)
      unknown &= ~bit
    }
    return (names, unknown)
  }

  private static let extensions: [(UInt32, String)] = [
    (0x1, "DSP ASE"), (0x2, "DSP R2 ASE"), (0x2000, "DSP R3 ASE"), (0x4, "Enhanced VA Scheme"),
    (0x8, "MCU (MicroController) ASE"), (0x10, "MDMX ASE"), (0x20, "MIPS-3D ASE"),
    (0x40, "MT ASE"), (0x80, "SmartMIPS ASE"), (0x100, "VZ ASE"), (0x200, "MSA ASE"),
    (0x400, "MIPS16 ASE"), (0x800, "MICROMIPS ASE"), (0x1000, "XPA ASE"),
    (0x4000, "MIPS16e2 ASE"), (0x8000, "CRC ASE"), (0x2_0000, "GINV ASE"),
    (0x4_0000, "Loongson MMI ASE"), (0x8_0000, "Loongson CAM ASE"),
    (0x10_0000, "Loongson EXT ASE"), (0x20_0000, "Loongson EXT2 ASE"),
  ]
}
