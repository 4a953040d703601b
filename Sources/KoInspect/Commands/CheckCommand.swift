// `koinspect check`: the gate for CI. Exit status 1 when a rule finds something.

import ELFKit

enum CheckCommand {
  private enum Name: InputOptionName {
    case format
    case color
    case filesFrom
    case maxSize
    case help
  }

  private static let options: [Option<Name>] = [
    Option(
      .format, nil, "format", argument: .required("FORMAT"),
      help: "human (the default), or json: one object a module, one line each"),
    Option(
      .color, nil, "color", argument: .required("WHEN"),
      help: "auto (on a terminal, the default), always or never"),
    .filesFrom,
    .maxSize,
    Option(.help, "h", "help", help: "this text"),
  ]

  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    guard let parsed = ModuleCommand.parse("check", arguments, options, &console) else {
      return .failure
    }
    if parsed.has(.help) {
      console.out.append(help)
      return .clean
    }
    let format = parsed.value(.format).map { String(decoding: $0, as: UTF8.self) } ?? "human"
    guard ["human", "json"].contains(format) else {
      console.message { line in
        line.append("check: unknown format '")
        line.escaped(format)
        line.append("': it is human or json")
      }
      return .failure
    }
    let style = console.style(parsed.value(.color))
    let (status, severities) = ModuleCommand.collect("check", parsed, .ranges, &console) {
      inspection, console -> [Severity] in
      guard
        let facts = inspection.attempt({ module throws(ELFError) in try ModuleFacts(module) })
      else { return [] }
      let findings = Rule.all.flatMap { $0.findings(in: facts) }
      if format == "json" {
        json(inspection, findings, &console)
      } else if !findings.isEmpty {
        console.out.toned(.heading, style) { $0.escaped(inspection.path) }
        console.out.newline()
        FindingsReport.write(findings, to: &console.out, style, indentation: 2)
      }
      return findings.map(\.severity)
    }
    let tally = Tally(severities)
    if format == "human", tally.modules > 0 { console.out.append(tally.text) }
    return max(status, tally.isEmpty ? .clean : .findings)
  }

  /// What the last line counts.
  private struct Tally {
    let modules: Int
    private let counts: [Severity: Int]

    init(_ severities: [[Severity]]) {
      modules = severities.count
      counts = severities.joined().reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    var isEmpty: Bool { counts.isEmpty }

    var text: String {
      let parts = Severity.allCases.reversed().compactMap { severity in
        counts[severity].map { SymbolsReport.count($0, severity.name) }
      }
      let found = parts.isEmpty ? "nothing found" : parts.joined(separator: ", ")
      return "\(SymbolsReport.count(modules, "module")) checked: \(found)\n"
    }
  }

  private static func json(
    _ inspection: Inspection, _ findings: [Finding], _ console: inout Console
  ) {
    var json = JSONWriter()
    json.object { json in
      json.key("schemaVersion")
      json.number(UInt64(1))
      json.key("path")
      json.bytes(inspection.path)
      json.key("findings")
      json.findings(findings)
    }
    console.out.append(json.out)
    console.out.newline()
  }

  private static var help: String {
    let width = Rule.all.map(\.id.count).max() ?? 0
    let rules = Rule.all.map { rule in
      "  \(rule.id)\(String(repeating: " ", count: width - rule.id.count + 2))\(rule.summary)"
    }
    return Help.text(
      usage: "koinspect check [OPTIONS] PATH…",
      about: """
        Checks that each module declares a licence that the kernel accepts. Exit status: 0 when
        nothing is found, 1 when something is, 2 when a module cannot be read.

        Rules:
        \(rules.joined(separator: "\n"))
        """,
      examples: [
        ("koinspect check build/", "every module below build/"),
        ("koinspect check --format json my.ko", "for a script"),
      ],
      options: options)
  }
}
