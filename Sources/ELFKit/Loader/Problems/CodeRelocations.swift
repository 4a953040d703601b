// What loaders that look at instructions do with relocations of code (arch/arm/kernel/module.c,
// module-plts.c; arch/mips/kernel/module.c).

extension LoadAttempt {
  /// The relocations in the order in which they are applied: it counts far jumps by sorting those of code by
  /// type and symbol first (`module_frob_arch_sections`). Which comes first of those that are alike in
  /// both is not known; here that is the first in the file.
  func ordered(
    _ table: RelocationTable, of target: Section, _ loader: MachineLoader?
  ) -> RelocationTable {
    guard !isSurvey, let needed = loader?.sortsCode, option(needed) == true,
      target.header.flags.contains(.executable), !table.hasAddends,
      let machine = module?.image.header.machine
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
      target: table.target, machine, table.encoding)
  }

  /// Jumps to what is no code of the same kind are refused.
  mutating func refuseJump(
    _ relocation: Relocation, of target: Section, _ entry: (section: Section, index: Int),
    _ kind: CodeKind
  ) throws(LoadFailure) {
    guard let symbols = symbolTable(), let symbol = symbols[relocation.symbol] else { return }
    if kind.isShort, symbol.record.sectionIndex == .undefined {
      return try meet(.value(.shortReach), of: target, in: entry.section)
    }
    let value = symbol.record.value &+ UInt64(bitPattern: relocation.addend ?? 0)
    guard kind.isOther(value, isFunction: symbol.record.type == .function) else { return }
    // Sections lie at multiples of their alignment; symbols of others have no values yet.
    if let section = symbol.section {
      guard let header = module?.image.sections.section(section)?.header,
        header.alignment >= kind.alignment
      else { return }
    } else if symbol.record.sectionIndex != .absolute {
      return
    }
    guard isRoom(for: "unsupported-relocation") else { return }
    let section = entry.section
    let line = OverflowWords(kind.line).line(
      name, relocation.type, symbol.name, 0,
      OverflowWords.Place(section: section.index, index: entry.index, address: 0, symbol: 0))
    try meet(
      LoadProblem(
        "unsupported-relocation", .refuses(.notExecutable),
        "the jump at offset \(hex: relocation.offset) of '\(target.name)' leads to code of another kind or to no code",
        lines: [line], advice: "\(kind.advice)", section: section.name,
        offset: section.header.offset))
  }

  /// Upper halves of addresses whose lower halves do not follow are refused, without a word
  /// (arch/mips/kernel/module.c, `__apply_relocate`).
  mutating func checkHalves(
    _ waiting: Relocation?, of target: Section, in section: Section
  ) throws(LoadFailure) {
    guard let waiting, isRoom(for: "unsupported-relocation") else { return }
    try meet(
      LoadProblem(
        "unsupported-relocation", .refuses(.notExecutable),
        "the upper half of an address at offset \(hex: waiting.offset) of '\(target.name)' has no lower half behind it",
        advice: "the module was damaged, or made by a tool that changes the order of relocations",
        section: section.name, offset: section.header.offset))
  }
}
