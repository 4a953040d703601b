// All facts about one module, gathered once, for the reports that show them together.

import ELFKit

/// The facts of one module. A fact is `nil` or empty when it is missing or its part is damaged.
struct ModuleSummary {
  let path: [UInt8]
  /// The format that the file was compressed with, or `nil`.
  let compression: Compression?
  let image: ELFImage
  let info: ModuleInfo
  let name: ByteSlice?
  let thisModule: ThisModule?
  let parameters: [ModuleParameter]
  let imports: [ModuleImport]
  let exports: [ModuleExport]
  let signature: ModuleSignature?
  /// Who signed it, as the signature claims; `nil` without one, or when its message is damaged.
  let signer: SignedMessage.Signer?
  let signatureOddities: [SignatureOddity]
  /// `nil` when they cannot be told because a part they depend on is damaged.
  let taints: [ModuleTaint]?
  let notes: BuildNotes
  let toolchain: Toolchain?
  let module: KernelModule
  let findings: [Finding]

  init(_ inspection: inout Inspection) {
    path = inspection.path
    compression = inspection.compression
    module = inspection.module
    image = module.image
    let facts = ModuleFacts(module)
    inspection.add(facts.errors)
    info = facts.info
    thisModule = facts.thisModule
    name = thisModule?.name.flatMap { $0.isEmpty ? nil : $0 } ?? info.first("name")
    parameters = ParametersReport.ordered(facts.parameters)
    imports = facts.imports
    exports = facts.exports
    signature = inspection.attempt { module throws(ELFError) in try module.signature() } ?? nil
    signer =
      inspection.attempt { [signature] _ throws(ELFError) in
        try signature?.message()?.firstSigner
      } ?? nil
    signatureOddities = facts.signatureOddities
    taints = inspection.attempt { module throws(ELFError) in try module.taints() }
    notes = module.buildNotes()
    toolchain = inspection.attempt { module throws(ELFError) in try module.toolchain() }
    let found = facts.findings(of: Self.rules)
    if let error = found.error { inspection.add([error]) }
    findings = found.findings.filter { $0.severity > .note }
  }

  /// The taints have rows of their own, and notes are a matter for `check`.
  private static let rules = Rule.all.filter { $0.isDefault && !$0.repeatsTaint }

  /// The name of the section that an entry point lies in.
  func sectionName(_ entry: ThisModule.EntryPoint) -> ByteSlice? {
    entry.section.map { image.sections[$0].name }
  }
}
