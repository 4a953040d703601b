// Relocations (kernel/module/main.c, `apply_relocations`; arch/*/kernel/module*.c,
// `apply_relocate_add`): the first that cannot be done ends the load. What no kernel checks, and
// what makes it write where it must not, is left open.

extension LoadAttempt {
  mutating func relocate() throws(LoadFailure) {
    guard asksRelocations, let image = module?.image, let symbols = symbolTable() else { return }
    let machine = image.header.machine
    var rules = LoaderRelocations(machine, magic: try? module?.info().first("vermagic"))
    if rules == nil {
      assume("relocations of machine \(machine.rawValue) are not known: taken as good")
    }
    // Where nobody looks at values there is nothing to know about them.
    let isUpper = rules?.loader.isUpper == true
    let ranges = rules?.loader.ranges
    let values = SymbolValues(
      isUpper || ranges != nil ? symbols : .empty(image.encoding), isUpper: isUpper,
      othersAreFar: ranges.map { $0.kernelReach > $0.reach } ?? false,
      loaded: ranges == nil ? [] : image.sections.map { $0.isAllocated })
    let sections = RelocatedSections(image, symbols, kernel, asks: isSurvey)
    var count = 0
    defer { note("\(count)") }
    for section in image.sections.dropFirst() {
      let header = section.header
      guard let target = image.sections.section(header.info), target.isAllocated else { continue }
      if header.flags.contains(.livepatchRelocations) {
        // Without live patches klp_apply_section_relocs() is a stub, and leaves the section alone.
        if option(.livepatch) == false { continue }
        try relocateLivepatch(section)
      } else if header.type.isRelocations {
        if let rules, !rules.takes(header.type) {
          try refuseEntries(of: target, in: section)
          continue
        }
        let entrySize =
          header.type == .rela
          ? RelaRecord.byteCount(in: image.encoding) : RelRecord.byteCount(in: image.encoding)
        count += Int(clamping: header.size / UInt64(entrySize))
        try relocate(section, target, image, symbols, values, sections, &rules)
      }
    }
  }

  /// Nobody has written code for relocations with, or without, addends in their entries.
  private mutating func refuseEntries(of target: Section, in section: Section) throws(LoadFailure) {
    let isREL = section.header.type == .rel
    try meet(
      LoadProblem(
        "rel-section", .refuses(.notExecutable),
        isREL
          ? "relocations of '\(target.name)' have no addends (SHT_REL), which this machine's loader wants"
          : "relocations of '\(target.name)' have addends (SHT_RELA), which this machine's loader does not take",
        // The stubs of both kinds say the same (include/linux/moduleloader.h).
        lines: ["module \(name): REL relocation unsupported"], in: section))
  }

  private mutating func relocateLivepatch(_ section: Section) throws(LoadFailure) {
    if LoaderRelocations.isLivepatchName(section.name) {
      assume("live patches of other modules are applied when these are loaded")
      return
    }
    try meet(
      LoadProblem(
        "livepatch-format", .refuses(.invalid),
        "section '\(section.name)' has an incorrectly formatted name",
        lines: ["livepatch: section \(section.name) has an incorrectly formatted name"],
        in: section))
  }

  private mutating func relocate(
    _ section: Section, _ target: Section, _ image: ELFImage, _ symbols: SymbolTable,
    _ values: SymbolValues, _ sections: RelocatedSections, _ rules: inout LoaderRelocations?
  ) throws(LoadFailure) {
    guard let read = try? image.relocations(in: section) else {
      return try meet(.unreadable, of: target, in: section)
    }
    let table = ordered(read, of: target, rules?.loader)
    // Of a damaged or NOBITS section there are none.
    let bytes = (try? image.bytes(of: target)) ?? .empty(at: 0)
    let wantsZeroes = rules?.loader.wantsZeroes == true && has(.nonzeroTargets)
    let pass = RelocationPass(
      section: section,
      place: RelocationPlace(
        target: target, bytes: bytes, machine: image.header.machine, encoding: image.encoding),
      symbolCount: symbols.count, values: values, sections: sections,
      stored: table.hasAddends
        ? nil : StoredAddends(bytes, image.header.machine, image.encoding),
      stays: isSurvey && sections.stays[target.index],
      isCode: target.header.flags.contains(.executable),
      isUpper: rules?.loader.isUpper == true, wantsZeroes: wantsZeroes)
    var rule = RelocationRule.unknown(table.first?.type ?? 0)
    // Types take turns: the last two are at hand.
    var other = rule
    var index = 0
    while index < table.count {
      let relocation = table[index]
      if rule.type != relocation.type { swap(&rule, &other) }
      if index == 0 || rule.type != relocation.type {
        let (known, since) =
          rules?.rule(relocation.type, kernel) ?? (.unknown(relocation.type), nil)
        rule = known
        if let since { _ = has(since) }
      }
      if !pass.isOrdinary(relocation, rule) {
        try judge(relocation, at: index, rule, pass, rules?.loader)
      }
      index = pass.skipOrdinary(table, from: index + 1, rule, other)
    }
    if let stored = pass.stored {
      try checkHalves(stored.waiting(in: table), of: target, in: section)
    }
  }

