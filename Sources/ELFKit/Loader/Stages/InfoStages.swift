// What `.modinfo` and `__versions` say about the kernel that is meant (kernel/module/main.c,
// `check_modinfo`; kernel/module/version.c).

extension LoadAttempt {
  mutating func checkBlacklist() throws(LoadFailure) {
    let name = infoName
    // Byte for byte: a dash in the list never matches.
    guard commandLine.blacklist.contains(name) else { return }
    say("Module \(name) is blacklisted")
    advise("module_blacklist= of the kernel's command line names it")
    throw LoadFailure(.notPermitted)
  }

  mutating func checkStructVersion() throws(LoadFailure) {
    let symbol = ByteSlice(Array("module_layout".utf8))
    guard let kernel = target.symbols[symbol] else {
      if target.hasModversions == true, !target.symbols.isComplete { leaveSymbolsOpen() }
      return
    }
    guard try checkVersion(symbol, kernel.crc) else {
      advise("build the module against this kernel's headers")
      throw LoadFailure(.notExecutable)
    }
  }

  /// The list of what the kernel offers is not known.
  mutating func leaveSymbolsOpen() {
    leaveOpen("what the kernel exports, and in which version (--symvers)")
  }

  /// Whether the version that the module records for `symbol` is the kernel's.
  mutating func checkVersion(_ symbol: ByteSlice, _ crc: UInt32) throws(LoadFailure) -> Bool {
    guard target.hasModversions != false else { return true }
    // Without CONFIG_MODVERSIONS a Module.symvers has zeros.
    if target.hasModversions == nil, crc == 0 { return true }
    guard let versions else {
      do throws(LoadFailure) {
        try forceLoad("\(symbol)", .notExecutable)
      } catch {
        if error.errno == nil { throw error }
        advise("the module has no versions of symbols (__versions): link it with modpost")
        return false
      }
      return true
    }
    if let own = versions[symbol] {
      if own == UInt64(crc) { return true }
      say("\(infoName): disagrees about version of symbol \(symbol)")
      return false
    }
    if versions.isExtended {
      say("\(infoName): no extended symbol version for \(symbol)")
      return true
    }
    say("\(infoName): no symbol version for \(symbol)")
    if !target.refusesMissingVersions {
      assume("a missing version is only warned of: this is no kernel of Debian's")
    }
    return !target.refusesMissingVersions
  }

  mutating func checkVermagic() throws(LoadFailure) {
    let own = request.flags.contains(.ignoreVermagic) ? nil : info.first("vermagic")
    guard let own else {
      try forceLoad("bad vermagic", .notExecutable)
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
    // Only __versions counts here, not the extended sections of 6.14.
    let hasVersions = versions.map { !$0.isExtended || hasBasicVersions } ?? false
    note("\(own)")
    guard !Vermagic.matches(own, kernel, hasVersions: hasVersions) else { return }
    say("\(infoName): version magic '\(own)' should be '\(kernel)'")
    advise("build the module for this kernel: make -C /lib/modules/RELEASE/build M=$PWD")
    throw LoadFailure(.notExecutable)
  }

  private var hasBasicVersions: Bool {
    module?.image.sections.firstAllocated(named: "__versions") != nil
  }

  mutating func checkLivepatch() throws(LoadFailure) {
    guard info.contains("livepatch") else { return idle() }
    guard let isKnown = option(.livepatch) else {
      leaveOpen("CONFIG_LIVEPATCH: without it live patches are refused (ENOEXEC)")
      return
    }
    if isKnown { return }
    say("\(name): module is marked as livepatch module, but livepatch support is disabled")
    throw LoadFailure(.notExecutable)
  }
}
