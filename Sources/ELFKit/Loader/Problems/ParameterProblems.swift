// Arguments (kernel/params.c, `parse_args`), the directory in sysfs, and the end of what a file can
// tell (kernel/module/main.c, `do_init_module`).

extension LoadAttempt {
  mutating func parseArguments() throws(LoadFailure) {
    guard let module else { return }
    let line = KernelArguments(request.arguments)
    guard !line.arguments.isEmpty else { return idle() }
    let parameters: [ModuleParameter]
    do throws(ELFError) { parameters = try module.parameters() } catch {
      leaveOpen("the module's parameters cannot be read: \(error.description)")
      return
    }
    var failure: LoadFailure?
    let ends = line.rest == nil || has(.argumentsEnd)
    var next: KernelArguments? = line
    while let line = next {
      for argument in line.arguments where !(argument.isEndMark && ends) {
        guard let error = try set(argument, parameters) else { continue }
        failure = LoadFailure(error)
        // Kernels of that age go no further.
        if !has(.unknownArgumentsPass) { throw LoadFailure(error) }
      }
      next = ends ? nil : line.rest.map { KernelArguments($0) }
    }
    if let failure { throw failure }
    if ends, let rest = line.rest { say("\(name): parameters '\(rest)' after `--' ignored") }
  }

  /// Sets one parameter; returns the error with which that fails.
  private mutating func set(
    _ argument: KernelArgument, _ parameters: [ModuleParameter]
  ) throws(LoadFailure) -> Errno? {
    guard let parameter = parameters.first(where: { argument.isNamed($0.name) }) else {
      return warnOfUnknown(argument)
    }
    guard let error = try check(argument, parameter) else { return nil }
    var value = argument.value ?? .empty(at: 0)
    // Elements are cut off one by one; the first comma is gone by now.
    if parameter.type == .array {
      value = value[within: 0..<(value.firstIndex(of: UInt8(ascii: ",")) ?? value.count)]
    }
    let words = error == .noSpace ? "too large" : "invalid"
    say("\(name): `\(value)' \(words) for parameter `\(argument.name)'")
    let range =
      parameter.type.standard?.range(module?.image.encoding ?? Encoding(.little)).map { ": \($0)" }
      ?? ""
    advise("parameter '\(parameter.name)' is of type \(parameter.typeName ?? "its own")\(range)")
    return error
  }

  /// No parameter has the argument's name; returns the error of kernels that mind.
  private mutating func warnOfUnknown(_ argument: KernelArgument) -> Errno? {
    var shown = argument.name
    var last = argument.name
    // A prefix is for dynamic debugging, which takes it off.
    if let dot = argument.name.firstIndex(of: UInt8(ascii: ".")) {
      shown = argument.name[within: 0..<dot]
      last = argument.name.suffix(from: dot + 1)
    }
    if last.equals("dyndbg") { return nil }
    let passes = has(.unknownArgumentsPass)
    if passes, argument.name.equals("async_probe") { return nil }
    say(
      passes
        ? "\(name): unknown parameter '\(shown)' ignored"
        : "\(name): Unknown parameter `\(argument.name)'")
    advise("the module has no parameter '\(argument.name)': koinspect params lists them")
    return passes ? nil : .noEntry
  }

  private mutating func check(
    _ argument: KernelArgument, _ parameter: ModuleParameter
  ) throws(LoadFailure) -> Errno? {
    if argument.value == nil, !Self.takesNothing(parameter) { return .invalid }
    if parameter.flags.contains(.hardware), isLockedDown {
      say(
        "Lockdown: \(request.command): unsafe module parameters is restricted; see man kernel_lockdown.7"
      )
      return .notPermitted
    }
    if parameter.flags.contains(.dangerous) {
      say("Setting dangerous option \(parameter.name) - tainting kernel")
      try taintKernel(Self.user)
    }
    switch parameter.type {
    case .standard(let type): return checkScalar(argument.value, type, parameter)
    case .array: return checkArray(argument.value ?? .empty(at: 0), parameter)
    case .string: return checkString(argument.value ?? .empty(at: 0), parameter)
    case .custom:
      leaveOpen("what parameter '\(parameter.name)' takes: its own code decides")
      return nil
    }
  }

  private static let user = Taint.all.first { $0.letter == "U" } ?? .forcedModule

