// What is known of the object files of machines that have no description: words of `e_flags`, names of
// systems, object attributes.

/// Formats of machines that have no description, as GNU readelf words them.
enum OtherFormats {
  /// What is known of `machine`: nothing of most.
  static func format(of machine: Machine) -> MachineFormat {
    switch machine.rawValue {
    case 4: m68k
    case 42: superH
    case 45: arcTangent
    case 83: avr
    case 92: openRISC
    case 93: arCompact
    case 94: xtensa
    case 105: msp430
    case 113: nios2
    case 167: nds32
    case 189: microBlaze
    case 195: arcV2
    case 224: amdgpu
    case 252: csky
    default: .common
    }
  }

  private static let superH = MachineFormat(
    effects: [(1, .absolute(4)), (2, .relative(4))], ignoresAddends: true, flags: superHFlags,
    netBSDRegisters: 3)
  private static let openRISC = MachineFormat(effects: [(1, .absolute(4)), (9, .relative(4))])
  private static let xtensa = MachineFormat(effects: [(1, .add(4)), (14, .relative(4))])
  private static let nios2 = MachineFormat(effects: [(12, .absolute(4))])
  private static let nds32 = MachineFormat(effects: [(20, .absolute(4))])
  private static let microBlaze = MachineFormat(effects: [(1, .absolute(4)), (2, .relative(4))])
  private static let csky = MachineFormat(effects: [(1, .absolute(4))])
  private static let arcTangent = arc([], [(1, .absolute(4))])
  private static let avr = MachineFormat(
    effects: [(1, .absolute(4)), (36, .relative(4))], flags: avrFlags)
  private static let arCompact = arc(arcFlags("ARCompact"), arcEffects)
  private static let arcV2 = arc(arcFlags("ARC"), arcEffects)
  private static let arcEffects: [(type: UInt32, effect: RelocationEffect)] = [
    (4, .absolute(4)), (49, .relative(4)),
  ]
  private static let amdgpu = MachineFormat(
    flags: amdgpuFlags, systems: [64: "AMD HSA", 65: "AMD PAL", 66: "AMD Mesa3D"])

