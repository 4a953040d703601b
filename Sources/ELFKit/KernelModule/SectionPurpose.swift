// What the sections of a module are for, and how large their entries are. The names are the
// kernel's (include/asm-generic/vmlinux.lds.h, scripts/module.lds.S, tools/objtool) and the tool
// chain's; machines whose sizes differ have them in their descriptions.

/// What a section is for.
public struct SectionPurpose: Sendable {
  /// In words, without the section's name.
  public let words: String
  /// What its entries are, singular, such as `WARN or BUG site`; `nil` when it is not a table, or
  /// one whose entries have no fixed size.
  public let entry: String?
  fileprivate let size: EntrySize

  /// How large one entry is.
  fileprivate enum EntrySize: Sendable {
    case none
    case bytes(UInt64)
    /// So many pointers.
    case pointers(UInt64)
    /// As the relocations show, which fit one of these, the first that does; where there are none, the
    /// machine's, or else the usual one. With `byImports` entries also agree about which pointers
    /// lead out of the module. `narrow` are the sizes on 32-bit machines, the usual one first.
    case evident(usual: UInt64, among: [UInt64], byImports: Bool, narrow: [UInt64])
    /// Where entries are padded up to so many pointers, but the last may not be.
    case padded(UInt64)
    /// Of an export table, and of the table of CRCs beside the export table that is named.
    case export
    case crc(of: String)
    /// Of `__param`.
    case parameter
    /// Of `__versions`.
    case version
  }

  private init(_ words: String, _ entry: String? = nil, _ size: EntrySize = .none) {
    self.words = words
    self.entry = entry
    self.size = size
  }

  private static func each(_ bytes: UInt64, _ entry: String, _ words: String) -> Self {
    Self(words, entry, .bytes(bytes))
  }

  private static func pointers(_ number: UInt64, _ entry: String, _ words: String) -> Self {
    Self(words, entry, .pointers(number))
  }

  /// A table whose entries have had several sizes.
  private static func either(
    _ usual: UInt64, among sizes: [UInt64], byImports: Bool = false, narrow: [UInt64],
    _ entry: String, _ words: String
  ) -> Self {
    Self(
      words, entry,
      .evident(usual: usual, among: sizes, byImports: byImports, narrow: narrow))
  }

