// What the loaders of the machines take and say (arch/*/kernel/module*.c). Rows only, oldest first.

extension KernelChange {
  /// AArch64 has tables of far jumps.
  public static let arm64Tables = KernelChange(
    "arm64-plts", since: (4, 6), .nearest,
    "AArch64 asks for .plt with CONFIG_ARM64_MODULE_PLTS",
    source: "arch/arm64/kernel/module-plts.c: commit fd045f6cd98e; 4.9.170 refuses without .plt")
  /// AArch64 has another one for code that is freed after init.
  public static let arm64InitTable = KernelChange(
    "arm64-init-plt", since: (4, 13), .nearest, "AArch64 asks for .init.plt, too",
    source: "arch/arm64/kernel/module-plts.c: commit 24af6c4e4e0f; 4.9 has .plt alone")
  /// ARM counts far jumps by the sections that relocations change.
  public static let armTables = KernelChange(
    "arm-plts", since: (4, 9), .nearest,
    "ARM sorts the relocations of code and looks up the section that each table changes",
    source: "arch/arm/kernel/module-plts.c; 6.12.117 measured, older ones by report")
  /// ARM takes MOVW and MOVT with distances.
  public static let armPlaceMoves = KernelChange(
    "arm-movw-prel", since: (5, 11), .nearest, "ARM takes MOVW_PREL_NC and MOVT_PREL",
    source: "arch/arm/kernel/module.c; 6.12.117 measured, the version by report")
  /// ARM takes distances that three instructions add up.
  public static let armGroups = KernelChange(
    "arm-group-relocations", since: (5, 18), .nearest,
    "ARM takes ALU_PC_G0_NC, ALU_PC_G1_NC and LDR_PC_G2",
    source: "arch/arm/kernel/module.c; 6.12.117 measured, the version by report")
  /// LoongArch has tables of far jumps.
  public static let loongArchTables = KernelChange(
    "loongarch-plts", since: (5, 19), .nearest, "LoongArch asks for .plt and .plt.idx",
    source: "arch/loongarch/kernel/module-sections.c, new in 5.19; vendors' 4.19 was not read")
  /// LoongArch has a table of addresses.
  public static let loongArchAddresses = KernelChange(
    "loongarch-got", since: (6, 1), .nearest, "LoongArch asks for .got, too, and first",
    source: "arch/loongarch/kernel/module-sections.c: its first version and 6.12.107 compared")
  /// AArch64 looks for its tables of far jumps whatever is configured.
  public static let arm64TablesAlways = KernelChange(
    "arm64-plts-always", since: (6, 4), .nearest,
    "AArch64 asks for .plt and .init.plt without CONFIG_ARM64_MODULE_PLTS",
    source: "arch/arm64/kernel/module-plts.c: 6.1.176 and 6.12.107 compared; the option went in 6.5"
  )
  /// AArch64 has one more jump to the tracer.
  public static let arm64InitTrampoline = KernelChange(
    "arm64-init-trampoline", since: (6, 17),
    stable: [
      StableLine(line: KernelVersion(6, 6), patch: 105),
      StableLine(line: KernelVersion(6, 12), patch: 46),
      StableLine(line: KernelVersion(6, 16), patch: 6),
    ], .nearest,
    "AArch64 asks for .init.text.ftrace_trampoline, too, where functions are traced",
    source:
      "arch/arm64/kernel/module.c, commit a7ed7b9d0ebb; 7.2.13 measured, stable lines by announcements"
  )
  /// AArch64's messages have a prefix.
  public static let arm64Prefix = KernelChange(
    "arm64-prefix", since: (6, 4), .nearest, "messages of AArch64's loader begin with 'Modules: '",
    source: "arch/arm64/kernel/module.c: 6.1.176 and 6.12.107 compared")
  /// More types of relocations on RISC-V, PowerPC and LoongArch.
  public static let moreRelocations = KernelChange(
    "more-relocations", since: (6, 4), .nearest,
    "RISC-V takes SET, ADD and SUB of 6 to 16 bits and ULEB128, PowerPC REL24_NOTOC and PCREL34, "
      + "LoongArch 32_PCREL and 64_PCREL",
    source: "arch/{riscv,powerpc,loongarch}/kernel/module*.c: 6.1.176 and 6.12.107 compared")
  /// x86-64 looks at what a relocation is to change.
  public static let nonzeroTargets = KernelChange(
    "nonzero-targets", since: (4, 15),
    vendors: [VendorLine(vendor: .redHat, since: KernelVersion(3, 10), hasIt: true)], .nearest,
    "x86-64 refuses relocations of bytes that are not zero",
    source: "arch/x86/kernel/module.c: commit eda9cec4c9a1 was not read; late RHEL 7 has it")
  /// x86-64 no longer says that it skips what it refuses.
  public static let nonzeroTargetWords = KernelChange(
    "nonzero-target-words", since: (6, 4), .nearest,
    "x86-64 says 'Invalid relocation target' instead of 'Skipping invalid relocation target'",
    source: "arch/x86/kernel/module.c: 6.1.176 and 6.12.107 compared")
  /// x86-64 names section and entry.
  public static let relocationPlaces = KernelChange(
    "relocation-places", since: (6, 13), .nearest,
    "x86-64 names the section and the number of a relocation that it refuses",
    source: "arch/x86/kernel/module.c: 6.12.107 and 7.2.13 compared")

  static let relocationChanges = [
    arm64Tables, armTables, arm64InitTable, armPlaceMoves, armGroups, loongArchTables,
    loongArchAddresses, arm64TablesAlways, arm64InitTrampoline, arm64Prefix, moreRelocations,
    nonzeroTargets, nonzeroTargetWords, relocationPlaces,
  ]
}
