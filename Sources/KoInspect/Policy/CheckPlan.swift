// What a run of `check` looks for: rules, what is known of the kernel, policy and baseline.

import ELFKit

struct CheckPlan: Sendable {
  let format: CheckFormat
  let failOn: FailOn
  let showsNotes: Bool
  let isQuiet: Bool
  private let rules: [Rule]
  private let context: CheckContext
  private let policy: Policy
  private let baseline: Baseline?
  private let baselinePath: [UInt8]?
  private let newBaselinePath: [UInt8]?
  private let verifier: SignatureVerifier?
  private let today: String

  /// The findings in one module that count, in the order of the rules.
  func check(_ inspection: inout Inspection) -> CheckedModule {
    var context = context
    context.fileStem = Self.stem(inspection.path)
    if let verifier, let signature = try? inspection.module.signature(),
      let content = try? inspection.module.image.source.slice(0, signature.signedSize, in: .file)
    {
      context.isSignatureTrusted = verifier.accepts(content, signature.bytes)
    }
    let facts = ModuleFacts(inspection.module, context)
    inspection.add(facts.errors)
    let all = facts.findings(of: rules)
    if let error = all.error { inspection.add([error]) }
    var findings: [CheckedFinding] = []
    var known: [BaselineEntry] = []
    for finding in all.findings {
      let severity: Severity
      switch policy.levels[finding.rule] {
      case .off: continue
      case .severity(let chosen): severity = chosen
      case nil: severity = finding.severity
      }
      guard !policy.accepts(finding.rule, inspection.path, today: today) else { continue }
      let checked = CheckedFinding(finding, inspection.path, severity)
      if let baseline, baseline.entries.contains(checked.baselineEntry) {
        known.append(checked.baselineEntry)
      } else {
        findings.append(checked)
      }
    }
    return CheckedModule(
      path: inspection.path, findings: findings, known: known,
      errors: inspection.errors.map(\.description))
  }

  /// Whether findings make the run fail.
  func status(_ outcome: CheckOutcome) -> ExitStatus {
    guard newBaselinePath == nil else { return .clean }
    return outcome.findings.contains { failOn.includes($0.severity) } ? .findings : .clean
  }

  /// Writes the new baseline; tells of entries of the old one that are not found any more, and of
  /// exceptions that have expired.
  func finish(_ outcome: CheckOutcome, _ console: inout Console) -> ExitStatus {
    for exception in policy.exceptions where exception.isExpired(today) {
      console.message { line in
        line.append("check: the exception for '")
        line.escaped(exception.pattern)
        line.append("' expired on \(exception.expires ?? "")")
      }
    }
    tellStale(outcome, &console)
    if let path = newBaselinePath {
      do throws(SystemError) {
        let file = try AtomicFile(path)
        file.write(Baseline(outcome.findings.map(\.baselineEntry)).text.pending)
        try file.finish()
      } catch {
        console.report(path, error.message)
        return .failure
      }
    }
    return .clean
  }

  /// Entries that a module which was checked, or is gone, does not have any more.
  private func tellStale(_ outcome: CheckOutcome, _ console: inout Console) {
    guard let baseline, let baselinePath else { return }
    let checked = Set(outcome.modules.map(\.path))
    let known = Set(outcome.modules.flatMap(\.known))
    for entry in baseline.entries.subtracting(known).sorted()
    where checked.contains(entry.path) || kind(of: entry.path) == .missing {
      console.message { line in
        line.escaped(baselinePath)
        line.append(": stale: ")
        line.escaped(entry.path)
        line.append(" has no ")
        line.escaped(entry.rule)
        if !entry.subject.isEmpty {
          line.append(" about '")
          line.escaped(entry.subject)
          line.append("'")
        }
        line.append(" any more")
      }
    }
  }

  /// The name of a module's file without its suffixes; `nil` for standard input.
  private static func stem(_ path: [UInt8]) -> ByteSlice? {
    guard path != [0x2d] else { return nil }
    let name = path[((path.lastIndex(of: 0x2f) ?? -1) + 1)...]
    guard let dot = name.firstRange(of: Array(".ko".utf8))?.lowerBound else { return nil }
    return ByteSlice(Array(name[..<dot]))
  }
}

