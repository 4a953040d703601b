// Symbols that the module needs (kernel/module/main.c, `simplify_symbols`, `resolve_symbol`). All of
// them are looked at; the last failure is the one that is returned.

extension LoadAttempt {
  mutating func resolveSymbols() throws(LoadFailure) {
    guard let module, let symbols = symbolTable() else { return }
    let imports = ImportedNamespaces(info)
    let sectionCount = module.image.sections.count
    var failure: LoadFailure?
    var count = 0
    var missing = MissingSymbols()
    var unstable = UnstableSymbols()
    for position in 1..<max(symbols.count, 1) {
      let record = symbols.records[position]
      let error: Errno?
      switch record.sectionIndex {
      case .undefined:
        count += 1
        if let list = target.stableSymbols, !list.contains(symbols[position].name) {
          unstable.add(symbols[position].name)
        }
        // Without a list of what the kernel offers a survey has nothing to look up.
        if isSurvey, target.symbols.count == 0, target.versions.isEmpty { continue }
        error = try resolve(symbols[position], imports, &missing)
      case .common:
        error = try refuseCommon(symbols[position])
      case .absolute, .livepatch:
        continue
      default:
        error = try checkIndex(of: record, at: position, in: symbols, sectionCount: sectionCount)
      }
      if let error { failure = LoadFailure(error) }
    }
    note("\(count) needed")
    if unstable.count > 0 { assume(unstable.text(of: count)) }
    // What its vendor keeps stable is not protected.
    let mayBeProtected = target.stableSymbols == nil ? count > 0 : unstable.count > 0
    if mayBeProtected, !isSigned, has(.protectedSymbols), option(.moduleSignatureProtect) != false {
      leaveOpen(
        "which symbols the kernel protects (MODULE_SIG_PROTECT): a module without its signature that uses one is refused (EACCES)"
      )
    }
    miss(missing.owners)
    missing.advise(&self)
    if let failure { throw failure }
  }

  /// Meets a problem with one symbol. The load goes on with the next symbol, and fails in the end.
  private mutating func meetInSymbol(_ problem: LoadProblem) throws(LoadFailure) -> Errno? {
    do throws(LoadFailure) { try meet(problem) } catch {
      guard let errno = error.errno else { throw error }
      return errno
    }
    return nil
  }

  private mutating func refuseCommon(_ symbol: Symbol) throws(LoadFailure) -> Errno? {
    if symbol.name.starts(with: "__gnu_lto") { return nil }
    return try meetInSymbol(
      LoadProblem(
        "common-symbol", .refuses(.notExecutable),
        "'\(symbol.name)' is a common symbol: compile with -fno-common",
        lines: ["\(name): please compile with -fno-common"],
        advice: "compile with -fno-common: '\(symbol.name)' is a common symbol",
        subject: symbol.name))
  }

  private mutating func checkIndex(
    of record: SymbolRecord, at position: Int, in symbols: SymbolTable, sectionCount: Int
  ) throws(LoadFailure) -> Errno? {
    let index = Int(record.sectionIndex.rawValue)
    if index < sectionCount { return nil }
    let symbol = symbols[position].name
    let isChecked = has(.symbolIndexCheck)
    return try meetInSymbol(
      LoadProblem(
        "bad-symbol-index", isChecked ? .refuses(.notExecutable) : .corrupts,
        isSurvey || isChecked
          ? "symbol \(position) '\(symbol)' is in section \(index), there are \(sectionCount)"
          : "symbol \(symbol) is in section \(index), which is not there: this kernel reads where it must not",
        lines: [
          "\(name): Symbol \(symbol) has an invalid section index \(index) (max \(sectionCount - 1))"
        ], subject: symbol))
  }