  /// elf.h `EF_SH*`.
  private static var superHFlags: [MachineFlag] {
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
  private static func arcFlags(_ name: String) -> [MachineFlag] {
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
  private static var avrFlags: [MachineFlag] {
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

  /// binutils, include/elf/m68k.h: `EF_M68K_*`, `Tag_GNU_M68K_ABI_FP`. A processor of the first line, or else
  /// a ColdFire with its instructions.
  private static let m68k: MachineFormat = {
    let old: [UInt32] = [0x0100_0000, 0x0081_0000, 0x0200_0000]
    func coldFire(_ mask: UInt32, _ value: UInt32, _ text: String) -> MachineFlag {
      MachineFlag(mask, value, text).when { flags, _ in !old.contains(flags & 0x0381_8000) }
    }
    let instructions: NameTable = [
      1: "isa A", 2: "isa A", 3: "isa A+", 4: "isa B", 5: "isa B", 6: "isa C", 7: "isa C",
    ]
    let sets = MachineFlag(0xf, instructions) { _ in "isa unknown" }
    return MachineFormat(
      effects: [(1, .absolute(4)), (4, .relative(4))],
      flags: [
        MachineFlag(0x0381_8000, old[0], "m68000"), MachineFlag(0x0381_8000, old[1], "cpu32"),
        MachineFlag(0x0381_8000, old[2], "fido_a"), coldFire(0, 0, "cf"),
        sets.when { flags, _ in !old.contains(flags & 0x0381_8000) },
        coldFire(0xf, 1, "nodiv"), coldFire(0xf, 4, "nousp"), coldFire(0xf, 7, "nodiv"),
        coldFire(0x40, 0x40, "float"), coldFire(0x30, 0x10, "mac"),
        coldFire(0x30, 0x20, "emac"), coldFire(0x30, 0x30, "emac_b"),
      ],
      attributes: {
        [
          MachineAttribute(4, "Tag_GNU_M68K_ABI_FP") { value in
            let words = ["unspecified hard/soft float", "hard float", "soft float"]
            guard value & 3 < 3 else { return nil }
            return (value > 3 ? "(0x\(String(value, radix: 16))), " : "") + words[Int(value & 3)]
          }
        ]
      }, namesUnknownAttributes: false)
  }()

  /// binutils, include/elf/arc.h: `SHT_ARC_ATTRIBUTES`, `Tag_ARC_*`.
  private static func arc(
    _ flags: [MachineFlag], _ effects: [(type: UInt32, effect: RelocationEffect)]
  ) -> MachineFormat {
    @Sendable func oneOf(
      _ tag: UInt64, _ name: String, _ names: [String], else other: String
    ) -> MachineAttribute {
      MachineAttribute(tag, "Tag_ARC_\(name)") { $0 < names.count ? names[Int($0)] : other }
    }
    let makers = ["Absent", "MWDT", "GNU"]
    return MachineFormat(
      effects: effects, flags: flags,
      attributeSections: SectionType(rawValue: 0x7000_0001), attributeVendor: "ARC",
      attributes: {
        [
          oneOf(
            4, "PCS_config",
            [
              "Absent/Non standard", "Bare metal/mwdt", "Bare metal/newlib", "Linux/uclibc",
              "Linux/glibc",
            ], else: "Unknown"),
          oneOf(5, "CPU_base", ["Absent", "ARC6xx", "ARC7xx", "ARCEM", "ARCHS"], else: "Absent"),
          oneOf(
            6, "CPU_variation", ["Absent"] + (1..<16).map { "Core\($0)" }, else: "Unknown"),
          MachineAttribute(7, "Tag_ARC_CPU_name"),
          oneOf(8, "ABI_rf16", ["no"], else: "yes"),
          MachineAttribute(9, "Tag_ARC_ABI_osver") { "v\($0)" },
          oneOf(10, "ABI_sda", makers, else: "Unknown"),
          oneOf(11, "ABI_pic", makers, else: "Unknown"),
          oneOf(12, "ABI_tls", ["none"], else: "r25"),
          oneOf(13, "ABI_enumsize", ["smallest"], else: "default"),
          oneOf(14, "ABI_exceptions", ["default"], else: "OPTFP"),
          MachineAttribute(15, "Tag_ARC_ABI_double_size") { "\($0)" },
          MachineAttribute(16, "Tag_ARC_ISA_config"), MachineAttribute(17, "Tag_ARC_ISA_apex"),
          MachineAttribute(18, "Tag_ARC_ISA_mpy_option") { "\($0)" },
          MachineAttribute(20, "Tag_ARC_ATR_version") { "\($0)" },
        ]
      }, namesUnknownAttributes: false)
  }

  /// MSP430 Embedded Application Binary Interface, "Build Attributes" (`SHT_MSP430_ATTRIBUTES`); GCC's
  /// `Tag_GNU_MSP430_Data_Region`. Others have a number for a name.
  private static let msp430: MachineFormat = {
    let models = ["None", "Small", "Large"]
    return MachineFormat(
      effects: [(1, .absolute(4))], systems: [255: "Standalone App"],
      attributeSections: SectionType(rawValue: 0x7000_0003), attributeVendor: "mspabi",
      attributes: {
        [
          MachineAttribute(4, "Tag_ISA", ["None", "MSP430", "MSP430X"]),
          MachineAttribute(6, "Tag_Code_Model", models),
          MachineAttribute(8, "Tag_Data_Model", models + ["Restricted Large"]),
          MachineAttribute(10, "<unknown tag 10>") { "\($0) (0x\(String($0, radix: 16)))" },
        ]
      },
      gnuAttributes: {
        [
          MachineAttribute(4, "Tag_GNU_MSP430_Data_Region") { value in
            switch value {
            case 1: "Lower Region Only"
            case 2: "Any Region"
            default: "??? (\(value))"
            }
          }
        ]
      }, namesUnknownAttributes: false)
  }()

  /// LLVM, "User Guide for AMDGPU Backend", `e_flags`: the processor, and two features as of the third
  /// version of HSA's ABI and as of later ones; other systems have them as the third has.
  private static var amdgpuFlags: [MachineFlag] {
    let processors: NameTable = [
      0x20: "gfx600", 0x21: "gfx601", 0x22: "gfx700", 0x23: "gfx701", 0x24: "gfx702",
      0x25: "gfx703", 0x26: "gfx704", 0x28: "gfx801", 0x29: "gfx802", 0x2a: "gfx803",
      0x2b: "gfx810", 0x2c: "gfx900", 0x2d: "gfx902", 0x2e: "gfx904", 0x2f: "gfx906",
      0x30: "gfx908", 0x31: "gfx909", 0x32: "gfx90c", 0x33: "gfx1010", 0x34: "gfx1011",
      0x35: "gfx1012", 0x36: "gfx1030", 0x37: "gfx1031", 0x38: "gfx1032", 0x39: "gfx1033",
      0x3a: "gfx602", 0x3b: "gfx705", 0x3c: "gfx805", 0x3d: "gfx1035", 0x3e: "gfx1034",
      0x3f: "gfx90a", 0x40: "gfx940", 0x42: "gfx1013", 0x45: "gfx1036",
    ]
    func unknown(_ mask: UInt32) -> MachineFlag {
      MachineFlag(mask, [:]) { $0 == 0 ? nil : "unknown flags bits: 0x\(String($0, radix: 16))" }
    }
    // `EI_ABIVERSION` counts from the second version on.
    let third = [
      MachineFlag(0xff, processors) {
        "<unknown AMDGPU GPU type: \($0 == 0 ? "" : "0x")\(String($0, radix: 16))>"
      },
      MachineFlag(0x100, "xnack on"), MachineFlag(0x200, "sramecc on"), unknown(~0x3ff),
    ]
    let later = [
      third[0],
      MachineFlag(0x300, [0x100: "xnack any", 0x200: "xnack off", 0x300: "xnack on"], else: ""),
      MachineFlag(
        0xc00, [0x400: "sramecc any", 0x800: "sramecc off", 0xc00: "sramecc on"], else: ""),
      unknown(~0xfff),
    ]
    return third.map { $0.when { _, file in file.osABI.rawValue != 64 || file.abiVersion == 1 } }
      + later.map { $0.when { _, file in file.osABI.rawValue == 64 && file.abiVersion > 1 } }
  }
}
