// Sections: what a machine needs, what must not be, and memory for the rest (kernel/module/main.c,
// `module_enforce_rwx_sections`, `layout_sections`, `move_module`, `percpu_modalloc`;
// arch/*/kernel/module*.c, `module_frob_arch_sections`).

extension LoadAttempt {
  /// The name of the kernel's own is taken.
  mutating func checkName() throws(LoadFailure) {
    guard state.modules.contains(where: { $0.name == name }) else { return }
    advise("a module called '\(name)' is loaded already: unload it first (rmmod)")
    throw LoadFailure(.exists)
  }

  mutating func checkSections() throws(LoadFailure) {
    guard let image = module?.image else { return }
    try checkMachineSections(image)
    for section in image.sections {
      let flags = section.header.flags
      guard flags.contains(.write), flags.contains(.executable) else { continue }
      guard let isStrict = option(.strictModuleRWX) else {
        leaveOpen(
          "CONFIG_STRICT_MODULE_RWX: with it the section '\(section.name)', which can be written and run, is refused (ENOEXEC)"
        )
        return
      }
      guard isStrict else { return }
      say("\(name): section \(section.name) (index \(section.index)) has invalid WRITE|EXEC flags")
      advise("no section may be writable and executable")
      throw LoadFailure(.notExecutable)
    }
  }

  private mutating func checkMachineSections(_ image: ELFImage) throws(LoadFailure) {
    for need in MachineSections.all
    where need.machine == image.header.machine
      && need.isWanted(kernel) && (need.option.map { option($0) == true } ?? true)
    {
      guard let missing = need.names.first(where: { image.sections.first(named: $0) == nil }) else {
        continue
      }
      say(need.message(name, missing))
      advise("link the module with the kernel's scripts/module.lds")
      throw LoadFailure(.notExecutable)
    }
  }

  /// `layout_sections` counts in 32 bits, and the area for modules is smaller.
  mutating func allocate() throws(LoadFailure) {
    guard let sections = module?.image.sections else { return }
    var total: UInt64 = 0
    for section in sections
    where section.isAllocated && !section.name.starts(with: ".data..percpu") {
      let alignment = UInt64(UInt32(truncatingIfNeeded: section.header.alignment))
      if section.header.alignment != 0, alignment == 0 {
        leaveOpen(
          "the alignment of section '\(section.name)' is none that the kernel can count with: it would lay sections over each other"
        )
        return
      }
      // Each kind of memory is counted by itself; what they have in common is the limit.
      let size = UInt64(UInt32(truncatingIfNeeded: section.header.size))
      total = max(total &+ size, alignment > 4096 ? alignment &+ size : 0)
    }
    guard total >= Self.hugeSize else { return }
    if has(.execmemMessage) { say("execmem: unable to allocate memory") }
    advise("the module's memory needs \(total) bytes; there is room for about 1 GiB of modules")
    throw LoadFailure(.noMemory)
  }

  /// What no area for modules has room for.
  private static let hugeSize: UInt64 = 1 << 30

  /// The module is put into the list.
  mutating func register() throws(LoadFailure) {
    try checkName()
    if !has(.lateTaints) { try taintUnsigned() }
  }

  mutating func allocatePerCPU() throws(LoadFailure) {
    guard let section = module?.image.sections.firstAllocated(named: ".data..percpu"),
      section.header.size > 0
    else { return idle() }
    let header = section.header
    if header.alignment > 4096 {
      say("\(name): per-cpu alignment \(header.alignment) > 4096")
    }
    // PERCPU_MODULE_RESERVE and PCPU_MIN_UNIT_SIZE of include/linux/percpu.h.
    guard header.size > 8 << 10 else { return }
    guard header.size > 32 << 10 else {
      leaveOpen(
        "\(header.size) bytes of per-CPU variables: the kernel keeps 8 KiB for all modules")
      return
    }
    try taintKernel(Self.warning)
    say("illegal size (\(header.size)) or align (\(header.alignment)) for percpu allocation")
    say("\(name): Could not allocate \(header.size) bytes percpu data")
    advise("per-CPU variables of modules have 8 KiB in all: use alloc_percpu()")
    throw LoadFailure(.noMemory)
  }

  /// The kernel has warned, with a trace of the stack.
  static let warning = Taint.all.first { $0.name == "WARN" } ?? .forcedModule

  mutating func findTables() throws(LoadFailure) {
    guard let image = module?.image else { return }
    let sections = image.sections
    if sections.firstAllocated(named: ".ctors") != nil,
      sections.firstAllocated(named: ".init_array") != nil, option(.constructors) == true
    {
      say("\(name): has both .ctors and .init_array.")
      throw LoadFailure(.invalid)
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

/// Sections that a machine's loader wants to find.
private struct MachineSections {
  let machine: Machine
  let names: [String]
  /// The loaders that look.
  let isWanted: @Sendable (Kernel) -> Bool
  /// The option without which nobody looks.
  let option: KernelOption?
  let message: @Sendable (ByteSlice, String) -> ByteText

  static let all = [
    Self(
      machine: .powerPC64, names: [".stubs"], isWanted: { _ in true }, option: nil,
      message: { name, _ in "module_64: \(name): doesn't contain .stubs." }),
    Self(
      machine: .aarch64, names: [".plt", ".init.plt"], isWanted: { !$0.has(.arm64TablesAlways) },
      option: .arm64PLTs,
      message: { name, _ in "\(name): module PLT section(s) missing" }),
    Self(
      machine: .aarch64, names: [".plt", ".init.plt"], isWanted: { $0.has(.arm64TablesAlways) },
      option: nil,
      message: { name, _ in "\(name): module PLT section(s) missing" }),
    Self(
      machine: .riscv, names: [".plt", ".got", ".got.plt"], isWanted: { _ in true },
      option: .moduleSections,
      message: { name, missing in
        "\(name): module \(MachineSections.riscvWords[missing] ?? "") section(s) missing"
      }),
    Self(
      machine: .loongArch, names: [".got", ".plt", ".plt.idx"], isWanted: { _ in true },
      option: nil,
      message: { name, missing in
        "kmod: \(name): module \(MachineSections.loongArchWords[missing] ?? "") section(s) missing"
      }),
  ]

  private static let riscvWords = [".plt": "PLT", ".got": "GOT", ".got.plt": "GOT.PLT"]
  private static let loongArchWords = [".got": "GOT", ".plt": "PLT", ".plt.idx": "PLT.IDX"]
}
