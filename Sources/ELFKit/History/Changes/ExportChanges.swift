// What a module offers: export tables and their versions (kernel/module/main.c:
// `check_export_symbol_versions`; include/linux/export*.h). Rows only, oldest first.

extension KernelChange {
  /// An entry of the export table holds distances instead of addresses on some machines.
  public static let relativeExports = KernelChange(
    "relative-exports", since: (4, 19), .source,
    "an export's entry is two distances of 4 bytes on x86-64 and AArch64, not two addresses",
    source: "include/linux/export.h, CONFIG_HAVE_ARCH_PREL32_RELOCATIONS; cases/ex419.ko")
  /// Exports have namespaces.
  public static let exportNamespaces = KernelChange(
    "export-namespaces", since: (5, 4), .source,
    "an export's entry has a namespace, and modules must import it",
    source: "include/linux/export.h, __kstrtabns_; 4.19 has none")
  /// There are tables for what is to become GPL-only.
  public static let futureExports = KernelChange(
    "future-exports", since: (2, 6), until: (5, 12), .nearest,
    "__ksymtab_gpl_future, __ksymtab_unused and __ksymtab_unused_gpl are read",
    source: "include/linux/module.h: 5.10.223 and 6.1.176 compared")
  /// CRCs are numbers in a table of their own.
  public static let literalCRCs = KernelChange(
    "literal-crcs", since: (5, 19), .nearest,
    "CRCs of exports are numbers in __kcrctab, not values of __crc_ symbols",
    source: "include/linux/export-internal.h: 5.10.223 and 6.1.176 compared")
  /// One table of exports, and a table of flags.
  public static let exportFlags = KernelChange(
    "export-flags", since: (7, 1), .nearest,
    "__kflagstab says which exports are GPL-only; __ksymtab_gpl is ignored",
    source: "kernel/module/main.c: 6.12.107 and 7.2.13 compared")

  static let exportChanges = [
    futureExports, relativeExports, exportNamespaces, literalCRCs, exportFlags,
  ]
}
