// Code that was not built for the protections of the processor or of the kernel's build: calls that may not
// arrive where they lead (arch/x86/kernel/cet.c; arch/arm64/kernel/traps.c), returns and indirect jumps that
// are not patched (arch/x86/kernel/alternative.c), types that are not there (kernel/cfi.c).

/// Where indirect calls arrive.
extension LoadAttempt {
  /// The kernel calls init through a pointer, and others call what the module's data points to.
  mutating func checkLandingPads(
    _ module: KernelModule, _ own: ThisModule?
  ) throws(LoadFailure) {
    guard let pads = module.image.header.machine.description?.loader?.landingPads,
      has(pads.since), !commandLine.ignoresLandingPads
    else { return }
    if let flags = target.processorFlags {
      guard flags.contains(ByteSlice(Array(pads.processor.utf8))) else { return }
    }
    let isMinded = option(pads.option)
    if isMinded == false { return }
    let places = LandingPlaces(module.image, pads)
    if isMinded == nil, !isSurvey {
      guard let entry = own?.initFunction, places.lacks(entry) else { return }
      return assume(
        "CONFIG_\(pads.option.rawValue)=n is assumed: no .config is known, and init does not begin with \(pads.instruction)"
      )
    }
    // Of a module that nobody meant to be called so there is nothing to say: most kernels do not look.
    if isMinded == nil, !places.areClaimed(by: module) { return }
    if let entry = own?.initFunction, places.lacks(entry) {
      try meetMissing(entry, module.image, pads, isMinded)
    }
    guard let symbols = symbolTable() else { return }
    let rest = places.missing(besides: own?.initFunction, symbols)
    try meetMissing(rest.filter { !$0.isExport }, pads, isMinded)
    try meetMissing(rest.filter { $0.isExport }, pads, isMinded)
  }

  /// Functions that are called through a pointer some time later, or, when they are exported, perhaps.
  private mutating func meetMissing(
    _ functions: [LandingPlaces.Missing], _ pads: LandingPads, _ isMinded: Bool?
  ) throws(LoadFailure) {
    guard let first = functions.first else { return }
    let text: ByteText =
      "'\(first.name)', which \(first.user), does not begin with \(pads.instruction)\(others(functions.count - 1)): the kernel stops when it is called through a pointer"
    var problem = LoadProblem(
      "ibt-endbr-missing", .corrupts, text, advice: Self.advice(pads), subject: first.name,
      section: first.section.name, offset: first.section.header.offset &+ first.offset)
    // Those who use what is exported call it by its name, as a rule.
    problem.isCertain = isMinded == true && !first.isExport
    if first.isExport, !isSurvey { return assume(text) }
    assumeProcessor(pads)
    try meet(problem)
    if !isSurvey { advise(Self.advice(pads)) }
  }

  private mutating func assumeProcessor(_ pads: LandingPads) {
    guard target.processorFlags == nil else { return }
    assume("the processor is one that looks where indirect calls arrive (\(pads.property))")
  }

  private func others(_ count: Int) -> ByteText {
    count == 0 ? "" : count == 1 ? ", nor does another" : ", nor do \(count) others"
  }

  private static func advice(_ pads: LandingPads) -> ByteText {
    "build all objects of the module with the kernel's own flags: they lack \(pads.flag), and objects that come ready-made must have it, too"
  }

