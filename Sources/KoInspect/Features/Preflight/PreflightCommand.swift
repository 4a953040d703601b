// `koinspect preflight`: what would that kernel do with this module?

import ELFKit

enum PreflightCommand {
  enum Name: KernelOptionName {
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
    case arguments
    case withDependencies
    case flags
    case saveTarget
    case quiet
    case json
    case color
    case filesFrom
    case maxSize
    case help
  }

  private static let options: [Option<Name>] =
    Option.kernel(runningIsDefault: true) + [
      Option(
        .arguments, nil, "args", argument: .required("TEXT"),
        help: "arguments for the module: 'debug=1 name=x'"),
      Option(
        .withDependencies, nil, "with-deps",
        help: "load what a module depends on first, as modprobe does"),
      Option(
        .flags, nil, "flags", argument: .required("N"),
        help: "hand the file over as it is, with these flags of finit_module(2)"),
      Option(
        .saveTarget, nil, "save-target", argument: .required("FILE"),
        help: "write all that is known of the kernel there, for --kernel"),
      Option(.quiet, "q", "quiet", help: "print nothing; the exit status tells"),
      Option(.json, nil, "json", help: "one JSON object a module, one line each"),
      .color(.color),
      .filesFrom,
      .maxSize,
      Option(.help, "h", "help", help: "this text"),
    ]

  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    ModuleCommand.perform("preflight", arguments, options, help: .help, help, &console) {
      parsed, console throws(SystemError) in
      try run(parsed, &console)
    }
  }

  private static func run(
    _ parsed: ParsedArguments<Name>, _ console: inout Console
  ) throws(SystemError) -> ExitStatus {
    let limits = try parsed.neededLimits
    let lists = parsed.values(.filesFrom)
    let hasFiles = !parsed.operands.isEmpty || !lists.isEmpty
    guard hasFiles || parsed.has(.saveTarget) else {
      throw SystemError("no file given (try 'koinspect preflight --help')")
    }
    var target = try parsed.kernelOrRunning()
    // What was handed over is looked for first: modules that are built together need each other.
    let operands = Operands(parsed.operands, lists: lists, limits: limits, &console)
    var status = hasFiles ? operands.status : .clean
    let treeFiles = target.files
    target.files = ModuleFiles()
    target.files.add(operands.paths)
    target.files.add(treeFiles)
    try target.load(parsed.values(.loaded), limits, &console)
    // Who has the kernel's own list of symbols has its modules' in it, too, but for those of others. Without
    // it, what modules that were named record is the next best; those of the kernel that runs are not all
    // read for one.
    let isListed = target.kernel.symbols.isComplete
    if parsed.has(.modules) || parsed.has(.saveTarget) && !isListed {
      let unread = target.scan(target.wantedParts, limits, leavesListed: isListed, &console)
      // Of others' modules one that cannot be read is reported; the answers rest on the list.
      if !unread.isEmpty, !isListed { status = .failure }
    }
    if let path = parsed.value(.saveTarget) {
      try save(
        target, path,
        target.describingFiles + operands.paths + parsed.values(.filesFrom)
          + parsed.values(.loaded))
    }
    let plan = try LoadPlan(
      target, arguments: parsed.value(.arguments) ?? [], flags: try flags(parsed), limits: limits,
      loadsDependencies: parsed.has(.withDependencies))
    let layout = Layout(
      isJSON: parsed.has(.json), isQuiet: parsed.has(.quiet),
      isOneOfMany: operands.files.count > 1, style: console.style(parsed.value(.color)))
    let files = operands.files
    let results = OrderedWork.run(
      files.count, separator: layout.isJSON || layout.isQuiet || files.count > 1 ? "" : "\n",
      &console
    ) { item, console in
      one(files[item], plan, layout, &console)
    }
    status = max(status, results.max() ?? .clean)
    return status
  }

  /// How answers are written.
  private struct Layout: Sendable {
    let isJSON: Bool
    let isQuiet: Bool
    let isOneOfMany: Bool
    let style: Style
  }

  private static func one(
    _ file: Operand, _ plan: LoadPlan, _ layout: Layout, _ console: inout Console
  ) -> ExitStatus {
    let outcome: LoadPlan.Outcome
    do throws(SystemError) { outcome = try plan.outcome(file) } catch {
      console.report(file.path, error.message)
      return .failure
    }
    let report = PreflightReport(outcome: outcome, kernel: plan.target.kernel)
    if layout.isJSON {
      var json = JSONWriter()
      report.write(to: &json)
      console.out.append(json.out)
      console.out.newline()
    } else if !layout.isQuiet {
      if layout.isOneOfMany {
        report.writeLine(to: &console.out, layout.style)
      } else {
        report.write(to: &console.out, layout.style)
      }
    }
    return report.verdict == .loads ? .clean : .findings
  }

  private static func flags(
    _ parsed: ParsedArguments<Name>
  ) throws(SystemError) -> LoadRequest.Flags? {
    guard let text = parsed.value(.flags) else { return nil }
    guard let number = UInt32(String(decoding: text, as: UTF8.self)) else {
      throw SystemError(
        "--flags is a number: 1 (ignore versions), 2 (ignore vermagic), 4 (compressed)")
    }
    return LoadRequest.Flags(rawValue: number)
  }

  private static func save(
    _ target: KernelDescription, _ path: [UInt8], _ inputs: [[UInt8]]
  ) throws(SystemError) {
    do throws(SystemError) {
      let file = try AtomicFile(path)
      guard !inputs.contains(where: file.isSame) else {
        throw SystemError("not written: it is one of the files that are read")
      }
      let text = target.saved.pending
      try KernelDescription.check(saved: text)
      file.write(text)
      try file.finish()
    } catch {
      throw SystemError("\(String(decoding: path, as: UTF8.self)): \(error.message)")
    }
  }

  static var help: CommandHelp {
    CommandHelp(
      usage: "koinspect preflight [TARGET OPTIONS] [OPTIONS] FILE…",
      about: """
        What a kernel would do with a module: load it, or refuse it, at which stage, with which error
        and which words in its log; and what the kernel would be tainted with. Nothing is loaded. What
        is not known of the kernel is assumed, and said, or left open. Exit status: 0 when all modules
        load, 1 when one fails or depends on what is not known, 2 when a file cannot be read.
        """,
      examples: [
        ("koinspect preflight hello.ko", "the kernel that runs here"),
        ("koinspect preflight --kernel /usr/src/linux-headers-6.1.0-56-amd64 hello.ko", "another"),
        ("koinspect preflight --kernel DIR --save-target debian.json", "facts for a CI job"),
        ("koinspect preflight --kernel debian.json build/", "every module, against those"),
      ],
      options: options)
  }
}
