// What kernels do about code that is not built for the protections of the processor
// (arch/x86/kernel/cet.c, arch/x86/kernel/cpu/bugs.c, arch/arm64/kernel/traps.c, kernel/cfi.c). Rows only,
// oldest first.

extension KernelChange {
  /// AArch64 checks where its own indirect calls arrive.
  public static let kernelBTI = KernelChange(
    "kernel-bti", since: (5, 8), .nearest,
    "with CONFIG_ARM64_BTI_KERNEL indirect calls arrive at bti only, in modules too",
    source: "arch/arm64/Kconfig: ARM64_BTI_KERNEL, commit 97fed779f2a6")
  /// The build lists the indirect jumps of x86-64.
  public static let retpolineSites = KernelChange(
    "retpoline-sites", since: (5, 16),
    stable: [
      StableLine(line: KernelVersion(5, 10), patch: 133),
      StableLine(line: KernelVersion(5, 15), patch: 57),
    ], .nearest,
    "objtool lists jumps to __x86_indirect_thunk_* in .retpoline_sites",
    source:
      "tools/objtool/check.c, commit 134ab5bd1883; Ubuntu's 5.15.0-25 has none, its 6.8.0-31 has them"
  )
  /// The build lists the returns of x86-64.
  public static let returnSites = KernelChange(
    "return-sites", since: (5, 19),
    stable: [
      StableLine(line: KernelVersion(5, 10), patch: 133),
      StableLine(line: KernelVersion(5, 15), patch: 57),
      StableLine(line: KernelVersion(5, 18), patch: 14),
    ], .nearest,
    "objtool lists jumps to __x86_return_thunk in .return_sites",
    source:
      "tools/objtool/check.c, commit d9e9d2300681; Ubuntu's 5.15.0-25 has none, its 6.8.0-31 has them"
  )
  /// x86-64 checks where its own indirect calls arrive.
  public static let kernelIBT = KernelChange(
    "kernel-ibt", since: (5, 18), .nearest,
    "with CONFIG_X86_KERNEL_IBT indirect calls arrive at endbr64 only, in modules too",
    source: "arch/x86/Kconfig: X86_KERNEL_IBT; Debian's 6.1 leaves it off, its 6.12 has it on")
  /// Types of functions are checked without jump tables.
  public static let kcfi = KernelChange(
    "kcfi", since: (6, 1), .nearest,
    "with CONFIG_CFI_CLANG each function has a hash of its type before it (kCFI)",
    source: "kernel/cfi.c, commit 89245600941e")
  /// What x86-64 says of a missing endbr64 has no prefix.
  public static let cetFile = KernelChange(
    "missing-endbr-file", since: (6, 6), .nearest,
    "'Missing ENDBR' is said by arch/x86/kernel/cet.c, without the prefix 'traps: '",
    source: "arch/x86/kernel/cet.c of 6.12.107; arch/x86/kernel/traps.c of 6.1.176")
  /// Distributions guard the indirect jumps of their kernels.
  public static let distributionRetpolines = KernelChange(
    "distribution-retpolines", since: nil,
    vendors: [
      VendorLine(vendor: .debian, since: KernelVersion(4, 19), hasIt: true),
      VendorLine(vendor: .redHat, since: KernelVersion(4, 18), hasIt: true),
      VendorLine(vendor: .suse, since: KernelVersion(4, 19), hasIt: true),
      VendorLine(vendor: .ubuntu, since: KernelVersion(4, 15), hasIt: true),
    ], .nearest,
    "the kernels of distributions for x86 are built with CONFIG_RETPOLINE; of others nobody knows it",
    source: "the configurations of Debian's 5.10 to 7.2; others by the tags of their modules")
  /// Options about faults of processors have one name in common.
  public static let mitigationOptions = KernelChange(
    "mitigation-options", since: (6, 9), .nearest,
    "CONFIG_RETPOLINE is called CONFIG_MITIGATION_RETPOLINE",
    source:
      "arch/x86/Kconfig: commit aefb2f2e619b; Debian's 6.1 has the old name, its 6.12 the new one")
  /// A return that was not patched is warned of.
  public static let returnThunkWarning = KernelChange(
    "return-thunk-warning", since: (6, 9), .nearest,
    "a return through __x86_return_thunk that was not patched is warned of once (taint W)",
    source: "arch/x86/kernel/cpu/bugs.c, `__warn_thunk`: commit 4461438a8405")

  static let protectionChanges = [
    kernelBTI, retpolineSites, kernelIBT, returnSites, kcfi, cetFile, distributionRetpolines,
    mitigationOptions, returnThunkWarning,
  ]
}
