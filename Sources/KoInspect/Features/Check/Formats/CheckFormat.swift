// The formats of `check`: what is written for each module, and what at the end.

import ELFKit

struct CheckFormat: Sendable {
  /// What a report is about, whether it shows notes, and where it goes.
  typealias ModuleWriter = @Sendable (CheckedModule, Bool, inout TextBuffer, Style) -> Void
  typealias UnreadWriter = @Sendable (Unread, inout TextBuffer) -> Void
  typealias EndWriter = @Sendable (CheckOutcome, Bool, inout TextBuffer) -> Void

  let name: String
  /// Whether people read it, who see what is said on standard error as well.
  var isForPeople = false
  /// Whether findings are shown at files, of the source where that is known.
  var placesFindings = false
  /// Writes what is known about one module as soon as it is known.
  var writeModule: ModuleWriter?
  /// Writes what is known about something that could not be read.
  var writeUnread: UnreadWriter?
  /// Writes what follows after all modules.
  var writeEnd: EndWriter?
  /// Writes a document that needs all of them.
  var writeAll: EndWriter?

  static let all: [Self] = [
    Self(name: "human", isForPeople: true, writeModule: humanModule, writeEnd: humanEnd),
    Self(name: "json", writeModule: jsonModule, writeUnread: jsonUnread, writeEnd: jsonEnd),
    Self(
      name: "sarif", placesFindings: true, writeAll: { SARIFReport(outcome: $0).write(to: &$2) }),
    Self(
      name: "gitlab", placesFindings: true, writeAll: { GitLabReport(outcome: $0).write(to: &$2) }),
    Self(name: "junit", writeAll: { JUnitReport(outcome: $0).write(to: &$2) }),
    Self(
      name: "github", placesFindings: true,
      writeAll: { outcome, showsNotes, out in
        GitHubReport(outcome: outcome, showsNotes: showsNotes).write(to: &out)
      }),
  ]

  /// Writes what follows after all modules, in whichever of the two ways this format has.
  func finish(_ outcome: CheckOutcome, showsNotes: Bool, to out: inout TextBuffer) {
    writeEnd?(outcome, showsNotes, &out)
    writeAll?(outcome, showsNotes, &out)
  }

  /// The format that was asked for, people's own without a word.
  static func named(_ word: [UInt8]?) throws(SystemError) -> Self {
    guard let word else { return all[0] }
    let text = String(decoding: word, as: UTF8.self)
    if let format = all.first(where: { $0.name == text }) { return format }
    let nearest = NearestWord.suggestion(for: text, among: all.map { $0.name })
    throw SystemError(
      "unknown format '\(text)'"
        + (nearest.map { "; did you mean '\($0)'?" }
          ?? ": it is \(all.map { $0.name }.joined(separator: ", "))"))
  }

  private static let humanModule: ModuleWriter = { module, showsNotes, out, style in
    // The worst first; of one severity in the order of the rules.
    let shown = Severity.allCases.reversed().flatMap { severity in
      module.findings.filter { $0.severity == severity && (severity > .note || showsNotes) }
    }
    guard !shown.isEmpty else { return }
    out.toned(.heading, style) { $0.escaped(module.path) }
    out.newline()
    FindingsReport.write(shown, to: &out, style, indentation: 2)
  }

  private static let humanEnd: EndWriter = { outcome, showsNotes, out in
    let findings = outcome.findings
    let counts = Severity.allCases.reversed().compactMap { severity -> String? in
      let count = findings.count { $0.severity == severity }
      guard count > 0 else { return nil }
      let isHidden = severity == .note && !showsNotes
      return Quantity.count(count, severity.name) + (isHidden ? " (--notes shows them)" : "")
    }
    let known = outcome.modules.reduce(0) { $0 + $1.known.count }
    let found =
      counts.isEmpty
      ? outcome.modules.isEmpty ? "nothing was looked at" : "nothing found"
      : counts.joined(separator: ", ")
    out.append("\(Quantity.count(outcome.modules.count, "module")) checked: \(found)")
    let unread = Set(outcome.problems.map { $0.path }).count
    if unread > 0 { out.append("; \(unread) could not be read, or not in full") }
    if known > 0 { out.append("; \(known) known by the baseline") }
    if !outcome.leftOut.isEmpty { out.append("; links or special files were left out") }
    out.newline()
  }

  private static let jsonEnd: EndWriter = { outcome, _, out in
    for left in outcome.leftOut {
      var json = JSONWriter()
      json.object { json in
        json.key("schemaVersion")
        json.number(UInt64(1))
        json.key("path")
        json.bytes(left.path)
        json.key("findings")
        json.array([UInt64]()) { $0.number($1) }
        json.key("leftOut")
        json.string(left.problem)
      }
      out.append(json.out)
      out.newline()
    }
  }

  private static let jsonModule: ModuleWriter = { module, _, out, _ in
    var json = JSONWriter()
    json.object { json in
      json.key("schemaVersion")
      json.number(UInt64(1))
      json.key("path")
      json.bytes(module.path)
      json.key("findings")
      json.array(module.findings) { json, finding in
        json.object { json in
          json.key("rule")
          json.string(finding.rule)
          json.key("severity")
          json.string(finding.severity.name)
          json.key("message")
          json.bytes(finding.message.bytes)
          json.key("subject")
          json.optional(finding.subject.isEmpty ? nil : finding.subject) { $0.bytes($1) }
          json.key("section")
          json.optional(finding.section) { $0.bytes($1) }
          json.key("offset")
          json.optional(finding.offset) { $0.number($1) }
        }
      }
      if !module.errors.isEmpty { errors(module.errors, &json) }
    }
    out.append(json.out)
    out.newline()
  }

  private static let jsonUnread: UnreadWriter = { unread, out in
    var json = JSONWriter()
    json.object { json in
      json.key("schemaVersion")
      json.number(UInt64(1))
      json.key("path")
      json.bytes(unread.path)
      json.key("findings")
      json.array([UInt64]()) { $0.number($1) }
      errors([unread.problem], &json)
    }
    out.append(json.out)
    out.newline()
  }

  /// What could not be read: the key is there only then.
  private static func errors(_ errors: [String], _ json: inout JSONWriter) {
    json.key("errors")
    json.array(errors) { $0.string($1) }
  }
}
