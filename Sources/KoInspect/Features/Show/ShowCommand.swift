// `koinspect show`, which is also `koinspect FILE…`: one screen a module, or one JSON object.

import ELFKit

enum ShowCommand {
  private enum Name: InputOptionName {
    case json
    case schema
    case color
    case filesFrom
    case maxSize
    case help
  }

  private static let options: [Option<Name>] = [
    Option(.json, nil, "json", help: "one JSON object a module, one line each"),
    Option(.schema, nil, "schema", help: "the JSON Schema of --json; no module is read"),
    Option(
      .color, nil, "color", argument: .required("WHEN"),
      help: "auto (on a terminal, the default), always or never"),
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
      if !isJSON, parsed.operands.contains(where: { kind(of: $0) == .directory }) {
        return tree(parsed, &console, style)
      }
      return ModuleCommand.forEach(
        "show", parsed, .everything, separator: isJSON ? "" : "\n", &console
      ) { inspection, console in
        let summary = ModuleSummary(&inspection)
        if isJSON {
          inspection.write(to: &console.out) { ModuleSummary.form.write(summary, &$1) }
        } else {
          SummaryReport(summary).write(to: &console.out, style)
        }
        return .clean
      }
    }
  }

  /// A line a module: who names a directory asks for an overview.
  private static func tree(
    _ parsed: ParsedArguments<Name>, _ console: inout Console, _ style: Style
  ) -> ExitStatus {
    ModuleTreeRow.writeHeading(to: &console.out, style)
    let (status, rows) = ModuleCommand.collect("show", parsed, .ranges, &console) {
      inspection, console in
      let row = ModuleTreeRow(&inspection)
      row.write(to: &console.out, style)
      return row
    }
    ModuleTreeTotals(rows).write(to: &console.out)
    return status
  }

  private static var help: String {
    CommandHelp.text(
      usage: "koinspect [show] [OPTIONS] PATH…",
      about: """
        One screen about each module: what it is, what it would taint and why, its parameters with
        their default values, where init and exit are, what it needs and offers. A directory gives
        a table of the modules below it, a line each, and how many there are of each kind.
        """,
      examples: [
        ("koinspect hello.ko", "for a person"),
        ("koinspect show /lib/modules/6.1.0", "a whole tree, a line a module"),
        ("koinspect --json /lib/modules/ | jq .name", "for a script, a whole tree"),
      ],
      options: options)
  }
}
