// Code at which calls through a pointer may not arrive (arch/x86/kernel/cet.c; arch/arm64/kernel/traps.c).

/// Where indirect calls arrive.
extension LoadAttempt {
  /// The kernel calls init through a pointer, and others call what the module's data points to.
  mutating func checkLandingPads(
    _ module: KernelModule, _ own: ThisModule?
  ) throws(LoadFailure) {
    guard let pads = module.image.header.machine.description?.loader?.landingPads,
      has(pads.since), !commandLine.ignoresLandingPads
    else { return }
    if let flags = target.processorFlags {
      guard flags.contains(ByteSlice(Array(pads.processor.utf8))) else { return }
    }
    let isMinded = option(pads.option)
    if isMinded == false { return }
    let places = LandingPlaces(module.image, pads)
    if isMinded == nil, !isSurvey {
      guard let entry = own?.initFunction, places.lacks(entry) else { return }
      return assume(
        "CONFIG_\(pads.option.rawValue)=n is assumed: no .config is known, and init does not begin with \(pads.instruction)"
      )
    }
    // Of a module that nobody meant to be called so there is nothing to say: most kernels do not look.
    if isMinded == nil, !places.areClaimed(by: module) { return }
    if let entry = own?.initFunction, places.lacks(entry) {
      try meetMissing(entry, module.image, pads, isMinded: isMinded)
    }
    guard let symbols = symbolTable() else { return }
    let rest = places.missing(besides: own?.initFunction, symbols)
    try meetMissing(rest.filter { !$0.isExport }, pads, isMinded: isMinded)
    try meetMissing(rest.filter { $0.isExport }, pads, isMinded: isMinded)
  }

  /// Functions that are called through a pointer some time later, or, when they are exported, perhaps.
  private mutating func meetMissing(
    _ functions: [LandingPlaces.Missing], _ pads: LandingPads, isMinded: Bool?
  ) throws(LoadFailure) {
    guard let first = functions.first else { return }
    let text: ByteText =
      "'\(first.name)', which \(first.clause), does not begin with \(pads.instruction)\(others(functions.count - 1)): the kernel stops when it is called through a pointer"
    var problem = LoadProblem(
      "ibt-endbr-missing", .corrupts, text, advice: Self.advice(pads), subject: first.name,
      section: first.section.name, offset: first.section.header.offset &+ first.offset)
    // Those who use what is exported call it by its name, as a rule.
    problem.isCertain = isMinded == true && !first.isExport
    if first.isExport, !isSurvey { return assume(text) }
    assumeProcessor(pads)
    try meet(problem)
    if !isSurvey { advise(Self.advice(pads)) }
  }

  private mutating func assumeProcessor(_ pads: LandingPads) {
    guard target.processorFlags == nil else { return }
    assume("the processor is one that looks where indirect calls arrive (\(pads.property))")
  }

  private func others(_ count: Int) -> ByteText {
    count == 0 ? "" : count == 1 ? ", nor does another" : ", nor do \(count) others"
  }

  private static func advice(_ pads: LandingPads) -> ByteText {
    "build all objects of the module with the kernel's own flags: they lack \(pads.flag), and objects that come ready-made must have it, too"
  }

  /// The kernel dies, or warns with `ibt=warn`, when it calls init.
  private mutating func meetMissing(
    _ entry: ThisModule.EntryPoint, _ image: ELFImage, _ pads: LandingPads, isMinded: Bool?
  ) throws(LoadFailure) {
    let section = entry.section.map { image.sections[$0] }
    let place = "\(entry.symbol)+0x0/0x\(hexSize(of: entry, image)) [\(name)]" as ByteText
    var lines: [ByteText]
    if let oops = pads.oops {
      lines = ["\(oops)"]
    } else {
      let isCET = has(.cetFile)
      lines = ["\(isCET ? "" : "traps: ")Missing ENDBR: \(place)"]
      if !commandLine.warnsOfLandingPads {
        let file = isCET ? "cet.c" : "traps.c"
        let line = kernel.lineOfMissingPad.map { String($0) } ?? "..."
        lines += [
          "------------[ cut here ]------------",
          "kernel BUG at arch/x86/kernel/\(file):\(line)!",
        ]
      }
    }
    let isWarned = commandLine.warnsOfLandingPads && pads.oops == nil
    var problem = LoadProblem(
      "ibt-endbr-missing", isWarned ? .warns : .refuses(nil),
      "init ('\(entry.symbol)') does not begin with \(pads.instruction): a kernel with CONFIG_\(pads.option.rawValue) stops when it calls it",
      lines: lines, advice: Self.advice(pads), subject: entry.symbol, section: section?.name,
      offset: section.map { $0.header.offset &+ entry.offset })
    problem.isCertain = isMinded == true
    assumeProcessor(pads)
    try meet(problem)
    if isWarned { try taintKernel(Self.warning) }
  }

  /// The size of a function as kallsyms counts it, up to the next symbol or to the end of the last page of
  /// code (kernel/module/kallsyms.c, `find_kallsyms_symbol`), in hexadecimal; `...` when other sections may
  /// follow.
  private mutating func hexSize(of entry: ThisModule.EntryPoint, _ image: ELFImage) -> String {
    guard let number = entry.section, let symbols = symbolTable() else { return "..." }
    var next: UInt64?
    for (position, record) in symbols.records.enumerated()
    where record.value > entry.offset && record.nameOffset != 0 && record.type != .section {
      guard record.value < next ?? .max,
        symbols.section(of: record, at: position) == UInt32(number)
      else { continue }
      let name = symbols[position].name
      if name.starts(with: ".L") || name.starts(with: "$") { continue }
      next = record.value
    }
    if let next { return String(next - entry.offset, radix: 16) }
    let isInit = image.sections[number].name.starts(with: ".init")
    let code = image.sections.filter {
      $0.isAllocated && $0.header.flags.contains(.executable) && $0.header.size > 0
        && $0.name.starts(with: ".init") == isInit
    }
    guard code.count == 1, entry.offset < code[0].header.size, code[0].header.size < 1 << 32 else {
      return "..."
    }
    let end = (code[0].header.size + 4095) & ~4095
    return String(end - entry.offset, radix: 16)
  }
}
