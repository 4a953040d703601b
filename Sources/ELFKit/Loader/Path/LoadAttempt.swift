// One walk down the load path: what the stages know, and what they leave behind. The stages
// themselves are extensions of it: questions about the module in Problems/, what the kernel does
// besides here. A load stops where the kernel does; a survey asks all questions.

/// The end of an attempt.
struct LoadFailure: Error {
  /// The error that the caller gets; `nil` when the kernel does not survive.
  let errno: Errno?

  init(_ errno: Errno?) { self.errno = errno }
}

/// An attempt to load a module.
struct LoadAttempt {
  let target: TargetKernel
  let request: LoadRequest
  let commandLine: KernelCommandLine
  /// The kernel, as its history knows it.
  let kernel: Kernel
  /// Whether it has versions of symbols; `nil` when it is not known. Asked for each symbol.
  let hasModversions: Bool?

  /// Whether all questions are asked, whatever the kernel would stop at.
  let isSurvey: Bool
  /// What is known of the module already.
  let parts: ModuleParts?
  /// What a survey has met.
  var problems: [LoadProblem] = []
  /// What its words may take.
  var problemAllowance: Allowance
  /// Whether it looks at relocations.
  let asksRelocations: Bool
  /// References to what is freed after init.
  var mismatches = SectionMismatches()

  /// What has been found so far.
  private(set) var prediction = LoadPrediction()
  /// The messages of the stage that runs.
  private var messages: [ByteText] = []
  /// Whether the stage that runs has met a question that it cannot answer.
  private var isOpen = false
  /// Whether the stage that runs has nothing to do.
  private var isIdle = false
  /// What the stage that runs has found.
  private var remark: ByteText?

  /// The kernel's taints and modules.
  var state: KernelState
  /// What the module has tainted itself with.
  var moduleTaints = TaintMask(rawValue: 0)

  // What the stages find out for those that follow.
  /// The file, decompressed when the kernel does that.
  var source: AnyByteSource
  /// The bytes that count: a signature has been cut off.
  var length: UInt64
  /// Whether the signature is good.
  var isSigned = false
  /// The file as bytes.
  var raw: RawModule
  /// The file as a module; set when it has been found valid.
  var module: KernelModule?
  /// `.modinfo`, as this kernel finds it.
  var info = ModuleInfo(.empty(at: 0))
  /// The name in `struct module`.
  var name = ByteSlice.empty(at: 0)
  /// The symbols, once somebody has asked for them.
  private var symbols: SymbolTable??
  /// The versions of symbols that the module records, once somebody has asked for one.
  private var versionIndex: VersionIndex??
  /// What code calls, once a jump from elsewhere has been met.
  var farCalls: Set<FarCall>?
  /// Whether a GPL-only symbol has been bound.
  var usesGPLOnly = false
  /// Non-free modules whose symbols are used, in the order of their first.
  var nonFreeProviders: [ByteSlice] = []
  /// The exports, once they have been read.
  var exports: [ModuleExport] = []
  /// What has been left open about relocations.
  var openRelocations: Set<OpenRelocation> = []

  /// The symbols, read once; `nil` when they cannot be read.
  mutating func symbolTable() -> SymbolTable? {
    if let symbols { return symbols }
    let known = parts?.symbols
    let table = known?.isEmpty == false ? known : module.flatMap { try? $0.image.symbols() }
    symbols = .some(table)
    return table
  }

  /// The versions of symbols that the module records; `nil` without any, or when they are ignored.
  mutating func versions() -> VersionIndex? {
    if let versionIndex { return versionIndex }
    var index: VersionIndex?
    if let image = module?.image, !request.flags.contains(.ignoreModversions) {
      index = VersionIndex(image, isExtendedKnown: has(.extendedVersions))
    }
    versionIndex = .some(index)
    return index
  }

  /// Whether the kernel behaves as `change` says; the prediction is no surer than that.
  mutating func has(_ change: KernelChange) -> Bool {
    rest(on: kernel.certainty(of: change))
    return kernel.has(change)
  }