  /// Whether the name alone is an argument.
  private static func takesNothing(_ parameter: ModuleParameter) -> Bool {
    guard case .standard(let standard) = parameter.type else {
      return parameter.accessors?.takesNoArgument ?? (parameter.type == .custom)
    }
    return ["bool", "bool_enable_only", "bint"].contains(standard.name)
  }

  private mutating func checkScalar(
    _ value: ByteSlice?, _ type: StandardParameterType, _ parameter: ModuleParameter
  ) -> Errno? {
    // Values come in only when there is a module that takes them.
    let encoding = module?.image.encoding ?? Encoding(.little)
    let error = KernelValue.check(value, type, kernel, encoding)
    if error == .noSpace { say("\(parameter.name): string parameter too long") }
    return error
  }

  private mutating func checkArray(_ value: ByteSlice, _ parameter: ModuleParameter) -> Errno? {
    guard let shape = parameter.array else {
      leaveOpen("how many values parameter '\(parameter.name)' takes")
      return nil
    }
    var start = 0
    var count: UInt32 = 0
    while true {
      if count == shape.maximum {
        say("\(parameter.name): can only take \(shape.maximum) arguments")
        return .invalid
      }
      let comma = value.firstIndex(of: UInt8(ascii: ","), from: start)
      let element = value[within: start..<(comma ?? value.count)]
      if let type = shape.elementType {
        if let error = checkScalar(element, type, parameter) { return error }
      } else {
        leaveOpen("what the elements of parameter '\(parameter.name)' are: their own code decides")
      }
      count += 1
      guard let comma else { return nil }
      start = comma + 1
    }
  }

  private mutating func checkString(_ value: ByteSlice, _ parameter: ModuleParameter) -> Errno? {
    guard let room = parameter.array?.maximum else { return nil }
    guard UInt64(value.count) >= UInt64(room) else { return nil }
    say("\(parameter.name): string doesn't fit in \(Int64(room) - 1) chars.")
    return .noSpace
  }

  mutating func makeDirectory() throws(LoadFailure) {
    guard let module else { return }
    let isCore = CoreNames.all.contains { name.equals($0) } && has(.elfValidity)
    if isCore || target.builtIns.contains(name) {
      try meet(
        LoadProblem(
          "builtin-clash", .refuses(.invalid), "'\(name)' is built into the kernel",
          lines: ["\(name): module is already loaded"],
          advice: "the kernel has built-in code of this name, with parameters or a version",
          subject: name))
    }
    if !target.hasBuiltIns {
      assume("no built-in code of the kernel is called '\(name)' (--modules)")
    }
    if name.isEmpty {
      try warn("a directory in sysfs without a name")
      try meet(
        LoadProblem(
          "name-empty", .refuses(.invalid), "the module has no name: sysfs refuses it (EINVAL)",
          section: ThisModule.sectionText))
    }
    try makeParameters(module)
    try makeSections(module.image)
  }

  private mutating func makeParameters(_ module: KernelModule) throws(LoadFailure) {
    let parameters = parts?.parameters ?? (try? module.parameters()) ?? []
    var names: Set<ByteSlice> = []
    for parameter in parameters where parameter.permissions != 0 {
      if parameter.permissions & ~0o664 != 0 {
        let mode = String(parameter.permissions, radix: 8)
        say("Attribute \(parameter.name): Invalid permissions 0\(mode)")
        try warn("the mode \(mode) of parameter '\(parameter.name)' is none that sysfs gives")
      }
      guard names.insert(parameter.name).inserted else {
        try meet(
          LoadProblem(
            "param-duplicate", .refuses(.exists), "a second parameter '\(parameter.name)': EEXIST",
            lines: [
              "sysfs: cannot create duplicate filename '/module/\(name)/parameters/\(parameter.name)'"
            ], subject: parameter.name, section: "__param"))
        continue
      }
    }
  }

