// What the loader wants of the file as such (kernel/module/main.c: `elf_validity_check` and, before
// 6.4, `setup_load_info`), in the order of each generation.

/// A check of the file that failed.
public struct ELFValidityFailure: Sendable {
  /// The id of the check, such as `elf-section-bounds`.
  public let id: String
  /// What the kernel prints, without the line's prefix; `nil` when it prints nothing.
  public let message: String?
}

/// One check: its place in the order of the checks before and since ``KernelChange/elfValidityCache``
/// (`nil` where it does not exist), the change that brought it, and a function that gives the kernel's
/// words when it fails.
struct ELFValidityCheck: Sendable {
  let id: String
  let early: Int?
  let late: Int?
  let with: KernelChange?
  let without: KernelChange?
  /// What a person should know, one line.
  let summary: String
  let failure: @Sendable (RawModule, ValidityTarget) -> String?

  init(
    _ id: String, _ early: Int?, _ late: Int?, with: KernelChange? = nil,
    without: KernelChange? = nil, _ summary: String,
    failure: @escaping @Sendable (RawModule, ValidityTarget) -> String?
  ) {
    self.id = id
    self.early = early
    self.late = late
    self.with = with
    self.without = without
    self.summary = summary
    self.failure = failure
  }

  /// The change that brought it; `nil` when every kernel has it.
  var since: KernelChange? { with ?? (early == nil ? .elfValidityCache : nil) }

  /// Whether `kernel`, which has its order, asks it.
  func exists(in kernel: Kernel) -> Bool {
    if let with, !kernel.has(with) { return false }
    if let without { return !kernel.has(without) }
    return true
  }
}

/// What the checks have to know about the kernel.
struct ValidityTarget: Sendable {
  let machine: Machine
  /// `sizeof(struct module)`, or `nil` when it is not known.
  let structSize: UInt64?
  /// `name=` of `.modinfo`, or the words that stand for a missing one.
  let name: String
}

enum ELFValidity {
  /// What the kernel prints in place of a name that it has not found.
  static let missingName = "(missing .modinfo section or name field)"

  /// The first failure in the order of `kernel`, or `nil` when the file is valid.
  static func firstFailure(
    _ module: RawModule, _ target: ValidityTarget, _ kernel: Kernel
  ) -> ELFValidityFailure? {
    let all = checks.span
    for index in kernel.has(.elfValidityCache) ? late : early where all[index].exists(in: kernel) {
      if let message = all[index].failure(module, target) {
        return ELFValidityFailure(id: all[index].id, message: message)
      }
    }
    return nil
  }

  /// The order of kernels without ``KernelChange/elfValidityCache``, and of those with it: positions in
  /// ``checks``.
  private static let early = order { $0.early }
  private static let late = order { $0.late }

  private static func order(_ place: (ELFValidityCheck) -> Int?) -> [Int] {
    checks.indices.compactMap { index in place(checks[index]).map { (place: $0, index: index) } }
      .sorted { $0.place < $1.place }.map { $0.index }
  }

  /// All checks; the numbers are their places in the two orders.
  static let checks: [ELFValidityCheck] =
    header + sectionTable + sections + moduleSections + symbols

  private static let header = [
    ELFValidityCheck(
      "elf-header-length", 1, 1, "the file is shorter than an ELF header"
    ) { module, _ in
      module.header == nil ? "Invalid ELF header len \(module.length)" : nil
    },
    ELFValidityCheck("elf-magic", 2, 2, "the file is no ELF file") { module, _ in
      guard let header = module.header else { return nil }
      return header.identification.hasMagic ? nil : "Invalid ELF header magic: != \\x7fELF"
    },
    ELFValidityCheck("elf-type", 3, 3, "the file is not relocatable (ET_REL)") {
      module, _ in
      guard let type = module.header?.type, type != .relocatable else { return nil }
      return "Invalid ELF header type: \(type.rawValue) != 1"
    },
    ELFValidityCheck("elf-machine", 4, 4, "the file is for another machine") {
      module, target in
      guard let header = module.header else { return nil }
      let machine = header.machine
      let loader = target.machine.description?.loader
      if machine == target.machine || loader?.alsoTakes.contains(machine) == true {
        if loader?.takesHeader.map({ $0(header) }) ?? true { return nil }
      }
      return "Invalid architecture in ELF header: \(machine.rawValue)"
    },
    ELFValidityCheck(
      "elf-machine-flags", 5, 5, with: .machineFlags, "the file is for another ABI of the machine"
    ) { module, target in
      guard let header = module.header,
        let takes = target.machine.description?.loader?.takesFlags
      else { return nil }
      return takes(header.flags, module.encoding.byteOrder)
        ? nil : "Invalid module architecture in ELF header: \(header.machine.rawValue)"
    },
  ]

