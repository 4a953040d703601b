// `koinspect explain`: what a finding means, why the kernel cares, how to mend it.

import ELFKit

enum ExplainCommand {
  private enum Name {
    case markdown
    case color
    case help
  }

  private static let options: [Option<Name>] = [
    Option(.markdown, nil, "markdown", help: "all rules as the page Docs/Rules.md"),
    Option(
      .color, nil, "color", argument: .required("WHEN"),
      help: "auto (on a terminal, the default), always or never"),
    Option(.help, "h", "help", help: "this text"),
  ]

  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    ModuleCommand.perform("explain", arguments, options, help: .help, help, &console) {
      parsed, console throws(SystemError) in
      let style = console.style(parsed.value(.color))
      if parsed.has(.markdown) {
        RulesReport.writePage(to: &console.out)
        return .clean
      }
      guard !parsed.operands.isEmpty else {
        RulesReport.writeList(to: &console.out, style)
        return .clean
      }
      var status = ExitStatus.clean
      for (position, operand) in parsed.operands.enumerated() {
        let id = String(decoding: operand, as: UTF8.self)
        guard let rule = Rule.named(id) else {
          console.message { line in
            line.append("explain: there is no rule '")
            line.escaped(operand)
            line.append("'")
            if let nearest = NearestWord.suggestion(for: id, among: Rule.all.map(\.id)) {
              line.append("; did you mean '\(nearest)'?")
            }
          }
          status = .failure
          continue
        }
        if position > 0 { console.out.newline() }
        RulesReport.write(rule, to: &console.out, style)
      }
      return status
    }
  }

  private static var help: String {
    Help.text(
      usage: "koinspect explain [OPTIONS] [RULE…]",
      about: """
        What a finding of 'koinspect check' means, why the kernel cares and how to mend it. Without
        RULE: the list of all rules.
        """,
      examples: [("koinspect explain missing-license", "one rule")],
      options: options)
  }
}
