// The stages of the load path (kernel/module/main.c, `load_module`) and their order, which differs
// between kernels only in the rows that say so.

/// One stage of loading a module.
public enum LoadStage: String, CaseIterable, Sendable {
  /// Who may load what at all.
  case permission
  /// The kernel decompresses the file.
  case decompression
  /// The signature (`module_sig_check`).
  case signature
  /// The file as such (`elf_validity_check`).
  case elf
  /// `module_blacklist=` of the command line.
  case blacklist
  /// Whether the module was built for this kernel's `struct module` (`check_modstruct_version`).
  case structVersion = "struct-version"
  /// The version magic (`check_modinfo`).
  case vermagic
  /// Livepatches, where the kernel has none (`check_modinfo_livepatch`).
  case livepatch
  /// What the module taints the kernel with.
  case taints
  /// Whether a module of this name is loaded.
  case name
  /// Sections that the machine needs, and sections that must not be.
  case sections
  /// Memory for the module.
  case memory
  /// The module is in the list: its name is taken, its signature known to be missing.
  case registration
  /// Memory for its per-CPU variables.
  case percpu
  /// Tables that the kernel finds by the names of sections (`find_module_sections`).
  case tables
  /// Versions of what it exports.
  case exports
  /// Namespaces that it imports.
  case namespaces
  /// Symbols that it needs (`simplify_symbols`).
  case symbols
  /// Relocations (`apply_relocations`).
  case relocations
  /// What the machine does to code and tables (`post_relocation`).
  case machine
  /// Whether somebody exports the same (`verify_exported_symbols`).
  case duplicateExports = "duplicate-exports"
  /// Those who want to know of modules: live patches, BTF, tracing.
  case notifiers
  /// Parameters (`parse_args`).
  case parameters
  /// `/sys/module` (`mod_sysfs_setup`).
  case sysfs
  /// The module's own code begins to run (`do_init_module`).
  case initialisation = "init"

  /// The stage in words.
  public var title: String {
    switch self {
    case .permission: "permission"
    case .decompression: "decompression"
    case .signature: "signature"
    case .elf: "ELF file"
    case .blacklist: "blacklist"
    case .structVersion: "struct module's version"
    case .vermagic: "version magic"
    case .livepatch: "live patching"
    case .taints: "taints"
    case .name: "name"
    case .sections: "sections"
    case .memory: "memory"
    case .registration: "registration"
    case .percpu: "per-CPU memory"
    case .tables: "tables"
    case .exports: "exports"
    case .namespaces: "namespaces"
    case .symbols: "symbols"
    case .relocations: "relocations"
    case .machine: "code and tables"
    case .duplicateExports: "duplicate exports"
    case .notifiers: "notifiers"
    case .parameters: "parameters"
    case .sysfs: "sysfs"
    case .initialisation: "init"
    }
  }

  /// Whether every kernel, known or not, does it in much the same way: it takes ELF files, and those built
  /// for it.
  var isOfAllKernels: Bool { self == .decompression || self == .elf || self == .vermagic }
}

/// A stage in the order of the load path: with which change it stands there, and without which.
struct LoadPathEntry: Sendable {
  let stage: LoadStage
  let run: @Sendable (inout LoadAttempt) throws(LoadFailure) -> Void
  let with: KernelChange?
  let without: KernelChange?
  /// Whether it asks about the module and not about who loads it, or what else the kernel does then.
  let isQuestion: Bool
  /// Whether the path of a load has it; else only who asks about the module does.
  let isStep: Bool

  init(
    _ stage: LoadStage, with: KernelChange? = nil, without: KernelChange? = nil,
    isQuestion: Bool = true, isStep: Bool = true,
    _ run: @escaping @Sendable (inout LoadAttempt) throws(LoadFailure) -> Void
  ) {
    self.stage = stage
    self.run = run
    self.with = with
    self.isQuestion = isQuestion
    self.isStep = isStep
    self.without = without
  }

  func exists(in kernel: Kernel) -> Bool {
    if let with, !kernel.has(with) { return false }
    if let without { return !kernel.has(without) }
    return true
  }
}

enum LoadPath {
  /// All stages, in order.
  static let entries: [LoadPathEntry] = [
    LoadPathEntry(.permission, isQuestion: false) { (load) throws(LoadFailure) in
      try load.checkPermission()
    },
    LoadPathEntry(.decompression, isQuestion: false) { (load) throws(LoadFailure) in
      try load.decompress()
    },
    LoadPathEntry(.signature) { (load) throws(LoadFailure) in try load.checkSignature() },
    LoadPathEntry(.elf) { (load) throws(LoadFailure) in try load.checkFile() },
    LoadPathEntry(.blacklist) { (load) throws(LoadFailure) in try load.checkBlacklist() },
    LoadPathEntry(.structVersion) { (load) throws(LoadFailure) in try load.checkStructVersion() },
    LoadPathEntry(.vermagic) { (load) throws(LoadFailure) in try load.checkVermagic() },
    LoadPathEntry(.livepatch, with: .lateTaints) { (load) throws(LoadFailure) in
      try load.checkLivepatch()
    },
    LoadPathEntry(.taints, without: .lateTaints, isQuestion: false) { (load) throws(LoadFailure) in
      try load.taintEarly()
    },
    // What ``LoadAttempt/taintEarly()`` asks about the module between its taints.
    LoadPathEntry(.livepatch, without: .lateTaints, isStep: false) { (load) throws(LoadFailure) in
      if load.kernel.has(.livepatchTag) { try load.checkLivepatch() }
    },
    LoadPathEntry(.name, with: .lateTaints) { (load) throws(LoadFailure) in
      try load.checkName()
    },
    LoadPathEntry(.sections) { (load) throws(LoadFailure) in try load.checkSections() },
    LoadPathEntry(.memory) { (load) throws(LoadFailure) in try load.allocate() },
    LoadPathEntry(.registration) { (load) throws(LoadFailure) in
      try load.register()
    },
    LoadPathEntry(.taints, with: .lateTaints, isQuestion: false) { (load) throws(LoadFailure) in
      try load.taintLate()
    },
    LoadPathEntry(.percpu) { (load) throws(LoadFailure) in try load.allocatePerCPU() },
    LoadPathEntry(.tables) { (load) throws(LoadFailure) in try load.findTables() },
    LoadPathEntry(.exports) { (load) throws(LoadFailure) in try load.checkExportVersions() },
    LoadPathEntry(.namespaces, with: .moduleNamespaces) { (load) throws(LoadFailure) in
      try load.checkNamespaces()
    },
    LoadPathEntry(.symbols) { (load) throws(LoadFailure) in try load.resolveSymbols() },
    LoadPathEntry(.relocations) { (load) throws(LoadFailure) in try load.relocate() },
    LoadPathEntry(.machine) { (load) throws(LoadFailure) in try load.finishMachine() },
    LoadPathEntry(.duplicateExports) { (load) throws(LoadFailure) in
      try load.checkDuplicateExports()
    },
    LoadPathEntry(.notifiers) { (load) throws(LoadFailure) in try load.notify() },
    LoadPathEntry(.parameters, isQuestion: false) { (load) throws(LoadFailure) in
      try load.parseArguments()
    },
    LoadPathEntry(.sysfs) { (load) throws(LoadFailure) in try load.makeDirectory() },
    LoadPathEntry(.initialisation) { (load) throws(LoadFailure) in try load.callInit() },
  ]
}