  private static let sectionTable = [
    ELFValidityCheck(
      "elf-section-header-size", 6, 6, "e_shentsize is not 64"
    ) { module, _ in
      guard let header = module.header else { return nil }
      return header.sectionHeaderEntrySize == SectionHeader.byteCount(in: module.encoding)
        ? nil : "Invalid ELF section header size"
    },
    ELFValidityCheck(
      "elf-section-headers", 7, 7, "the section headers do not lie within the file"
    ) { module, _ in
      guard let header = module.header else { return nil }
      let size =
        UInt64(header.sectionHeaderCount) * UInt64(SectionHeader.byteCount(in: module.encoding))
      let isInside =
        header.sectionHeaderOffset < module.length
        && size <= module.length - header.sectionHeaderOffset
      return isInside ? nil : "Invalid ELF section header overflow"
    },
    ELFValidityCheck(
      "elf-name-index", 8, 10, "e_shstrndx names no section"
    ) { module, _ in
      guard let header = module.header else { return nil }
      let (index, count) = (header.sectionNameIndex, header.sectionHeaderCount)
      guard index == 0 || index >= count else { return nil }
      return
        "Invalid ELF section name index: \(index) || e_shstrndx (\(index)) >= e_shnum (\(count))"
    },
    ELFValidityCheck(
      "elf-name-table-bounds", 9, nil, "the section names do not lie within the file"
    ) { module, _ in
      guard let section = module.nameSection else { return nil }
      return module.isInside(section)
        ? nil : "Invalid ELF section hdr(type \(section.type.rawValue))"
    },
    ELFValidityCheck(
      "elf-name-table-type", nil, 11, "the section of names is no string table"
    ) { module, _ in
      guard let section = module.nameSection, section.type != .strtab else { return nil }
      return "Invalid ELF section name table type: \(section.type.rawValue)"
    },
    ELFValidityCheck(
      "elf-name-table-empty", 10, 12, with: .emptyNameTable, "the section of names is empty"
    ) { module, _ in
      guard let section = module.nameSection else { return nil }
      return section.size == 0 ? "empty section name table" : nil
    },
    ELFValidityCheck(
      "elf-name-table-end", 11, 13, "the section of names does not end with a NUL"
    ) { module, _ in
      guard let section = module.nameSection, let bytes = module.bytes(of: section) else {
        return nil
      }
      // 5.10 looks at the byte before an empty table.
      guard !bytes.isEmpty, bytes[bytes.count - 1] != 0 else { return nil }
      return "ELF Spec violation: section name table isn't null terminated"
    },
    ELFValidityCheck("elf-section-0", 12, 8, "section 0 is not empty") { module, _ in
      guard let first = module.headers.first,
        first.type != .null || first.size != 0 || first.address != 0
      else { return nil }
      let type = Int32(bitPattern: first.type.rawValue)
      return "ELF Spec violation: section 0 type(\(type))!=SH_NULL or non-zero len or addr"
    },
  ]

  private static let sections = [
    // In older kernels one loop looks at everything about one section before the next.
    ELFValidityCheck(
      "elf-section", 13, nil, "a section's bytes, link or name lie outside"
    ) { module, _ in
      for (index, section) in module.headers.enumerated().dropFirst()
      where section.type != .null && section.type != .nobits {
        if let failure = linkFailure(section, module) ?? boundsFailure(section, index, module) {
          return failure
        }
        if section.flags.contains(.alloc), let failure = nameFailure(section, index, module) {
          return failure
        }
      }
      return nil
    },
    ELFValidityCheck(
      "elf-section", nil, 9, "a section's bytes lie outside the file"
    ) { module, _ in
      first(module) { section, index in
        section.type == .nobits ? nil : boundsFailure(section, index, module)
      }
    },
    ELFValidityCheck(
      "elf-section-name", nil, 14, "a section's name lies outside the names"
    ) { module, _ in
      first(module) { section, index in nameFailure(section, index, module) }
    },
    ELFValidityCheck(
      "elf-section-link", nil, 17, "the symbol table names no string table"
    ) { module, _ in first(module) { section, _ in linkFailure(section, module) } },
    ELFValidityCheck(
      "multiple-modinfo", 14, 15, with: .looseModinfo, "there are several .modinfo sections"
    ) { module, _ in
      module.sections(named: ".modinfo").count > 1
        ? "Only one .modinfo section must exist." : nil
    },
  ]

  /// The first failure of all sections in use.
  private static func first(
    _ module: RawModule, _ failure: (SectionHeader, Int) -> String?
  ) -> String? {
    for (index, section) in module.headers.enumerated().dropFirst() where section.type != .null {
      if let failure = failure(section, index) { return failure }
    }
    return nil
  }

  private static func boundsFailure(
    _ section: SectionHeader, _ index: Int, _ module: RawModule
  ) -> String? {
    module.isInside(section)
      ? nil : "Invalid ELF section in module (section \(index) type \(section.type.rawValue))"
  }

  private static func linkFailure(_ section: SectionHeader, _ module: RawModule) -> String? {
    let count = UInt32(module.headers.count)
    guard section.type == .symtab, section.link == 0 || section.link >= count else { return nil }
    let link = Int32(bitPattern: section.link)
    return "Invalid ELF sh_link!=SHN_UNDEF(\(link)) or (sh_link(\(link)) >= hdr->e_shnum(\(count))"
  }

