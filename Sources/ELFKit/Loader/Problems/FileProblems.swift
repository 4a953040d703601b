// The file as such: what the kernel checks (Checks/ELFValidity.swift), and what it should and does
// not, so that damage makes it read or write where it must not.

extension LoadAttempt {
  mutating func checkFile() throws(LoadFailure) {
    let info = parts?.info ?? looseInfo()
    let machine = target.machine ?? raw.header?.machine ?? Machine(rawValue: 0)
    if target.machine == nil { assume("the kernel is for the module's own machine") }
    try warnOfNames()
    let validity = ValidityTarget(
      machine: machine, structSize: structModule?.size, name: nameInMessages(info))
    if let failure = ELFValidity.firstFailure(raw, validity, kernel) {
      let isLookedFor =
        has(.elfValidity) || Self.oldChecks.contains(failure.id)
        || failure.message?.hasPrefix("Invalid ELF section in module") == true
      try meet(
        LoadProblem(
          failure.id, isLookedFor ? .refuses(.notExecutable) : .corrupts,
          !isLookedFor
            ? "Linux \(kernel.version.description) does not look: \(failure.message ?? failure.id)"
            : "Linux \(kernel.version.description) refuses it: \(failure.message ?? failure.id)",
          lines: failure.message.map { lines($0) } ?? [],
          advice: failure.id == "elf-machine"
            ? wrongMachine(machine)
            : FileCause.text(
              failure.id, raw, built: info?.first("vermagic"), for: target.release)))
    }
    if isSurvey { return try surveyFile(info) }
    let image: ELFImage
    do throws(ELFError) {
      image = try ELFImage(asLoaded: CutSource(source: source, size: length))
    } catch {
      leaveOpen("the file cannot be read as the kernel does: \(error.description)")
      throw LoadFailure(.notExecutable)
    }
    module = KernelModule(image)
    self.info = info ?? ModuleInfo(.empty(at: 0))
    try checkWhatIsTaken(image, isInfoEmpty: info?.bytes.isEmpty ?? false)
    note("\(image.sections.count) sections, \(length) bytes")
  }

  /// What stands for the module in messages about its file.
  private mutating func nameInMessages(_ info: ModuleInfo?) -> String {
    if has(.infoName) {
      if let own = info?.first("name") { return own.text }
      if has(.missingNameWords) { return ELFValidity.missingName }
      return info == nil ? "(missing .modinfo section)" : "(missing .modinfo name field)"
    }
    let section = raw.sections(named: ThisModule.sectionName).first.map { raw.headers[$0] }
    let bytes = section.flatMap { raw.bytes(of: $0) }
    return bytes.flatMap { ThisModule.name(in: $0, raw.encoding) }?.text ?? ""
  }

  /// What the numbers of two machines mean.
  private func wrongMachine(_ own: Machine) -> ByteText {
    let other = raw.header?.machine ?? Machine(rawValue: 0)
    return
      "the module is for \(other.shortName ?? "machine \(other.rawValue)"), the kernel for \(own.shortName ?? "machine \(own.rawValue)"): build it with that kernel's headers and compiler (ARCH=, CROSS_COMPILE=)"
  }

  /// A survey has the module already.
  private mutating func surveyFile(_ info: ModuleInfo?) throws(LoadFailure) {
    guard let image = module?.image else { return }
    let section = parts?.infoSection
    let isSeen = section?.isAllocated ?? false || kernel.has(.looseModinfo)
    self.info = isSeen ? info ?? ModuleInfo(.empty(at: 0)) : ModuleInfo(.empty(at: 0))
    try checkWhatIsTaken(image, isInfoEmpty: section.map { $0.header.size == 0 } ?? false)
    // What a load finds out when it taints the kernel.
    let license = self.info.first("license")
    let isFree = license.map(License.isGPLCompatible) ?? false
    if !isFree || KernelModule.isOffender(name) && !name.equals("ndiswrapper") {
      moduleTaints.insert(.proprietaryModule)
    }
  }

  /// What the kernel takes as it is, without a look.
  private mutating func checkWhatIsTaken(
    _ image: ELFImage, isInfoEmpty: Bool
  ) throws(LoadFailure) {
    if isInfoEmpty {
      try meet(
        LoadProblem(
          "modinfo-unterminated", .corrupts,
          ".modinfo has no bytes: the kernel reads what is behind it", section: ".modinfo"))
    }
    try findName(image)
    try checkStruct(image)
    try checkSymbolTable(image)
  }

  /// What kernels without ``KernelChange/elfValidity`` look for (kernel/module.c of 4.4:
  /// `elf_header_check`, `rewrite_section_headers`, `setup_load_info`). Whether links and names of
  /// sections lie within the file, they do not ask.
  private static let oldChecks: Set = [
    "elf-header-length", "elf-magic", "elf-type", "elf-machine", "elf-section-header-size",
    "elf-section-headers", "stripped-symtab", "this-module-missing",
  ]

