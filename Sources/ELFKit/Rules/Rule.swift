// Rules: an id, a severity, texts and a pure function. The rules themselves are in the files
// beside, grouped by what they look at.

/// A rule that modules are checked against.
public struct Rule: Sendable {
  /// The stable id, such as `missing-license`.
  public let id: String
  /// The subject it belongs to, such as `license`: what `--only` and `--ignore` name for many.
  public private(set) var group = ""
  /// How much a finding of it matters, unless a policy says otherwise.
  public let severity: Severity
  /// Whether it is applied when nobody chooses rules.
  public let isDefault: Bool
  /// What it finds, one line.
  public let summary: String
  /// Why it matters: what the kernel or its build does about it.
  public let reason: String
  /// How to fix it.
  public let remedy: String
  /// The change of the kernel with which it begins to matter; `nil` when it matters to all kernels.
  public let since: KernelChange?
  /// Whether ``KernelModule/taints()`` tells the same.
  public let repeatsTaint: Bool
  /// Whether it explains what kernels mind, and finds nothing else. A kernel without ``since`` may mind
  /// the same in another way, and says so itself.
  fileprivate let explainsProblems: Bool
  /// Whether what is known makes it one of all kernels, whatever ``since`` says.
  private let isAsked: @Sendable (CheckContext) -> Bool
  private let evaluate: @Sendable (ModuleFacts) -> [Observation]

  /// What a rule's function says; the id and, mostly, the severity come from the rule.
  struct Observation {
    let message: ByteText
    var subject: ByteSlice?
    var section: ByteSlice?
    var offset: UInt64?
    /// When it is not the rule's own.
    var severity: Severity?

    init(
      _ message: ByteText, subject: ByteSlice? = nil, section: ByteSlice? = nil,
      offset: UInt64? = nil,
      severity: Severity? = nil
    ) {
      self.message = message
      self.subject = subject
      self.section = section
      self.offset = offset
      self.severity = severity
    }

    /// About a string of `.modinfo`.
    init(_ message: ByteText, info subject: ByteSlice, severity: Severity? = nil) {
      self.init(
        message, subject: subject, section: ".modinfo", offset: subject.fileOffset,
        severity: severity)
    }

    /// About a whole section.
    init(_ message: ByteText, _ section: Section, severity: Severity? = nil) {
      self.init(
        message, subject: section.name, section: section.name,
        offset: section.header.offset, severity: severity)
    }

    /// What a kernel minds: that it refuses the module is an error, whatever a rule would say; that it
    /// goes on is none, and that it touches what it must not at least a warning.
    init(_ problem: LoadProblem, _ rule: Severity) {
      let severity: Severity? =
        switch problem.effect {
        case .refuses: problem.isCertain ? .error : nil
        case .corrupts: max(rule, .warning)
        case .forces, .warns: .warning
        }
      self.init(
        problem.text, subject: problem.subject, section: problem.section, offset: problem.offset,
        severity: severity)
    }
  }

  init(
    _ id: String, _ severity: Severity, isDefault: Bool = true, since: KernelChange? = nil,
    always isAsked: @escaping @Sendable (CheckContext) -> Bool = { _ in false },
    repeatsTaint: Bool = false, explainsProblems: Bool = false, _ summary: String, reason: String,
    remedy: String, evaluate: @escaping @Sendable (ModuleFacts) -> [Observation]
  ) {
    self.id = id
    self.severity = severity
    self.isDefault = isDefault
    self.summary = summary
    self.reason = reason
    self.remedy = remedy
    self.since = since
    self.repeatsTaint = repeatsTaint
    self.isAsked = isAsked
    self.explainsProblems = explainsProblems
    self.evaluate = evaluate
  }

  /// A rule that explains what kernels mind: see ``LoadProblem``.
  init(
    problem id: String, _ severity: Severity, since: KernelChange? = nil,
    repeatsTaint: Bool = false, _ summary: String, reason: String, remedy: String
  ) {
    self.init(
      id, severity, since: since, repeatsTaint: repeatsTaint, explainsProblems: true, summary,
      reason: reason, remedy: remedy
    ) { facts in facts.problems(id, severity) }
  }

  /// The findings of this rule in one module; none when it concerns none of the kernels asked for.
  public func findings(in facts: ModuleFacts) -> [Finding] {
    guard concerns(facts) else { return [] }
    let observations = evaluate(facts)
    if observations.isEmpty { return [] }
    return observations.map {
      Finding(
        rule: id, severity: $0.severity ?? severity, message: $0.message, subject: $0.subject,
        section: $0.section, offset: $0.offset)
    }
  }

  /// Whether it concerns one of the kernels asked for.
  private func concerns(_ facts: ModuleFacts) -> Bool {
    if explainsProblems { return true }
    guard let since else { return true }
    return facts.concerns(since) || isAsked(facts.context)
  }

  /// All rules, in the order of reports. Ids are never reused.
  public static let all: [Rule] = subjects.flatMap { group, rules in
    rules.map { rule in
      var rule = rule
      rule.group = group
      return rule
    }
  }

  /// The names of all groups, in the order of reports.
  public static let groups: [String] = subjects.map { $0.group }

  private static let subjects: [(group: String, rules: [Rule])] = [
    ("license", licenseRules), ("info", infoRules), ("name", nameRules),
    ("signature", signatureRules), ("file", fileRules), ("struct", structModuleRules),
    ("entry", entryRules), ("section", sectionRules), ("relocation", relocationRules),
    ("symbol", symbolRules), ("export", exportRules), ("parameter", parameterRules),
    ("policy", policyRules),
  ]

  /// The rule with this id, or `nil`.
  public static func named(_ id: String) -> Rule? { all.first { $0.id == id } }
}

extension ModuleFacts {
  /// What kernels mind that the rule `id`, of `severity`, explains; of `open` severity where what is
  /// known of the kernel does not tell whether it does.
  func problems(
    _ id: String, _ severity: Severity, open: Severity? = nil
  ) -> [Rule.Observation] {
    survey.problems.filter { $0.id == id }.map {
      var observation = Rule.Observation($0, severity)
      if !$0.isCertain, let open { observation.severity = open }
      return observation
    }
  }

  /// The same as notes, however the kernel takes it.
  func notes(_ id: String) -> [Rule.Observation] {
    survey.problems.filter { $0.id == id }.map {
      var observation = Rule.Observation($0, .note)
      observation.severity = .note
      return observation
    }
  }

  /// The findings of `rules`, in their order.
  ///
  /// Many symbols and sections may share one long name, and each finding quotes it: what would make
  /// all texts longer than the file and 64 KiB is left out, which is the error.
  public func findings(of rules: [Rule]) -> (findings: [Finding], error: ELFError?) {
    var allowance = Allowance(for: module.image.source.size / 4 + (1 << 14))
    var findings: [Finding] = []
    // Most rules explain what kernels mind about bad modules. Of a good one they are not asked: calling
    // each for each module costs more than what the others do.
    let isMinded = !survey.problems.isEmpty
    for index in rules.indices where isMinded || !rules[index].explainsProblems {
      for finding in rules[index].findings(in: self) {
        let subject = finding.subject?.count ?? 0
        let section = finding.section?.count ?? 0
        guard allowance.take(UInt64(finding.message.bytes.count + subject + section)) else {
          let reason = "what is found takes more text than the file has bytes: the rest is left out"
          return (findings, ELFError(.malformed(reason), .file, at: 0))
        }
        findings.append(finding)
      }
    }
    return (findings, nil)
  }
}
