// Sections: what a machine needs, what must not be, and memory for the rest (kernel/module/main.c,
// `module_enforce_rwx_sections`, `layout_sections`, `move_module`, `percpu_modalloc`;
// arch/*/kernel/module*.c, `module_frob_arch_sections`).

extension LoadAttempt {
  /// The name of the kernel's own is taken.
  mutating func checkName() throws(LoadFailure) {
    guard state.modules.contains(where: { $0.name == name }) else { return }
    try meet(
      LoadProblem(
        "already-loaded", .refuses(.exists), "a module called '\(name)' is loaded already (EEXIST)",
        advice: "a module called '\(name)' is loaded already: unload it first (rmmod)",
        subject: name))
  }

  mutating func checkSections() throws(LoadFailure) {
    guard let image = module?.image else { return }
    try checkMachineSections(image)
    try checkTargets(image)
    guard has(.wxSections) else { return }
    let reflagged = image.header.machine.description?.loader?.reflagged ?? []
    for section in image.sections {
      let flags = section.header.flags
      guard flags.contains(.write), flags.contains(.executable),
        !reflagged.contains(where: { section.name.equals($0) })
      else { continue }
      try meet(
        LoadProblem(
          "wx-section", .refuses(.notExecutable),
          "section '\(section.name)' (index \(section.index)) has invalid WRITE|EXEC flags",
          lines: [
            "\(name): section \(section.name) (index \(section.index)) has invalid WRITE|EXEC flags"
          ], advice: "no section may be writable and executable", in: section),
        if: option(.strictModuleRWX),
        else:
          "CONFIG_STRICT_MODULE_RWX: with it the section '\(section.name)', which can be written and run, is refused (ENOEXEC)"
      )
    }
  }

  private mutating func checkMachineSections(_ image: ELFImage) throws(LoadFailure) {
    // Without a .config one question is asked for all sections that an option decides about.
    var asked: Set<KernelOption> = []
    for need in image.header.machine.description?.loader?.sections ?? [] {
      let isMinded = isMissing(need, in: image)
      if isMinded == false { continue }
      let option = need.option?.rawValue ?? ""
      if isMinded == nil {
        guard let option = need.option, asked.insert(option).inserted else { continue }
        if isSurvey, !need.isUsual { continue }
      }
      let words: ByteText =
        isMinded == nil
        ? "the module has no '\(need.name)': kernels with CONFIG_\(option) refuse it (ENOEXEC)"
        : "the module has no '\(need.name)', which the loader of this machine needs"
      try meet(
        LoadProblem(
          "arch-sections", .refuses(.notExecutable), words,
          lines: need.words.map { [$0.line(name, need.word)] } ?? [],
          advice: "link the module with the kernel's scripts/module.lds"), if: isMinded,
        else:
          "CONFIG_\(option): with it a module without '\(need.name)', which the kernel's scripts/module.lds makes, is refused (ENOEXEC)"
      )
    }
  }

  /// Loaders that count far jumps look at the header of the section that each table changes. One behind
  /// the last is read all the same: what lies in the last page of the file's copy does no harm, and
  /// what lies behind it stops the kernel.
  private mutating func checkTargets(_ image: ELFImage) throws(LoadFailure) {
    guard let since = image.header.machine.description?.loader?.looksUpTargets, has(since) else {
      return
    }
    let table = image.header.sectionHeaderOffset
    let isNarrow = image.encoding.fileClass == .elf32
    // Machines have one kind of table.
    for section in image.sections
    where section.header.type == .rela || section.header.type == .rel && isNarrow {
      let number = UInt64(section.header.info)
      guard number >= UInt64(image.sections.count) else { continue }
      let end = table &+ (number + 1) * UInt64(SectionHeader.byteCount(in: image.encoding))
      if end >= table, end <= (length &+ 4095) & ~4095 { continue }
      try meet(
        LoadProblem(
          "relocation-out-of-range", .corrupts,
          "'\(section.name)' changes section \(number), there are \(image.sections.count): this loader reads where it must not",
          in: section))
      return
    }
  }

  /// Whether the kernel looks for a section that is not there; `nil` when an option decides that is not
  /// known.
  mutating func isMissing(_ need: NeededSection, in image: ELFImage) -> Bool? {
    if image.sections.first(named: need.name) != nil { return false }
    if let besides = need.besides, image.sections.firstAllocated(named: besides) == nil {
      return false
    }
    if let since = need.since, !has(since) { return false }
    if let until = need.until, has(until) { return false }
    return need.option.map { option($0) } ?? true
  }

