// x86-64.

extension Machine {
  /// x86-64 (`EM_X86_64`).
  public static var amd64: Self { Self(rawValue: 62) }
}

extension MachineDescription {
  static let amd64 = MachineDescription(
    .amd64, "x86-64",
    MachineFormat(
      relocations: relocations,
      effects: [
        (1, .absolute(8)), (2, .relative(4)), (10, .absolute(4)), (24, .relative(8)),
      ],
      sectionTypes: [0x7000_0001: "X86_64_UNWIND"], sectionFlags: x86SectionFlags,
      sectionIndices: [0xff02: "LARGE_COM"], protections: (0xc000_0002, ["IBT", "SHSTK"]),
      properties: { x86Properties }, unwind: .none),
    MachineKernel(
      option: .amd64, is64Bit: true, byteOrder: .little, pageSizes: [4096], isMemoryMeasured: true,
      vermagic: [],
      saysRetpoline: true, relativeExports: .relativeExports,
      entrySizes: [
        TableEntrySize("__bug_table", since: .bugFormat, 16),
        TableEntrySize(".altinstructions", since: .amd64Alternatives, 14),
        TableEntrySize("__tracepoints_ptrs", 4),
      ]),
    loader: { moduleLoader }, code: { machineCode })

  /// `SHF_X86_64_LARGE`, and what binutils has for all processors of the family.
  static let x86SectionFlags = [
    MachineSectionFlag(0x1000_0000, "l", "large"), MachineSectionFlag(0x4000_0000, "ORDERED"),
  ]
}

/// arch/x86/kernel/module.c.
private let moduleLoader = MachineLoader(
  relocations: [
    TakenRelocations(0, bytes: 0), TakenRelocations(1, bytes: 8),
    TakenRelocations(2, bytes: 4, .distance), TakenRelocations(4, bytes: 4, .distance),
    TakenRelocations(10, bytes: 4, .unsigned), TakenRelocations(11, bytes: 4, .signed),
    TakenRelocations(24, bytes: 8),
  ],
  wantsZeroes: true, isUpper: true, calls: [2, 4],
  refusals: [RelocationRefusal(LoaderWords("module: ", ": Unknown rela relocation: "))],
  ignoredSymbols: ["_GLOBAL_OFFSET_TABLE_"],
  // Records of the unwinder (arch/x86/kernel/unwind_orc.c, `unwind_module_init`).
  pairedTables: [PairedTables(first: (".orc_unwind_ip", 4), second: (".orc_unwind", 6))],
  callTables: [
    CallTable(
      section: "__mcount_loc", symbols: ["__fentry__"], distance: 1, areAddresses: true,
      complaint: "a place in __mcount_loc is no call of __fentry__"),
    CallTable(
      section: ".return_sites", symbols: ["__x86_return_thunk", "__x86_return_skl"], distance: 1,
      complaint: "a place in .return_sites is no jump to __x86_return_thunk"),
  ],
  // objtool writes them (tools/objtool/check.c); arch/x86/kernel/alternative.c reads them.
  patchTables: [
    PatchTable(
      section: ".return_sites", thunks: "__x86_return_thunk", rule: "return-sites-incomplete",
      since: .returnSites),
    PatchTable(
      section: ".retpoline_sites", thunks: "__x86_indirect_thunk_",
      rule: "retpoline-sites-incomplete", since: .retpolineSites),
  ],
  namesTypes: true, patterns: patterns,
  // endbr64: f3 0f 1e fa.
  landingPads: LandingPads(
    option: .kernelIBT, since: .kernelIBT, instructions: [0xfa1e_0ff3], instruction: "endbr64",
    property: "IBT", seals: ".ibt_endbr_seal", pointer: 1, flag: "-fcf-protection=branch",
    oops: nil, processor: "ibt"))

