// The names of section types where a machine has no description.

/// What some machines call section types of their own (`SHT_LOPROC` and up).
enum OtherSectionTypes {
  /// The name of `type` on `machine`, or `nil`.
  static func name(of type: UInt32, on machine: Machine) -> String? {
    switch machine.rawValue {
    case 36, 87, 0x9080: v850[type]
    case 45, 93, 195: arc[type]
    case 105: msp430[type]
    case 180, 181: x86[type]
    case 250: flow[type]
    case 252: csky[type]
    default: nil
    }
  }

  private static let v850: NameTable = [
    0x7000_0000: "V850 Small Common", 0x7000_0001: "V850 Tiny Common",
    0x7000_0002: "V850 Zero Common",
  ]
  private static let arc: NameTable = [0x7000_0001: "ARC_ATTRIBUTES"]
  private static let msp430: NameTable = [0x7000_0003: "MSP430_ATTRIBUTES"]
  private static let x86: NameTable = [0x7000_0001: "X86_64_UNWIND"]
  private static let flow: NameTable = [0x7000_0001: "NFP_MECONFIG", 0x7000_0002: "NFP_INITREG"]
  private static let csky: NameTable = [0x7000_0001: "CSKY_ATTRIBUTES"]
}