  /// Finds one symbol; returns the error with which that fails.
  private mutating func resolve(
    _ symbol: Symbol, _ imports: ImportedNamespaces, _ missing: inout MissingSymbols
  ) throws(LoadFailure) -> Errno? {
    let name = symbol.name
    let found: Errno?
    do throws(ResolveError) {
      try bind(name, imports)
      return nil
    } catch {
      switch error {
      case .fails(let problem):
        for line in problem.lines { say(line) }
        if let advice = problem.advice { advise(advice) }
        if problem.id == "crc-mismatch" { missing.addOtherVersion(problem.text) }
        if isSurvey { try meet(problem) }
        guard case .refuses(let errno?) = problem.effect else { return nil }
        found = errno
      case .stops(let failure): throw failure
      case .open: return nil
      case .missing:
        if symbol.record.binding == .weak { return nil }
        if isSurvey { return try surveyMissing(symbol) }
        if isProvidedByLoader(name) { return nil }
        found = .noEntry
      }
    }
    guard let found else { return nil }
    say("\(self.name): Unknown symbol \(name) (err -\(found.number))")
    if found == .noEntry {
      let loaded = loadedProvider(of: name)?.symbol
      missing.add(
        name, target.symbols[name] ?? loaded, moduleTaints, isLoaded: loaded != nil)
      adviseVersion(name)
    }
    return found
  }

  /// Says that to load what offers a symbol will not do: its version is another one, too.
  private mutating func adviseVersion(_ symbol: ByteSlice) {
    guard hasModversions != false, let crc = target.version(of: symbol), crc != 0,
      let own = versions()?[symbol], own != UInt64(crc)
    else { return }
    advise(
      "'\(symbol)' was built against version \(crc: own), this kernel has \(crc: UInt64(crc)): to load what offers it will not do, build the module against this kernel"
    )
  }

  private enum ResolveError: Error {
    case missing
    case open
    case fails(LoadProblem)
    case stops(LoadFailure)
  }

  private mutating func bind(
    _ symbol: ByteSlice, _ imports: ImportedNamespaces
  ) throws(ResolveError) {
    guard let (found, owner) = find(symbol) else {
      if target.symbols.isComplete { throw .missing }
      try compareVersion(symbol)
      leaveSymbolsOpen()
      throw .open
    }
    let isProprietary = moduleTaints.contains(.proprietaryModule)
    if found.isGPLOnly {
      // Hidden from non-free modules.
      if isProprietary { throw .missing }
      usesGPLOnly = true
    }
    if let owner, owner.isProprietary, !isProprietary, has(.inheritedTaint) {
      let isNamed = has(.inheritedTaintSymbol)
      if usesGPLOnly {
        say(
          isNamed
            ? "\(name): module using GPL-only symbols uses symbols \(symbol) from proprietary module \(owner.name)."
            : "\(name): module using GPL-only symbols uses symbols from proprietary module \(owner.name)."
        )
        addNonFree(owner.name)
        throw .missing
      }
      let words: ByteText =
        isNamed
        ? "\(name): module uses symbols \(symbol) from proprietary module \(owner.name), inheriting taint."
        : "\(name): module uses symbols from proprietary module \(owner.name), inheriting taint."
      say(words)
      addNonFree(owner.name)
      // The module's own taint: the kernel has it already.
      moduleTaints.insert(.proprietaryModule)
    }
    try checkVersion(symbol, of: found.crc)
    try checkNamespace(symbol, found.namespace, imports)
  }

  /// Compares the version of a symbol, which is `crc` in the kernel.
  private mutating func checkVersion(
    _ symbol: ByteSlice, of crc: UInt32
  ) throws(ResolveError) {
    let wrong: LoadProblem?
    do throws(LoadFailure) { wrong = try checkVersion(symbol, crc, .invalid) } catch {
      throw .stops(error)
    }
    if let wrong {
      guard isSurvey else { throw .fails(wrong) }
      do throws(LoadFailure) { try meet(wrong) } catch { throw .stops(error) }
    }
  }

  /// Compares the version of a symbol of which it is not known who offers it, where modules of the
  /// kernel tell it: another one is refused, whoever does.
  private mutating func compareVersion(_ symbol: ByteSlice) throws(ResolveError) {
    guard let crc = target.version(of: symbol), crc != 0 else { return }
    do throws(ResolveError) { try checkVersion(symbol, of: crc) } catch {
      if case .fails = error {
        assume("what offers '\(symbol)' is taken as loaded: without it the error is ENOENT")
      }
      throw error
    }
  }