  /// What is to be said of a relocation that is not ``RelocationPass/isOrdinary(_:_:)``.
  private mutating func judge(
    _ relocation: Relocation, at index: Int, _ rule: RelocationRule, _ pass: RelocationPass,
    _ loader: MachineLoader?
  ) throws(LoadFailure) {
    let (section, target) = (pass.section, pass.place.target)
    if let loader, loader.checksPlaces {
      if try refusePlace(relocation, at: index, pass) { return }
    }
    guard relocation.symbol.rawValue < pass.symbolCount else {
      return try meet(
        .symbol(relocation.symbol.rawValue, count: pass.symbolCount), of: target, in: section)
    }
    if !rule.isTaken, let loader { try refuse(relocation, loader, of: target, in: section) }
    guard pass.place.holds(relocation, rule) else {
      return try meet(.offset(relocation.offset), of: target, in: section)
    }
    if pass.wantsZeroes, pass.place.isNonzero(relocation, rule) {
      try refuseNonzero(relocation, pass.place, (section, index))
    }
    if !pass.isValueKnown(relocation, rule) {
      if case .range(let field)? = rule.value {
        if let loader, let symbols = symbolTable() {
          try checkRange(
            pass.withAddend(relocation), field, symbols, loader, of: target, (section, index))
        }
      } else if case .code(let kind)? = rule.value {
        try refuseJump(relocation, of: target, (section, index), kind)
      } else {
        try checkValue(relocation, rule, pass.place, pass.values, (section, index))
      }
    }
    if pass.leadsToFreed(relocation) {
      mismatches.add(SectionMismatch(relocation: relocation, target: target))
    }
  }

  /// What a loader that looks says of symbols and places that are not there; false when they are.
  private mutating func refusePlace(
    _ relocation: Relocation, at index: Int, _ pass: RelocationPass
  ) throws(LoadFailure) -> Bool {
    let (section, target) = (pass.section, pass.place.target)
    let (number, count) = (Int(relocation.symbol.rawValue), pass.symbolCount)
    let place: ByteText = "\(name): section \(section.index) reloc \(index)"
    // The number behind the last passes: it is compared with the count (arch/arm/kernel/module.c).
    if number == count { return false }
    let problem: OpenRelocation.Problem
    let line: ByteText
    if number > count {
      problem = .symbol(relocation.symbol.rawValue, count: count)
      line = "\(place): bad relocation sym offset"
    } else {
      // Of a section with less room than a word the end is not found.
      let size = target.header.size
      guard size >= 4, relocation.offset > size - 4 else { return false }
      problem = .offset(relocation.offset)
      let symbol = symbolTable()?[number].name ?? .empty(at: 0)
      let offset = Int32(truncatingIfNeeded: relocation.offset)
      line =
        "\(place) sym '\(symbol)': out of bounds relocation, offset \(offset) size \(size)"
    }
    guard isRoom(for: problem.rule) else { return true }
    try meet(
      LoadProblem(
        problem.rule, .refuses(.notExecutable), problem.text(of: target, isChecked: true),
        lines: [line], section: section.name, offset: section.header.offset))
    return true
  }

