// What a check of many modules gave, as the reports that need all of it want it.

import ELFKit

/// One finding, with texts of its own: the module's bytes need not be kept for it.
struct CheckedFinding: ReportedFinding, Sendable {
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
  /// Where in the source it is, for formats that place findings; `nil` when that is not known.
  let source: SourceLineHere?

  /// `severity` is what the policy makes of the rule's own.
  init(
    _ finding: Finding, _ path: [UInt8], _ severity: Severity, _ source: SourceLineHere? = nil
  ) {
    self.path = path
    self.source = source
    self.severity = severity
    rule = finding.rule
    section = finding.section?.bytes
    offset = finding.offset
    message = finding.message
    subject = finding.subject?.bytes ?? []
  }

  /// The finding as a baseline knows it in which the module is called `name`.
  func baselineEntry(_ name: [UInt8]) -> BaselineEntry {
    BaselineEntry(
      path: name, rule: rule, subject: subject, about: BaselineEntry.about(message))
  }

  /// The message, harmless.
  var harmlessMessage: String { Self.harmless(message.bytes) }

  /// The path, harmless.
  var harmlessPath: String { Self.harmless(path) }

  /// The message for formats that place it: at a line of the source, which module it is about is said.
  var placedMessage: String {
    source == nil ? harmlessMessage : "\(harmlessPath): \(harmlessMessage)"
  }

  static func harmless(_ bytes: [UInt8]) -> String {
    var text = TextBuffer()
    text.escaped(bytes)
    return text.text
  }

  /// The same in every run and every build, whatever else changes (FNV-1a of rule, path, subject, message
  /// without numbers: what differs in the message only is another finding).
  var fingerprint: String {
    Self.fingerprint(rule, path, subject + [0] + BaselineEntry.about(message))
  }

  static func fingerprint(_ rule: String, _ path: [UInt8], _ rest: [UInt8]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in Array(rule.utf8) + [0] + path + [0] + rest {
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
  /// From which severity on findings count here.
  let failOn: FailOn
  /// What could not be read of it; empty when all could.
  let errors: [String]

  /// The findings that make a run fail.
  var failing: [CheckedFinding] { findings.filter { failOn.includes($0.severity) } }
}

/// What came of a run.
struct CheckOutcome {
  let modules: [CheckedModule]
  /// What was named and could not be read at all.
  let unread: [Unread]
  /// What was not looked at because nobody named it: links in folders, in words.
  let leftOut: [Unread]
  /// The working directory: paths below it become relative where a format wants that.
  let workingDirectory: [UInt8]

  /// All that could not be read: of modules, and what is none.
  var problems: [Unread] {
    unread
      + modules.flatMap { module in
        module.errors.map { Unread(path: module.path, problem: $0) }
      }
  }

  var findings: [CheckedFinding] { modules.flatMap { $0.findings } }

  /// The path as a relative reference (RFC 3986), or as a `file:` one when it is elsewhere.
  func reference(_ path: [UInt8]) -> String {
    var relative = path[...]
    let folder = workingDirectory + [UInt8(ascii: "/")]
    if relative.starts(with: folder) { relative = relative.dropFirst(folder.count) }
    while relative.starts(with: [UInt8(ascii: "."), UInt8(ascii: "/")]) {
      relative = relative.dropFirst(2)
    }
    let isAbsolute = relative.first == UInt8(ascii: "/")
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
