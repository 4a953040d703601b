// Findings for people.

import ELFKit

/// What a line about a finding says.
protocol ReportedFinding {
  var rule: String { get }
  var severity: Severity { get }
  var message: ByteText { get }
}

extension Finding: ReportedFinding {}

enum FindingsReport {
  /// One line a finding, folded: severity, message, rule.
  static func write(
    _ findings: [some ReportedFinding], to out: inout TextBuffer, _ style: Style, indentation: Int
  ) {
    var table = Table(indentation: indentation)
    for finding in findings {
      var text = TextBuffer()
      text.escaped(finding.message.bytes)
      text.append(" [\(finding.rule)]")
      table.row([Cell(finding.severity.name, tone(finding.severity)), Cell(text)])
    }
    table.write(to: &out, style)
  }

  static func tone(_ severity: Severity) -> Tone {
    switch severity {
    case .error: .bad
    case .warning: .warning
    case .note: .faint
    }
  }
}