  /// Who offers a symbol: the kernel, or a module that is loaded, which then is the owner.
  private func find(_ symbol: ByteSlice) -> (ExportedSymbol, LoadedModule?)? {
    if let kernel = target.symbols[symbol], kernel.provider.equals("vmlinux") {
      return (kernel, nil)
    }
    if let loaded = loadedProvider(of: symbol) { return (loaded.symbol, loaded.module) }
    // What a survey finds in a module that is not loaded yet, modprobe will have loaded.
    guard isSurvey, let other = target.symbols[symbol] else { return nil }
    guard target.symbols.isProprietary(other.provider) else { return (other, nil) }
    var taints = TaintMask(rawValue: 0)
    taints.insert(.proprietaryModule)
    return (other, LoadedModule(name: other.moduleName, taints: taints, exports: nil))
  }

  /// Nothing exports a symbol, or it is hidden from the module.
  private mutating func surveyMissing(_ symbol: Symbol) throws(LoadFailure) -> Errno? {
    let name = symbol.name
    if isProvidedByLoader(name) { return nil }
    if let found = loadedProvider(of: name)?.symbol ?? target.symbols[name] {
      let text: ByteText =
        nonFreeProviders.first.map { provider in
          found.isGPLOnly
            ? "'\(name)' is GPL-only, and the module also uses symbols of '\(provider)', which is non-free"
            : "'\(name)' is a symbol of '\(found.moduleName)', which is non-free, and the module uses GPL-only symbols"
        } ?? "'\(name)' is GPL-only and the module's licence is not"
      try meet(
        LoadProblem("gpl-only-in-proprietary", .refuses(.noEntry), text, subject: name))
    } else {
      try meet(
        LoadProblem(
          "unresolved-symbol", .refuses(.noEntry),
          SymbolCause.of(name).map { "nothing exports '\(name)': \($0.text)" }
            ?? (trimming == nil
              ? "nothing exports '\(name)'"
              : "nothing exports '\(name)': this kernel has CONFIG_TRIM_UNUSED_KSYMS"),
          subject: name))
    }
    return nil
  }

  private mutating func addNonFree(_ provider: ByteSlice) {
    if !nonFreeProviders.contains(provider) { nonFreeProviders.append(provider) }
  }

  /// Why a kernel may lack exports that others of its version have, where its configuration tells.
  var trimming: String? {
    guard option(.trimUnusedSymbols) == true else { return nil }
    return
      "this kernel exports only what its own modules use (CONFIG_TRIM_UNUSED_KSYMS): put what is missing into the list of CONFIG_UNUSED_KSYMS_WHITELIST, or build the kernel without the option"
  }

  /// Symbols that the loader of a machine provides, or does without.
  private func isProvidedByLoader(_ name: ByteSlice) -> Bool {
    guard let loader = module?.image.header.machine.description?.loader else { return false }
    return loader.ownSymbols.contains { name.equals($0) }
      || loader.ignoredSymbols.contains { name.equals($0) }
  }

  /// Whether the module may use a symbol of `namespace`.
  private mutating func checkNamespace(
    _ symbol: ByteSlice, _ namespace: ByteSlice, _ imports: ImportedNamespaces
  ) throws(ResolveError) {
    if namespace.isEmpty || imports.names.contains(namespace) { return }
    let isForModules = has(.moduleNamespaces) && namespace.starts(with: ModuleNamespace.prefix)
    if isForModules, ModuleNamespace.allows(name, namespace) { return }
    let isAllowed = option(.allowMissingNamespaceImports)
    let problem = LoadProblem(
      isForModules ? "namespace-not-allowed" : "namespace-not-imported",
      isAllowed == true ? .warns : .refuses(.invalid), isCertain: isAllowed != nil,
      isForModules
        ? "'\(symbol)' is for '\(namespace)' only, not for '\(name)'"
        : "'\(symbol)' is in namespace '\(namespace)', which is not imported",
      lines: [
        "\(name): module uses symbol (\(symbol)) from namespace \(namespace), but does not import it."
      ], advice: "add MODULE_IMPORT_NS(\"\(namespace)\") for '\(symbol)'", subject: symbol)
    guard isAllowed == nil, !isSurvey else { throw .fails(problem) }
    for line in problem.lines { say(line) }
    if let advice = problem.advice { advise(advice) }
    leaveOpen(
      "CONFIG_MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS: without it a missing import is an error (EINVAL)"
    )
  }
}

/// The namespaces that a module imports.
private struct ImportedNamespaces {
  let names: Set<ByteSlice>

  init(_ info: ModuleInfo) { names = Set(info.all("import_ns")) }
}