  private static func nameFailure(
    _ section: SectionHeader, _ index: Int, _ module: RawModule
  ) -> String? {
    UInt64(section.nameOffset) < module.nameSize
      ? nil
      : "Invalid ELF section name in module (section \(index) type \(section.type.rawValue))"
  }

  private static func structSections(_ module: RawModule) -> [Int] {
    module.sections(named: ThisModule.sectionName)
  }

  /// The number of them that have bytes: the loader does not count others.
  private static func structCount(_ module: RawModule) -> Int {
    structSections(module).count { module.headers[$0].type != .nobits }
  }

  private static let moduleSections = [
    ELFValidityCheck(
      "this-module-missing", 16, nil, with: .structModuleChecks, "there is not one struct module"
    ) { module, target in
      structCount(module) == 1
        ? nil : "module \(target.name): Only one \(ThisModule.sectionName) section must exist."
    },
    ELFValidityCheck(
      "this-module-missing", nil, 16, "there is not one struct module"
    ) { module, target in
      structCount(module) == 1
        ? nil
        : "module \(target.name): Exactly one \(ThisModule.sectionName) section must exist."
    },
    ELFValidityCheck(
      "this-module-size", 19, 19, with: .structModuleChecks, "struct module is not the kernel's"
    ) { module, target in
      guard let index = structSections(module).first, let size = target.structSize,
        module.headers[index].size != size
      else { return nil }
      return "module \(target.name): \(ThisModule.sectionName) section size must match the "
        + "kernel's built struct module size at run time"
    },
    ELFValidityCheck(
      "this-module-not-loaded", 18, 18, with: .structModuleChecks,
      "struct module occupies no memory"
    ) { module, target in
      guard let index = structSections(module).first,
        !module.headers[index].flags.contains(.alloc)
      else { return nil }
      return "module \(target.name): \(ThisModule.sectionName) must occupy memory during process "
        + "execution"
    },
    ELFValidityCheck(
      "stripped-symtab", 15, 20, "the symbol table is missing (stripped?)"
    ) { module, target in
      // Older kernels take the first of several.
      let count = module.headers.count { $0.type == .symtab }
      return count == 0 ? "\(target.name): module has no symbols (stripped?)" : nil
    },
    ELFValidityCheck(
      "several-symtabs", 15, 20, with: .structModuleChecks, "there are several symbol tables"
    ) { module, target in
      let count = module.headers.count { $0.type == .symtab }
      return count > 1 ? "\(target.name): module has no symbols (stripped?)" : nil
    },
    ELFValidityCheck(
      "this-module-missing", 16, 16, without: .structModuleChecks,
      "there is no struct module that is loaded"
    ) { module, target in
      module.loadedSection(named: ThisModule.sectionName) == nil
        ? "\(target.name): No module found in object" : nil
    },
  ]

  private static let symbols = [
    ELFValidityCheck(
      "elf-string-table-type", nil, 21, "the symbols' names are in no string table"
    ) { module, _ in
      guard let section = stringTable(module), section.type != .strtab else { return nil }
      return "Invalid ELF symbol string table type: \(section.type.rawValue)"
    },
    ELFValidityCheck(
      "ext-versions-inconsistent", nil, 22, with: .extendedVersions,
      "extended symbol versions lack a name or a CRC"
    ) { module, _ in extendedVersions(module) },
    ELFValidityCheck(
      "elf-string-table", nil, 23, with: .symbolNameChecks,
      "the string table does not begin and end with NUL"
    ) { module, _ in
      guard let section = stringTable(module), let bytes = module.bytes(of: section) else {
        return nil
      }
      if bytes.isEmpty { return "empty symbol string table" }
      if bytes[0] != 0 { return "symbol string table missing leading NUL" }
      return bytes[bytes.count - 1] == 0 ? nil : "symbol string table isn't NUL terminated"
    },
    ELFValidityCheck(
      "elf-symbol-name", nil, 24, with: .symbolNameChecks,
      "a symbol's name lies outside the string table"
    ) { module, _ in
      guard let table = module.symbolTable, let bytes = module.bytes(of: table),
        let strings = stringTable(module)
      else { return nil }
      let symbols = RecordTable<SymbolRecord>(bytes, module.encoding)
      return symbols.contains { UInt64($0.nameOffset) >= strings.size }
        ? "symbol name out of bounds in string table" : nil
    },
  ]

  private static func stringTable(_ module: RawModule) -> SectionHeader? {
    guard let table = module.symbolTable, table.link < module.headers.count else { return nil }
    return module.headers[Int(table.link)]
  }

  private static func extendedVersions(_ module: RawModule) -> String? {
    let crcs = module.loadedSection(named: "__version_ext_crcs")
    let names = module.loadedSection(named: "__version_ext_names")
    guard let crcs, let names else {
      return crcs == nil && names == nil
        ? nil : "extended version crc+name presence does not match"
    }
    guard let bytes = module.bytes(of: module.headers[names]) else { return nil }
    let count = module.headers[crcs].size / 4
    let found = (0..<bytes.count).count { bytes[$0] == 0 }
    return count > UInt64(found) ? "more extended version crcs than names" : nil
  }
}
