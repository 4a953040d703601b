// `koinspect sections`: what each section is for, and what becomes of it in memory.

import ELFKit

enum SectionsCommand {
  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    let options = Option<CommonOption>.common
    guard let parsed = ModuleCommand.parse("sections", arguments, options, &console) else {
      return .failure
    }
    if parsed.has(.help) {
      console.out.append(help(options))
      return .clean
    }
    let style = console.style(parsed.value(.color))
    let isJSON = parsed.has(.json)
    let hasBars = style.isColored || console.environment.outputIsTerminal()
    return ModuleCommand.forEach(
      "sections", parsed, .ranges, separator: isJSON ? "" : "\n", &console
    ) { inspection, console in
      let report = SectionsReport(&inspection)
      if isJSON {
        var json = JSONWriter()
        json.object { json in
          json.key("schemaVersion")
          json.number(UInt64(1))
          json.key("path")
          json.bytes(inspection.path)
          json.key("memory")
          report.writeMemoryJSON(&json)
          json.key("sections")
          report.writeJSON(&json)
        }
        console.out.append(json.out)
        console.out.newline()
        return .clean
      }
      if inspection.isOneOfMany {
        console.out.toned(.heading, style) { $0.escaped(inspection.path) }
        console.out.newline()
      }
      report.write(to: &console.out, style, bars: hasBars)
      return .clean
    }
  }

  private static func help(_ options: [Option<CommonOption>]) -> String {
    Help.text(
      usage: "koinspect sections [OPTIONS] PATH…",
      about: """
        The sections of each module by what becomes of them: code and data that stay in memory, what
        is freed once init has run, what is never loaded. What each is for, and how many entries the
        tables have: WARN sites, functions that can be traced, static branches and others.
        """,
      examples: [
        ("koinspect sections hello.ko", "for a person; with bars on a terminal"),
        ("koinspect sections --json hello.ko", "for a script"),
      ],
      options: options)
  }
}
