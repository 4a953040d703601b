// Names of numbers whose meaning depends on the machine, from its description.

extension Machine {
  /// The usual short name, or `nil` for a machine that is not described.
  public var shortName: String? { description?.name }

  /// The name of a relocation type of this machine (`R_X86_64_64`), or `nil` when it is unknown.
  ///
  /// `type` is one number of the machine's table: on MIPS64 one of the three that a relocation
  /// holds, on SPARC without the data in the upper bits.
  public func relocationName(_ type: UInt32) -> String? {
    description?.format.relocations[type] ?? OtherRelocations.name(of: type, on: self)
  }

  /// What relocation types do on this machine. O(number of machines): a loop asks once.
  public var relocationEffects: RelocationEffects {
    let format = description?.format ?? OtherFormats.format(of: self)
    return RelocationEffects(format.effects, ignoresAddends: format.ignoresAddends)
  }

  /// What its ABI says about object files.
  public var format: MachineFormat { description?.format ?? OtherFormats.format(of: self) }

  /// The words for `flags` (`e_flags`) in the order in which GNU readelf prints them. Bits without
  /// a word are left out; without any bits there are no words at all.
  public func flagTexts(_ flags: UInt32, _ file: Identification) -> [String] {
    flags == 0 ? [] : format.flags.compactMap { $0.text(flags, file) }
  }
}

extension FileHeader {
  /// The machine whose names the types of the file's relocations have.
  ///
  /// MSP430's from before MSP430X are those of the number that it had before (binutils, elf/common.h
  /// `EM_MSP430_OLD`); the flags say which, but TI's compiler leaves the system at 0 (elf/msp430.h).
  public var relocationMachine: Machine {
    let isOld = machine.rawValue == 105 && flags & 0xff != 45 && identification.osABI.rawValue != 0
    return isOld ? Machine(rawValue: 0x1059) : machine
  }
}

extension OSABI {
  /// The name; values from 64 on belong to the machine. `nil` when unknown.
  public func name(on machine: Machine) -> String? {
    rawValue < 64 ? Self.names[rawValue] : machine.format.systems[rawValue]
  }
}

extension SectionType {
  /// The name on `machine` (`PROGBITS`), or `nil` when it is unknown.
  public func name(on machine: Machine) -> String? {
    // The numbers below those of systems and processors mean the same everywhere.
    guard rawValue >= 0x6000_0000 else { return Self.names[rawValue] }
    let format = machine.description?.format
    if format?.unnamedSectionTypes.contains(rawValue) == true { return nil }
    return format?.sectionTypes[rawValue] ?? OtherSectionTypes.name(of: rawValue, on: machine)
      ?? Self.names[rawValue]
  }
}

extension SegmentType {
  /// The name on `machine` (`LOAD`), or `nil` when it is unknown.
  public func name(on machine: Machine, _ osABI: OSABI) -> String? {
    if let name = Self.names[rawValue] { return name }
    if osABI == .solaris, let name = Self.solarisNames[rawValue] { return name }
    guard let format = machine.description?.format else { return nil }
    if let (system, names) = format.systemSegmentTypes, system == osABI.rawValue,
      let name = names[rawValue]
    {
      return name
    }
    return format.segmentTypes[rawValue]
  }
}

extension DynamicTag {
  /// What is known of the tag on `machine`, or `nil`. O(number of tags).
  public func row(on machine: Machine, _ osABI: OSABI) -> DynamicTagRow? {
    if let row = Self.rows.first(where: { $0.tag == self }) { return row }
    if osABI == .solaris, let row = Self.solarisRows.first(where: { $0.tag == self }) { return row }
    return machine.description?.format.dynamicTags().first { $0.tag == self }
  }
}

extension SymbolType {
  /// The name (`FUNC`), or `nil` when it is unknown on this machine and system.
  public func name(on machine: Machine, _ osABI: OSABI) -> String? {
    if rawValue == 10 { return osABI == .gnu || osABI == .freeBSD ? "IFUNC" : nil }
    if let name = Self.names[rawValue] { return name }
    return machine.description?.format.symbolTypes[rawValue]
  }
}

extension SectionIndex {
  /// The short name of a special index (`ABS`), or `nil` for a section or an unknown one.
  public func name(on machine: Machine, _ osABI: OSABI) -> String? {
    switch self {
    case .undefined: return "UND"
    case .absolute: return "ABS"
    case .common: return "COM"
    case _ where !isReserved: return nil
    default: break
    }
    guard let format = machine.description?.format else { return nil }
    if let (system, names) = format.systemSectionIndices, system == osABI.rawValue,
      let name = names[rawValue]
    {
      return name
    }
    return format.sectionIndices[rawValue]
  }
}

extension SymbolRecord {
  /// What the upper six bits of `st_other` mean on `machine`, as GNU readelf words it, or `nil`
  /// when they are zero.
  public static func otherText(_ other: UInt8, on machine: Machine, _ osABI: OSABI) -> String? {
    let bits = other & ~3
    guard bits != 0 else { return nil }
    return machine.description?.format.other(bits, osABI)
      ?? "<other>: \(String(bits, radix: 16))"
  }
}
