// What the kernel's own build says of a module (scripts/mod/modpost.c). Rows only, oldest first.

extension KernelChange {
  /// A module without a licence does not link.
  public static let licenseRequired = KernelChange(
    "license-required", since: (5, 12), .source, "modpost refuses a module without a licence",
    source: "scripts/mod/modpost.c: commit 1d6cd3929360; 5.10.223 warns, 6.1.176 refuses")
  /// A module without a description is warned of when warnings are asked for.
  public static let descriptionWanted = KernelChange(
    "description-wanted", since: (6, 12), .nearest,
    "modpost warns of a module without a description with W=1",
    source: "scripts/mod/modpost.c: 6.1.176 and 6.12.107 compared")
  /// A module without a description is warned of.
  public static let descriptionExpected = KernelChange(
    "description-expected", since: (6, 13), .nearest,
    "modpost warns of every module without a description",
    source: "scripts/mod/modpost.c: 6.12.107 and 7.2.13 compared")
  /// CRCs may be made from debug information.
  public static let dwarfCRCs = KernelChange(
    "dwarf-crcs", since: (6, 14), .nearest,
    "CRCs may be made from debug information (gendwarfksyms): others for the same source",
    source: "kernel/module/Kconfig of 7.2.13, GENDWARFKSYMS")

  static let buildChanges = [licenseRequired, descriptionWanted, descriptionExpected, dwarfCRCs]
}
