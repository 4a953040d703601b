// `koinspect check`: the gate for CI. What is checked is in ELFKit's Rules, what a project wants of
// it in Policy/, how it is reported in Formats/.

import ELFKit

enum CheckCommand {
  enum Name: KernelOptionName {
    case format
    case output
    case failOn
    case kernelVersion
    case only
    case ignore
    case severity
    case acceptLicense
    case allRules
    case notes
    case quiet
    case config
    case noConfig
    case baseline
    case writeBaseline
    case kernel
    case modules
    case kernelConfig
    case symvers
    case reference
    case vermagic
    case commandLine
    case certificate
    case loaded
    case taint
    case kabiList
    case running
    case color
    case filesFrom
    case maxSize
    case help
  }

  private static let options: [Option<Name>] =
    [
      Option(
        .format, nil, "format", argument: .required("FORMAT"),
        values: CheckFormat.all.map { $0.name },
        help: "human, json, sarif, gitlab, junit or github"),
      Option(
        .output, "o", "output", argument: .required("FILE"),
        help: "write there instead, all of it or nothing"),
      Option(
        .failOn, nil, "fail-on", argument: .required("LEVEL"),
        values: ["error", "warning", "note", "never"],
        help: "exit 1 from error, warning (the default) or note on, or never"),
      Option(
        .kernelVersion, nil, "kernel-version", argument: .required("V"),
        help: "rules for these kernels: 6.1, 5.10-6.12, 6.1- (the module's own)"),
      Option(
        .only, nil, "only", argument: .required("ID|GROUP,…"),
        help: "only these rules; a group is license, signature, …"),
      Option(
        .ignore, nil, "ignore", argument: .required("ID|GROUP,…"), help: "all but these rules"),
      Option(
        .severity, nil, "severity", argument: .required("ID=LEVEL"),
        help: "what a rule's findings are: error, warning or note"),
      Option(
        .acceptLicense, nil, "accept-license", argument: .required("TEXT"),
        help: "a licence that is good, too; may be given more than once"),
      Option(.allRules, nil, "all-rules", help: "also those that are off by default"),
      Option(.notes, nil, "notes", help: "also show notes to people"),
      Option(.quiet, "q", "quiet", help: "print no findings; the exit status tells"),
      Option(
        .config, nil, "config", argument: .required("FILE"),
        help: "the policy (\(Policy.fileName) in a module's folder or above)"),
      Option(.noConfig, nil, "no-config", help: "no policy"),
      Option(
        .baseline, nil, "baseline", argument: .required("FILE"),
        help: "findings listed there are known and do not count"),
      Option(
        .writeBaseline, nil, "write-baseline", argument: .required("FILE"),
        help: "list all findings there; exit 0 when all could be read"),
    ] + Option.kernel(runningIsDefault: false, hasConfig: false) + [
      .color(.color),
      .filesFrom,
      .maxSize,
      Option(.help, "h", "help", help: "this text"),
    ]

  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    ModuleCommand.perform("check", arguments, options, help: .help, help, &console) {
      parsed, console throws(SystemError) in
      guard let files = ModuleCommand.files("check", parsed, &console) else { return .failure }
      let format = try CheckFormat.named(parsed.value(.format))
      let plan: CheckPlan
      let unread: [Unread]
      do throws(SystemError) {
        (plan, unread) = try CheckPlan.make(
          parsed, files.operands.files, placesFindings: format.placesFindings, &console)
      } catch {
        nothingChecked(error, format, parsed, &console)
        throw error
      }
      return run(plan, format, files, unread, parsed, &console)
    }
  }

  /// Says in the report that nothing was checked and why: who only reads the report must not take its
  /// silence for a good answer.
  private static func nothingChecked(
    _ error: SystemError, _ format: CheckFormat, _ parsed: ParsedArguments<Name>,
    _ console: inout Console
  ) {
    let named = parsed.operands + parsed.values(.filesFrom)
    let unread = named.map { Unread(path: $0, problem: "not checked: \(error.message)") }
    let outcome = CheckOutcome(
      modules: [], unread: unread, leftOut: [],
      workingDirectory: console.environment.workingDirectory())
    do throws(SystemError) {
      let terminal = console.out
      let file = try parsed.value(.output).map { path throws(SystemError) in try AtomicFile(path) }
      // A report of an earlier run says more than this one could.
      if let file {
        guard !file.replacesFile else { return }
        console.out = TextBuffer(file)
      } else if format.isForPeople || parsed.has(.quiet) {
        return
      }
      for unread in unread { format.writeUnread?(unread, &console.out) }
      format.finish(outcome, showsNotes: false, to: &console.out)
      guard let file else { return }
      console.out.flush()
      console.out = terminal
      try file.finish()
    } catch {
      if let path = parsed.value(.output) { console.report(path, error.message) }
    }
  }

  /// `missing` is what describes the kernel and could not be read: modules may pass without it that
  /// would not with it, so that it counts like a module that could not be.
  private static func run(
    _ plan: CheckPlan, _ format: CheckFormat, _ files: ModuleCommand.Files, _ missing: [Unread],
    _ parsed: ParsedArguments<Name>, _ console: inout Console
  ) -> ExitStatus {
    var file: AtomicFile?
    let terminal = console.out
    if let path = parsed.value(.output) {
      do throws(SystemError) {
        let opened = try AtomicFile(path)
        let others = parsed.values(.baseline) + parsed.values(.writeBaseline)
        try opened.refuse(inputs(plan, files, parsed) + others)
        console.out = TextBuffer(opened)
        file = opened
      } catch {
        console.report(path, error.message)
        return .failure
      }
    }
    let style = file == nil ? console.style(parsed.value(.color)) : .plain
    // Who asks for a report in a file wants it whole, also when nothing is to be printed.
    let writes = file != nil || !parsed.has(.quiet)
    let collected = ModuleCommand.collect(files, .everything, isJudge: true, &console) {
      unread, console in
      if writes { format.writeUnread?(unread, &console.out) }
    } _: { inspection, console -> CheckedModule in
      let module = plan.check(&inspection)
      if writes { format.writeModule?(module, plan.showsNotes, &console.out, style) }
      return module
    }
    let outcome = CheckOutcome(
      modules: collected.facts, unread: missing + collected.unread,
      leftOut: plan.leftOut + files.operands.leftOut,
      workingDirectory: console.environment.workingDirectory())
    if writes {
      for unread in missing + files.operands.problems { format.writeUnread?(unread, &console.out) }
      format.finish(outcome, showsNotes: plan.showsNotes, to: &console.out)
    }
    let status = missing.isEmpty ? collected.status : .failure
    var result = max(status, plan.status(outcome))
    if let file, let path = parsed.value(.output) {
      console.out.flush()
      console.out = terminal
      do throws(SystemError) {
        if outcome.modules.isEmpty, file.replacesFile {
          throw SystemError("left as it was: nothing could be read that would be reported there")
        }
        try file.finish()
      } catch {
        console.report(path, error.message)
        result = .failure
      }
    }
    return max(
      result,
      plan.finish(outcome, isComplete: status == .clean, &console) {
        opened throws(SystemError) in
        try opened.refuse(inputs(plan, files, parsed) + parsed.values(.output))
      })
  }

  /// All that is read, but the baseline.
  private static func inputs(
    _ plan: CheckPlan, _ files: ModuleCommand.Files, _ parsed: ParsedArguments<Name>
  ) -> [[UInt8]] {
    plan.inputs + files.operands.paths + parsed.values(.filesFrom) + parsed.values(.loaded)
  }

  static var help: CommandHelp {
    CommandHelp(
      usage: "koinspect check [OPTIONS] PATH…",
      about: """
        Checks modules for what makes kernels refuse them, taint themselves or complain: licences
        first. 'koinspect explain' lists the rules and tells why each matters. Exit status: 0 when
        nothing is found, 1 when something is (see --fail-on), 2 when a module cannot be read.
        """,
      examples: [
        ("koinspect check --only license build/", "the licence gate"),
        ("koinspect check build/", "every module below build/"),
        ("koinspect check --format sarif -o koinspect.sarif build/", "for code scanning"),
        ("koinspect check --symvers Module.symvers my.ko", "also what a kernel offers"),
        ("koinspect check --kernel DIR build/", "all that is known of a kernel"),
      ],
      options: options)
  }
}
