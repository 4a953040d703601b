// What a check of many modules gave, as the reports that need all of it want it.

import ELFKit

/// One finding, with texts of its own: the module's bytes need not be kept for it.
struct CheckedFinding: Sendable {
  let path: [UInt8]
  let rule: String
  let severity: Severity
  /// What is wrong; it quotes untrusted bytes.
  let message: ByteText
  /// Empty when the whole module is meant.
  let subject: [UInt8]

  /// Where in the file it is, or `nil`.
  let section: [UInt8]?
  let offset: UInt64?

  /// `severity` is what the policy makes of the rule's own.
  init(_ finding: Finding, _ path: [UInt8], _ severity: Severity) {
    self.path = path
    self.severity = severity
    rule = finding.rule
    section = finding.section?.bytes
    offset = finding.offset
    message = finding.message
    subject = finding.subject?.bytes ?? []
  }

  var baselineEntry: BaselineEntry { BaselineEntry(path: path, rule: rule, subject: subject) }

  /// The message, harmless.
  var harmlessMessage: String { Self.harmless(message.bytes) }

  /// The path, harmless.
  var harmlessPath: String { Self.harmless(path) }

  static func harmless(_ bytes: [UInt8]) -> String {
    var text = TextBuffer()
    text.escaped(bytes)
    return text.text
  }

  /// The same in every run and every build, whatever else changes (FNV-1a of rule, path, subject).
  var fingerprint: String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in Array(rule.utf8) + [0] + path + [0] + subject {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }
    var text = TextBuffer()
    text.hex(hash, width: 16)
    return text.text
  }
}

/// What came of one module.
struct CheckedModule: Sendable {
  let path: [UInt8]
  let findings: [CheckedFinding]
  /// The findings that a baseline knows: they do not count.
  let known: [BaselineEntry]
  /// What could not be read of it; empty when all could.
  let errors: [String]
}

/// What came of a run.
struct CheckOutcome {
  let modules: [CheckedModule]
  let failOn: FailOn
  /// The working directory: paths below it become relative where a format wants that.
  let workingDirectory: [UInt8]

  var findings: [CheckedFinding] { modules.flatMap(\.findings) }

  /// The path as a relative reference (RFC 3986), or as a `file:` one when it is elsewhere.
  func reference(_ path: [UInt8]) -> String {
    var relative = path[...]
    let folder = workingDirectory + [0x2f]
    if relative.starts(with: folder) { relative = relative.dropFirst(folder.count) }
    while relative.starts(with: [0x2e, 0x2f]) { relative = relative.dropFirst(2) }
    let isAbsolute = relative.first == 0x2f
    var text = TextBuffer()
    if isAbsolute { text.append("file://") }
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/".utf8)
    for byte in relative {
      if plain.contains(byte) {
        text.append(byte: byte)
      } else {
        text.append("%")
        text.append(String(byte >> 4, radix: 16, uppercase: true))
        text.append(String(byte & 0xf, radix: 16, uppercase: true))
      }
    }
    return text.text
  }
}
