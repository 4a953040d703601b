// The code quality report of GitLab: an array of issues.

import ELFKit

struct GitLabReport {
  let outcome: CheckOutcome

  func write(to out: inout TextBuffer) {
    var json = JSONWriter()
    json.array(outcome.findings) { json, finding in
      json.object { json in
        json.key("description")
        json.string(finding.harmlessMessage)
        json.key("check_name")
        json.string(finding.rule)
        json.key("fingerprint")
        json.string(finding.fingerprint)
        json.key("severity")
        json.string(Self.severity(finding.severity))
        json.key("location")
        json.object { json in
          json.key("path")
          json.string(outcome.reference(finding.path))
          json.key("lines")
          json.object { json in
            json.key("begin")
            json.number(UInt64(1))
          }
        }
      }
    }
    out.append(json.out)
    out.newline()
  }

  private static func severity(_ severity: Severity) -> String {
    switch severity {
    case .error: "critical"
    case .warning: "major"
    case .note: "info"
    }
  }
}