  /// Every section that is loaded and has bytes is a file below `sections`.
  private mutating func makeSections(_ image: ELFImage) throws(LoadFailure) {
    var names: Set<ByteSlice> = []
    // What is only read while the module is loaded does not count as loaded.
    let dropped = [".modinfo", "__versions", "__version_ext_crcs", "__version_ext_names"]
      .compactMap { image.sections.firstAllocated(named: $0)?.index }
    for section in image.sections where section.isAllocated && section.header.size > 0 {
      if section.header.type == .null || dropped.contains(section.index) { continue }
      if names.insert(section.name).inserted { continue }
      let isRefused = has(.duplicateSectionFails)
      let words = "EEXIST since \(KernelChange.duplicateSectionFails), a warning before"
      try meet(
        LoadProblem(
          "duplicate-alloc-section", isRefused ? .refuses(.exists) : .warns,
          "a second loaded section '\(section.name)': \(words)",
          lines: [
            "sysfs: cannot create duplicate filename '/module/\(name)/sections/\(section.name)'"
          ], advice: "two loaded sections are called '\(section.name)': rename one", in: section))
      // A kernel that only warns gives up all of them.
      if !isSurvey { return }
    }
  }

  /// The module's code runs: from here on nothing is known.
  mutating func callInit() throws(LoadFailure) {
    guard let module else { return }
    let own: ThisModule?
    do throws(ELFError) { own = try parts == nil ? module.thisModule() : parts?.thisModule } catch {
      leaveOpen("where init is cannot be read: \(error.description)")
      return
    }
    if let entry = own?.initFunction {
      if own?.exitFunction == nil, option(.moduleUnload) != false {
        note("it has no exit: lsmod shows it as [permanent], and rmmod fails with EBUSY")
      }
      try checkInit(entry, module)
    }
    try checkTypesOfFunctions(module, own)
    try checkLandingPads(module, own)
  }

  private mutating func checkInit(
    _ entry: ThisModule.EntryPoint, _ module: KernelModule
  ) throws(LoadFailure) {
    if let number = entry.section {
      let section = module.image.sections[number]
      if entry.offset >= section.header.size {
        try meet(
          LoadProblem(
            "init-unusable", .corrupts,
            "init lies outside of section '\(section.name)': the kernel jumps into the void",
            in: section))
      }
    } else {
      try meet(
        LoadProblem(
          "init-unusable", .corrupts, "init is no function of the module's own",
          section: ThisModule.sectionText))
    }
    try warnOfMissing(module)
  }

  /// A function that nothing exports and that is called without a look at its address.
  private mutating func warnOfMissing(_ module: KernelModule) throws(LoadFailure) {
    guard target.symbols.isComplete else { return }
    guard let calls = BlindCalls(module.image) else { return }
    for symbol in calls.symbols where target.symbols[symbol] == nil && target.symbols.isComplete {
      if loadedProvider(of: symbol) != nil { continue }
      try meet(
        LoadProblem(
          "weak-call", .corrupts,
          "'\(symbol)' has no address, and the module calls it without looking",
          subject: symbol))
    }
  }
}

/// Names below `/sys/module` that every kernel has: parameters of its core.
private enum CoreNames {
  static let all = [
    "kernel", "printk", "workqueue", "rcupdate", "rcutree", "spurious", "module", "firmware_class",
  ]
}

/// Functions without an address that code calls without a look: weak ones that nobody may offer, and
/// undefined ones that were made absolute.
private struct BlindCalls {
  private(set) var symbols: [ByteSlice] = []

  init?(_ image: ELFImage) {
    guard let calls = image.header.machine.description?.loader?.calls, !calls.isEmpty,
      let table = try? image.symbols()
    else { return nil }
    var suspects: Set<SymbolIndex> = []
    for (position, record) in table.records.enumerated() where position > 0 {
      let isWeak = record.sectionIndex == .undefined && record.binding == .weak
      let isVoid =
        (record.sectionIndex == .absolute || record.sectionIndex == .livepatch)
        && record.value == 0 && record.type == .none
      if isWeak || isVoid { suspects.insert(SymbolIndex(rawValue: UInt32(position))) }
    }
    if suspects.isEmpty { return nil }
    var called: Set<SymbolIndex> = []
    var seen: Set<SymbolIndex> = []
    for section in image.sections where section.header.type.isRelocations {
      guard let relocations = try? image.relocations(in: section) else { continue }
      for relocation in relocations where suspects.contains(relocation.symbol) {
        if calls.contains(relocation.type) {
          called.insert(relocation.symbol)
        } else {
          seen.insert(relocation.symbol)
        }
      }
    }
    symbols = called.subtracting(seen).sorted().compactMap { table[$0]?.name }
  }
}