  /// The prediction is no surer than `certainty`. A survey predicts nothing.
  mutating func rest(on certainty: Certainty) {
    if !isSurvey { prediction.certainty = min(prediction.certainty, certainty) }
  }

  /// Walks down the whole path.
  static func prediction(_ target: TargetKernel, _ request: LoadRequest) -> LoadPrediction {
    var attempt = LoadAttempt(target, request)
    attempt.assumeVersion()
    for entry in LoadPath.entries where entry.isStep && entry.exists(in: attempt.kernel) {
      guard attempt.perform(entry) else { break }
    }
    return attempt.finished()
  }

  /// Asks all questions about `module`; see ``LoadSurvey``.
  static func survey(
    _ module: KernelModule, _ parts: ModuleParts, _ kernel: Kernel, _ target: TargetKernel,
    asksRelocations: Bool
  ) -> LoadSurvey {
    var attempt = LoadAttempt(target, module, parts, kernel, asksRelocations: asksRelocations)
    let path = LoadPath.entries
    for index in path.indices where path[index].isQuestion && path[index].exists(in: kernel) {
      // What ends here is a stage that cannot go on, not the survey.
      do throws(LoadFailure) { try path[index].run(&attempt) } catch { continue }
    }
    return LoadSurvey(problems: attempt.problems, mismatches: attempt.mismatches)
  }

  /// A survey of a module that could be read.
  private init(
    _ target: TargetKernel, _ module: KernelModule, _ parts: ModuleParts, _ kernel: Kernel,
    asksRelocations: Bool
  ) {
    self.asksRelocations = asksRelocations
    self.target = target
    self.kernel = kernel
    hasModversions = target.hasModversions
    self.module = module
    self.parts = parts
    isSurvey = true
    let image = module.image
    problemAllowance = Allowance(for: image.source.size / 4 + (1 << 14))
    request = LoadRequest(image.source, parts.signatureEvidence)
    commandLine = target.commandLine ?? KernelCommandLine()
    state = target.state
    source = image.source
    length = parts.signedSize ?? image.source.size
    raw = RawModule(source, length: length, image.encoding)
  }

  private init(_ target: TargetKernel, _ request: LoadRequest) {
    isSurvey = false
    parts = nil
    asksRelocations = true
    problemAllowance = Allowance(for: 0)
    self.target = target
    hasModversions = target.hasModversions
    self.request = request
    commandLine = target.commandLine ?? KernelCommandLine()
    state = target.state
    source = request.file
    length = request.file.size
    let machine = target.machine
    let encoding = Self.encoding(request.file, machine, target.config)
    raw = RawModule(request.file, length: length, encoding)
    kernel = target.kernel ?? Self.ownKernel(raw) ?? Kernel(Kernel.measured[0])
  }

  /// Byte order and class of the kernel; those of the file where the kernel is not known.
  private static func encoding(
    _ file: AnyByteSource, _ machine: Machine?, _ config: KernelConfig?
  ) -> Encoding {
    let own = (try? ELFImage(asLoaded: file))?.encoding
    let known = machine?.description?.kernel
    let order = known?.byteOrder ?? (machine == nil ? nil : config?.byteOrder)
    // Of machines with kernels of both classes the file tells.
    let fileClass = known?.fileClass ?? own?.fileClass
    return Encoding(order ?? own?.byteOrder ?? .little, fileClass ?? .elf64)
  }

  /// The kernel that the module was built for.
  private static func ownKernel(_ raw: RawModule) -> Kernel? {
    let image = try? ELFImage(asLoaded: raw.source)
    return image.flatMap { try? $0.moduleInfo()?.release }.flatMap { Kernel(release: $0) }
  }

  private mutating func assumeVersion() {
    let version = kernel.version.description
    if target.version == nil {
      assume("the kernel's version is not known: taken as the module's own, \(version)")
    }
    let known = kernel.knowledge
    // What the module itself was built for is a guess at the kernel that it meets.
    prediction.certainty =
      target.version == nil ? min(known.certainty, .nearest) : known.certainty
    if known.certainty == .unknown {
      leaveOpen("what Linux \(version) does with modules: \(known.source)")
    }
  }