  /// The kernel dies, or warns with `ibt=warn`, when it calls init.
  private mutating func meetMissing(
    _ entry: ThisModule.EntryPoint, _ image: ELFImage, _ pads: LandingPads, _ isMinded: Bool?
  ) throws(LoadFailure) {
    let section = entry.section.map { image.sections[$0] }
    let place = "\(entry.symbol)+0x0/0x\(hexSize(of: entry, image)) [\(name)]" as ByteText
    var lines: [ByteText]
    if pads.property == "BTI" {
      lines = ["Internal error: Oops - BTI: 0000000036000002 [#1] SMP"]
    } else {
      let isCET = has(.cetFile)
      lines = ["\(isCET ? "" : "traps: ")Missing ENDBR: \(place)"]
      if !commandLine.warnsOfLandingPads {
        // The number of the line: https://github.com/NVIDIA/open-gpu-kernel-modules/issues/256.
        let file = isCET ? "cet.c" : "traps.c"
        let line = kernel.version == KernelVersion(6, 12) ? "132" : "..."
        lines += [
          "------------[ cut here ]------------",
          "kernel BUG at arch/x86/kernel/\(file):\(line)!",
        ]
      }
    }
    let isWarned = commandLine.warnsOfLandingPads && pads.property == "IBT"
    var problem = LoadProblem(
      "ibt-endbr-missing", isWarned ? .warns : .refuses(nil),
      "init ('\(entry.symbol)') does not begin with \(pads.instruction): a kernel with CONFIG_\(pads.option.rawValue) stops when it calls it",
      lines: lines, advice: Self.advice(pads), subject: entry.symbol, section: section?.name,
      offset: section.map { $0.header.offset &+ entry.offset })
    problem.isCertain = isMinded == true
    assumeProcessor(pads)
    try meet(problem)
    if isWarned { try taintKernel(Self.warning) }
  }

  /// The size of a function as kallsyms counts it, up to the next symbol or to the end of the last page of
  /// code (kernel/module/kallsyms.c, `find_kallsyms_symbol`), in hexadecimal; `...` when other sections may
  /// follow.
  private mutating func hexSize(of entry: ThisModule.EntryPoint, _ image: ELFImage) -> String {
    guard let number = entry.section, let symbols = symbolTable() else { return "..." }
    var next: UInt64?
    for (position, record) in symbols.records.enumerated()
    where record.value > entry.offset && record.nameOffset != 0 && record.type != .section {
      guard record.value < next ?? .max,
        symbols.section(of: record, at: position) == UInt32(number)
      else { continue }
      let name = symbols[position].name
      if name.starts(with: ".L") || name.starts(with: "$") { continue }
      next = record.value
    }
    if let next { return String(next - entry.offset, radix: 16) }
    let isInit = image.sections[number].name.starts(with: ".init")
    let code = image.sections.filter {
      $0.isAllocated && $0.header.flags.contains(.executable) && $0.header.size > 0
        && $0.name.starts(with: ".init") == isInit
    }
    guard code.count == 1, entry.offset < code[0].header.size, code[0].header.size < 1 << 32 else {
      return "..."
    }
    let end = (code[0].header.size + 4095) & ~4095
    return String(end - entry.offset, radix: 16)
  }
}

/// Functions whose address is taken, and whether calls through a pointer may arrive there.
private struct LandingPlaces {
  private let image: ELFImage
  private let pads: LandingPads

  init(_ image: ELFImage, _ pads: LandingPads) {
    self.image = image
    self.pads = pads
  }

  /// Whether the code says that it was built for them.
  func areClaimed(by module: KernelModule) -> Bool {
    if let seals = pads.seals, image.sections.first(named: seals) != nil { return true }
    return module.buildNotes().protections.contains(pads.property)
  }

  /// Whether a function of the module's own does not begin as it should.
  func lacks(_ entry: ThisModule.EntryPoint) -> Bool {
    guard let number = entry.section else { return false }
    let section = image.sections[number]
    guard let bytes = try? image.bytes(of: section) else { return false }
    return !isLandingPad(bytes, entry.offset, orOutside: true)
  }

  /// Whether the four bytes at `offset` are one; of what lies outside others speak.
  private func isLandingPad(_ bytes: ByteSlice, _ offset: UInt64, orOutside: Bool) -> Bool {
    guard bytes.count >= 4, offset <= UInt64(bytes.count - 4) else { return orOutside }
    let word = bytes.storage.span.u32(bytes.range.lowerBound + Int(offset), image.encoding)
    return pads.instructions.contains(word)
  }

  /// A function whose address is taken and that does not begin as it should.
  struct Missing {
    let name: ByteSlice
    let section: Section
    let offset: UInt64
    /// Whether nothing but an export leads there.
    let isExport: Bool
    /// How it is reached, as a clause.
    let user: ByteText
  }