  /// `layout_sections` counts in 32 bits, and the area for modules is smaller.
  mutating func allocate() throws(LoadFailure) {
    guard let sections = module?.image.sections else { return }
    var total: UInt64 = 0
    for section in sections
    where section.isAllocated && !section.name.starts(with: ".data..percpu") {
      let alignment = UInt64(UInt32(truncatingIfNeeded: section.header.alignment))
      if section.header.alignment != 0, alignment == 0 {
        return try meet(
          LoadProblem(
            "module-memory", .corrupts,
            "the alignment of section '\(section.name)' is none that the kernel can count with: it would lay sections over each other",
            in: section))
      }
      // Each kind of memory is counted by itself; what they have in common is the limit.
      let size = UInt64(UInt32(truncatingIfNeeded: section.header.size))
      total = max(total &+ size, alignment > 4096 ? alignment &+ size : 0)
    }
    guard total >= Self.hugeSize else { return }
    try meet(
      LoadProblem(
        "module-memory", .refuses(.noMemory),
        "the module needs \(total) bytes of memory; there is room for about 1 GiB of modules",
        lines: has(.execmemMessage) ? ["execmem: unable to allocate memory"] : [],
        advice: "the module's memory needs \(total) bytes; there is room for about 1 GiB of modules"
      ))
  }

  /// What no area for modules has room for.
  private static let hugeSize: UInt64 = 1 << 30

  /// The module is put into the list.
  mutating func register() throws(LoadFailure) {
    let isEarly = !has(.lateTaints)
    // A survey has asked a kernel that looks early already.
    if isEarly || !isSurvey { try checkName() }
    if isEarly, !isSurvey { try taintUnsigned() }
  }

  mutating func allocatePerCPU() throws(LoadFailure) {
    guard let section = module?.image.sections.firstAllocated(named: ".data..percpu"),
      section.header.size > 0
    else { return idle() }
    let header = section.header
    let pageSizes = module?.image.header.machine.description?.kernel.pageSizes ?? []
    let page = pageSizes.first ?? 4096
    if header.alignment > page {
      // Larger pages have room for it.
      if pageSizes.count != 1 { assume("the kernel's pages have \(page) bytes") }
      say("\(name): per-cpu alignment \(header.alignment) > \(page)")
    }
    // PERCPU_MODULE_RESERVE and PCPU_MIN_UNIT_SIZE of include/linux/percpu.h.
    guard header.size > 8 << 10 else { return }
    guard header.size > 32 << 10 else {
      leaveOpen(
        "\(header.size) bytes of per-CPU variables: the kernel keeps 8 KiB for all modules")
      return
    }
    try taintKernel(Self.warning)
    try meet(
      LoadProblem(
        "percpu-large", .refuses(.noMemory),
        "\(header.size) bytes for each CPU, aligned to \(header.alignment): ENOMEM",
        lines: [
          "illegal size (\(header.size)) or align (\(header.alignment)) for percpu allocation",
          "\(name): Could not allocate \(header.size) bytes percpu data",
        ], advice: "per-CPU variables of modules have 8 KiB in all: use alloc_percpu()", in: section
      )
    )
  }

  /// The kernel has warned, with a trace of the stack.
  static let warning = Taint.all.first { $0.name == "WARN" } ?? .forcedModule

  mutating func findTables() throws(LoadFailure) {
    guard let image = module?.image else { return }
    let sections = image.sections
    if let ctors = sections.firstAllocated(named: ".ctors"),
      sections.firstAllocated(named: ".init_array") != nil
    {
      let problem = LoadProblem(
        "ctors-and-init-array", .refuses(.invalid), "has both .ctors and .init_array: EINVAL",
        lines: ["\(name): has both .ctors and .init_array."], in: ctors)
      if isSurvey || option(.constructors) == true {
        try meet(problem, if: option(.constructors), else: "CONFIG_CONSTRUCTORS")
      }
    }
    if sections.firstAllocated(named: "__obsparm") != nil {
      say("\(name): Ignoring obsolete parameters")
    }
    if has(.exportFlags) {
      for table in ["__ksymtab_gpl", "__kcrctab_gpl"]
      where sections.firstAllocated(named: table) != nil {
        say("\(name): ignoring obsolete section \(table)")
      }
    }
  }
}
