// What `.modinfo` and `__versions` say about the kernel that is meant (kernel/module/main.c,
// `check_modinfo`; kernel/module/version.c).

extension LoadAttempt {
  mutating func checkBlacklist() throws(LoadFailure) {
    let name = infoName
    // Byte for byte: a dash in the list never matches.
    guard commandLine.blacklist.contains(name), has(.moduleBlacklist) else { return }
    try meet(
      LoadProblem(
        "blacklisted", .refuses(.notPermitted),
        "the kernel's command line forbids a module called '\(name)' (EPERM)",
        lines: has(.blacklistWords) ? ["Module \(name) is blacklisted"] : [],
        advice: "module_blacklist= of the kernel's command line names it", subject: name))
  }

  mutating func checkStructVersion() throws(LoadFailure) {
    let symbol = SymbolVersion.layoutSymbol
    guard let crc = target.version(of: symbol) else {
      if hasModversions == true, !target.symbols.isComplete { leaveSymbolsOpen() }
      return
    }
    if let problem = try checkVersion(symbol, crc, .notExecutable) {
      try meet(problem.advised("build the module against this kernel's headers"))
    }
  }

  /// The list of what the kernel offers is not known.
  mutating func leaveSymbolsOpen() {
    leaveOpen("what the kernel exports, and in which version (--symvers)")
  }

  /// What is wrong about the version that the module records for `symbol`, which a kernel refuses with
  /// `errno`; `nil` when it is the kernel's, or when that is overlooked.
  mutating func checkVersion(
    _ symbol: ByteSlice, _ crc: UInt32, _ errno: Errno
  ) throws(LoadFailure) -> LoadProblem? {
    guard hasModversions != false else { return nil }
    // Without CONFIG_MODVERSIONS a Module.symvers has zeros.
    if hasModversions == nil, crc == 0 { return nil }
    guard let versions = versions() else { return try forceVersion(symbol, errno) }
    if let own = versions[symbol] {
      if own == UInt64(crc) { return nil }
      return LoadProblem(
        "crc-mismatch", .refuses(errno),
        "'\(symbol)' was built against \(crc: own), the kernel has \(crc: UInt64(crc))",
        lines: ["\(infoName): disagrees about version of symbol \(symbol)"], subject: symbol)
    }
    if versions.isExtended {
      say("\(infoName): no extended symbol version for \(symbol)")
      return nil
    }
    let isRefused = target.refusesMissingVersions
    let problem = LoadProblem(
      "crc-missing", isRefused ? .refuses(errno) : .warns, "no version for symbol '\(symbol)'",
      lines: ["\(infoName): no symbol version for \(symbol)"], advice: missingVersionAdvice(symbol),
      subject: symbol)
    if isRefused { return problem }
    assume("a missing version is only warned of: this is no kernel of Debian's")
    try meet(problem)
    return nil
  }

  /// modpost takes versions from the kernel's Module.symvers and from those that it is told of: it was not
  /// told of this one's, or that was not complete.
  private func missingVersionAdvice(_ symbol: ByteSlice) -> ByteText {
    let provider = target.symbols[symbol].flatMap {
      $0.provider.equals("vmlinux") ? nil : $0.moduleName
    }
    let owner: ByteText =
      provider.map { "'\($0)', which offers '\(symbol)'," } ?? "what offers '\(symbol)'"
    return
      "the build did not know the version of '\(symbol)': build with KBUILD_EXTRA_SYMBOLS=/path/of/Module.symvers, the one that the build of \(owner) has written"
  }

  /// The module has no versions at all: they are overlooked once for all, or each symbol fails.
  private mutating func forceVersion(
    _ symbol: ByteSlice, _ errno: Errno
  ) throws(LoadFailure) -> LoadProblem? {
    let problem = LoadProblem(
      "missing-modversions", .refuses(errno),
      "no symbol versions, and the kernel has CONFIG_MODVERSIONS: it loads only by force",
      advice: "the module has no versions of symbols (__versions): link it with modpost")
    guard option(.moduleForceLoad) == false else {
      // A survey says it once, not for each symbol.
      if isSurvey { return symbol.equals("module_layout") ? problem.with(.forces) : nil }
      try forceLoad("\(symbol)", problem.with(.refuses(.notExecutable)))
      return nil
    }
    return isSurvey && !symbol.equals("module_layout") ? nil : problem
  }

  mutating func checkVermagic() throws(LoadFailure) {
    let own = request.flags.contains(.ignoreVermagic) ? nil : info.first("vermagic")
    guard let own else {
      try forceLoad(
        "bad vermagic",
        LoadProblem(
          "missing-vermagic", .refuses(.notExecutable),
          "no vermagic: a kernel loads it only by force (taint F) or not at all; link it with kbuild",
          section: ".modinfo"))
      return
    }
    guard let kernel = target.expectedVermagic else {
      if target.config == nil || target.release == nil {
        leaveOpen("the kernel's version magic (--vermagic, --reference or --kernel tell)")
      } else {
        leaveOpen("the kernel's version magic, which its .config does not tell (--vermagic)")
      }
      return
    }
    // Only __versions counts here, not the sections of ``KernelChange/extendedVersions``.
    let hasVersions = hasBasicVersions && !request.flags.contains(.ignoreModversions)
    note("\(own)")
    guard !Vermagic.matches(own, kernel, hasVersions: hasVersions) else { return }
    let difference = Vermagic.difference(own, kernel)
    try meet(
      LoadProblem(
        "vermagic-mismatch", .refuses(.notExecutable),
        "version magic '\(own)' should be '\(kernel)': \(difference); build it against that kernel",
        lines: ["\(infoName): version magic '\(own)' should be '\(kernel)'"],
        advice:
          "\(difference): build the module for this kernel: make -C /lib/modules/RELEASE/build M=$PWD",
        subject: own, section: ".modinfo", offset: own.fileOffset))
  }

  private var hasBasicVersions: Bool {
    module?.image.sections.firstAllocated(named: "__versions") != nil
  }

  mutating func checkLivepatch() throws(LoadFailure) {
    guard info.contains("livepatch") else { return idle() }
    if isSurvey, option(.livepatch) == nil { return }
    // The kernel says so in a line that it does not end (kernel/module/main.c, check_modinfo_livepatch):
    // logs do not show it before another one is printed.
    if option(.livepatch) == false {
      assume(
        "the kernel's words, '\(name): module is marked as livepatch module, but livepatch support is disabled', are in the log only once something else is printed"
      )
    }
    try meet(
      LoadProblem(
        "livepatch", .refuses(.notExecutable),
        "tagged 'livepatch', and the kernel has no live patching (ENOEXEC)",
        section: ".modinfo"),
      if: option(.livepatch).map { !$0 },
      else: "CONFIG_LIVEPATCH: without it live patches are refused (ENOEXEC)")
  }
}
