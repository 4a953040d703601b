// What findings of a document rest on besides the module: as in `check` without a policy.

import ELFKit

struct JudgedBy: Sendable {
  private let base: CheckContext
  private let verifier: SignatureVerifier?

  /// Judged by what is known of a kernel, and by its certificates.
  init(_ target: KernelDescription?) throws(SystemError) {
    verifier = try target?.verifier()
    var base = CheckContext()
    base.target = target?.kernel
    base.wantsSignature = verifier != nil
    self.base = base
  }

  /// What is known besides one module.
  func context(of inspection: Inspection) -> CheckContext {
    var context = base
    context.packedHead = inspection.packedHead
    context.fileStem = inspection.fileStem
    context.signatureEvidence = verifier?.evidence(on: inspection.module.image.source)
    return context
  }
}