  private mutating func refuse(
    _ relocation: Relocation, _ loader: MachineLoader, of target: Section, in section: Section
  ) throws(LoadFailure) {
    guard isRoom(for: "unsupported-relocation") else { return }
    let type = relocation.type
    let machine = module?.image.header.machine
    let name = machine?.relocationName(type)
    let words: ByteText = name.map { "\($0) (\(type))" } ?? "\(type)"
    let laterKernel = machine.flatMap { LoaderRelocations($0) }?.change(bringing: type)
    var line: ByteText?
    for row in loader.refusals where row.types?.contains(type) ?? true {
      guard row.since.map({ has($0) }) ?? true else { continue }
      line = row.line(self.name, type)
      break
    }
    try meet(
      LoadProblem(
        "unsupported-relocation", .refuses(loader.refusalError),
        "relocation type \(words) at offset \(hex: relocation.offset) of '\(target.name)' is none that the loader can do",
        lines: line.map { [$0] } ?? [],
        advice:
          "the kernel cannot do relocation type \(words): \(RelocationCause.text(name, laterKernel))",
        section: section.name, offset: section.header.offset))
  }

  /// Whether the value is one that the loader of a kernel in the upper 2 GiB takes, and that is right.
  private mutating func checkValue(
    _ relocation: Relocation, _ rule: RelocationRule, _ place: RelocationPlace,
    _ values: SymbolValues, _ entry: (section: Section, index: Int)
  ) throws(LoadFailure) {
    if rule.isMarker {
      // objtool makes these of the jumps that it has turned into NOPs: the bytes say so.
      if place.hasBytes(relocation) { return }
      let type = place.machine.relocationName(relocation.type) ?? "\(relocation.type)"
      return try meet(.undone(type), of: place.target, in: entry.section)
    }
    switch values[relocation].fits(rule.value) {
    case .yes: return
    case .no: try refuseOverflow(relocation, place, entry)
    case .unknown(let why): try meet(.value(why), of: place.target, in: entry.section)
    }
  }

  private mutating func refuseNonzero(
    _ relocation: Relocation, _ place: RelocationPlace, _ entry: (section: Section, index: Int)
  ) throws(LoadFailure) {
    guard isRoom(for: "relocation-target-nonzero") else { return }
    let type = relocation.type
    let words: ByteText = has(.nonzeroTargetWords) ? "Invalid" : "Skipping invalid"
    let position: ByteText =
      has(.relocationPlaces)
      ? "sec \(entry.section.index), idx \(entry.index), type \(type)" : "type \(type)"
    assumeAddresses()
    let target = place.target
    try meet(
      LoadProblem(
        "relocation-target-nonzero", .refuses(.notExecutable),
        "the bytes at offset \(hex: relocation.offset) of '\(target.name)' are not zero, and a relocation is to change them: ENOEXEC",
        lines: [
          "module: x86/modules: \(words) relocation target, existing value is nonzero for \(position), loc (____ptrval____), val \(Self.address)"
        ], advice: "the module was relocated or damaged: build it again",
        section: entry.section.name, offset: target.header.offset &+ relocation.offset))
  }

  private mutating func refuseOverflow(
    _ relocation: Relocation, _ place: RelocationPlace, _ entry: (section: Section, index: Int)
  ) throws(LoadFailure) {
    guard isRoom(for: "relocation-overflow") else { return }
    let type = relocation.type
    let position: ByteText =
      has(.relocationPlaces) ? " sec \(entry.section.index) idx \(entry.index)" : ""
    assumeAddresses()
    let target = place.target
    try meet(
      LoadProblem(
        "relocation-overflow", .refuses(.notExecutable),
        "the value of the relocation at offset \(hex: relocation.offset) of '\(target.name)' does not fit (type \(type)): ENOEXEC",
        lines: [
          "module: overflow in relocation type \(type) val \(Self.address)\(position)",
          "module: `\(name)' likely not compiled with -mcmodel=kernel",
        ], advice: "compile with -mcmodel=kernel, as the kernel's own build does",
        section: entry.section.name, offset: target.header.offset &+ relocation.offset))
  }

  /// Meets what no kernel looks at. The words are made once, and no more of them than are kept: a
  /// million relocations may be odd, and the name as long as the file.
  mutating func meet(
    _ problem: OpenRelocation.Problem, of target: Section, in section: Section
  ) throws(LoadFailure) {
    let id = problem.rule
    guard openRelocations.count < Self.mostTexts, isRoom(for: id),
      openRelocations.insert(OpenRelocation(target: target.index, problem: problem)).inserted
    else { return }
    try meet(
      LoadProblem(
        id, .corrupts, problem.text(of: target), section: section.name,
        offset: section.header.offset))
  }

  /// Whether a survey still wants problems of this kind: the rest says the same.
  func isRoom(for id: String) -> Bool {
    !isSurvey || problems.count { $0.id == id } < SectionMismatches.most
  }

