// What the machine does to code and tables when they are in place (arch/x86/kernel/module.c,
// `module_finalize`; kernel/trace/ftrace.c; arch/arm64/kernel/module.c). Tables that do not fit make
// the kernel warn, and go on.

extension LoadAttempt {
  mutating func finishMachine() throws(LoadFailure) {
    guard let image = module?.image, let loader = image.header.machine.description?.loader else {
      return
    }
    for need in loader.lateSections where isMissing(need, in: image) == true {
      try meet(
        LoadProblem(
          "arch-sections", .refuses(.notExecutable),
          "the module has no '\(need.name)', which the loader of this machine needs",
          advice: "link the module with the kernel's scripts/module.lds: it has no \(need.name)"))
    }
    try checkPatchTables(image, loader)
    // Complaints about tables change nothing about the load, and cost a look at all relocations.
    if isSurvey { return }
    for pair in loader.pairedTables { try check(pair, in: image) }
    // A place is a relocation against the symbol, one byte further.
    for table in loader.callTables {
      guard let section = image.sections.firstAllocated(named: table.section),
        let calls = CallSites(image, table.symbols)
      else { continue }
      if !calls.cover(section) { try warn("\(table.complaint)") }
    }
  }

  private mutating func check(_ pair: PairedTables, in image: ELFImage) throws(LoadFailure) {
    let (first, second) = (pair.first, pair.second)
    guard let one = image.sections.firstAllocated(named: first.section)?.header.size,
      let other = image.sections.firstAllocated(named: second.section)?.header.size
    else { return }
    if one % first.bytes != 0 || other % second.bytes != 0
      || one / first.bytes != other / second.bytes
    {
      try warn("\(second.section) and \(first.section) do not fit each other")
    }
  }

  /// The kernel prints a warning with a trace of the stack, which is not predicted, and goes on.
  mutating func warn(_ reason: ByteText) throws(LoadFailure) {
    assume("the kernel warns, with a trace (taint W): \(reason)")
    try taintKernel(Self.warning)
  }
}

/// The places in code that refer to a symbol.
private struct CallSites {
  private let image: ELFImage
  private let symbols: SymbolTable
  /// Offsets by section, in ascending order.
  private var offsets: [UInt32: [UInt64]] = [:]

  /// The places that refer to one of `names`; `nil` when nothing of the module does.
  init?(_ image: ELFImage, _ names: [String]) {
    guard let symbols = try? image.symbols() else { return nil }
    self.image = image
    self.symbols = symbols
    var wanted: Set<SymbolIndex> = []
    for (position, record) in symbols.records.enumerated()
    where position > 0 && record.sectionIndex == .undefined {
      if names.contains(where: { symbols.names.matches($0, at: record.nameOffset) }) {
        wanted.insert(SymbolIndex(rawValue: UInt32(position)))
      }
    }
    guard let only = wanted.first else { return nil }
    let isSingle = wanted.count == 1
    for section in image.sections where section.header.type == .rela {
      guard let target = image.sections.section(section.header.info), target.isAllocated,
        target.header.flags.contains(.executable),
        let relocations = try? image.relocations(in: section)
      else { continue }
      var found: [UInt64] = []
      for relocation in relocations
      where relocation.symbol == only || !isSingle && wanted.contains(relocation.symbol) {
        found.append(relocation.offset)
      }
      offsets[section.header.info, default: []] += found
    }
    for key in offsets.keys { offsets[key]?.sort() }
  }

  /// Whether every place that `table` names is one of them.
  func cover(_ table: Section) -> Bool {
    for section in image.sections
    where section.header.type == .rela && section.header.info == UInt32(table.index) {
      guard let relocations = try? image.relocations(in: section) else { continue }
      for relocation in relocations {
        guard let record = symbols.records[relocation.symbol],
          let place = symbols.section(of: record, at: Int(relocation.symbol.rawValue))
        else { continue }
        let offset = record.value &+ UInt64(bitPattern: relocation.addend ?? 0) &+ 1
        if !has(offset, in: place) { return false }
      }
    }
    return true
  }

  private func has(_ offset: UInt64, in section: UInt32) -> Bool {
    guard let list = offsets[section] else { return false }
    let index = Halving.firstIndex(list.count) { list[$0] >= offset }
    return index < list.count && list[index] == offset
  }
}
