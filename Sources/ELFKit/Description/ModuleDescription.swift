// All that is known of a module, read once, as one value. What shows a module (a screen, JSON, a page) and
// what compares two of them render or compare this, and look nothing up. Its texts are slices of the file's
// bytes, which live as long as it does.

/// All facts of a module. A part that is damaged leaves its fact empty and its error in ``errors``.
///
/// Two descriptions are equal when all facts are, whichever files they come from.
public struct ModuleDescription: Equatable, Sendable {
  /// The size of the file, decompressed, in bytes.
  public let size: UInt64
  /// The ELF header.
  public let header: FileHeader
  /// How numbers are written.
  public let encoding: Encoding
  /// The name that the kernel will use: that of `struct module`, else `name=`; `nil` without either.
  public let name: ByteSlice?
  /// The strings of `.modinfo`, in the order of the file.
  public let info: ModuleInfo
  /// What notes say about the build.
  public let notes: BuildNotes
  /// The parameters, in the order of `modinfo -p`.
  public let parameters: [ModuleParameter]
  /// `struct module`; `nil` when it is missing.
  public let thisModule: ThisModule?
  /// What it needs.
  public let imports: [ModuleImport]
  /// The version of `module_layout`, that of the structures which the loader shares with modules; `nil`
  /// when none is recorded. A kernel with another one refuses the module.
  public let layoutVersion: UInt32?
  /// What it offers.
  public let exports: [ModuleExport]
  /// The signature; `nil` when there is none.
  public let signature: SignatureDescription?
  /// What is odd about the signature.
  public let signatureOddities: [SignatureOddity]
  /// The taints that the file alone decides; `nil` when a damaged part hides them.
  public let taints: [ModuleTaint]?
  /// The sections and the memory they take.
  public let sections: SectionsDescription
  /// The types for BPF that it brings; `nil` when there are none.
  public let types: ModuleTypes?
  /// What it changes of other code as a live patch; none when it is none.
  public let patchedObjects: [PatchedObject]
  /// What built it; `nil` when a damaged part hides it.
  public let toolchain: Toolchain?
  /// What the rules that were asked for found.
  public let findings: [Finding]
  /// The damage that was met, each once.
  public let errors: [ELFError]

  /// Describes `module`, and what `rules` find in it. The cost grows with the numbers of sections, symbols
  /// and relocations, and with the size of `.modinfo`.
  public init(_ module: KernelModule, _ rules: [Rule]) {
    let facts = ModuleFacts(module)
    var errors = facts.errors
    func attempt<Fact>(_ body: () throws(ELFError) -> Fact) -> Fact? {
      do throws(ELFError) { return try body() } catch {
        if !errors.contains(error) { errors.append(error) }
        return nil
      }
    }
    size = module.image.source.size
    header = module.image.header
    encoding = module.image.encoding
    info = facts.info
    thisModule = facts.thisModule
    name = thisModule?.name.flatMap { $0.isEmpty ? nil : $0 } ?? info.first("name")
    parameters = ModuleParameter.inModinfoOrder(facts.parameters)
    imports = facts.imports
    layoutVersion = facts.versions.layoutVersion
    exports = facts.exports
    // To the rules damage of these is a finding; here it is an error, which is asked for again.
    let signature =
      facts.signature ?? attempt { () throws(ELFError) in try module.signature() } ?? nil
    let message =
      facts.signedMessage ?? attempt { () throws(ELFError) in try signature?.message() } ?? nil
    self.signature = signature.map { SignatureDescription($0, message?.firstSigner) }
    signatureOddities = facts.signatureOddities
    taints = attempt { () throws(ELFError) in try module.taints() }
    notes = module.buildNotes()
    types = attempt { () throws(ELFError) in try module.types() } ?? nil
    patchedObjects =
      attempt { () throws(ELFError) in try module.patchedObjects(facts.info) } ?? []
    toolchain = attempt { () throws(ELFError) in try module.toolchain() }
    sections = SectionsDescription(
      module, info.release.flatMap { Kernel(release: $0) }, release: info.release,
      isLivepatch: info.contains("livepatch"), facts.symbols)
    let found = facts.findings(of: rules)
    findings = found.findings
    if let error = found.error, !errors.contains(error) { errors.append(error) }
    self.errors = errors
  }

  /// The section that an entry point lies in; `nil` when it lies in none.
  public func section(of entry: ThisModule.EntryPoint) -> SectionDescription? {
    guard let section = entry.section, section < sections.list.count else { return nil }
    return sections.list[section]
  }
}
