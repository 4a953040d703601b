// Rules: an id, a severity, a text and a pure function. The rules themselves are in the files
// beside, grouped by what they look at.

/// What rules look at: a module's facts, read once.
public struct ModuleFacts: Sendable {
  /// The module.
  public let module: KernelModule
  /// The strings of `.modinfo`.
  public let info: ModuleInfo
  /// The file offset of `.modinfo`, or `nil` when the module has none.
  public let infoOffset: UInt64?

  /// Reads the facts that every rule needs.
  public init(_ module: KernelModule) throws(ELFError) {
    self.module = module
    info = try module.info()
    infoOffset = module.image.sections.first(named: ".modinfo")?.header.offset
  }
}

/// A rule that modules are checked against.
public struct Rule: Sendable {
  /// The stable id, such as `missing-license`.
  public let id: String
  /// How much a finding of it matters.
  public let severity: Severity
  /// What it finds, one line.
  public let summary: String
  private let evaluate: @Sendable (ModuleFacts) -> [Observation]

  /// What a rule's function says: message and subject; id and severity come from the rule.
  struct Observation {
    let message: String
    var subject: ByteSlice?
    var section: String?
    var offset: UInt64?
  }

  init(
    _ id: String, _ severity: Severity, _ summary: String,
    evaluate: @escaping @Sendable (ModuleFacts) -> [Observation]
  ) {
    self.id = id
    self.severity = severity
    self.summary = summary
    self.evaluate = evaluate
  }

  /// The findings of this rule in one module.
  public func findings(in facts: ModuleFacts) -> [Finding] {
    evaluate(facts).map {
      Finding(
        rule: id, severity: severity, message: $0.message, subject: $0.subject,
        section: $0.section, offset: $0.offset)
    }
  }

  /// All rules, in the order of reports.
  public static let all: [Rule] = licenseRules
}
