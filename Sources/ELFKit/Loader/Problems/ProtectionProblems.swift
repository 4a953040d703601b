// Code that was not built for what the kernel's build protects it with: returns and indirect jumps that are
// not patched (arch/x86/kernel/alternative.c), types of functions that are not there (kernel/cfi.c).

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
      // Older builds make no such table: theirs patch indirect jumps by .altinstructions, and no returns.
      guard size / 4 < jumps, size > 0 || has(table.since) else { continue }
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
    var problem = LoadProblem(
      table.rule, .warns, isSaid ? "\(words), and warns: '\(said)' (taint W)" : words,
      lines: isSure || isSurvey && isSaid ? [said] : [],
      advice: "let objtool see all objects of the module: no OBJECT_FILES_NON_STANDARD",
      subject: ByteSlice(Array(table.section.utf8)), section: nil)
    // Older kernels say nothing, and some of their own modules are so.
    problem.isCertain = isSaid
    try meet(problem)
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
    if image.header.machine.description?.loader?.namesTypes == true { return true }
    let compilers = (try? module.toolchain())?.compilers ?? []
    return !compilers.isEmpty && compilers.allSatisfy { $0.starts(with: "GCC") }
  }
}
