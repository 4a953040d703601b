// `koinspect sections`: what each section is for, and what becomes of it in memory.

import ELFKit

extension ReportCommand {
  static let sections = ReportCommand(
    name: "sections",
    about: """
      The sections of each module by what becomes of them: code and data that stay in memory, what
      is freed once init has run, what is never loaded. What each is for, and how many entries the
      tables have: WARN sites, functions that can be traced, static branches and others.
      """,
    examples: [
      ("koinspect sections hello.ko", "for a person; with bars on a terminal"),
      ("koinspect sections --json hello.ko", "for a script"),
    ],
    access: .ranges,
    json: { inspection, json in
      let report = SectionsReport(&inspection)
      json.key("memory")
      Forms.memory.write(report.sections.memory, &json)
      json.key("sections")
      Forms.section.list.write(report.sections.list, &json)
    },
    text: { inspection, console, style in
      let hasBars = style.isColored || console.environment.outputIsTerminal()
      SectionsReport(&inspection).write(to: &console.out, style, bars: hasBars)
    })
}
