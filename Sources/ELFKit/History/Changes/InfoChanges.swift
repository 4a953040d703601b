// What the kernel makes of `.modinfo`: names, taints, the version magic (kernel/module/main.c:
// `check_modinfo`, `module_augment_kernel_taints`; include/linux/vermagic.h). Rows only, oldest first.

extension KernelChange {
  /// A module built out of tree taints the kernel.
  public static let outOfTreeTaint = KernelChange(
    "out-of-tree-taint", since: (3, 2), .nearest,
    "a module without the tag 'intree' taints the kernel (O)",
    source: "kernel/module.c of 3.10 and 4.4 have it; commit 2449b8ba0745 was not read")
  /// The kernel says so when a module taints it for where, or by whom, it was made.
  public static let taintWords = KernelChange(
    "taint-words", since: (4, 7),
    vendors: [VendorLine(vendor: .redHat, since: KernelVersion(3, 10), hasIt: true)], .nearest,
    "lines say that a module built out of tree, or non-free by its name, taints the kernel",
    source: "check_modinfo, check_module_license_and_versions: silent in 3.10; commit 3205c36cf7d9 "
      + "has the lines, as have late RHEL 7 and the 4.4 of some phones")
  /// A module without a good signature taints the kernel in a way of its own.
  public static let unsignedTaint = KernelChange(
    "unsigned-taint", since: (3, 15),
    vendors: [VendorLine(vendor: .redHat, since: KernelVersion(3, 10), hasIt: true)], .nearest,
    "a module without a good signature taints the kernel (E)",
    source: "load_module: F in 3.10 and the first RHEL 7, E in 4.4 and late RHEL 7; commit "
      + "66cc69e34e86 was not read")
  /// Before, it counted as one that was forced.
  public static let unsignedForces = KernelChange(
    "unsigned-forces", since: (3, 10), until: (3, 15),
    vendors: [VendorLine(vendor: .redHat, since: KernelVersion(3, 10), hasIt: false)], .nearest,
    "a module without a good signature taints the kernel as if it were forced (F)",
    source: "load_module: kernel/module.c of 3.10 and of the first RHEL 7; older ones were not "
      + "read")
  /// Modules may be live patches.
  public static let livepatchTag = KernelChange(
    "livepatch-tag", since: (4, 7),
    vendors: [VendorLine(vendor: .redHat, since: KernelVersion(3, 10), hasIt: true)], .nearest,
    "a module tagged 'livepatch' taints the kernel (K), or is refused without CONFIG_LIVEPATCH",
    source: "check_modinfo_livepatch: kernel/module.c of 4.4 does not look, those of 4.14, 4.19 "
      + "and late RHEL 7 do")
  /// The kernel says that it was patched.
  public static let livepatchWords = KernelChange(
    "livepatch-words", since: (4, 14), .nearest,
    "a line says that a live patch taints the kernel",
    source: "check_modinfo_livepatch: 4.14, 4.19, 5.4 and RHEL 8 have it, RHEL 7 has not; what "
      + "lies between 4.7 and 4.14 was not read")
  /// The command line may name modules that are not to be loaded.
  public static let moduleBlacklist = KernelChange(
    "module-blacklist", since: (4, 8),
    vendors: [VendorLine(vendor: .redHat, since: KernelVersion(3, 10), hasIt: true)], .nearest,
    "module_blacklist= of the command line counts",
    source: "blacklisted: kernel/module.c of 3.10 and 4.4 have no such question, those of 4.14, "
      + "5.4 and late RHEL 7 have")
  /// The kernel says why it refuses.
  public static let blacklistWords = KernelChange(
    "blacklist-words", since: (5, 10), .nearest,
    "a line says that module_blacklist= forbids a module",
    source: "kernel/module.c of 4.14, RHEL 8 and 5.4 refuse in silence, that of 5.10.223 does not")
  /// Modules say that they are guarded against Spectre V2.
  public static let retpolineTag = KernelChange(
    "retpoline-tag", since: (4, 15), .nearest,
    "modules of x86 are tagged 'retpoline', and the kernel complains about others",
    source: "check_modinfo_retpoline: commit caf7501a1b4e; stable lines of 4.4 and 4.14 took it "
      + "over, as phones have them; RHEL 7 has words of its own")
  /// The name in `.modinfo` is looked at.
  public static let infoName = KernelChange(
    "info-name", since: (4, 13), .nearest,
    "messages and module_blacklist= use name= of .modinfo, where there is one",
    source: "setup_load_info: 3.10 and 4.4 have struct module's name only, 4.14 and RHEL 8 both; "
      + "name= itself came with 4.13 (commit 3e2e857f9c3a)")
  /// What stands for a missing name is one text.
  public static let missingNameWords = KernelChange(
    "missing-name-words", since: (5, 0), .nearest,
    "a missing .modinfo and a missing name= are called the same in messages",
    source: "setup_load_info: 4.14 and RHEL 8 have two texts, 5.4 has one; 5.0 was not read")
  /// With a choice at boot, PREEMPT_BUILD stands for preemption in the version magic.
  public static let preemptBuild = KernelChange(
    "preempt-build", since: (5, 19), .nearest,
    "'preempt' in the version magic stands for CONFIG_PREEMPT_BUILD",
    source: "include/linux/vermagic.h: 5.10.223 and 6.1.176 compared")
  /// A module tagged `test` taints the kernel.
  public static let testTaint = KernelChange(
    "test-taint", since: (6, 0), .source, "a module tagged 'test' taints the kernel (N)",
    source: "TAINT_TEST: kernel/panic.c, since 6.0; measured on 5.10 and 6.1")
  /// Taints are set when the module is in the list, and live patches looked at before.
  public static let lateTaints = KernelChange(
    "late-taints", since: (6, 4), .nearest,
    "taints are set once the module is in the list, and the name is looked up early",
    source: "module_augment_kernel_taints, early_mod_check: 6.1.176, 6.6 and 6.12.107 compared")
  /// PowerPC names the newer way of tracing in its version magic.
  public static let patchableEntryMagic = KernelChange(
    "patchable-entry-magic", since: (6, 4), .nearest,
    "the version magic of PowerPC says patchable-function-entry",
    source: "arch/powerpc/include/asm/vermagic.h: 6.1.176 and 6.12.107 compared")
  /// Real time comes before preemption in the version magic.
  public static let realTimeFirst = KernelChange(
    "real-time-first", since: (6, 13), .nearest,
    "the version magic looks at CONFIG_PREEMPT_RT before CONFIG_PREEMPT_BUILD",
    source: "include/linux/vermagic.h: 6.12.107 and 7.2.13 compared")
  /// fwctl can taint the kernel.
  public static let fwctlTaint = KernelChange(
    "fwctl-taint", since: (6, 15), .nearest, "taint J: a device's firmware was changed by fwctl",
    source: "include/linux/panic.h: 6.12.107 and 7.2.13 compared")
  /// Oopses name taints in words.
  public static let verboseTaints = KernelChange(
    "verbose-taints", since: (6, 12), .nearest, "oopses have a line with the taints in words",
    source: "kernel/panic.c, print_tainted_verbose: 6.1.176 and 6.12.107 compared")

  static let infoChanges = [
    outOfTreeTaint, taintWords, unsignedForces, unsignedTaint, livepatchTag, livepatchWords,
    moduleBlacklist, blacklistWords, retpolineTag, infoName, missingNameWords, preemptBuild,
    testTaint, lateTaints,
    patchableEntryMagic, verboseTaints,
    realTimeFirst, fwctlTaint,
  ]
}
