// What a module taints the kernel with (kernel/module/main.c: `check_modinfo` in older kernels,
// `module_augment_kernel_taints` since).

extension LoadAttempt {
  /// Without ``KernelChange/lateTaints``: while `.modinfo` is read, before much else can fail.
  mutating func taintEarly() throws(LoadFailure) {
    try taintOutOfTree()
    warnOfRetpolines()
    try taintStaging()
    if info.contains("livepatch"), has(.livepatchTag) {
      try checkLivepatch()
      try taintLivepatch()
    }
    try taintLicense()
    try taintTest()
  }

  /// With ``KernelChange/lateTaints``: when the module is in the list.
  mutating func taintLate() throws(LoadFailure) {
    let wasProprietary = state.taints.contains(.proprietaryModule)
    try taintOutOfTree()
    warnOfRetpolines()
    try taintStaging()
    if info.contains("livepatch") { try taintLivepatch() }
    try taintLicense()
    try taintTest()
    try taintUnsigned()
    try taintByName(wasProprietary: wasProprietary)
  }

  private mutating func taintOutOfTree() throws(LoadFailure) {
    guard !info.contains("intree"), has(.outOfTreeTaint) else { return }
    if !state.taints.contains(.outOfTree), has(.taintWords) {
      say("\(name): loading out-of-tree module taints kernel.")
    }
    try taintModule(.outOfTree)
  }

  /// `check_modinfo_retpoline`: a warning on x86, no taint.
  private mutating func warnOfRetpolines() {
    guard has(.retpolineTag) else { return }
    let machine = module?.image.header.machine.description
    guard machine?.kernel.saysRetpoline == true, !info.contains("retpoline") else { return }
    guard !commandLine.ignoresSpectre, isRetpolined() else { return }
    assume("the processor is one that Spectre V2 concerns")
    say("Spectre V2 : System may be vulnerable to spectre v2")
    say("\(name): loading module not compiled with retpoline compiler.")
  }

  /// Whether the kernel's own indirect jumps are guarded, so that it minds others. Who builds a module
  /// for such a kernel has it tagged: without the tag, and a .config, it is taken as none.
  private mutating func isRetpolined() -> Bool {
    if let known = target.hasRetpolines { return known }
    let option = kernel.retpolineOption
    if kernel.has(.distributionRetpolines) { return self.option(option, usually: true) }
    assume(
      "CONFIG_\(option.rawValue)=n is assumed: no .config is known, and the module has no 'retpoline' tag; a kernel with it says that the module was not compiled with it"
    )
    return false
  }

  private mutating func taintStaging() throws(LoadFailure) {
    guard info.contains("staging") else { return }
    try taintModule(.staging)
    say(
      "\(name): module is from the staging directory, the quality is unknown, you have been warned."
    )
  }

  private mutating func taintLivepatch() throws(LoadFailure) {
    // Once a boot.
    let isFirst = !state.taints.contains(.livepatch)
    try taintModule(.livepatch)
    if isFirst, has(.livepatchWords) { say("\(name): tainting kernel with TAINT_LIVEPATCH") }
  }

  private mutating func taintLicense() throws(LoadFailure) {
    let license = info.first("license") ?? "unspecified"
    guard !License.isGPLCompatible(license) else { return }
    if !state.taints.contains(.proprietaryModule) {
      say("\(name): module license '\(license)' taints kernel.")
    }
    try taintModule(.proprietaryModule, locksAreUnreliable: true)
  }

  private mutating func taintTest() throws(LoadFailure) {
    guard has(.testTaint), info.contains("test") else { return }
    if !state.taints.contains(.test) { say("\(name): loading test module taints kernel.") }
    try taintModule(.test)
  }

  /// There is no good signature.
  mutating func taintUnsigned() throws(LoadFailure) {
    guard !isSigned else { return }
    // Android has other means (kernel/module/main.c of android15-6.6).
    if has(.protectedSymbols), option(.moduleSignatureProtect, usually: true) { return }
    guard let taint = unsignedTaint else { return }
    // Once a boot.
    if !state.taints.contains(taint) {
      say(
        "\(name): module verification failed: signature and/or required key missing - tainting kernel"
      )
    }
    try taintModule(taint)
  }

  /// What a module without a good signature taints with; `nil` before kernels looked at signatures.
  var unsignedTaint: Taint? {
    mutating get { has(.unsignedTaint) ? .unsigned : has(.unsignedForces) ? .forcedModule : nil }
  }

  /// Modules that are non-free whatever they say (`module_license_offenders`).
  mutating func taintByName(wasProprietary: Bool) throws(LoadFailure) {
    if name.equals("ndiswrapper") {
      // It may go on using GPL-only symbols.
      try taintKernel(.proprietaryModule, locksAreUnreliable: true)
    } else if KernelModule.isOffender(name) {
      try taintModule(.proprietaryModule, locksAreUnreliable: true)
    }
    if !wasProprietary, state.taints.contains(.proprietaryModule), has(.taintWords) {
      say("\(name): module license taints kernel.")
    }
  }
}

/// How a taint is set.
extension LoadAttempt {
  /// Sets a taint of the kernel only. Ends the attempt when the kernel is to panic.
  mutating func taintKernel(
    _ taint: Taint, locksAreUnreliable: Bool = false
  ) throws(LoadFailure) {
    if locksAreUnreliable, !state.isLockDebuggingOff {
      say("Disabling lock debugging due to kernel taint")
    }
    state.taints.insert(taint)
    if commandLine.panicTaints.contains(taint) {
      try meet(
        LoadProblem(
          "panic-on-taint", .refuses(nil), "the kernel panics on taint \(String(taint.letter))",
          lines: ["Kernel panic - not syncing: panic_on_taint set ..."],
          advice: "panic_on_taint= of the kernel's command line names taint \(String(taint.letter))"
        ))
    }
  }

  /// Sets a taint of the module and the kernel.
  mutating func taintModule(
    _ taint: Taint, locksAreUnreliable: Bool = false
  ) throws(LoadFailure) {
    moduleTaints.insert(taint)
    try taintKernel(taint, locksAreUnreliable: locksAreUnreliable)
  }

  /// `try_to_force_load`: what is missing for `reason` is overlooked, or `problem`, without a word.
  mutating func forceLoad(_ reason: ByteText, _ problem: LoadProblem) throws(LoadFailure) {
    if option(.moduleForceLoad) == true {
      if isSurvey { try meet(problem.with(.forces)) }
    } else {
      let errno = if case .refuses(let errno?) = problem.effect { errno.rawValue } else { "" }
      try meet(
        problem, if: option(.moduleForceLoad).map { !$0 },
        else: "CONFIG_MODULE_FORCE_LOAD: without it the module is refused (\(errno))")
    }
    try force(reason)
  }

  private mutating func force(_ reason: ByteText) throws(LoadFailure) {
    if !state.taints.contains(.forcedModule) {
      say("\(name): \(reason): kernel tainted.")
    }
    try taintModule(.forcedModule, locksAreUnreliable: true)
  }
}