  /// Sections by their whole name.
  fileprivate static let byName: [(String, Self)] = [
    // What the loader itself looks for.
    (".gnu.linkonce.this_module", Self("struct module, filled in by the loader")),
    (".modinfo", Self("licence, parameters, aliases and more as text; not kept")),
    ("__param", Self("what modprobe and sysfs can set", "parameter", .parameter)),
    ("__obsparm", Self("parameters as kernels before 2.6 had them; ignored")),
    ("__versions", Self("CRCs of what it needs; not kept", "symbol version", .version)),
    ("__version_ext_crcs", each(4, "symbol version", "CRCs of what it needs; not kept")),
    ("__version_ext_names", Self("names for __version_ext_crcs; not kept")),
    ("__ksymtab", export("for everyone")),
    ("__ksymtab_gpl", export("for modules with a GPL-compatible licence")),
    ("__ksymtab_gpl_future", export("to become GPL-only")),
    ("__ksymtab_unused", export("for nobody any more")),
    ("__ksymtab_unused_gpl", export("for nobody any more, GPL-only")),
    ("__kcrctab", crc("__ksymtab")),
    ("__kcrctab_gpl", crc("__ksymtab_gpl")),
    ("__kcrctab_gpl_future", crc("__ksymtab_gpl_future")),
    ("__kflagstab", each(1, "flag byte", "which exports are GPL-only")),
    ("__ksymtab_strings", Self("names and namespaces of exports")),
    // Code.
    (".text", Self("code")),
    (".text.unlikely", Self("code for rare cases")),
    (".text.hot", Self("code that runs often")),
    (".text.startup", Self("code that runs at start")),
    (".init.text", Self("code that runs once, on loading; then freed")),
    (".exit.text", Self("code that runs on unloading")),
    (".noinstr.text", Self("code that must not be traced")),
    (".sched.text", Self("code that wait channels leave out")),
    (".static_call.text", Self("trampolines of static calls")),
    (".altinstr_replacement", Self("instructions that replace others on some processors")),
    (".altinstr_aux", Self("code used before alternatives are applied")),
    (".fixup", Self("code that repairs faults")),
    (".text.ftrace_trampoline", Self("room for jumps to the tracer")),
    (".ftrace_trampoline", Self("room for jumps to the tracer")),
    (".init.text.ftrace_trampoline", Self("room for jumps from init code to the tracer")),
    (".plt", Self("room for jumps that are too far")),
    (".init.plt", Self("room for jumps from init code that are too far")),
    (".got", Self("room for addresses of symbols")),
    (".got.plt", Self("room for addresses of functions")),
    (".plt.idx", Self("where each symbol's .plt entry is")),
    (".stubs", Self("room for jumps that are too far")),
    (".toc", Self("addresses that code refers to (table of contents)")),
    (".opd", each(24, "function descriptor", "where functions begin, and the TOC that they use")),
    (".sfpr", Self("code that saves and restores registers")),
    // Data.
    (".rodata", Self("constants")),
    (".data", Self("variables")),
    (".bss", Self("variables that begin as zero")),
    (".data..read_mostly", Self("variables that seldom change")),
    (".data..ro_after_init", Self("variables that are constant once init has run")),
    (".data..percpu", Self("variables of which each CPU has its own")),
    (".data..once", Self("what has been printed or done once already")),
    (".data.once", Self("what has been printed or done once already")),
    (".data..unlikely", Self("variables for rare cases")),
    (".data.unlikely", Self("variables for rare cases")),
    (".data..cacheline_aligned", Self("variables on cache lines of their own")),
    (".data.rel.ro", Self("constants that hold addresses")),
    (".data.rel.ro.local", Self("constants that hold addresses of the module")),
    (".ref.data", Self("variables that may point to init code")),
    (".init.data", Self("variables for init only; then freed")),
    (".init.rodata", Self("constants for init only; then freed")),
    (".exit.data", Self("variables for unloading only")),
    ("__stack_protector_loc", each(4, "place", "where the stack protector's canary is read")),
    // Tables of places in the code.
    (
      "__bug_table",
      either(
        12, among: [8, 12, 16, 24], narrow: [12, 8], "WARN or BUG site", "with file and line")
    ),
    (
      "__ex_table",
      either(
        12, among: [8, 12], byImports: true, narrow: [12, 8], "access that may fault",
        "and what to do then")
    ),
    (".orc_unwind_ip", each(4, "address", "where the layouts of .orc_unwind begin")),
    (".orc_unwind", each(6, "stack layout", "how to walk the stack, address by address")),
    (".orc_header", Self("which layout .orc_unwind has")),
    ("__mcount_loc", pointers(1, "ftrace site", "functions that can be traced")),
    (
      "__patchable_function_entries",
      pointers(1, "patchable function", "functions with room to be patched, as tracing does")
    ),
    (".static_call_sites", each(8, "static call", "patched when their target changes")),
    (
      "__jump_table",
      either(16, among: [24, 16], narrow: [12], "static branch", "patched when a key is switched")
    ),
    (
      ".altinstructions",
      either(
        12, among: [10, 11, 12, 13, 14, 24], narrow: [12, 10, 11, 13, 14], "alternative",
        "instructions that depend on the processor")
    ),
    (".retpoline_sites", each(4, "indirect branch", "patched as the processor needs it")),
    (".return_sites", each(4, "return", "patched as the processor needs it")),
    (".call_sites", each(4, "call", "patched for call depth tracking")),
    (".ibt_endbr_seal", each(4, "function", "never called indirectly, so ENDBR is removed")),
    (".cfi_sites", each(4, "site", "of control flow integrity")),
    (".parainstructions", Self("patched by hypervisors", "site", .padded(2))),
    (
      ".smp_locks",
      either(4, among: [4, 8], narrow: [4], "lock prefix", "removed on a single processor")
    ),
    ("_error_injection_whitelist", pointers(2, "function", "that may be made to fail")),
    ("_kprobe_blacklist", pointers(1, "function", "that must not be probed")),
    // Tracing, printing, testing.
    // Of 32-bit ARM.
    (".pv_table", each(4, "place", "where addresses of memory are patched in")),
    (".alt.smp.init", each(8, "instruction", "replaced on a single processor; then freed")),
    ("__tracepoints", Self("tracepoints")),
    (
      "__tracepoints_ptrs",
      either(8, among: [4, 8], narrow: [4], "tracepoint", "that can be switched on")
    ),
    ("__tracepoints_strings", Self("names of tracepoints")),
    ("__tracepoint_str", pointers(1, "string", "that traces may refer to")),
    ("__tracepoint_check", Self("tracepoints that are in use")),
    ("_ftrace_events", pointers(1, "trace event", "for perf and ftrace")),
    ("_ftrace_eval_map", pointers(1, "name", "for numbers in trace events")),
    ("__bpf_raw_tp_map", each(32, "tracepoint", "for BPF")),
    ("__dyndbg", debugMessages),
    // Of older kernels (`KernelChange.dyndbgSection`):
    ("__verbose", debugMessages),
    ("__dyndbg_classes", Self("classes of pr_debug messages")),
    (".printk_index", pointers(1, "message", "of printk, as an index")),
    ("__trace_printk_fmt", each(8, "format", "of trace_printk")),
    ("___srcu_struct_ptrs", pointers(1, "SRCU domain", "to set up")),
    (".kunit_test_suites", pointers(1, "test suite", "of KUnit")),
    (".kunit_init_test_suites", pointers(1, "test suite", "of KUnit, run during init")),
    (".codetag.alloc_tags", Self("places that allocate memory, for profiling")),
    (".init.klp_objects", Self("objects that the live patch changes")),
    (".init.klp_funcs", Self("functions that the live patch changes")),
    (".init.eh_frame", Self("unwind data for shadow call stacks; freed")),
    (".eh_frame", Self("unwind data")),
    (".init_array", pointers(1, "constructor", "run before init")),
    (".ctors", pointers(1, "constructor", "run before init")),
    // What stays in the file.
    (".BTF", Self("types for BPF")),
    (".BTF.base", Self("what the types of .BTF refer to in the kernel")),
    (".BTF_ids", each(4, "type id", "that BPF may use")),
    (".comment", Self("compilers")),
    // What the ABIs of machines have (MIPS psABI; "ELF for the Arm Architecture"; RISC-V ELF psABI). No kernel
    // looks at it.
    (".reginfo", Self("which registers the code uses")),
    (".MIPS.options", Self("which registers the code uses")),
    (".MIPS.abiflags", Self("which processors and floating-point ABI the code is for")),
    (".pdr", Self("frames of functions, for debuggers")),
    (".gnu.attributes", Self("which ABI the code is for")),
    (".ARM.attributes", Self("which processors and ABI the code is for")),
    (".riscv.attributes", Self("which extensions the code is for")),
    (".gnu_debuglink", Self("which file holds the debug information")),
    (".llvm_addrsig", Self("which symbols have addresses that matter, for clang's linker")),
    (".export_symbol", Self("what modpost makes exports of: no module has it when it is complete")),
    (".rheldata", Self("what Red Hat's build says of its kernel")),
    (".symtab", each(24, "symbol", "a part is kept for stack traces")),
    (".strtab", Self("names of symbols")),
    (".shstrtab", Self("names of sections")),
    (".symtab_shndx", each(4, "index", "of sections that symbols have no room for")),
    (".note.gnu.build-id", Self("the linker's hash of the content")),
    (".note.gnu.property", Self("what protection the code was built with")),
    (".note.Linux", Self("the kernel's own notes: build salt, LTO")),
    (".note.GNU-stack", Self("asks for a stack; the kernel ignores it")),
  ]

