// What the kernel looks at in the file as such before it believes anything (kernel/module/main.c:
// `elf_validity_check`, `setup_load_info`; kernel/module.c before 5.19). Rows only, oldest first.

extension KernelChange {
  /// Damage is looked for at all before the file is used.
  public static let elfValidity = KernelChange(
    "elf-validity", since: (5, 10), stable: [StableLine(line: KernelVersion(5, 4), patch: 110)],
    .source, "the ranges, links and names of sections are checked before they are used",
    source: "elf_validity_check: commit ec2a29593c83 (5.12), which the stable lines 5.10 and 5.4 "
      + "(5.4.110) took over; 4.4, 4.14, 4.19 and RHEL 8 have none")
  /// Each kind of damage has a line of its own.
  public static let elfMessages = KernelChange(
    "elf-messages", since: (5, 19), .nearest,
    "each kind of damage to the file has a line of its own, instead of one for all",
    source: "kernel/module/main.c: 5.10.223 and 6.1.176 compared")
  /// The section of names must not be empty.
  public static let emptyNameTable = KernelChange(
    "empty-name-table", since: (5, 19), .nearest, "an empty section of names is refused",
    source: "kernel/module/main.c: 5.10.223 and 6.1.176 compared")
  /// `struct module` and `.modinfo` are looked for by name alone, must be unique and of the right size.
  public static let structModuleChecks = KernelChange(
    "struct-module-checks", since: (6, 4),
    vendors: [
      VendorLine(vendor: .redHat, since: KernelVersion(5, 14), hasIt: false)
    ], .nearest,
    "one .gnu.linkonce.this_module of the kernel's own size and one symbol table are asked for",
    source: "kernel/module/main.c: 6.1.176, 6.6 and 6.12.107 compared; RHEL 9's 5.14 has no test")
  /// `.modinfo` is found whether it is loaded or not, and must be unique.
  public static let looseModinfo = KernelChange(
    "loose-modinfo", since: (6, 4), .nearest,
    ".modinfo is found by its name, whether it is loaded or not, and must be the only one",
    source: "kernel/module/main.c: 6.1.176, 6.6 and 6.12.107 compared")
  /// Flags of the machine's ABI are compared.
  public static let machineFlags = KernelChange(
    "machine-flags", since: (6, 4), .nearest,
    "the ABI of a module (e_flags) is compared with the kernel's on 64-bit PowerPC",
    source: "module_elf_check_arch: 6.1.176 and 6.12.107 compared")
  /// The checks are in functions of their own, in another order, and look at more.
  public static let elfValidityCache = KernelChange(
    "elf-validity-cache", since: (6, 13),
    stable: [StableLine(line: KernelVersion(6, 12), patch: 117)], .nearest,
    "the types of string tables and the names of all sections are checked, in another order",
    source: "elf_validity_cache_*: 6.12.107 and 7.2.13 compared; 6.12.117 has it (truth/arm.md)")
  /// Symbols and their names are checked before they are used.
  public static let symbolNameChecks = KernelChange(
    "symbol-name-checks", since: (6, 14), .nearest,
    "the string table of symbols and the names of symbols are checked",
    source: "elf_validity_cache_strtab: 6.12.107 and 7.2.13 compared")
  /// The kernel decompresses modules that are handed to it compressed.
  public static let decompression = KernelChange(
    "decompression", since: (5, 17), .nearest,
    "finit_module takes compressed files (MODULE_INIT_COMPRESSED_FILE)",
    source: "include/uapi/linux/module.h: 5.10.223 and 6.1.176 compared")

  /// The kernel's xz has filters for two more machines.
  public static let newXZFilters = KernelChange(
    "new-xz-filters", since: (6, 12), .nearest,
    "the kernel's xz knows filters for AArch64 and RISC-V",
    source: "lib/xz/Kconfig: 6.1.176 and 6.12.117 compared")
  /// The kernel's xz has lost one.
  public static let noXZIA64 = KernelChange(
    "no-xz-ia64", since: (6, 12), .nearest, "the kernel's xz has no filter for IA-64 any more",
    source: "lib/xz/Kconfig: 6.1.176 and 6.12.117 compared")

  static let fileChanges = [
    elfValidity, decompression, elfMessages, emptyNameTable, structModuleChecks, looseModinfo,
    machineFlags, elfValidityCache, symbolNameChecks,
    newXZFilters, noXZIA64,
  ]
}
