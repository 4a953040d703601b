// SARIF 2.1.0 (OASIS), as code scanning of GitHub and others takes it.

import ELFKit

struct SARIFReport {
  let outcome: CheckOutcome

  /// What the kernel's own documentation says about the subjects of rules.
  private static let pages = [
    "license": "process/license-rules.html", "signature": "admin-guide/module-signing.html",
    "symbol": "core-api/symbol-namespaces.html", "export": "core-api/symbol-namespaces.html",
    "parameter": "admin-guide/kernel-parameters.html",
  ]
  private static let otherPage = "kbuild/modules.html"

  /// GitHub refuses more results in one run.
  private static let mostResults = 25_000

  func write(to out: inout TextBuffer) {
    // The worst first: what is left out must not be what matters.
    let all = outcome.findings.enumerated().sorted { left, right in
      (right.element.severity, left.offset) < (left.element.severity, right.offset)
    }.map { $0.element }
    let shown = all.prefix(Self.mostResults)
    let rules = Rule.all.filter { rule in shown.contains { $0.rule == rule.id } }
    var json = JSONWriter()
    json.object { json in
      json.key("$schema")
      json.string("https://json.schemastore.org/sarif-2.1.0.json")
      json.key("version")
      json.string("2.1.0")
      json.key("runs")
      json.array([0]) { json, _ in
        json.object { json in
          json.key("tool")
          json.object { json in
            json.key("driver")
            driver(rules, &json)
          }
          json.key("invocations")
          json.array([0]) { json, _ in invocation(left: all.count - shown.count, &json) }
          json.key("results")
          json.array(shown) { json, finding in result(finding, rules, &json) }
        }
      }
    }
    out.append(json.out)
    out.newline()
  }

  private func driver(_ rules: [Rule], _ json: inout JSONWriter) {
    json.object { json in
      json.key("name")
      json.string("koinspect")
      json.key("version")
      json.string(Version.number)
      json.key("rules")
      json.array(rules) { json, rule in
        json.object { json in
          json.key("id")
          json.string(rule.id)
          json.key("helpUri")
          json.string("https://docs.kernel.org/\(Self.pages[rule.group] ?? Self.otherPage)")
          text("shortDescription", rule.summary, &json)
          text("fullDescription", "\(rule.summary). \(rule.reason)", &json)
          text("help", "\(rule.reason)\n\n\(rule.remedy)", &json)
          json.key("defaultConfiguration")
          json.object { json in
            json.key("level")
            json.string(rule.severity.name)
          }
        }
      }
    }
  }

  private func invocation(left: Int, _ json: inout JSONWriter) {
    let errors = outcome.problems
    let notices = errors.map { ($0, "error") } + outcome.leftOut.map { ($0, "warning") }
    json.object { json in
      json.key("executionSuccessful")
      json.bool(errors.isEmpty)
      json.key("toolExecutionNotifications")
      json.array(notices) { json, notice in
        let (error, level) = notice
        json.object { json in
          json.key("level")
          json.string(level)
          let message = "\(CheckedFinding.harmless(error.path)): \(error.problem)"
          text("message", CheckedFinding.harmless(Array(message.utf8)), &json)
          json.key("locations")
          json.array([0]) { json, _ in
            json.object { json in
              json.key("physicalLocation")
              json.object { json in
                json.key("artifactLocation")
                json.object { json in
                  json.key("uri")
                  json.string(outcome.reference(error.path))
                }
              }
            }
          }
        }
      }
      if left > 0 {
        json.key("exitCodeDescription")
        json.string(
          "\(Quantity.count(left, "finding")) of lower severity left out: a run holds at most 25,000"
        )
      }
    }
  }

  private func result(_ finding: CheckedFinding, _ rules: [Rule], _ json: inout JSONWriter) {
    json.object { json in
      json.key("ruleId")
      json.string(finding.rule)
      if let index = rules.firstIndex(where: { $0.id == finding.rule }) {
        json.key("ruleIndex")
        json.number(UInt64(index))
      }
      json.key("level")
      json.string(finding.severity.name)
      text("message", finding.placedMessage, &json)
      json.key("locations")
      json.array([0]) { json, _ in
        json.object { json in
          location(finding.source?.path ?? finding.path, finding.source?.line ?? 1, &json)
        }
      }
      if finding.source != nil {
        json.key("relatedLocations")
        json.array([0]) { json, _ in
          json.object { json in
            location(finding.path, 1, &json)
            text("message", "the module", &json)
          }
        }
      }
      json.key("partialFingerprints")
      json.object { json in
        // GitHub would make one of its own from the lines of a text file.
        json.key("primaryLocationLineHash")
        json.string("\(finding.fingerprint):1")
      }
    }
  }

  /// A file and, where it is known, the line.
  private func location(_ path: [UInt8], _ line: UInt64, _ json: inout JSONWriter) {
    json.key("physicalLocation")
    json.object { json in
      json.key("artifactLocation")
      json.object { json in
        json.key("uri")
        json.string(outcome.reference(path))
      }
      guard line > 0 else { return }
      json.key("region")
      json.object { json in
        json.key("startLine")
        json.number(line)
      }
    }
  }

  private func text(_ key: String, _ text: String, _ json: inout JSONWriter) {
    json.key(key)
    json.object { json in
      json.key("text")
      json.string(text)
    }
  }
}