  /// A kernel without ``KernelChange/elfMessages`` has one line for all damage, and two for sections;
  /// one without ``KernelChange/elfValidity`` a line for sections that do not lie within the file.
  private mutating func lines(_ message: String) -> [ByteText] {
    var lines: [ByteText] = []
    let isOfSection =
      message.hasPrefix("Invalid ELF section in module")
      || message.hasPrefix("Invalid ELF section name in module")
    let isLater = message.hasSuffix("(stripped?)") || message.hasSuffix("found in object")
    guard has(.elfValidity) else {
      if isLater {
        let isNamed = message.hasSuffix("(stripped?)") || has(.infoName)
        return [isNamed ? "\(message)" : "No module found in object"]
      }
      return isOfSection ? ["Module len \(length) truncated"] : []
    }
    let isDetailed = has(.elfMessages)
    if isDetailed || isOfSection || isLater { lines.append("\(message)") }
    if !isDetailed, !isLater { lines.append("Module has invalid ELF structures") }
    return lines
  }

  /// The strings of `.modinfo` as this kernel finds them: in the first section of the name that is
  /// loaded, whatever its type, or (``KernelChange/looseModinfo``) in the first that has bytes.
  private mutating func looseInfo() -> ModuleInfo? {
    let sections = raw.sections(named: ".modinfo").map { raw.headers[$0] }
    let found: SectionHeader? =
      if !has(.looseModinfo) {
        sections.first { $0.flags.contains(.alloc) }
      } else if !has(.elfValidityCache) {
        sections.first { $0.type != .nobits && $0.type != .null }
      } else {
        sections.first
      }
    return found.flatMap { raw.bytes(of: $0) }.map { ModuleInfo($0) }
  }

  /// The kernel's `struct module`: as it is given, or that of a kernel which was measured.
  private var structModule: TargetKernel.StructModule? {
    if let known = target.structModule { return known }
    guard let layout = target.release.flatMap(ModuleLayout.of) else { return nil }
    return TargetKernel.StructModule(
      size: layout.size, initOffset: layout.initOffset, exitOffset: layout.exitOffset)
  }

  private mutating func findName(_ image: ELFImage) throws(LoadFailure) {
    let section =
      image.sections.firstAllocated(named: ThisModule.sectionName)
      ?? image.sections.first(named: ThisModule.sectionName)
    guard let section, let bytes = raw.bytes(of: section.header),
      let found = ThisModule.name(in: bytes, image.encoding)
    else { return }
    name = found
    if found.count == Int(ThisModule.nameSize(image.encoding)) {
      try meet(
        LoadProblem(
          "name-too-long", .corrupts, "the name in struct module does not end: the kernel reads on",
          subject: found, section: ThisModule.sectionText))
    }
  }

  /// Names that are looked at before they are checked (``KernelChange/structModuleChecks``) or never
  /// (those of sections that are not loaded, without ``KernelChange/elfValidityCache``).
  private mutating func warnOfNames() throws(LoadFailure) {
    guard !has(.elfValidityCache), let names = raw.nameSection, raw.isInside(names) else { return }
    let looksEarly = has(.structModuleChecks)
    for (index, header) in raw.headers.enumerated().dropFirst()
    where header.type != .null && UInt64(header.nameOffset) >= raw.nameSize {
      let isChecked = header.flags.contains(.alloc) && header.type != .nobits
      if isChecked, !looksEarly { continue }
      // What lies within the file's last page can be read, and is then refused.
      let page = (length &+ 4095) & ~4095
      let end = names.offset &+ UInt64(header.nameOffset)
      if isChecked, end < page { continue }
      return try meet(
        LoadProblem(
          "elf-section-name", .corrupts,
          "the name of section \(index) lies outside of the names: this kernel reads where it must not"
        ))
    }
  }