  /// The functions that exit and data point to and that lack it, each once; `init` is said elsewhere.
  func missing(besides start: ThisModule.EntryPoint?, _ symbols: SymbolTable) -> [Missing] {
    var found: [Missing] = []
    var seen: Set<Place> = []
    if let start, let section = start.section {
      seen.insert(Place(section: section, offset: start.offset))
    }
    var functions: [Place: Int]?
    var contents: [Int: ByteSlice] = [:]
    let tables = image.sections.filter { $0.header.type == .rela }
    // What is exported and pointed to is told as the latter.
    for isExport in [false, true] {
      for table in tables {
        guard let target = image.sections.section(table.header.info),
          isExport ? target.name.starts(with: "__ksymtab") : Self.isData(target),
          let relocations = try? image.relocations(in: table)
        else { continue }
        for relocation in relocations where isExport || relocation.type == pads.pointer {
          guard let record = symbols.records[relocation.symbol],
            let number = symbols.section(of: record, at: Int(relocation.symbol.rawValue)),
            let section = image.sections.section(number), section.isAllocated,
            section.header.flags.contains(.executable), section.header.type != .nobits
          else { continue }
          let offset = record.value &+ UInt64(bitPattern: relocation.addend ?? 0)
          let bytes = contents[section.index] ?? (try? image.bytes(of: section)) ?? .empty(at: 0)
          contents[section.index] = bytes
          // Most are: those that are not are looked for among the functions, once each.
          if isLandingPad(bytes, offset, orOutside: true) { continue }
          let place = Place(section: section.index, offset: offset)
          guard seen.insert(place).inserted else { continue }
          let index = functions ?? Self.functions(symbols)
          functions = index
          guard let position = index[place] else { continue }
          let name = symbols[position].name
          // A trampoline that code jumps to, and nobody calls (include/linux/static_call.h).
          if isExport, name.starts(with: "__SCT__") { continue }
          found.append(
            Missing(
              name: name, section: section, offset: offset, isExport: isExport,
              user: isExport
                ? "is exported"
                : target.name.equals(ThisModule.sectionName)
                  ? "struct module points to" : "'\(target.name)' points to"))
        }
      }
    }
    return found
  }

  private struct Place: Hashable {
    let section: Int
    let offset: UInt64
  }

  /// The functions by where they begin, the first of each place.
  private static func functions(_ symbols: SymbolTable) -> [Place: Int] {
    var places: [Place: Int] = [:]
    for (position, record) in symbols.records.enumerated() where record.type == .function {
      guard let section = symbols.section(of: record, at: position) else { continue }
      let place = Place(section: Int(section), offset: record.value)
      if places[place] == nil { places[place] = position }
    }
    return places
  }

  /// Whether a section holds data of the module's own: tables of the kernel's build have addresses, too,
  /// that nobody calls.
  private static func isData(_ target: Section) -> Bool {
    let name = target.name
    return target.isAllocated
      && (name.equals(ThisModule.sectionName) || name.starts(with: ".data")
        || name.starts(with: ".rodata") || name.starts(with: ".init.data")
        || name.starts(with: ".init.rodata"))
  }
}

/// What is patched.
extension LoadAttempt {
  /// Each jump to a thunk is to be in the table of those that are patched: in all modules that the kernel's
  /// own build makes there are as many of the one as of the other.
  mutating func checkPatchTables(_ image: ELFImage, _ loader: MachineLoader) throws(LoadFailure) {
    guard !loader.patchTables.isEmpty, let symbols = symbolTable(),
      let sites = PatchSites(image, symbols, loader.patchTables)
    else { return }
    for (table, jumps) in zip(loader.patchTables, sites.counts) where jumps > 0 {
      let size = image.sections.firstAllocated(named: table.section)?.header.size ?? 0
      guard size / 4 < jumps else { continue }
      try meetUnpatched(table, jumps, listed: size / 4)
    }
  }

