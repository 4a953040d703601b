// Records in tables of a module whose size has changed. What the sizes are stands with the tables
// (Module/, by machine); here is when. Rows only, oldest first.

extension KernelChange {
  /// The fields of a parameter are in another order.
  public static let parameterFields = KernelChange(
    "parameter-fields", since: (2, 6), .unknown,
    "struct kernel_param has its fields in today's order; 2.6.32 has another",
    source: "cases/param26.ko; the version between 2.6.32 and 3.10 is not known")
  /// A parameter records its module.
  public static let parameterModule = KernelChange(
    "parameter-module", since: (4, 2), .source,
    "struct kernel_param has a pointer to its module: 40 bytes instead of 32",
    source: "include/linux/moduleparam.h; cases/rhel7.ko (4.1 and older)")
  /// Debug messages are in another section.
  public static let dyndbgSection = KernelChange(
    "dyndbg-section", since: (5, 12), .nearest,
    "debug messages are in __dyndbg instead of __verbose", source: "include/linux/dynamic_debug.h")
  /// Entries of PCI tables have a flag for drivers that must be asked for.
  public static let pciOverride = KernelChange(
    "pci-override", since: (5, 16), .nearest,
    "struct pci_device_id has override_only: 40 bytes instead of 32",
    source: "include/linux/mod_devicetable.h: 5.10.223 and 6.1.176 compared")
  /// Alternatives of s390 are shorter.
  public static let s390Alternatives = KernelChange(
    "s390-alternatives", since: (6, 0), .nearest, "struct alt_instr of s390 has 11 bytes",
    source: "arch/s390/include/asm/alternative.h: 5.10.223 and 6.1.176 compared")
  /// Alternatives of x86-64 carry flags of 32 bits.
  public static let amd64Alternatives = KernelChange(
    "amd64-alternatives", since: (6, 3), .nearest, "struct alt_instr of x86-64 has 14 bytes",
    source: "arch/x86/include/asm/alternative.h: 6.1.176 and 6.12.107 compared")
  /// Alternatives of s390 carry a context.
  public static let s390AlternativeContext = KernelChange(
    "s390-alternative-context", since: (6, 10), .nearest, "struct alt_instr of s390 has 13 bytes",
    source: "arch/s390/include/asm/alternative.h: 6.1.176 and 6.12.107 compared")
  /// WARN and BUG keep their text.
  public static let bugFormat = KernelChange(
    "bug-format", since: (7, 0), .nearest,
    "struct bug_entry of x86-64 and s390 has the text of the message: 16 bytes instead of 12",
    source: "include/asm-generic/bug.h: 6.12.107 and 7.2.13 compared")

  static let recordChanges = [
    parameterFields, parameterModule, dyndbgSection, pciOverride, s390Alternatives,
    amd64Alternatives, s390AlternativeContext, bugFormat,
  ]
}
