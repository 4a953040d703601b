// Annotations of GitHub Actions: workflow commands on standard output.

import ELFKit

struct GitHubReport {
  let outcome: CheckOutcome

  /// GitHub shows this many of a step and drops the rest silently.
  private static let most = 10

  func write(to out: inout TextBuffer) {
    let sorted = outcome.findings.enumerated().sorted { left, right in
      (right.element.severity, left.offset) < (left.element.severity, right.offset)
    }.map(\.element)
    for finding in sorted.prefix(Self.most) {
      let command = finding.severity == .note ? "notice" : finding.severity.name
      out.append("::\(command) file=")
      out.append(Self.property(finding.harmlessPath))
      out.append(",title=\(Self.property("koinspect: \(finding.rule)"))::")
      out.append(Self.data(finding.harmlessMessage))
      out.newline()
    }
    let rest = sorted.count - Self.most
    if rest > 0 {
      out.append("::notice title=koinspect::\(rest) more findings: see the log of the job\n")
    }
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