  /// `struct module` is used as it is.
  private mutating func checkStruct(_ image: ELFImage) throws(LoadFailure) {
    guard let section = image.sections.first(named: ThisModule.sectionName) else { return }
    let header = section.header
    if !header.flags.contains(.write) {
      try meetInStruct(
        "this-module-unusable",
        "struct module is in a section that cannot be written: the kernel will crash", section)
    }
    if header.type == .nobits || header.size < ThisModule.nameOffset(image.encoding) {
      try meetInStruct(
        "this-module-unusable", "struct module has no bytes: the kernel will crash", section)
    }
    if image.sections.all(named: ThisModule.sectionName).count > 1 {
      try meetInStruct(
        "this-module-missing",
        "there are several \(ThisModule.sectionName): the kernel takes the first one", section)
    }
    guard let known = structModule else {
      checkStructByVersions()
      return
    }
    let size = known.size
    if header.size != size, !has(.structModuleChecks) {
      // Kernels that look have refused it.
      try meetInStruct(
        "this-module-size",
        "struct module has \(header.size) bytes, the kernel's has \(size): it was built for another kernel",
        section)
    }
    guard known.initOffset != nil || known.exitOffset != nil,
      let own = parts?.thisModule ?? (try? module?.thisModule(symbolTable()))
    else { return }
    for (name, entry, offset, effect) in [
      (
        "init", own.initFunction, known.initOffset,
        "the kernel calls something else or nothing, or refuses it where it keeps a value of its own (ENOEXEC, 'existing value is nonzero')"
      ),
      (
        "exit", own.exitFunction, known.exitOffset,
        "it cannot be unloaded, or not even loaded where the kernel keeps a value of its own (ENOEXEC, 'existing value is nonzero')"
      ),
    ] {
      guard let entry, let offset, entry.fieldOffset != offset else { continue }
      try meetInStruct(
        "this-module-layout",
        "\(name) is at offset \(hex: entry.fieldOffset) of struct module, that kernel has it at \(hex: offset): \(effect)",
        section, advice: "build it with the headers and the .config of that kernel")
    }
  }

  private mutating func meetInStruct(
    _ id: String, _ text: ByteText, _ section: Section, advice: ByteText? = nil
  ) throws(LoadFailure) {
    try meet(LoadProblem(id, .corrupts, text, advice: advice, in: section))
  }

  /// Without the kernel's own size: the version of `module_layout` is made over `struct module`, and
  /// the release in the version magic names the very build.
  private mutating func checkStructByVersions() {
    if isSurvey { return }
    if let kernel = target.symbols["module_layout"]?.crc, kernel != 0,
      let own = versions()?["module_layout"]
    {
      if UInt64(kernel) == own {
        assume("struct module is the kernel's: its version (module_layout) is the same")
      }
      // Another version is refused later, where the kernel looks at it.
      return
    }
    if let magic = info.first("vermagic"), magic == target.expectedVermagic {
      assume("struct module is the kernel's: the version magic is the same")
      return
    }
    if has(.structModuleChecks), target.release != nil || target.vermagic != nil {
      leaveOpen(
        "sizeof(struct module) of the kernel (--reference or --modules tell): it must be the module's"
      )
    }
  }

  /// Names and sections of symbols are taken as they are without ``KernelChange/symbolNameChecks``.
  private mutating func checkSymbolTable(_ image: ELFImage) throws(LoadFailure) {
    guard let symbols = symbolTable() else {
      return try meetInSymbols(
        "elf-symbol-table",
        "the symbol table cannot be read: the kernel would read where it must not")
    }
    if symbols.isEmpty {
      try meetInSymbols(
        "elf-symbol-table", "the symbol table is empty: the kernel reads what is behind it")
    }
    let tables = image.sections.count { $0.header.type == .symtab }
    if tables > 1 {
      try meetInSymbols(
        "several-symtabs", "there are several symbol tables: the kernel mixes them up")
    }
    guard !has(.symbolNameChecks) else { return }
    let strings = symbols.names.bytes
    if strings.isEmpty || strings[strings.count - 1] != 0 {
      try meetInSymbols(
        "elf-string-table",
        "the string table does not end with a NUL: names run into what is behind it")
    }
    let size = UInt64(strings.count)
    if let bad = symbols.records.first(where: { UInt64($0.nameOffset) >= size }) {
      try meetInSymbols(
        "elf-symbol-name",
        "a symbol's name at \(bad.nameOffset) lies outside of the string table: this kernel reads where it must not"
      )
    }
    if let table = image.sections.first(ofType: .symtab),
      let linked = try? image.sections.linked(from: table), linked.header.type != .strtab
    {
      try meetInSymbols(
        "elf-string-table-type", "the names of symbols are in a section that is no string table")
    }
  }

  private mutating func meetInSymbols(_ id: String, _ text: ByteText) throws(LoadFailure) {
    try meet(LoadProblem(id, .corrupts, text, section: ".symtab"))
  }
}

/// A file that ends earlier: a signature has been cut off.
private struct CutSource: ByteSource {
  let source: AnyByteSource
  let size: UInt64

  func slice(
    _ offset: UInt64, _ count: UInt64, in part: ELFError.Part
  ) throws(ELFError) -> ByteSlice {
    guard count <= size, offset <= size - count else {
      throw ELFError(.outOfBounds(count), part, at: offset)
    }
    return try source.slice(offset, count, in: part)
  }
}