/// `mov $x, %register` and `lea x(%rip), %register` for rdi, rsi, rdx, rcx, r8 and r9 (x86-64 psABI, "Passing").
private let patterns = CodePatterns(
  loads: [
    [[0x48, 0xc7, 0xc7], [0x48, 0x8d, 0x3d]], [[0x48, 0xc7, 0xc6], [0x48, 0x8d, 0x35]],
    [[0x48, 0xc7, 0xc2], [0x48, 0x8d, 0x15]], [[0x48, 0xc7, 0xc1], [0x48, 0x8d, 0x0d]],
    [[0x49, 0xc7, 0xc0], [0x4c, 0x8d, 0x05]], [[0x49, 0xc7, 0xc1], [0x4c, 0x8d, 0x0d]],
  ],
  branches: [0xe8, 0xe9], distance: 2, distances: [2, 4], bias: 4,
  registers: [7, 6, 2, 1], instructions: X86Instructions.set,
  // mov $n, %edi and its like.
  lines: [[0xbf], [0xbe], [0xba], [0xb9], [0x41, 0xb8], [0x41, 0xb9]],
  unprotect: ([0x0f, 0x22], 0xc0...0xc7, "a write to cr0 (mov %…, %cr0)"))

/// x86-64 psABI, table "Relocation Types"; elf.h `R_X86_64_*`.
/// arch/x86/kernel/{alternative,ftrace,jump_label,static_call}.c, arch/x86/include/asm/bug.h.
private let machineCode = MachineCode(
  calls: [CallForm(4, [2, 4], opcode: 0xe8)], localCalls: [.byte(0xe8)],
  patches: [
    PatchedTable("__mcount_loc", 8, .fixed(5)), PatchedTable(".return_sites", 4, .fixed(5)),
    // With the prefix that -mindirect-branch-cs-prefix adds.
    PatchedTable(".retpoline_sites", 4, .fixed(6)), PatchedTable("__jump_table", 16, .fixed(5)),
    PatchedTable(".smp_locks", 4, .fixed(1)), PatchedTable(".static_call_sites", 8, .fixed(5)),
    PatchedTable(".ibt_endbr_seal", 4, .fixed(4)), PatchedTable(".call_sites", 4, .fixed(5)),
    PatchedTable(".parainstructions", 16, .listed(at: 9)),
    PatchedTable(".altinstructions", 12, .listed(at: 10)),
    PatchedTable(".altinstructions", 13, .listed(at: 10)),
    PatchedTable(".altinstructions", 14, .listed(at: 12)),
  ],
  probe: 0xcc,
  words: MachineCode.x86Words)

extension MachineCode {
  /// Instructions of both x86 on which a kernel stops.
  static let x86Words: [(bytes: [UInt8], meaning: String)] = [
    ([0x0f, 0x0b], "ud2, a BUG or WARN"), ([0xcc], "int3"), ([0xf4], "hlt"),
    ([0x0f, 0xb9], "ud1, a check of the compiler's"),
  ]
}

private let relocations = NumberedNames(
  "R_X86_64_",
  """
  #0 NONE 64 PC32 GOT32 PLT32 COPY GLOB_DAT JUMP_SLOT RELATIVE GOTPCREL 32 32S 16 PC16 8 PC8 \
  #16 DTPMOD64 DTPOFF64 TPOFF64 TLSGD TLSLD DTPOFF32 GOTTPOFF TPOFF32 PC64 GOTOFF64 GOTPC32 \
  #27 GOT64 GOTPCREL64 GOTPC64 GOTPLT64 PLTOFF64 SIZE32 SIZE64 GOTPC32_TLSDESC TLSDESC_CALL \
  #36 TLSDESC IRELATIVE RELATIVE64 PC32_BND PLT32_BND GOTPCRELX REX_GOTPCRELX CODE_4_GOTPCRELX \
  #44 CODE_4_GOTTPOFF CODE_4_GOTPC32_TLSDESC CODE_5_GOTPCRELX CODE_5_GOTTPOFF \
  #48 CODE_5_GOTPC32_TLSDESC CODE_6_GOTPCRELX CODE_6_GOTTPOFF CODE_6_GOTPC32_TLSDESC \
  #250 GNU_VTINHERIT GNU_VTENTRY
  """)
