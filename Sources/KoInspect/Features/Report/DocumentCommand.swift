// `koinspect report`: a document about modules that needs nothing else to be read.

import ELFKit

enum DocumentCommand {
  private enum Name: KernelOptionName {
    case format
    case output
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
    case filesFrom
    case maxSize
    case help
  }

  private static let options: [Option<Name>] =
    [
      Option(
        .format, nil, "format", argument: .required("FORMAT"),
        values: ["html", "cyclonedx", "spdx"],
        help: "html, or a bill of materials: cyclonedx (1.6), spdx (2.3)"),
      Option(
        .output, "o", "output", argument: .required("FILE"),
        help: "write it there, all of it or nothing"),
    ] + Option.kernel(runningIsDefault: false) + [
      .filesFrom,
      .maxSize,
      Option(.help, "h", "help", help: "this text"),
    ]

  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    ModuleCommand.perform("report", arguments, options, help: .help, help, &console) {
      parsed, console throws(SystemError) in
      let format = try Format(parsed.value(.format))
      if format != .html, parsed.namesKernel {
        throw SystemError("a bill of materials is of files: no kernel is asked about them")
      }
      if format == .html, parsed.value(.output) == nil, console.environment.outputIsTerminal() {
        throw SystemError("a page is nothing for a terminal: name a file with -o PAGE.html")
      }
      guard let files = ModuleCommand.files("report", parsed, &console) else { return .failure }
      return try write(files, format, parsed, &console)
    }
  }

  private static func write(
    _ files: ModuleCommand.Files, _ format: Format, _ parsed: ParsedArguments<Name>,
    _ console: inout Console
  ) throws(SystemError) -> ExitStatus {
    // Before all the reading: who cannot write there need not wait for it.
    let file = try opened(files, parsed)
    let (target, missing) = try parsed.describedKernel(&console)
    if let file, let path = parsed.value(.output) {
      try refuse(file, target?.describingFiles ?? [], path)
    }
    let isOne =
      files.operands.files.count == 1
      && !parsed.operands.contains { kind(of: $0) == .directory }
    let made =
      switch format {
      case .html where isOne: try module(files, target, missing, parsed, &console)
      case .html: tree(files, target, missing, &console)
      case .cyclonedx, .spdx: bill(files, format, &console)
      }
    guard let file, let path = parsed.value(.output) else {
      console.out.append(raw: made.page)
      return made.status
    }
    do throws(SystemError) {
      if made.isEmpty, file.replacesFile {
        throw SystemError("left as it was: nothing could be read that would be shown there")
      }
      file.write(made.page)
      try file.finish()
    } catch {
      console.report(path, error.message)
      return .failure
    }
    return made.status
  }

  private enum Format: String {
    case html
    case cyclonedx
    case spdx

    init(_ word: [UInt8]?) throws(SystemError) {
      let text = word.map { String(decoding: $0, as: UTF8.self) } ?? "html"
      guard let format = Self(rawValue: text) else {
        throw SystemError("--format is html, cyclonedx or spdx, not '\(text)'")
      }
      self = format
    }
  }

  private static func bill(
    _ files: ModuleCommand.Files, _ format: Format, _ console: inout Console
  ) -> Made {
    let limits = files.limits
    let collected = ModuleCommand.collect(files, .everything, &console) { inspection, _ in
      BillEntry(&inspection, limits)
    }
    let bill = Bill(collected.facts, isPartial: collected.status != .clean)
    var out = TextBuffer()
    if format == .spdx {
      SPDXDocument(bill: bill, created: moment(console.environment)).write(to: &out)
    } else {
      CycloneDX(bill: bill).write(to: &out)
    }
    return Made(page: out.pending, status: collected.status, isEmpty: collected.facts.isEmpty)
  }

  /// A page, and what came of the run.
  private struct Made {
    let page: [UInt8]
    let status: ExitStatus
    /// Whether no module could be read.
    let isEmpty: Bool
  }

  private static func module(
    _ files: ModuleCommand.Files, _ target: KernelDescription?, _ missing: [Unread],
    _ parsed: ParsedArguments<Name>, _ console: inout Console
  ) throws(SystemError) -> Made {
    let plan = try target.map { target throws(SystemError) in
      try LoadPlan(
        target, arguments: [], flags: nil, limits: files.limits, loadsDependencies: true)
    }
    let collected = ModuleCommand.collect(files, .everything, &console) {
      inspection, console in
      page(&inspection, plan, missing, console.environment)
    }
    guard let page = collected.facts.first else {
      return tree([], files, collected.unread + missing, .failure)
    }
    let status = missing.isEmpty ? collected.status : .failure
    return Made(page: page, status: status, isEmpty: false)
  }

  /// The page of one module.
  private static func page(
    _ inspection: inout Inspection, _ plan: LoadPlan?, _ missing: [Unread],
    _ environment: Environment
  ) -> [UInt8] {
    let summary = ModuleSummary(&inspection)
    var context = CheckContext()
    context.target = plan?.target.kernel
    context.packedHead = inspection.packedHead
    context.fileStem = inspection.fileStem
    let facts = ModuleFacts(inspection.module, context)
    let found = facts.findings(of: FindingsList.rules)
    if let error = found.error { inspection.add([error]) }
    let devices = AliasesReport(&inspection)
    var answer: PreflightReport?
    var problems = missing
    if let plan, inspection.path != [UInt8(ascii: "-")] {
      do throws(SystemError) {
        answer = PreflightReport(
          outcome: try plan.outcome(Operand(path: inspection.path)), kernel: plan.target.kernel)
      } catch {
        problems.append(Unread(path: inspection.path, problem: error.message))
      }
    }
    problems += inspection.errors.map {
      Unread(path: inspection.path, problem: $0.description)
    }
    return ModulePage(
      summary: summary, findings: found.findings, answer: answer,
      symbols: SymbolsReport(plan?.target.kernel, namespaces: facts.info.all("import_ns")),
      devices: devices, names: DeviceNames(devices.aliases, environment),
      sizes: ModuleSizes(summary.facts.sections.list, facts.symbols), problems: problems
    ).page()
  }

  private static func tree(
    _ files: ModuleCommand.Files, _ target: KernelDescription?, _ missing: [Unread],
    _ console: inout Console
  ) -> Made {
    var context = CheckContext()
    context.target = target?.kernel
    let collected = ModuleCommand.collect(files, .everything, &console) {
      [context] inspection, _ in TreeEntry(&inspection, context)
    }
    let status = missing.isEmpty ? collected.status : .failure
    return tree(
      collected.facts, files, collected.unread + missing, status,
      leftOut: target?.trees.compactMap { $0.leftOut } ?? [])
  }

  private static func tree(
    _ entries: [TreeEntry], _ files: ModuleCommand.Files, _ unread: [Unread],
    _ status: ExitStatus, leftOut: [Unread] = []
  ) -> Made {
    let page = TreePage(entries, unread: unread, leftOut: files.operands.leftOut + leftOut)
    return Made(page: page.page(), status: status, isEmpty: entries.isEmpty)
  }

  /// The file that is asked for; it must be none of those that are read.
  private static func opened(
    _ files: ModuleCommand.Files, _ parsed: ParsedArguments<Name>
  ) throws(SystemError) -> AtomicFile? {
    guard let path = parsed.value(.output) else { return nil }
    let file: AtomicFile
    do throws(SystemError) { file = try AtomicFile(path) } catch { throw error.named(path) }
    let inputs = files.operands.paths + parsed.values(.filesFrom) + parsed.values(.loaded)
    try refuse(file, inputs, path)
    return file
  }

  /// Throws when `file` would be written over one of `inputs`.
  private static func refuse(
    _ file: AtomicFile, _ inputs: [[UInt8]], _ path: [UInt8]
  ) throws(SystemError) {
    guard !inputs.contains(where: file.isSame) else {
      throw SystemError("not written: it is one of the files that the run reads").named(path)
    }
  }

  static var help: CommandHelp {
    CommandHelp(
      usage: "koinspect report [OPTIONS] PATH… -o FILE",
      about: """
        One page for a browser that needs nothing else: no request leaves it, and without JavaScript all of
        it can be read. Of one module what it is, what check finds, how a kernel that is named would load
        it, what takes how much memory, its parameters, devices, imports and exports. Of several, or of a
        directory, how many there are of each kind, who needs whom, and a table to sort and filter.
        With --format a bill of materials of the same files: name, version, what MODULE_LICENSE says and how
        sure that is, authors, SHA-256, who needs whom, and the source files that the module's own tables
        and debug information name.
        Exit status: 0, or 2 when something could not be read, which the page says, too.
        """,
      examples: [
        ("koinspect report hello.ko -o hello.html", "one module"),
        ("koinspect report --kernel /lib/modules/6.1.0 hello.ko -o hello.html", "will it load?"),
        ("koinspect report /lib/modules/6.1.0 -o modules.html", "a whole distribution"),
        ("koinspect report --format spdx build/ -o modules.spdx.json", "a bill of materials"),
      ],
      options: options)
  }
}
