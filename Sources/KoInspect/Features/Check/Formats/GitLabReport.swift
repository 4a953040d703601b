// The code quality report of GitLab: an array of issues.

import ELFKit

struct GitLabReport {
  let outcome: CheckOutcome

  func write(to out: inout TextBuffer) {
    var json = JSONWriter()
    let findings = outcome.findings.map { finding in
      Issue(
        description: finding.placedMessage, name: finding.rule, fingerprint: finding.fingerprint,
        severity: Self.severity(finding.severity), path: finding.source?.path ?? finding.path,
        line: finding.source?.line ?? 1)
    }
    let problems = outcome.problems.map { unread in
      Issue(
        description: "cannot be read: " + CheckedFinding.harmless(Array(unread.problem.utf8)),
        name: "unreadable",
        fingerprint: CheckedFinding.fingerprint(
          "unreadable", unread.path, Array(unread.problem.utf8)),
        severity: "blocker", path: unread.path)
    }
    let notices = outcome.leftOut.map { left in
      Issue(
        description: left.problem, name: "left-out",
        fingerprint: CheckedFinding.fingerprint("left-out", left.path, []), severity: "info",
        path: left.path)
    }
    json.array(problems + notices + findings) { json, issue in
      json.object { json in
        json.key("description")
        json.string(issue.description)
        json.key("check_name")
        json.string(issue.name)
        json.key("fingerprint")
        json.string(issue.fingerprint)
        json.key("severity")
        json.string(issue.severity)
        json.key("location")
        json.object { json in
          json.key("path")
          json.string(outcome.reference(issue.path))
          json.key("lines")
          json.object { json in
            json.key("begin")
            json.number(Swift.max(issue.line, 1))
          }
        }
      }
    }
    out.append(json.out)
    out.newline()
  }

  /// What the report has of each finding, and of each file that could not be read.
  private struct Issue {
    let description: String
    let name: String
    let fingerprint: String
    let severity: String
    let path: [UInt8]
    var line: UInt64 = 1
  }

  private static func severity(_ severity: Severity) -> String {
    switch severity {
    case .error: "critical"
    case .warning: "major"
    case .note: "info"
    }
  }
}
