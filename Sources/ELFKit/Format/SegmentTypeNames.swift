// Names of segment types (gABI, elf.h `PT_*`), without the prefix; and ranges that belong to systems.

extension SegmentType {
  /// The names that all machines have; those of one machine are in its description.
  static let names: NameTable = [
    0: "NULL", 1: "LOAD", 2: "DYNAMIC", 3: "INTERP", 4: "NOTE", 5: "SHLIB", 6: "PHDR", 7: "TLS",
    0x6474_e550: "GNU_EH_FRAME", 0x6474_e551: "GNU_STACK", 0x6474_e552: "GNU_RELRO",
    0x6474_e553: "GNU_PROPERTY", 0x6474_e554: "GNU_SFRAME", 0x65a3_dbe6: "OPENBSD_RANDOMIZE",
    0x65a3_dbe7: "OPENBSD_WXNEEDED", 0x65a4_1be6: "OPENBSD_BOOTDATA",
  ]

  /// The names that Solaris has besides.
  static let solarisNames: NameTable = [
    0x6fff_fff7: "PT_LOSUNW", 0x6fff_fffa: "PT_SUNWBSS", 0x6fff_fffb: "PT_SUNWSTACK",
    0x6fff_fffc: "PT_SUNWDTRACE", 0x6fff_fffd: "PT_SUNWCAP", 0x6fff_ffff: "PT_HISUNW",
  ]

  /// Which special memory a `PT_GNU_MBIND_LO` segment is for, or `nil` when it is none.
  public var memoryBinding: UInt32? {
    (0x6474_e555...0x6474_f554).contains(rawValue) ? rawValue - 0x6474_e555 : nil
  }
}
