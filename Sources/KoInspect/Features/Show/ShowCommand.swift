// `koinspect show`, which is also `koinspect FILE…`: one screen a module, or one JSON object.

import ELFKit

enum ShowCommand {
  private enum Name: KernelOptionName {
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
    case sensitive
    case by
    case json
    case schema
    case fields
    case sort
    case filter
    case csv
    case color
    case filesFrom
    case maxSize
    case help
  }

  private static let options: [Option<Name>] = own + Option.kernel(runningIsDefault: true)

  private static let own: [Option<Name>] = [
    Option(.json, nil, "json", help: "one JSON object a module, one line each"),
    Option(
      .sensitive, nil, "sensitive",
      help: "evidence of what an unknown module could do to a system"),
    .imports(.by),
    Option(.schema, nil, "schema", help: "the JSON Schema of --json; no module is read"),
    Option(
      .fields, nil, "fields", argument: .required("FIELD,…"),
      help:
        "a table with these columns: \(TreeField.all.prefix(6).map { $0.key }.joined(separator: ", "))…"
    ),
    Option(
      .sort, nil, "sort", argument: .required("[-]FIELD"), values: TreeField.all.map { $0.key },
      help: "a table in this order; with - the last first"),
    Option(
      .filter, nil, "filter", argument: .required("FIELD[=VALUE]"),
      help: "a table of those that have it, or VALUE (with * and ?; empty: without it)"),
    Option(.csv, nil, "csv", help: "the table as comma-separated values"),
    .color(.color),
    .filesFrom,
    .maxSize,
    Option(.help, "h", "help", help: "this text"),
  ]

  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    ModuleCommand.perform("show", arguments, options, help: .help, help, &console) {
      parsed, console throws(SystemError) in
      if parsed.has(.schema) {
        ModuleSummary.form.schema.write(
          to: &console.out, id: "module.schema.json",
          title: "A Linux kernel module, as koinspect show --json tells it")
        return .clean
      }
      let style = console.style(parsed.value(.color))
      let isJSON = parsed.has(.json)
      let asksTable = [Name.fields, .sort, .filter, .csv].contains { parsed.has($0) }
      if asksTable, isJSON || parsed.has(.sensitive) {
        throw SystemError(
          "--fields, --sort, --filter and --csv make a table: not with --json or --sensitive")
      }
      let order = try parsed.has(.by) ? ImportOrder(parsed.value(.by)) : nil
      if order != nil, asksTable || isJSON {
        throw SystemError("--by lists imports for people: not with a table or --json")
      }
      if asksTable || !isJSON && parsed.operands.contains(where: { kind(of: $0) == .directory }) {
        return try tree(parsed, &console, style)
      }
      let plan = isJSON ? nil : try askedKernel(parsed, &console)
      // Who offers what is asked of all modules of the trees that were named.
      let (offers, unread) = try order == nil ? (nil, []) : parsed.describedKernel(&console)
      let status = ModuleCommand.forEach(
        "show", parsed, .everything, separator: isJSON ? "" : "\n", &console
      ) { inspection, console in
        let summary = ModuleSummary(&inspection, isSensitive: parsed.has(.sensitive))
        if isJSON {
          inspection.write(to: &console.out) { ModuleSummary.form.write(summary, &$1) }
        } else {
          let answer = plan.flatMap { ask($0, inspection.path) }
          SummaryReport(summary, answer).write(to: &console.out, style)
          if let order {
            imports(of: summary, order, offers?.kernel).write(to: &console.out, style)
          }
          if let evidence = summary.evidence {
            EvidenceReport(evidence: evidence).write(to: &console.out, style)
          }
        }
        return .clean
      }
      return unread.isEmpty ? status : .failure
    }
  }

  /// The kernel that is asked: the one that the options describe, or, about one module, that which runs
  /// here, where what it was built with can be read. `nil` for none.
  private static func askedKernel(
    _ parsed: ParsedArguments<Name>, _ console: inout Console
  ) throws(SystemError) -> LoadPlan? {
    guard let limits = parsed.limits else { return nil }
    let isNamed = parsed.namesKernel
    var target: KernelDescription
    if isNamed {
      target = try parsed.kernelOrRunning()
    } else {
      // Nobody has asked for it: what is wrong with the machine's own folders is no error here.
      guard console.environment.asksOwnKernel,
        console.environment.variable("KOINSPECT_NO_KERNEL") == nil, parsed.operands.count == 1,
        parsed.values(.filesFrom).isEmpty, let own = try? parsed.kernelOrRunning(),
        own.kernel.config != nil
      else { return nil }
      target = own
    }
    try target.load(parsed.values(.loaded), limits, &console)
    return try LoadPlan(
      target, arguments: [], flags: nil, limits: limits, loadsDependencies: true)
  }

  /// The imports of a module, for who asks how they are sorted.
  private static func imports(
    of summary: ModuleSummary, _ order: ImportOrder, _ kernel: TargetKernel?
  ) -> SymbolsReport {
    let info = summary.facts.info
    var report = SymbolsReport(kernel, namespaces: info.all("import_ns"))
    report.order = order
    report.depends = info.first("depends")
    report.imports = summary.facts.imports
    return report
  }

  /// What the kernel would do with the module at `path`; `nil` when it cannot be read a second time.
  private static func ask(_ plan: LoadPlan, _ path: [UInt8]) -> PreflightReport? {
    guard path != [UInt8(ascii: "-")], let outcome = try? plan.outcome(Operand(path: path)) else {
      return nil
    }
    return PreflightReport(outcome: outcome, kernel: plan.target.kernel)
  }

  /// A line a module: who names a directory asks for an overview.
  private static func tree(
    _ parsed: ParsedArguments<Name>, _ console: inout Console, _ style: Style
  ) throws(SystemError) -> ExitStatus {
    let choice = try TreeChoice(
      fields: parsed.value(.fields), filters: parsed.values(.filter), order: parsed.value(.sort))
    let fields = choice.read
    let (status, rows) = ModuleCommand.collect("show", parsed, .ranges, &console) {
      inspection, _ in ModuleTreeRow(&inspection, fields)
    }
    let table = choice.table(rows)
    if table.rows.isEmpty, !rows.isEmpty {
      console.message {
        $0.append(
          "show: none of \(Quantity.count(rows.count, "module")) has what --filter asks for")
      }
    }
    if parsed.has(.csv) {
      table.writeCSV(to: &console.out)
      return status
    }
    table.write(to: &console.out, style, isTerminal: console.environment.outputIsTerminal())
    ModuleTreeTotals(table).write(to: &console.out)
    return status
  }

  static var help: CommandHelp {
    CommandHelp(
      usage: "koinspect [show] [OPTIONS] PATH…",
      about: """
        One screen about each module: what it is, what it would taint and why, its parameters with
        their default values, where init and exit are, what it needs and offers. A directory gives
        a table of the modules below it, a line each, and how many there are of each kind.
        With a kernel, and about one module on a machine that knows what its own was built with, the
        head tells what that kernel would do with it (unless KOINSPECT_NO_KERNEL is set).
        """,
      examples: [
        ("koinspect hello.ko", "for a person"),
        ("koinspect show --kernel /lib/modules/6.1.0 hello.ko", "will it load there?"),
        ("koinspect show /lib/modules/6.1.0", "a whole tree, a line a module"),
        ("koinspect show --csv --fields name,kernel /lib/modules", "for a spreadsheet"),
        ("koinspect --json /lib/modules/ | jq .name", "for a script, a whole tree"),
      ],
      options: options)
  }
}
