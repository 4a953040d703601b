// What a run of `check` looks for: rules, what is known of the kernel, policy and baseline.

import ELFKit

struct CheckPlan: Sendable {
  let showsNotes: Bool
  private let context: CheckContext
  /// The policies of all modules.
  private let policies: [PolicyInUse]
  /// Which of them counts, by the module's folder as it was named.
  private let policyOfFolder: [[UInt8]: Int]
  /// What --severity says, whatever the policy does.
  private let levels: [String: Severity]
  private let baseline: Baseline?
  private let baselinePlace: PlacedBaseline?
  private let newBaselinePath: [UInt8]?
  private let verifier: SignatureVerifier?
  private let unpack: SectionUnpacker
  private let today: String
  /// The files that policies and the kernel's description were read from, found ones too.
  let inputs: [[UInt8]]
  /// What of the kernel's trees of modules is not followed.
  let leftOut: [Unread]
  /// Where files of the source are looked for; `nil` for a format that does not place findings.
  private let roots: SourceRoots?

  /// The findings in one module that count, in the order of the rules.
  func check(_ inspection: inout Inspection) -> CheckedModule {
    let use = policies[policyOfFolder[folder(of: inspection.path)] ?? 0]
    let policy = use.policy
    var context = context
    context.policy = policy.asked
    context.packedHead = inspection.packedHead
    context.fileStem = inspection.fileStem
    context.signatureEvidence = verifier?.evidence(on: inspection.module.image.source)
    let facts = ModuleFacts(inspection.module, context)
    inspection.add(facts.errors)
    let all = facts.findings(of: use.rules)
    if let error = all.error { inspection.add([error]) }
    var findings: [CheckedFinding] = []
    var known: [BaselineEntry] = []
    let name = baselinePlace?.name(of: inspection.path) ?? []
    var left = baseline?.entries(of: name) ?? [:]
    var sources = roots.map { _ in FindingSources(inspection.module, unpack) }
    for finding in all.findings {
      let severity: Severity
      // Rules that are off are not among those of the plan.
      if let chosen = levels[finding.rule] {
        severity = chosen
      } else if case .severity(let chosen)? = policy.levels[finding.rule] {
        severity = chosen
      } else {
        severity = finding.severity
      }
      guard !use.accepts(finding.rule, inspection.path, today: today) else { continue }
      let places = sources?.places(of: finding) ?? []
      let checked = CheckedFinding(
        finding, inspection.path, severity, roots?.firstThere(of: places))
      // Each entry stands for one finding: a second one of its kind is new.
      let entry = baseline.flatMap { _ in
        let entry = checked.baselineEntry(name)
        return [entry, entry.withoutMessage].first { left[$0, default: 0] > 0 }
      }
      if let entry {
        left[entry, default: 0] -= 1
        known.append(entry)
      } else {
        findings.append(checked)
      }
    }
    return CheckedModule(
      path: inspection.path, findings: findings, known: known, failOn: use.failOn,
      errors: inspection.errors.map { $0.description })
  }

  /// Whether findings make the run fail.
  func status(_ outcome: CheckOutcome) -> ExitStatus {
    guard newBaselinePath == nil else { return .clean }
    return outcome.modules.contains { !$0.failing.isEmpty } ? .findings : .clean
  }