  /// Runs one stage; false when the attempt is over.
  private mutating func perform(_ entry: LoadPathEntry) -> Bool {
    messages = []
    (isOpen, isIdle, remark) = (false, false, nil)
    var outcome = LoadPrediction.Outcome.passes
    do throws(LoadFailure) {
      try entry.run(&self)
      if isOpen { outcome = .open } else if isIdle { outcome = .idle }
    } catch {
      if kernel.knowledge.certainty == .unknown, !entry.stage.isOfAllKernels {
        leaveOpen("known kernels refuse it here (\(error.errno?.rawValue ?? "and stop"))")
        outcome = .open
      } else {
        outcome = .fails(error.errno)
      }
    }
    let step = LoadPrediction.Step(
      stage: entry.stage, outcome: outcome, messages: messages, remark: remark)
    prediction.steps.append(step)
    if case .fails = outcome { return false }
    return true
  }

  private consuming func finished() -> LoadPrediction {
    prediction.moduleTaints = moduleTaints
    prediction.name = name
    if prediction.verdict != .fails {
      state.modules.append(
        LoadedModule(
          name: ByteSlice(name.bytes), taints: moduleTaints, exports: exportedSymbols))
    }
    prediction.state = state
    return prediction
  }

  private var exportedSymbols: [ByteSlice: ExportedSymbol] {
    exports.reduce(into: [:]) { symbols, export in
      guard symbols[export.name] == nil else { return }
      // Texts of their own: what is loaded outlives the file it came from.
      let export = export.copied()
      symbols[export.name] = ExportedSymbol(
        name: export.name, crc: export.crc ?? 0, provider: name, isGPLOnly: export.isGPLOnly,
        namespace: export.namespace ?? .empty(at: 0))
    }
  }
}

/// What stages say.
extension LoadAttempt {
  /// The kernel prints a line.
  /// Words of a kernel that nobody has read are not made up.
  mutating func say(_ line: ByteText) {
    if !isSurvey, kernel.knowledge.certainty > .unknown { messages.append(line) }
  }

  /// Something is taken for granted that does not change the verdict.
  mutating func assume(_ text: ByteText) {
    Self.add(text, to: &prediction.assumptions)
  }

  /// What modules offer that are not loaded is missing.
  mutating func miss(_ providers: [ByteSlice]) { prediction.missingProviders = providers }

  /// Something is not known and decides.
  mutating func leaveOpen(_ question: ByteText) {
    if isSurvey { return }
    isOpen = true
    Self.add(question, to: &prediction.openQuestions)
  }

  /// Says in few words what the stage has found.
  mutating func note(_ text: ByteText) { remark = text }

  /// There is nothing about the module that this stage could look at.
  mutating func idle() { isIdle = true }

  /// What to do about what is going to fail, or is open.
  mutating func advise(_ text: ByteText) {
    Self.add(text, to: &prediction.advice)
  }

  /// How many texts of a kind are kept. Damage may be everywhere: what is said about it is bounded,
  /// whatever the size of the file.
  static let mostTexts = 32

  private static func add(_ text: ByteText, to list: inout [ByteText]) {
    if list.count < mostTexts, !list.contains(text) { list.append(text) }
  }
}

/// What stages ask.
extension LoadAttempt {
  /// Whether the kernel was built with `option`; `nil` when that is not known.
  func option(_ option: KernelOption) -> Bool? { target.has(option) }

  /// The same, with what kernels of distributions have when it is not known.
  mutating func option(_ option: KernelOption, usually: Bool) -> Bool {
    if let known = self.option(option) { return known }
    assume("CONFIG_\(option.rawValue)=\(usually ? "y" : "n") is assumed: no .config is known")
    return usually
  }

  /// The name in messages before the module is laid out: `name=` of `.modinfo`, or else that of
  /// `struct module`.
  var infoName: ByteSlice {
    kernel.has(.infoName) || name.isEmpty ? info.first("name") ?? name : name
  }
}

extension TargetKernel {
  /// What this kernel would do with a request. Reads the whole module at most; the cost grows with
  /// its size.
  public func prediction(_ request: LoadRequest) -> LoadPrediction {
    LoadAttempt.prediction(self, request)
  }
}
