// What rules look at: the facts of a module, read once, and what kernels mind about it.

/// A module's facts. A part that is damaged leaves its fact empty and its error in ``errors``.
public struct ModuleFacts: Sendable {
  /// The module.
  public let module: KernelModule
  /// What is known besides.
  public let context: CheckContext
  /// The strings of `.modinfo`.
  public let info: ModuleInfo
  /// The `.modinfo` section, or `nil`.
  public let infoSection: Section?
  /// Whether ``info`` is all there is: false when the section cannot be read, and nothing can be said
  /// about what it lacks.
  public let isInfoReadable: Bool
  /// The module's `struct module`, or `nil`.
  public let thisModule: ThisModule?
  /// The symbols.
  public let symbols: SymbolTable
  /// The parameters.
  public let parameters: [ModuleParameter]
  /// What it needs.
  public let imports: [ModuleImport]
  /// What it offers.
  public let exports: [ModuleExport]
  /// The versions of what it needs, `module_layout` among them.
  public let versions: [SymbolVersion]
  /// The signature, or `nil`.
  public let signature: ModuleSignature?
  /// Its message, or `nil` when it is damaged or there is none.
  public let signedMessage: SignedMessage?
  /// What is odd about the signature.
  public let signatureOddities: [SignatureOddity]
  /// The kernels that count, oldest first: those asked for, else the one the module was built for, else
  /// all. Of a range of versions these are the oldest and each one that a change came with.
  public let kernels: [Kernel]
  /// What ``kernels`` mind about it.
  public let survey: LoadSurvey
  /// The damage that was met.
  public let errors: [ELFError]

  /// Reads the facts of `module`.
  public init(_ module: KernelModule, _ context: CheckContext = CheckContext()) {
    var errors: [ELFError] = []
    func attempt<Fact>(
      _ missing: Fact, _ body: () throws(ELFError) -> Fact
    ) -> Fact {
      do throws(ELFError) { return try body() } catch {
        if !errors.contains(error) { errors.append(error) }
        return missing
      }
    }
    let image = module.image
    let info = attempt(ModuleInfo(.empty(at: 0))) { () throws(ELFError) in try module.info() }
    isInfoReadable = errors.isEmpty
    self.module = module
    self.context = context
    self.info = info
    infoSection = image.sections.first(named: ".modinfo")
    thisModule = attempt(nil) { () throws(ELFError) in try module.thisModule() }
    symbols = attempt(SymbolTable.empty(image.encoding)) { () throws(ELFError) in
      try image.symbols()
    }
    parameters = attempt([]) { () throws(ELFError) in try module.parameters() }
    imports = attempt([]) { () throws(ELFError) in try module.imports() }
    exports = attempt([]) { () throws(ELFError) in try module.exports() }
    versions = attempt([]) { () throws(ELFError) in try module.versions() }
    // Damage to the signature is a finding.
    signature = try? module.signature()
    signedMessage = try? signature?.message()
    signatureOddities = attempt([]) { () throws(ELFError) in try module.signatureOddities() }
    let built = info.release.flatMap { Kernel(release: $0) }
    kernels =
      context.kernels.map(Kernel.representatives)
      ?? (context.target?.kernel ?? built).map { [$0] } ?? Kernel.all
    var target = context.target ?? TargetKernel()
    if context.target == nil { target.release = info.release }
    let parts = ModuleParts(
      info: info, infoSection: infoSection, thisModule: thisModule, symbols: symbols,
      parameters: parameters,
      exports: exports,
      signedSize: signature?.signedSize, signatureEvidence: context.signatureEvidence)
    survey = LoadSurvey(module, parts, kernels, target)
    self.errors = errors
  }

  /// Who offers which symbols; `nil` when nobody is known.
  var providers: SymbolProviders? {
    context.target.flatMap { $0.symbols.count > 0 ? $0.symbols : nil }
  }

  /// Whether the kernel will take the module as non-free.
  var isProprietary: Bool {
    guard let license = info.first("license") else { return true }
    return !License.isGPLCompatible(license)
  }

  /// The file's sections.
  var sections: SectionTable { module.image.sections }

  /// Whether a kernel that has `change` is among those that count.
  func concerns(_ change: KernelChange) -> Bool { kernels.contains { $0.has(change) } }

  /// Whether the kernels that count have what is `known` of the one that is given, and what those of
  /// distributions have with the change `usual`; `nil` when nothing tells. Where versions are asked for, any
  /// kernel of them may be meant, those of distributions, too.
  func areBuilt(_ known: (TargetKernel) -> Bool?, usual: KernelChange) -> Bool? {
    context.target.flatMap(known)
      ?? (context.kernels != nil || kernels.contains { $0.has(usual) } ? true : nil)
  }

  /// Whether all kernels that count have `change`.
  func allHave(_ change: KernelChange) -> Bool { kernels.allSatisfy { $0.has(change) } }
}

extension ModuleFacts {
  /// Whether the kernel, or who asked, accepts this licence.
  func accepts(_ license: ByteSlice) -> Bool {
    License.isGPLCompatible(license) || context.acceptedLicenses.contains(license)
  }
}
