// The words for `e_flags` where a machine has no description.

/// What some machines keep in `e_flags`, as GNU readelf words it.
enum OtherFlags {
  /// The words of `machine`; none for most.
  static func words(of machine: Machine) -> [MachineFlag] {
    switch machine.rawValue {
    case 42: superH
    case 93: arc("ARCompact")
    case 195: arc("ARC")
    case 83: avr
    default: []
    }
  }

  /// elf.h `EF_SH*`.
  private static var superH: [MachineFlag] {
    [
      MachineFlag(0x1f, 0, "unknown ISA"),
      MachineFlag(
        0x1f,
        [
          1: "sh1", 2: "sh2", 3: "sh3", 4: "sh-dsp", 5: "sh3-dsp", 6: "sh4al-dsp", 8: "sh3e",
          9: "sh4", 10: "sh5", 11: "sh2e", 12: "sh4a", 13: "sh2a", 16: "sh4-nofpu",
          17: "sh4a-nofpu", 18: "sh4-nommu-nofpu", 19: "sh2a-nofpu", 20: "sh3-nommu",
          21: "sh2a-nofpu-or-sh4-nommu-nofpu", 22: "sh2a-nofpu-or-sh3-nommu", 23: "sh2a-or-sh4",
          24: "sh2a-or-sh3e",
        ], else: "unknown ISA"),
      MachineFlag(0x100, "pic"), MachineFlag(0x8000, "fdpic"),
    ]
  }

  /// elf.h `EF_ARC_*`: the processor and the ABI of the operating system.
  private static func arc(_ name: String) -> [MachineFlag] {
    [
      MachineFlag(0xff, 0, "Unknown \(name)"),
      MachineFlag(
        0xff, [2: "ARC600", 3: "ARC700", 4: "ARC601", 5: "ARC EM", 6: "ARC HS"],
        else: "Unknown \(name)"),
      MachineFlag(0xf00, 0, "(ABI:legacy)"),
      MachineFlag(
        0xf00, [0x200: "(ABI:v2)", 0x300: "v3 no-legacy-syscalls ABI", 0x400: "v4 ABI"],
        else: "unrecognised ARC OSABI flag"),
    ]
  }

  /// elf.h `EF_AVR_MACH`.
  private static var avr: [MachineFlag] {
    [
      MachineFlag(0x7f, 0, "avr:<unknown>"),
      MachineFlag(
        0x7f,
        [
          1: "avr:1", 2: "avr:2", 3: "avr:3", 4: "avr:4", 5: "avr:5", 6: "avr:6", 25: "avr:25",
          31: "avr:31", 35: "avr:35", 51: "avr:51", 100: "avr:100", 101: "avr:101", 102: "avr:102",
          103: "avr:103", 104: "avr:104", 105: "avr:105", 106: "avr:106", 107: "avr:107",
        ], else: "avr:<unknown>"), MachineFlag(0x80, "link-relax"),
    ]
  }
}
