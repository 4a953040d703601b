// Memory, sysfs and what looks at a complete module (kernel/module/main.c, kernel/module/sysfs.c,
// kernel/bpf/btf.c). Rows only, oldest first.

extension KernelChange {
  /// Sections that can be written and run are refused.
  public static let wxSections = KernelChange(
    "wx-sections", since: (5, 8), .nearest,
    "sections that are writable and executable are refused with CONFIG_STRICT_MODULE_RWX",
    source: "module_enforce_rwx_sections: kernel/module.c of 4.4 and 4.14 have none, that of 5.9 "
      + "has it")
  /// Code that runs on loading stays on PowerPC.
  public static let powerPCKeepsInit = KernelChange(
    "powerpc-keeps-init", since: (2, 6), .source,
    "64-bit PowerPC frees nothing after init; before 5.18 it renames .init… to _init… for that",
    source: "arch/powerpc/kernel/module_64.c: module_frob_arch_sections of 2.6 and later, "
      + "module_init_section since commit d4be60fe66b7")
  /// Each kind of memory is an allocation of its own.
  public static let memoryKinds = KernelChange(
    "memory-kinds", since: (6, 4),
    vendors: [
      VendorLine(vendor: .redHat, since: KernelVersion(5, 14), hasIt: false)
    ], .nearest, "each kind of memory of a module is allocated by itself (struct module_memory)",
    source: "kernel/module/main.c: 6.1.176 and 6.12.107 compared; RHEL 9 took it over in 9.5")
  /// Two sections of one name are an error.
  public static let duplicateSectionFails = KernelChange(
    "duplicate-section-fails", since: (6, 4), .nearest,
    "two loaded sections that are not empty and have one name are refused (EEXIST), not warned of",
    source: "kernel/module/sysfs.c: measured on 6.1 and 6.12")
  /// A mismatch of types can be overlooked, and is then said once.
  public static let btfMismatchOnce = KernelChange(
    "btf-mismatch-once", since: (6, 4), .nearest,
    "types that do not fit and may be overlooked are said of once, in other words",
    source: "btf_module_notify: 6.1.176 and 6.12.107 compared")
  /// A lack of memory is said by the allocator of code.
  public static let execmemMessage = KernelChange(
    "execmem-message", since: (6, 10), .nearest,
    "'execmem: unable to allocate memory' is said when a module does not fit",
    source: "mm/execmem.c: 6.1.176 and 6.12.107 compared")
  /// Modules built out of tree bring the types that their own are differences to.
  public static let baseTypes = KernelChange(
    "base-types", since: (6, 11), .nearest,
    "modules built out of tree bring .BTF.base, the types that their own are differences to",
    source: "kernel/bpf/btf.c, scripts/Makefile.btf: 6.1.176 and 6.12.107 compared")
  /// Types may tell how long their own records are.
  public static let typesLayout = KernelChange(
    "types-layout", since: (7, 1), .nearest,
    ".BTF may have a third section, the layout of its records",
    source: "kernel/bpf/btf.c: 6.1.192 and 7.2.13 compared; those who read BTF took it with 7.1")
  /// Types may have more members, and kinds.
  public static let wideTypes = KernelChange(
    "wide-types", since: (7, 2), .nearest,
    "numbers of a type's members have 24 bits in .BTF, not 16, and those of kinds 7, not 5",
    source: "kernel/bpf/btf.c: 6.1.192 and 7.2.13 compared")
  /// Static calls are constant once init has run.
  public static let readOnlyCallSites = KernelChange(
    "read-only-call-sites", since: (6, 16), .source,
    ".static_call_sites is read-only once init has run",
    source: "module_mark_ro_after_init: its maintainer took it for 6.16-rc1 (linux-modules, March "
      + "2025); sizes of 6.12.118 and 7.2.13 compared")
  /// Debian's kernels for PowerPC have small pages.
  public static let powerPCSmallPages = KernelChange(
    "powerpc-small-pages", since: (6, 10), .nearest,
    "Debian's kernels called powerpc64le have pages of 4 KiB, and others called -64k exist",
    source: "6.1.0-50 has CONFIG_PPC_64K_PAGES; Debian 13's 6.12 has both flavours, and its "
      + "default one small pages (release notes); what lies between was not read")

  static let memoryChanges = [
    wxSections, powerPCKeepsInit, memoryKinds, duplicateSectionFails, btfMismatchOnce,
    execmemMessage, baseTypes, typesLayout, wideTypes, readOnlyCallSites, powerPCSmallPages,
  ]
}
