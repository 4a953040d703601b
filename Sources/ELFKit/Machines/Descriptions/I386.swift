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
    loader: { moduleLoader }, code: { machineCode })
}

/// As on x86-64; tables of addresses have entries of half the size.
private let machineCode = MachineCode(
  calls: [CallForm(4, [2, 4], opcode: 0xe8)], localCalls: [.byte(0xe8)],
  patches: [
    PatchedTable("__mcount_loc", 4, .fixed(5)), PatchedTable(".return_sites", 4, .fixed(5)),
    PatchedTable(".retpoline_sites", 4, .fixed(6)), PatchedTable("__jump_table", 12, .fixed(5)),
    PatchedTable(".smp_locks", 4, .fixed(1)), PatchedTable(".static_call_sites", 8, .fixed(5)),
    PatchedTable(".ibt_endbr_seal", 4, .fixed(4)),
    PatchedTable(".parainstructions", 8, .listed(at: 5)),
    PatchedTable(".altinstructions", 12, .listed(at: 10)),
    PatchedTable(".altinstructions", 13, .listed(at: 10)),
    PatchedTable(".altinstructions", 14, .listed(at: 12)),
  ],
  probe: 0xcc, words: MachineCode.x86Words)

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
private let relocations = NumberedNames(
  "R_386_",
  """
  #0 NONE 32 PC32 GOT32 PLT32 COPY GLOB_DAT JUMP_SLOT RELATIVE GOTOFF GOTPC 32PLT #14 TLS_TPOFF \
  #15 TLS_IE TLS_GOTIE TLS_LE TLS_GD TLS_LDM 16 PC16 8 PC8 TLS_GD_32 TLS_GD_PUSH TLS_GD_CALL \
  #27 TLS_GD_POP TLS_LDM_32 TLS_LDM_PUSH TLS_LDM_CALL TLS_LDM_POP TLS_LDO_32 TLS_IE_32 TLS_LE_32 \
  #35 TLS_DTPMOD32 TLS_DTPOFF32 TLS_TPOFF32 SIZE32 TLS_GOTDESC TLS_DESC_CALL TLS_DESC IRELATIVE \
  #43 GOT32X #200 USED_BY_INTEL_200 #250 GNU_VTINHERIT GNU_VTENTRY
  """)