  /// Where modules begin on x86-64 (Documentation/arch/x86/x86_64/mm.rst): stands for an address
  /// that only the running kernel knows.
  private static let address = "ffffffffc0000000"

  mutating func assumeAddresses() {
    assume("addresses in messages stand for those that the kernel will choose")
  }
}

/// One relocation section that is applied, and what is asked about each of its entries.
private struct RelocationPass {
  let section: Section
  let place: RelocationPlace
  let symbolCount: Int
  let values: SymbolValues
  let sections: RelocatedSections
  /// The addends in the bytes, where relocations have none.
  let stored: StoredAddends?
  /// Whether the code that is changed stays when init has run.
  let stays: Bool
  /// Whether the table of far jumps counts those of the section that is changed.
  let isCode: Bool
  /// Whether the loader looks at values: see ``MachineLoader/isUpper``.
  let isUpper: Bool
  let wantsZeroes: Bool

  /// The position of the first relocation from `start` on that is of neither rule's type or is not
  /// ordinary. Nearly all of a million are ordinary, and only the others pay for finding words.
  func skipOrdinary(
    _ table: RelocationTable, from start: Int, _ rule: RelocationRule, _ other: RelocationRule
  ) -> Int {
    var index = start
    while index < table.count {
      let relocation = table[index]
      if relocation.type == rule.type {
        guard isOrdinary(relocation, rule) else { break }
      } else {
        guard relocation.type == other.type, isOrdinary(relocation, other) else { break }
      }
      index &+= 1
    }
    return index
  }

  /// The relocation with its addend, wherever that is.
  func withAddend(_ relocation: Relocation) -> Relocation {
    guard let stored, relocation.addend == nil else { return relocation }
    return Relocation(
      offset: relocation.offset, symbol: relocation.symbol, type: relocation.type,
      addend: stored.addend(of: relocation))
  }

  /// Whether there is nothing to say about a relocation.
  @inline(__always)
  func isOrdinary(_ relocation: Relocation, _ rule: RelocationRule) -> Bool {
    rule.isTaken && relocation.symbol.rawValue < symbolCount && place.holds(relocation, rule)
      && !(wantsZeroes && place.isNonzero(relocation, rule)) && isValueKnown(relocation, rule)
      && !leadsToFreed(relocation)
  }

  /// Whether nobody looks at the value, or it is one that every loader takes.
  @inline(__always)
  func isValueKnown(_ relocation: Relocation, _ rule: RelocationRule) -> Bool {
    !isUpper && rule.value == nil
      || rule.takesNear && (isCode || !rule.needsTable) && values.isNear(relocation)
  }

  /// Whether code that stays refers to what is freed after init.
  @inline(__always)
  func leadsToFreed(_ relocation: Relocation) -> Bool {
    stays && sections.isFreed(relocation.symbol)
  }
}

/// The section that relocations change.
private struct RelocationPlace {
  let target: Section
  let bytes: ByteSlice
  let machine: Machine
  let encoding: Encoding

  /// Whether what is changed lies within the section.
  @inline(__always)
  func holds(_ relocation: Relocation, _ rule: RelocationRule) -> Bool {
    let end = target.header.size
    if rule.isMarker { return relocation.offset <= end }
    return rule.bytes <= end && relocation.offset <= end - rule.bytes
  }

  /// Whether there is something other than zeros where four bytes would be changed.
  func hasBytes(_ relocation: Relocation) -> Bool {
    guard relocation.offset <= UInt64(bytes.count), bytes.count - Int(relocation.offset) >= 4 else {
      return false
    }
    let start = Int(relocation.offset)
    return (start..<start + 4).contains { bytes[$0] != 0 }
  }

  /// Whether the bytes that are changed are not zero.
  @inline(__always)
  func isNonzero(_ relocation: Relocation, _ rule: RelocationRule) -> Bool {
    guard relocation.offset <= UInt64(bytes.count),
      rule.bytes <= UInt64(bytes.count) - relocation.offset
    else { return false }
    let span = bytes.storage.span
    let start = bytes.range.lowerBound + Int(relocation.offset)
    switch rule.bytes {
    case 4: return span.u32(start, encoding) != 0
    case 8: return span.u64(start, encoding) != 0
    default: return (0..<Int(clamping: rule.bytes)).contains { span[start + $0] != 0 }
    }
  }
}
