// Names of symbol types, bindings and special section indices (gABI, elf.h, processor supplements).

extension SymbolType {
  /// The name (`FUNC`), or `nil` when it is unknown on this machine and system.
  public func name(on machine: Machine, _ osABI: OSABI) -> String? {
    if rawValue == 10 { return osABI == .gnu || osABI == .freeBSD ? "IFUNC" : nil }
    return Self.machineNames[machine]?[rawValue] ?? Self.names[rawValue]
  }

  private static let names: NameTable = [
    0: "NOTYPE", 1: "OBJECT", 2: "FUNC", 3: "SECTION", 4: "FILE", 5: "COMMON", 6: "TLS",
    8: "RELC", 9: "SRELC",
  ]

  private static let machineNames: MachineNameTables = [
    15: [11: "HP_OPAQUE", 12: "HP_STUB", 13: "PARISC_MILLI"],
    40: [13: "THUMB_FUNC"],
    43: [13: "REGISTER"],
  ]
}

extension SymbolBinding {
  /// The name (`GLOBAL`), or `nil` when it is unknown on this system.
  public func name(_ osABI: OSABI) -> String? {
    switch rawValue {
    case 0: "LOCAL"
    case 1: "GLOBAL"
    case 2: "WEAK"
    case 10 where osABI == .gnu: "UNIQUE"
    default: nil
    }
  }
}

extension SectionIndex {
  /// The short name of a special index (`ABS`), or `nil` for a section or an unknown one.
  public func name(on machine: Machine, _ osABI: OSABI) -> String? {
    switch (rawValue, machine) {
    case (0, _): "UND"
    case (0xfff1, _): "ABS"
    case (0xfff2, _): "COM"
    case (0xff00, .ia64) where osABI.rawValue == 1: "ANSI_COM"
    case (0xff02, .amd64), (0xff02, .l1OM), (0xff02, .k1OM): "LARGE_COM"
    case (0xff03, .mips): "SCOM"
    case (0xff04, .mips): "SUND"
    default: nil
    }
  }
}
