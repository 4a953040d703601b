// 32-bit x86.

extension Machine {
  /// 32-bit x86 (`EM_386`).
  public static var i386: Self { Self(rawValue: 3) }
}

extension MachineDescription {
  static let i386 = MachineDescription(
    .i386, "i386",
    MachineFormat(
      relocations: relocations, effects: [(1, .absolute(4)), (2, .relative(4))],
      // `R_386_PC32` and `R_386_PLT32`: code counts from behind them.
      addends: { [AddendRow(2, .bits(32), ahead: 4), AddendRow(4, .bits(32), ahead: 4)] },
      properties: { x86Properties }, unwind: .none),
    MachineKernel(
      option: .i386, byteOrder: .little, pageSizes: [4096], saysRetpoline: true,
      relativeExports: .relativeExports),
    loader: { moduleLoader })
}

/// arch/x86/kernel/module.c.
private let moduleLoader = MachineLoader(
  // The number that was meant for the 486 (`elf_check_arch`).
  alsoTakes: [Machine(rawValue: 6)], entries: .withoutAddends,
  relocations: [TakenRelocations(1...2, bytes: 4), TakenRelocations(4, bytes: 4)],
  calls: [2, 4],
  refusals: [RelocationRefusal(LoaderWords("module: ", ": Unknown relocation: "))],
  ignoredSymbols: ["_GLOBAL_OFFSET_TABLE_"],
  callTables: [
    CallTable(
      section: "__mcount_loc", symbols: ["__fentry__", "mcount"], distance: 1, areAddresses: true,
      complaint: "a place in __mcount_loc is no call of __fentry__")
  ])

/// System V ABI, Intel386 supplement, "Relocation Types"; `R_386_*`.
private let relocations: NameTable = [
  0: "R_386_NONE", 1: "R_386_32", 2: "R_386_PC32", 3: "R_386_GOT32", 4: "R_386_PLT32",
  5: "R_386_COPY", 6: "R_386_GLOB_DAT", 7: "R_386_JUMP_SLOT", 8: "R_386_RELATIVE",
  9: "R_386_GOTOFF", 10: "R_386_GOTPC", 11: "R_386_32PLT", 14: "R_386_TLS_TPOFF",
  15: "R_386_TLS_IE", 16: "R_386_TLS_GOTIE", 17: "R_386_TLS_LE", 18: "R_386_TLS_GD",
  19: "R_386_TLS_LDM", 20: "R_386_16", 21: "R_386_PC16", 22: "R_386_8", 23: "R_386_PC8",
  24: "R_386_TLS_GD_32", 25: "R_386_TLS_GD_PUSH", 26: "R_386_TLS_GD_CALL", 27: "R_386_TLS_GD_POP",
  28: "R_386_TLS_LDM_32", 29: "R_386_TLS_LDM_PUSH", 30: "R_386_TLS_LDM_CALL",
  31: "R_386_TLS_LDM_POP", 32: "R_386_TLS_LDO_32", 33: "R_386_TLS_IE_32", 34: "R_386_TLS_LE_32",
  35: "R_386_TLS_DTPMOD32", 36: "R_386_TLS_DTPOFF32", 37: "R_386_TLS_TPOFF32", 38: "R_386_SIZE32",
  39: "R_386_TLS_GOTDESC", 40: "R_386_TLS_DESC_CALL", 41: "R_386_TLS_DESC", 42: "R_386_IRELATIVE",
  43: "R_386_GOT32X", 200: "R_386_USED_BY_INTEL_200", 250: "R_386_GNU_VTINHERIT",
  251: "R_386_GNU_VTENTRY",
]