  /// Sections by how their names begin; the first that fits.
  fileprivate static let byPrefix: [(String, Self)] = [
    (".rodata.str", Self("constant strings")),
    (".rodata.cst", Self("constant numbers")),
    (".init.text.", Self("code that runs once, on loading; then freed")),
    (".init.", Self("for init only; then freed")),
    (".exit.", Self("for unloading only")),
    (".text.", Self("code")),
    // Of old kernels, which freed it unless devices may come and go (CONFIG_HOTPLUG).
    (".devinit.", Self("for adding devices")),
    (".devexit.", Self("for removing devices")),
    (".hyp.", Self("for the hypervisor of arm64 (pKVM), in which this part runs")),
    (".rodata.", Self("constants")),
    (".data.rel.ro", Self("constants that hold addresses")),
    (".data.", Self("variables")),
    (".bss.", Self("variables that begin as zero")),
    (".klp.", Self("relocations of a live patch")),
    (".debug_", Self("debug information, never loaded")),
    (".zdebug_", Self("debug information, compressed, never loaded")),
    (".note.", Self("notes")),
    (".discard", Self("for the build only: should have been discarded")),
    ("__ftr_", Self("code that depends on processor features")),
    ("__lwsync_fixup", Self("places of memory barriers")),
    (".nospec_", Self("places of branch protection")),
    (".ARM.exidx", each(8, "function", "how to walk the stack, or where in .ARM.extab that is")),
    (".ARM.extab", Self("how to walk the stack")),
  ]

