// What a loader that knows two instruction sets, and makes tables of far jumps, does with relocations of code
// (arch/arm/kernel/module.c, module-plts.c).

extension LoadAttempt {
  /// The relocations in the order in which they are applied: it counts far jumps by sorting those of code by
  /// type and symbol first (`module_frob_arch_sections`). Which comes first of those that are alike in
  /// both is not known; here that is the first in the file.
  func ordered(
    _ table: RelocationTable, of target: Section, _ loader: MachineLoader?
  ) -> RelocationTable {
    guard !isSurvey, let needed = loader?.sortsCode, option(needed) == true,
      target.header.flags.contains(.executable), !table.hasAddends
    else { return table }
    let order = table.indices.sorted { left, right in
      let (one, other) = (table[left], table[right])
      return (one.type, one.symbol.rawValue, left) < (other.type, other.symbol.rawValue, right)
    }
    if order.elementsEqual(table.indices) { return table }
    var bytes: [UInt8] = []
    for position in order {
      let start = position * table.stride
      bytes += table.bytes[within: start..<start + table.stride].bytes
    }
    return RelocationTable(
      ByteSlice(bytes, fileOffset: table.bytes.fileOffset), hasAddends: false,
      target: table.target, .arm, table.encoding)
  }

  /// Jumps to what is no code of the same kind are refused.
  mutating func refuseJump(
    _ relocation: Relocation, of target: Section, _ entry: (section: Section, index: Int),
    isThumb: Bool
  ) throws(LoadFailure) {
    guard let symbols = symbolTable(), let symbol = symbols[relocation.symbol] else { return }
    let value = symbol.record.value
    // Of what is no function nobody knows the kind: it is taken for one's own.
    let isOther = isThumb ? symbol.record.type == .function && value & 1 == 0 : value & 3 != 0
    guard isOther else { return }
    // Sections lie at multiples of their alignment; symbols of others have no values yet.
    if let section = symbol.section {
      guard let header = module?.image.sections.section(section)?.header,
        header.alignment >= (isThumb ? 2 : 4)
      else { return }
    } else if symbol.record.sectionIndex != .absolute {
      return
    }
    guard isRoom(for: "unsupported-relocation") else { return }
    let kinds: ByteText = isThumb ? "Thumb -> ARM" : "ARM -> Thumb"
    let section = entry.section
    try meet(
      LoadProblem(
        "unsupported-relocation", .refuses(.notExecutable),
        "the jump at offset \(hex: relocation.offset) of '\(target.name)' leads to code of another kind or to no code",
        lines: [
          "\(name): section \(section.index) reloc \(entry.index) sym '\(symbol.name)': unsupported interworking call (\(kinds))"
        ], advice: "compile all of the module for the same instruction set: -marm, or -mthumb",
        section: section.name, offset: section.header.offset))
  }
}