extension CheckPlan {
  /// The plan that the arguments ask for; and `failure` when a part of what it needs cannot be read,
  /// which has been told.
  static func make(
    _ parsed: ParsedArguments<CheckCommand.Name>, _ console: inout Console
  ) throws(SystemError) -> (CheckPlan, ExitStatus) {
    let policy = try policy(parsed)
    let (target, status) = try parsed.describedKernel(&console)
    var context = CheckContext()
    context.kernels = try kernelVersions(parsed)
    context.target = target?.kernel
    context.policy = policy.asked
    let format = try CheckFormat.named(parsed.value(.format))
    var failOn = policy.failOn ?? .warning
    if let word = parsed.value(.failOn) {
      guard let level = FailOn(rawValue: String(decoding: word, as: UTF8.self)) else {
        throw SystemError("--fail-on is one of \(FailOn.words)")
      }
      failOn = level
    }
    let baselinePath = parsed.value(.baseline)
    // A new baseline lists what the old one knows, too.
    let baseline = try (parsed.has(.writeBaseline) ? nil : baselinePath).map {
      path throws(SystemError) in
      try named(path) { () throws(SystemError) in try Baseline(read(path)) }
    }
    let isAll = parsed.has(.allRules)
    // Who sets the severity of a rule wants it.
    let rules = Rule.all.filter { rule in
      isAll || rule.isDefault || policy.levels[rule.id].map { $0 != .off } ?? false
    }
    let plan = CheckPlan(
      format: format, failOn: failOn, showsNotes: parsed.has(.notes) || failOn == .note,
      isQuiet: parsed.has(.quiet), rules: rules, context: context, policy: policy,
      baseline: baseline,
      baselinePath: baselinePath, newBaselinePath: parsed.value(.writeBaseline),
      verifier: try target?.verifier(), today: KoInspect.today())
    return (plan, status)
  }

  private static func kernelVersions(
    _ parsed: ParsedArguments<CheckCommand.Name>
  ) throws(SystemError) -> ClosedRange<KernelVersion>? {
    guard let text = parsed.value(.kernelVersion) else { return nil }
    guard let range = KernelVersionRange.parse(text) else {
      throw SystemError(
        "'\(String(decoding: text, as: UTF8.self))' is no version: 6.1, 5.10-6.12 or 6.1- are")
    }
    return range
  }

  private static func policy(
    _ parsed: ParsedArguments<CheckCommand.Name>
  ) throws(SystemError) -> Policy {
    if parsed.has(.noConfig) { return Policy() }
    guard let path = parsed.value(.config) ?? nearestPolicy() else { return Policy() }
    return try named(path) { () throws(SystemError) in
      try Policy(read(path)) { name throws(SystemError) in
        let folder = path[..<((path.lastIndex(of: 0x2f) ?? -1) + 1)]
        return try read(name.first == 0x2f ? name : folder + name)
      }
    }
  }

  /// The policy in this folder, or in the nearest one above that has one.
  private static func nearestPolicy() -> [UInt8]? {
    var folder = Environment.process.workingDirectory()
    let name = Array("/\(Policy.fileName)".utf8)
    while true {
      if isRegularFile(folder + name) { return folder + name }
      guard let slash = folder.lastIndex(of: 0x2f), !folder.isEmpty else { return nil }
      folder.removeSubrange(slash...)
    }
  }

  /// No policy or baseline is larger.
  private static func read(_ path: [UInt8]) throws(SystemError) -> [UInt8] {
    try FileDescriptor(opening: path).readToEnd(Input.Limits(maxSize: 1 << 26))
  }

  /// What `body` gives; an error of it names the file.
  private static func named<Value>(
    _ path: [UInt8], _ body: () throws(SystemError) -> Value
  ) throws(SystemError) -> Value {
    do throws(SystemError) { return try body() } catch {
      throw SystemError("\(String(decoding: path, as: UTF8.self)): \(error.message)")
    }
  }
}
