// Annotations of GitHub Actions: workflow commands on standard output.

import ELFKit

struct GitHubReport {
  let outcome: CheckOutcome
  let showsNotes: Bool

  /// GitHub shows this many of a step for each level and drops the rest silently.
  private static let most = 10

  func write(to out: inout TextBuffer) {
    let problems = outcome.problems.map { unread in
      Line(
        severity: .error, path: CheckedFinding.harmless(unread.path), rule: "unreadable",
        message: CheckedFinding.harmless(Array(unread.problem.utf8)))
    }
    let findings = outcome.findings.map { finding in
      Line(
        severity: finding.severity, path: finding.harmlessPath, rule: finding.rule,
        message: finding.harmlessMessage, source: finding.source)
    }
    let notices = outcome.leftOut.map { left in
      Line(
        severity: .warning, path: CheckedFinding.harmless(left.path), rule: "left-out",
        message: left.problem)
    }
    var left: [Line] = []
    for severity in Severity.allCases.reversed() where severity > .note || showsNotes {
      let lines = (problems + notices + findings).filter { $0.severity == severity }
      for line in lines.prefix(Self.most) { annotate(line, to: &out) }
      left += lines.dropFirst(Self.most)
    }
    // The log has the rest.
    for line in left {
      out.append("koinspect: \(line.severity.name): \(line.path): \(line.message) [\(line.rule)]\n")
    }
    let notes = findings.count { $0.severity == .note }
    out.append("koinspect: \(Quantity.count(outcome.modules.count, "module")) checked, ")
    out.append(Quantity.count(findings.count - notes, "finding"))
    if notes > 0 {
      out.append(", \(Quantity.count(notes, "note"))")
      out.append(showsNotes ? "" : " (--notes shows them)")
    }
    out.append(", \(Quantity.count(problems.count, "problem")) of reading\n")
  }

  private struct Line {
    let severity: Severity
    let path: String
    let rule: String
    let message: String
    var source: SourceLineHere?
  }

  private func annotate(_ line: Line, to out: inout TextBuffer) {
    let command = line.severity == .note ? "notice" : line.severity.name
    out.append("::\(command) file=")
    let path = line.source.map { CheckedFinding.harmless($0.path) }
    out.append(Self.property(path ?? line.path))
    if let number = line.source?.line, number > 0 { out.append(",line=\(number)") }
    out.append(",title=\(Self.property("koinspect: \(line.rule)"))::")
    // At a line of the source, which module it is about is said.
    if path != nil { out.append(Self.data("\(line.path): ")) }
    out.append(Self.data(line.message))
    out.newline()
  }

  /// The text of a command: what ends a line or an escape is escaped.
  private static func data(_ text: String) -> String {
    replace(text, ["%": "%25", "\r": "%0D", "\n": "%0A"])
  }

  /// A property of a command: also what separates properties.
  private static func property(_ text: String) -> String {
    replace(text, ["%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"])
  }

  private static func replace(_ text: String, _ table: [Unicode.Scalar: String]) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if let escape = table[scalar] {
        result += escape
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
