// What a module needs: versions of symbols, namespaces, licences of others (kernel/module/main.c:
// `simplify_symbols`, `resolve_symbol`; kernel/module/version.c). Rows only, oldest first.

extension KernelChange {
  /// A symbol whose version a module does not record is let pass.
  public static let missingVersionsPass = KernelChange(
    "missing-versions-pass", since: (4, 9), .nearest,
    "a symbol without a version in the module is warned of once and let pass, not refused; "
      + "Debian's kernels refuse it all the same",
    source: "check_version: commit faaae2a58143; kernel/module.c of 3.10 and 4.4 refuse, those of "
      + "4.19 and 5.4 warn")
  /// Symbols in sections that are not there are refused.
  public static let symbolIndexCheck = KernelChange(
    "symbol-index-check", since: (5, 19), .nearest,
    "a symbol in a section that is not there is refused, instead of read outside",
    source: "simplify_symbols: 5.10.223 and 6.1.176 compared")
  /// Who uses what a non-free module offers, is non-free.
  public static let inheritedTaint = KernelChange(
    "inherited-taint", since: (5, 9), stable: [StableLine(line: KernelVersion(5, 4), patch: 118)],
    .source,
    "who uses symbols of a non-free module is non-free, too, and may not use GPL-only ones as well",
    source: "inherit_taint: commit 262e6ae7081d (5.9), in review for 5.4.118; kernel/module.c of "
      + "3.10 has none")
  /// The message about an inherited taint names the symbol.
  public static let inheritedTaintSymbol = KernelChange(
    "inherited-taint-symbol", since: (5, 19), .nearest,
    "the messages about what a non-free module offers name the symbol",
    source: "inherit_taint: 5.4, 5.10.223, 5.12 and 6.1.176 compared")
  /// Symbols may be kept from modules that others have built.
  public static let protectedSymbols = KernelChange(
    "protected-symbols", since: nil,
    vendors: [VendorLine(vendor: .android, since: KernelVersion(6, 1), hasIt: true)], .nearest,
    "a module without the kernel's own signature may use and export only what lists allow (EACCES)",
    source: "kernel/module/main.c and gki_module.c of android14-6.1 (what modules that Google "
      + "signed offer) and android15-6.6 (what the kernel offers, too); android13-5.10 and -5.15 "
      + "have lists of what is forbidden, and their words were not read")
  /// Long names of symbols have sections of their own.
  public static let extendedVersions = KernelChange(
    "extended-versions", since: (6, 14), .nearest,
    "__version_ext_crcs and __version_ext_names hold versions of symbols with long names",
    source: "kernel/module/version.c: 6.12.107 and 7.2.13 compared")
  /// Namespaces may name the modules that may use a symbol.
  public static let moduleNamespaces = KernelChange(
    "module-namespaces", since: (6, 16), .nearest,
    "namespaces that begin with 'module:' name the modules which may use a symbol",
    source: "verify_module_namespace: 6.12.107 and 7.2.13 compared")

  /// All symbols that assemblers make are hidden in traces.
  public static let allMappingSymbols = KernelChange(
    "all-mapping-symbols", since: (6, 4), .nearest,
    "traces never name symbols that begin with 'L0' or '$', as those that assemblers make do",
    source: "is_mapping_symbol, is_arm_mapping_symbol: 6.1.176 and 6.12.117 compared")

  static let symbolChanges = [
    missingVersionsPass, inheritedTaint, protectedSymbols, symbolIndexCheck, inheritedTaintSymbol,
    allMappingSymbols, extendedVersions, moduleNamespaces,
  ]
}