  /// Writes the new baseline; tells of entries of the old one that are not found any more, and of
  /// exceptions that have expired.
  /// When not all could be read (`isComplete` is false), what is not listed would be reported as new or,
  /// worse, the list would be empty: then the old one stays. `refuse` throws for a file that must not
  /// be written.
  func finish(
    _ outcome: CheckOutcome, isComplete: Bool, _ console: inout Console,
    refuse: (AtomicFile) throws(SystemError) -> Void
  ) -> ExitStatus {
    for exception in policies.flatMap({ $0.policy.exceptions }) where exception.isExpired(today) {
      console.message { line in
        line.append("check: the exception for '")
        line.escaped(exception.pattern)
        line.append("' expired on \(exception.expires ?? "")")
      }
    }
    tellStale(outcome, &console)
    if let path = newBaselinePath {
      do throws(SystemError) {
        guard isComplete else { throw SystemError("not written: not all could be read") }
        let file = try AtomicFile(path)
        try refuse(file)
        let place = PlacedBaseline(path)
        let entries = outcome.modules.flatMap { module in
          let name = place.name(of: module.path)
          return module.findings.map { $0.baselineEntry(name) }
        }
        let text = Baseline(entries).text.pending
        // What --baseline would refuse is not written.
        try Baseline.limits.check(UInt64(text.count))
        file.write(text)
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
    guard let baseline, let place = baselinePlace else { return }
    let checked = Dictionary(grouping: outcome.modules) { place.name(of: $0.path) }
    let stale = baseline.paths.flatMap { path -> [BaselineEntry] in
      var left = baseline.entries(of: path)
      if let modules = checked[path] {
        for entry in modules.flatMap({ $0.known }) { left[entry, default: 0] -= 1 }
      } else if path == [UInt8(ascii: "-")] || kind(of: place.file(path)) != .missing {
        return []
      }
      return left.filter { $0.value > 0 }.keys.sorted()
    }
    for entry in stale {
      console.message { line in
        line.escaped(place.path)
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
}

extension CheckPlan {
  /// The plan for `files` that the arguments ask for; and what of the kernel's description cannot be
  /// read, which has been reported.
  static func make(
    _ parsed: ParsedArguments<CheckCommand.Name>, _ files: [Operand], placesFindings: Bool,
    _ console: inout Console
  ) throws(SystemError) -> (CheckPlan, [Unread]) {
    var failOn: FailOn?
    if let word = parsed.value(.failOn) {
      failOn = FailOn(rawValue: String(decoding: word, as: UTF8.self))
      guard failOn != nil else { throw SystemError("--fail-on is one of \(FailOn.words)") }
    }
    let choice = try RuleChoice(
      only: parsed.values(.only), ignore: parsed.values(.ignore),
      severities: parsed.values(.severity), isAll: parsed.has(.allRules))
    let (policies, folders) = try policies(parsed, files, choice, failOn)
    if !parsed.has(.quiet) {
      for path in policies.compactMap({ $0.path }) { console.report(path, "the policy in use") }
    }
    let (target, unread) = try parsed.describedKernel(&console)
    let verifier = try target?.verifier()
    var context = CheckContext()
    context.kernels = try kernelVersions(parsed)
    if let range = context.kernels { tellUnknown(range, &console) }
    context.target = target?.kernel
    context.acceptedLicenses = Set(try acceptedLicenses(parsed))
    context.wantsSignature = verifier != nil
    // A new baseline lists what the old one knows, too.
    let baselinePath = parsed.has(.writeBaseline) ? nil : parsed.value(.baseline)
    let baseline = try baselinePath.map { path throws(SystemError) in
      try named(path) { () throws(SystemError) in try Baseline(read(path, Baseline.limits)) }
    }
    let plan = CheckPlan(
      showsNotes: parsed.has(.notes) || policies.contains { $0.failOn == .note },
      context: context, policies: policies, policyOfFolder: folders, levels: choice.levels,
      baseline: baseline, baselinePlace: baselinePath.map(PlacedBaseline.init),
      newBaselinePath: parsed.value(.writeBaseline), verifier: verifier,
      unpack: Compression.sectionUnpacker(try parsed.neededLimits), today: KoInspect.today(),
      inputs: policies.flatMap { $0.files } + (target?.describingFiles ?? []),
      leftOut: target?.trees.compactMap { $0.leftOut } ?? [],
      roots: placesFindings ? SourceRoots(console.environment) : nil)
    return (plan, unread)
  }

  /// A licence without a text is none: what says MODULE_LICENSE("") would pass.
  private static func acceptedLicenses(
    _ parsed: ParsedArguments<CheckCommand.Name>
  ) throws(SystemError) -> [ByteSlice] {
    let texts = parsed.values(.acceptLicense)
    guard !texts.contains(where: { text in text.allSatisfy { $0 <= 0x20 } }) else {
      throw SystemError("--accept-license names no licence")
    }
    return texts.map { ByteSlice($0) }
  }

  private static func kernelVersions(
    _ parsed: ParsedArguments<CheckCommand.Name>
  ) throws(SystemError) -> ClosedRange<KernelVersion>? {
    guard let text = parsed.value(.kernelVersion) else { return nil }
    let words = String(decoding: text, as: UTF8.self)
    guard let range = KernelVersionRange.parse(text) else {
      throw SystemError("'\(words)' is no version: 6.1, 5.10-6.12 or 6.1- are")
    }
    guard range.lowerBound <= Kernel.newestKnown, range.upperBound >= Kernel.oldestKnown else {
      throw SystemError(
        "'\(words)' is no kernel that the rules know: these are \(Kernel.oldestKnown) to "
          + "\(Kernel.newestKnown)")
    }
    return range
  }

  /// Tells of versions that were named and of which nothing is known.
  private static func tellUnknown(_ range: ClosedRange<KernelVersion>, _ console: inout Console) {
    for version in Set([range.lowerBound, range.upperBound]).sorted()
    where version != .first && version != .last {
      let known = Kernel(version).knowledge
      guard known.certainty == .unknown else { continue }
      console.message { line in
        line.append("check: what Linux \(version) does is not known: \(known.source)")
      }
    }
  }

  /// The policies of all files, and which of them counts for each folder.
  private static func policies(
    _ parsed: ParsedArguments<CheckCommand.Name>, _ files: [Operand], _ choice: RuleChoice,
    _ failOn: FailOn?
  ) throws(SystemError) -> ([PolicyInUse], [[UInt8]: Int]) {
    func use(_ path: [UInt8]?) throws(SystemError) -> PolicyInUse {
      var files: [[UInt8]] = []
      let policy =
        try path.map { path throws(SystemError) in try readPolicy(path, &files) }
        ?? Policy()
      return PolicyInUse(
        policy: policy, path: path, files: files,
        folder: path.flatMap { realPath(folder(of: $0)) } ?? [UInt8(ascii: "/")],
        rules: try choice.rules(policy), failOn: failOn ?? policy.failOn ?? .warning)
    }
    if parsed.has(.noConfig) {
      guard parsed.value(.config) == nil else {
        throw SystemError("--config names a policy and --no-config wants none")
      }
      return ([try use(nil)], [:])
    }
    if let path = parsed.value(.config) { return ([try use(path)], [:]) }
    var (search, policies, folders) = (PolicySearch(), [PolicyInUse](), [[UInt8]: Int]())
    var positions: [[UInt8]?: Int] = [:]
    for file in files {
      let folder = folder(of: file.path)
      guard folders[folder] == nil else { continue }
      let path = try realPath(folder).flatMap { real throws(SystemError) in
        try search.policy(for: real)
      }
      if positions[path] == nil {
        policies.append(try use(path))
        positions[path] = policies.count - 1
      }
      folders[folder] = positions[path]
    }
    if policies.isEmpty { policies.append(try use(nil)) }
    return (policies, folders)
  }

  /// The policy at `path`; `files` gets what was read for it.
  private static func readPolicy(
    _ path: [UInt8], _ files: inout [[UInt8]]
  ) throws(SystemError) -> Policy {
    files.append(path)
    return try named(path) { () throws(SystemError) in
      try Policy(read(path, policyLimits)) { name throws(SystemError) in
        let folder = path[..<((path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)]
        let list = name.first == UInt8(ascii: "/") ? name : folder + name
        files.append(list)
        return try named(name) { () throws(SystemError) in
          try read(list, policyLimits, mustBeRegular: true)
        }
      }
    }
  }

  /// No policy, and no list that it names, is larger.
  private static let policyLimits = Input.Limits(
    maxSize: 1 << 22, hint: " (4 MiB): no policy and no list of imports is larger")

  /// What the command line names may be a pipe; what a policy names may not: without a writer it would
  /// be waited for.
  private static func read(
    _ path: [UInt8], _ limits: Input.Limits, mustBeRegular: Bool = false
  ) throws(SystemError) -> [UInt8] {
    let file =
      try mustBeRegular
      ? FileDescriptor(opening: path, mustBeRegular: true) : FileDescriptor(opening: path)
    return try file.readToEnd(limits)
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