  private static let debugMessages = either(
    56, among: [40, 56], narrow: [32, 24], "debug message", "of pr_debug, which can be switched on")

  private static func export(_ words: String) -> Self { Self(words, "export", .export) }

  private static func crc(_ table: String) -> Self { Self("of \(table)", "CRC", .crc(of: table)) }

  /// How many entries a section with this header has, or `nil` when they have no fixed size or it
  /// depends on a kernel that is not known. A kernel that writes `sh_entsize` itself, as 7.x does,
  /// knows best.
  fileprivate func entryCount(
    of section: Section, in module: KernelModule, _ kernel: Kernel?
  ) -> UInt64? {
    guard entry != nil else { return nil }
    let header = section.header
    if header.entrySize > 1 { return header.size / header.entrySize }
    var isOdd = false
    let encoding = module.image.encoding
    let pointer = UInt64(encoding.addressSize)
    if case .evident(_, let wide, let byImports, let narrow) = size {
      let sizes = pointer == 8 ? wide : narrow.sorted()
      // A table whose relocations cannot be read has no entries that could be counted.
      guard
        let evidence = try? TableStride.evident(
          in: section, among: sizes, byImports: byImports, module.image)
      else {
        return nil
      }
      if case .size(let bytes) = evidence { return header.size / bytes }
      isOdd = evidence == .contradiction
    }
    // What fits no size that is known is at least a whole number of entries.
    func count(_ bytes: UInt64) -> UInt64? {
      isOdd && header.size % bytes != 0 ? nil : header.size / bytes
    }
    // The machine may have sizes of its own, the newest first.
    let own = module.image.header.machine.description?.kernel.entrySizes ?? []
    let name = own.isEmpty ? .empty(at: 0) : section.name
    for row in own where name.equals(row.section) {
      guard let since = row.since else { return count(row.bytes(encoding)) }
      guard let kernel else { return nil }
      if kernel.has(since) { return count(row.bytes(encoding)) }
    }
    switch size {
    case .none: return nil
    case .evident(let usual, _, _, let narrow):
      return count(pointer == 8 ? usual : narrow.first ?? usual)
    case .pointers(let number): return header.size / (number * pointer)
    case .bytes(let count): return header.size / count
    case .padded(let number):
      let size = number * pointer
      return header.size / size + (header.size % size > 0 ? 1 : 0)
    case .export: return module.exportCount(of: section, kernel)
    case .version:
      return (try? module.image.bytes(of: section)).map {
        UInt64(ModversionTable($0, encoding).count)
      }
    case .crc(let table):
      return module.image.sections.first(named: table).flatMap {
        module.exportCount(of: $0, kernel)
      }
    case .parameter:
      guard header.size > 0, var resolver = try? PointerResolver(module.image) else { return nil }
      let layout = try? module.parameterLayout(of: section, &resolver, kernel)
      return layout.map { header.size / UInt64($0.size) }
    }
  }
}

extension SectionPurpose {
  /// Those by their whole name, by the length of the name: names of one length are few.
  fileprivate static let byLength: [[(String, Self)]] = {
    let longest = byName.map { $0.0.utf8.count }.max() ?? 0
    var lists: [[(String, Self)]] = Array(repeating: [], count: longest + 1)
    for row in byName { lists[row.0.utf8.count].append(row) }
    return lists
  }()
}

extension Section {
  /// What the section is for, or `nil` when nothing is known about its name.
  public var purpose: SectionPurpose? {
    let name = name
    let byLength = SectionPurpose.byLength
    if name.count < byLength.count,
      let (_, purpose) = byLength[name.count].first(where: { name.equals($0.0) })
    {
      return purpose
    }
    return SectionPurpose.byPrefix.first { name.starts(with: $0.0) }?.1
  }
}

extension KernelModule {
  /// The number of entries of `section`, or `nil` when it is no table of entries of known size.
  ///
  /// `kernel` is the one that the module was built for: some sizes depend on it.
  public func entryCount(of section: Section, _ kernel: Kernel?) -> UInt64? {
    entryCount(of: section, section.purpose, kernel)
  }

  /// The same with the section's purpose, where that has been looked up.
  func entryCount(
    of section: Section, _ purpose: SectionPurpose?, _ kernel: Kernel?
  ) -> UInt64? {
    let header = section.header
    switch header.type {
    case .rela: return header.size / UInt64(RelaRecord.byteCount(in: image.encoding))
    case .rel: return header.size / UInt64(RelRecord.byteCount(in: image.encoding))
    default: break
    }
    return purpose?.entryCount(of: section, in: self, kernel)
  }
}
