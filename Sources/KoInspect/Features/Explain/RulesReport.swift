// The rules in words: for a person on a terminal, and as the page Docs/Rules.md.

import ELFKit

enum RulesReport {
  /// One rule, all of it.
  static func write(_ rule: Rule, to out: inout TextBuffer, _ style: Style) {
    out.toned(.heading, style, rule.id)
    out.append(": \(rule.summary)")
    out.newline()
    var table = Table(indentation: 2)
    table.row([Cell("group", .faint), Cell(rule.group)])
    table.row([Cell("severity", .faint), Cell(severity(rule))])
    if let kernels = kernels(rule) { table.row([Cell("kernels", .faint), Cell(kernels)]) }
    table.row([Cell("why", .faint), Cell(rule.reason)])
    table.row([Cell("remedy", .faint), Cell(rule.remedy)])
    table.write(to: &out, style)
  }

  /// All rules, a line each.
  static func writeList(to out: inout TextBuffer, _ style: Style) {
    var table = Table(indentation: 0)
    for rule in Rule.all {
      table.row([
        Cell(rule.id, .name), Cell(rule.severity.name, FindingsReport.tone(rule.severity)),
        Cell(rule.isDefault ? "" : "off"), Cell(rule.summary),
      ])
    }
    table.write(to: &out, style)
  }

  /// The page Docs/Rules.md.
  static func writePage(to out: inout TextBuffer) {
    out.append(
      """
      # The rules of `koinspect check`

      Made by `koinspect explain --markdown`; a test compares. Error: a kernel would not load the module, its build
      would refuse it, or the file is corrupt. Warning: the kernel is tainted or complains. Note: hygiene. Rules that
      are off by default are applied with `--all-rules`, or when a policy gives them a severity.

      | Rule | Severity | Default | What it finds |
      |---|---|---|---|

      """)
    for rule in Rule.all {
      out.append(
        "| [`\(rule.id)`](#\(rule.id)) | \(rule.severity.name) | \(rule.isDefault ? "on" : "off") "
          + "| \(rule.summary) |\n")
    }
    for rule in Rule.all {
      out.append(
        "\n## `\(rule.id)`\n\n\(capitalized(rule.summary)). \(capitalized(severity(rule))).")
      if let kernels = kernels(rule) { out.append(" Linux \(kernels).") }
      out.append("\n\n**Why.** \(rule.reason)\n\n**Remedy.** \(rule.remedy)\n")
    }
  }

  private static func severity(_ rule: Rule) -> String {
    rule.isDefault ? rule.severity.name : "\(rule.severity.name), off by default"
  }

  private static func kernels(_ rule: Rule) -> String? { rule.since.map { "\($0) and later" } }

  private static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}
