// JUnit's XML, as Jenkins, GitLab and others read it: a test case a module.

import ELFKit

struct JUnitReport {
  let outcome: CheckOutcome

  func write(to out: inout TextBuffer) {
    let (modules, leftOut) = (outcome.modules, outcome.leftOut)
    let failing = modules.filter { !$0.failing.isEmpty }
    let broken = modules.filter { !$0.errors.isEmpty }
    let counts =
      "tests=\"\(modules.count + outcome.unread.count + leftOut.count)\" failures=\"\(failing.count)\" "
      + "errors=\"\(broken.count + outcome.unread.count)\""
      + (leftOut.isEmpty ? "" : " skipped=\"\(leftOut.count)\"")
    out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
    out.append("<testsuites name=\"koinspect\" \(counts)>\n")
    out.append("  <testsuite name=\"koinspect check\" \(counts)>\n")
    for module in modules { write(module, to: &out) }
    for unread in outcome.unread {
      let module = CheckedModule(
        path: unread.path, findings: [], known: [], failOn: .never, errors: [unread.problem])
      write(module, to: &out)
    }
    for left in leftOut {
      out.append("    <testcase classname=\"koinspect\" name=\"")
      out.append(Self.xml(left.path))
      out.append("\">\n      <skipped message=\"\(left.problem)\"/>\n    </testcase>\n")
    }
    out.append("  </testsuite>\n</testsuites>\n")
  }

  private func write(_ module: CheckedModule, to out: inout TextBuffer) {
    out.append("    <testcase classname=\"koinspect\" name=\"")
    out.append(Self.xml(module.path))
    out.append("\"")
    guard !module.findings.isEmpty || !module.errors.isEmpty else { return out.append("/>\n") }
    out.append(">\n")
    let failing = module.failing
    let others = module.findings.filter { !module.failOn.includes($0.severity) }
    // A test case has one failure at most.
    if let first = failing.first {
      out.append("      <failure type=\"\(first.rule)\" message=\"")
      out.append(Self.xml(first.message.bytes))
      out.append("\">\(Self.lines(failing))</failure>\n")
    }
    if !module.errors.isEmpty {
      let text = Self.xml(Array(module.errors.joined(separator: "; ").utf8))
      out.append("      <error type=\"unreadable\" message=\"\(text)\"/>\n")
    }
    if !others.isEmpty {
      out.append("      <system-out>\(Self.lines(others))</system-out>\n")
    }
    out.append("    </testcase>\n")
  }

  private static func lines(_ findings: [CheckedFinding]) -> String {
    findings.map { "\($0.severity.name): \(xml($0.message.bytes)) [\($0.rule)]" }
      .joined(separator: "\n")
  }

  /// Untrusted text for XML 1.0: control characters, which it cannot hold at all, become `\xNN`
  /// first; then the five characters of its syntax.
  private static func xml(_ bytes: [UInt8]) -> String {
    var text = ""
    for scalar in CheckedFinding.harmless(bytes).unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&apos;"
      // Noncharacters at the end of the plane are not allowed.
      case "\u{fffe}", "\u{ffff}": text += "\u{fffd}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
