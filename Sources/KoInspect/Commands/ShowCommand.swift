// `koinspect show`, which is also `koinspect FILE…`: one screen a module, or one JSON object.

import ELFKit

enum ShowCommand {
  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    let options = Option<CommonOption>.common
    guard let parsed = ModuleCommand.parse("show", arguments, options, &console) else {
      return .failure
    }
    if parsed.has(.help) {
      console.out.append(help(options))
      return .clean
    }
    let style = console.style(parsed.value(.color))
    let isJSON = parsed.has(.json)
    return ModuleCommand.forEach(
      "show", parsed, .everything, separator: isJSON ? "" : "\n", &console
    ) { inspection, console in
      let summary = ModuleSummary(&inspection)
      if isJSON {
        var json = JSONWriter()
        summary.write(to: &json)
        console.out.append(json.out)
        console.out.newline()
      } else {
        SummaryReport(summary: summary).write(to: &console.out, style)
      }
      return .clean
    }
  }

  private static func help(_ options: [Option<CommonOption>]) -> String {
    Help.text(
      usage: "koinspect [show] [OPTIONS] PATH…",
      about: """
        One screen about each module: what it is, what it would taint and why, its parameters with
        their default values, where init and exit are, what it needs and offers. Directories stand
        for the modules below them.
        """,
      examples: [
        ("koinspect hello.ko", "for a person"),
        ("koinspect --json /lib/modules/ | jq .name", "for a script, a whole tree"),
      ],
      options: options)
  }
}