  private mutating func meetUnpatched(
    _ table: PatchTable, _ jumps: UInt64, listed: UInt64
  ) throws(LoadFailure) {
    let isReturn = table.rule == "return-sites-incomplete"
    let isSaid = isReturn && has(.returnThunkWarning)
    let missing = jumps - listed
    let words: ByteText =
      "\(missing) of \(jumps) jumps to \(table.thunks)\(isReturn ? "" : "*") are not in \(table.section): the kernel does not patch them"
    // With none patched init itself returns so; else nobody knows when one of them runs.
    let isSure = isSaid && listed == 0 && parts == nil
    let said: ByteText = "Unpatched return thunk in use. This should not happen!"
    try meet(
      LoadProblem(
        table.rule, .warns, isSaid ? "\(words), and warns: '\(said)' (taint W)" : words,
        lines: isSure ? [said] : [],
        advice: "let objtool see all objects of the module: no OBJECT_FILES_NON_STANDARD",
        subject: ByteSlice(Array(table.section.utf8)), section: nil))
    if isSurvey { return }
    if isSure {
      try taintKernel(Self.warning)
    } else if isSaid {
      assume("\(words); the first that runs is warned of: '\(said)' (taint W)")
    } else {
      assume(words)
    }
  }
}

/// How many places in code refer to thunks.
private struct PatchSites {
  /// By table.
  let counts: [UInt64]

  /// `nil` when nothing refers to any.
  init?(_ image: ELFImage, _ symbols: SymbolTable, _ tables: [PatchTable]) {
    // The number of the table plus one, by the number of the symbol.
    var kinds: [UInt8] = []
    for (position, record) in symbols.records.enumerated()
    where position > 0 && record.sectionIndex == .undefined && record.nameOffset != 0 {
      let name = symbols[position].name
      guard name.starts(with: "__x86_"),
        let table = tables.firstIndex(where: { name.starts(with: $0.thunks) })
      else { continue }
      if kinds.isEmpty { kinds = [UInt8](repeating: 0, count: symbols.count) }
      kinds[position] = UInt8(table + 1)
    }
    if kinds.isEmpty { return nil }
    var counts = [UInt64](repeating: 0, count: tables.count + 1)
    for section in image.sections where section.header.type == .rela {
      guard let target = image.sections.section(section.header.info), target.isAllocated,
        target.header.flags.contains(.executable),
        let relocations = try? image.relocations(in: section)
      else { continue }
      for relocation in relocations {
        let symbol = Int(relocation.symbol.rawValue)
        if symbol < kinds.count, kinds[symbol] != 0 { counts[Int(kinds[symbol])] &+= 1 }
      }
    }
    self.counts = Array(counts.dropFirst())
  }
}

/// Types of functions.
extension LoadAttempt {
  /// A kernel that checks the types of the functions it calls finds none in code of another compiler.
  mutating func checkTypesOfFunctions(
    _ module: KernelModule, _ own: ThisModule?
  ) throws(LoadFailure) {
    guard own?.initFunction != nil || own?.exitFunction != nil,
      option(.cfi) == true || option(.cfiClang) == true,
      let symbols = symbolTable(), lacksTypes(module, symbols)
    else { return }
    let isWarned = option(.cfiPermissive) == true
    let word = option(.cfi) == true ? "CFI" : "CFI_CLANG"
    let text: ByteText =
      "the kernel checks the types of functions that it calls (CONFIG_\(word)), and the module has none: 'CFI failure at …' when init is called\(isWarned ? ", and goes on (CONFIG_CFI_PERMISSIVE)" : "")"
    try meet(
      LoadProblem(
        "cfi-missing", isWarned ? .warns : .corrupts, text,
        advice: "build the module with the kernel's own compiler: make LLVM=1"))
    if isWarned, !isSurvey { assume(text) }
    if !isWarned { advise("build the module with the kernel's own compiler: make LLVM=1") }
  }

  /// Whether nothing of the module tells of types, and that tells something: on AArch64 code of clang's need
  /// not have a trace of them.
  private func lacksTypes(_ module: KernelModule, _ symbols: SymbolTable) -> Bool {
    let image = module.image
    let traces = [".kcfi_traps", ".cfi_sites", ".cfi_seal"]
    if traces.contains(where: { image.sections.first(named: $0) != nil }) { return false }
    let names = symbols.names.bytes
    if names.contains("__cfi_") || names.contains("__kcfi_typeid_") || names.contains(".cfi_jt") {
      return false
    }
    guard image.header.machine != .amd64 else { return true }
    let compilers = (try? module.toolchain())?.compilers ?? []
    return !compilers.isEmpty && compilers.allSatisfy { $0.starts(with: "GCC") }
  }
}
