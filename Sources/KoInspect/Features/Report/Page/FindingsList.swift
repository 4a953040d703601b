// Findings on a page: of one module each for itself, of many by rule.

import ELFKit

struct FindingsList {
  let findings: [Finding]

  /// The rules of `check` that nobody has to ask for.
  static let rules = Rule.all.filter { $0.isDefault }

  func write(to html: inout HTMLWriter) {
    guard !findings.isEmpty else {
      html.add("<p class=good>Nothing was found.</p>\n")
      return
    }
    html.beginList("Findings", [("Severity", ""), ("What", ""), ("Rule", "m")])
    for severity in Severity.allCases.reversed() {
      for finding in findings.prefix(HTMLWriter.shownRows) where finding.severity == severity {
        html.add("<tr><td>")
        html.severity(severity)
        html.add("</td><td>")
        html.text(finding.message.bytes, limit: 1000)
        if let rule = Rule.all.first(where: { $0.id == finding.rule }) {
          html.add("<br><span class=faint>")
          html.text("\(rule.reason) \(rule.remedy)")
          html.add("</span>")
        }
        html.add("</td><td class=\"m mono nowrap\">")
        html.text(finding.rule)
        html.add("</td></tr>\n")
      }
    }
    html.endList()
    html.more(findings.count)
  }
}

extension HTMLWriter {
  /// The word for a severity, in its colour.
  mutating func severity(_ severity: Severity) {
    cell(Cell(severity.name, FindingsReport.tone(severity)))
  }
}
