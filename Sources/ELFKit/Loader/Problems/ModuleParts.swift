// Parts of a module that were read before a survey, so that it does not read them again.

/// What is known of a module already.
struct ModuleParts: Sendable {
  let info: ModuleInfo
  /// The section that ``info`` is from.
  let infoSection: Section?
  let thisModule: ThisModule?
  let symbols: SymbolTable
  let parameters: [ModuleParameter]
  let exports: [ModuleExport]
  /// The number of bytes before the signature, or `nil`.
  let signedSize: UInt64?
  /// What certificates say about the signature; `nil` when nobody has tried it.
  let signatureEvidence: SignatureEvidence?
}
