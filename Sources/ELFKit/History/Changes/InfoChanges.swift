// What the kernel makes of `.modinfo`: names, taints, the version magic (kernel/module/main.c:
// `check_modinfo`, `module_augment_kernel_taints`; include/linux/vermagic.h). Rows only, oldest first.

extension KernelChange {
  /// A module built out of tree taints the kernel.
  public static let outOfTreeTaint = KernelChange(
    "out-of-tree-taint", since: (3, 2), .nearest,
    "a module without the tag 'intree' taints the kernel (O)",
    source: "TAINT_OOT_MODULE: commit 2449b8ba0745, not read; kernel/module.c of 4.4 has it")
  /// A module without a good signature taints the kernel in a way of its own.
  public static let unsignedTaint = KernelChange(
    "unsigned-taint", since: (3, 15), .nearest,
    "a module without a good signature taints the kernel (E)",
    source: "TAINT_UNSIGNED_MODULE: commit 66cc69e34e86, not read; kernel/module.c of 4.4 has it")
  /// Modules may be live patches.
  public static let livepatchTag = KernelChange(
    "livepatch-tag", since: (4, 7), .nearest,
    "a module tagged 'livepatch' taints the kernel (K), or is refused without CONFIG_LIVEPATCH",
    source: "check_modinfo: kernel/module.c of 4.4 does not look, that of 4.19 does")
  /// The command line may name modules that are not to be loaded.
  public static let moduleBlacklist = KernelChange(
    "module-blacklist", since: (4, 8), .nearest, "module_blacklist= of the command line counts",
    source: "blacklisted: kernel/module.c of 4.4 has no such question, that of 5.10.223 has")
  /// Modules say that they are guarded against Spectre V2.
  public static let retpolineTag = KernelChange(
    "retpoline-tag", since: (4, 15), .nearest,
    "modules of x86 are tagged 'retpoline', and the kernel complains about others",
    source: "check_modinfo_retpoline: commit caf7501a1b4e; older stable lines took it over, too")
  /// The name in `.modinfo` is looked at.
  public static let infoName = KernelChange(
    "info-name", since: (4, 19), .nearest,
    "messages and module_blacklist= use name= of .modinfo, where there is one",
    source: "kernel/module.c: that of 4.4 has struct module's name only, that of 4.19 both")
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
    outOfTreeTaint, unsignedTaint, livepatchTag, moduleBlacklist, retpolineTag, infoName,
    preemptBuild, testTaint, lateTaints,
    patchableEntryMagic, verboseTaints,
    realTimeFirst, fwctlTaint,
  ]
}
