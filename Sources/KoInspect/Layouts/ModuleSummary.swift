// What `show` tells about a module: the file it is in, and its description.

import ELFKit

struct ModuleSummary: Sendable {
  let path: [UInt8]
  let compression: Compression?
  let facts: ModuleDescription
  /// What it could do to a system; `nil` when nobody asked.
  let evidence: [Evidence]?

  init(_ inspection: inout Inspection, isSensitive: Bool = false) {
    path = inspection.path
    compression = inspection.compression
    let facts = ModuleDescription(inspection.module, Self.rules)
    inspection.add(facts.errors)
    self.facts = facts
    evidence =
      isSensitive
      ? inspection.attempt { module throws(ELFError) in try module.evidence() } ?? [] : nil
  }

  /// The taints have rows of their own, and notes are a matter for `check`.
  private static let rules = Rule.all.filter { $0.isDefault && !$0.repeatsTaint }

  /// What was found that matters here.
  var findings: [Finding] { facts.findings.filter { $0.severity > .note } }
}
