// A project's policy: `.koinspect.json`. Its JSON Schema is Docs/policy.schema.json.

import ELFKit

/// What a project says about its modules.
struct Policy {
  /// What happens to the findings of a rule.
  enum Level: Equatable {
    case off
    case severity(Severity)
  }

  /// Findings that are accepted for some files.
  struct Exception {
    let path: PathGlob
    /// The pattern as it is written.
    let pattern: String
    let rules: [String]
    let reason: String
    /// The last day on which it counts, `YYYY-MM-DD`; `nil` for always.
    let expires: String?
  }

  private(set) var levels: [String: Level] = [:]
  private(set) var failOn: FailOn?
  private(set) var asked = ModulePolicy()
  private(set) var exceptions: [Exception] = []

  /// The file's name.
  static let fileName = ".koinspect.json"

  /// No policy.
  init() {}

  /// Reads the policy in `text`. `file` gives the bytes of a file that it names, a path relative to
  /// the policy's own folder.
  init(_ text: [UInt8], file: ([UInt8]) throws(SystemError) -> [UInt8]) throws(SystemError) {
    let value: JSONValue
    do throws(JSONError) { value = try JSONReader.value(text) } catch {
      throw SystemError(error.description)
    }
    for member in try Self.members(value, "the policy") {
      let value = member.value
      switch member.key {
      case "$schema": break
      case "rules": try readLevels(value)
      case "failOn":
        guard let word = value.text, let level = FailOn(rawValue: word) else {
          throw SystemError("'failOn' is one of \(FailOn.words)")
        }
        failOn = level
      case "licenses": try readLicenses(value)
      case "requiredFields": asked.requiredFields = try Self.strings(value, "requiredFields")
      case "signers": asked.signers = try Self.strings(value, "signers").map { Array($0.utf8) }
      case "vermagic":
        guard let pattern = value.text else { throw SystemError("'vermagic' is a string") }
        asked.vermagic = Array(pattern.utf8)
      case "allowedImports": asked.allowedImports = try Self.imports(value, file)
      case "maxSize":
        guard case .number(let digits) = value, let size = UInt64(digits) else {
          throw SystemError("'maxSize' is a number of bytes")
        }
        asked.maxSize = size
      case "exceptions": try readExceptions(value)
      default:
        throw Self.unknown(
          member.key,
          among: [
            "rules", "failOn", "licenses", "requiredFields", "signers", "vermagic",
            "allowedImports", "maxSize", "exceptions",
          ])
      }
    }
  }

  private mutating func readLevels(_ value: JSONValue) throws(SystemError) {
    for member in try Self.members(value, "'rules'") {
      guard Rule.named(member.key) != nil else {
        throw Self.unknown(member.key, among: Rule.all.map { $0.id }, as: "rule")
      }
      let word = member.value.text
      if word == "off" {
        levels[member.key] = .off
      } else if let severity = Severity.allCases.first(where: { $0.name == word }) {
        levels[member.key] = .severity(severity)
      } else {
        throw SystemError("rule '\(member.key)' is \"off\", \"note\", \"warning\" or \"error\"")
      }
    }
  }

  private mutating func readLicenses(_ value: JSONValue) throws(SystemError) {
    for member in try Self.members(value, "'licenses'") {
      let list = try Self.strings(member.value, "licenses.\(member.key)").map { Array($0.utf8) }
      switch member.key {
      case "allow": asked.allowedLicenses = list
      case "deny": asked.deniedLicenses = list
      default: throw Self.unknown(member.key, among: ["allow", "deny"])
      }
    }
  }

  private mutating func readExceptions(_ value: JSONValue) throws(SystemError) {
    guard let list = value.elements else { throw SystemError("'exceptions' is an array") }
    for item in list {
      var (path, reason, expires): (String?, String?, String?)
      var rules: [String] = []
      for member in try Self.members(item, "an exception") {
        switch member.key {
        case "path": path = member.value.text
        case "reason": reason = member.value.text
        case "expires": expires = member.value.text
        case "rules": rules = try Self.strings(member.value, "rules")
        default: throw Self.unknown(member.key, among: ["path", "rules", "reason", "expires"])
        }
      }
      for rule in rules where Rule.named(rule) == nil {
        throw Self.unknown(rule, among: Rule.all.map { $0.id }, as: "rule")
      }
      guard let path, let reason, !reason.isEmpty, !rules.isEmpty else {
        throw SystemError("an exception has a 'path', 'rules' and a 'reason'")
      }
      if let expires, !Self.isDate(expires) {
        throw SystemError("'expires' is a day such as \"2027-01-31\", not '\(expires)'")
      }
      guard let glob = PathGlob(Array(path.utf8)) else {
        throw SystemError(
          "an exception's 'path' names files below the policy's folder, which '\(path)' does not")
      }
      exceptions.append(
        Exception(
          path: glob, pattern: path, rules: rules, reason: reason,
          expires: expires))
    }
  }

  /// The list itself, or the name of a file with a symbol a line, as in the KMI symbol lists of Android.
  private static func imports(
    _ value: JSONValue, _ file: ([UInt8]) throws(SystemError) -> [UInt8]
  ) throws(SystemError) -> Set<ByteSlice> {
    guard case .string(let path) = value else {
      return Set(try strings(value, "allowedImports").map { ByteSlice(Array($0.utf8)) })
    }
    return SymbolList(ByteSlice(try file(path))).names
  }

  private static func members(
    _ value: JSONValue, _ what: String
  ) throws(SystemError) -> [JSONValue.Member] {
    guard let members = value.members else { throw SystemError("\(what) is an object: {…}") }
    var seen: Set<String> = []
    for member in members where !seen.insert(member.key).inserted {
      throw SystemError("'\(member.key)' is there twice")
    }
    return members
  }

  private static func strings(_ value: JSONValue, _ key: String) throws(SystemError) -> [String] {
    guard let elements = value.elements else {
      throw SystemError("'\(key)' is an array of strings")
    }
    var strings: [String] = []
    for element in elements {
      guard let text = element.text else { throw SystemError("'\(key)' is an array of strings") }
      strings.append(text)
    }
    return strings
  }

  private static func unknown(
    _ key: String, among known: [String], as kind: String = "key"
  ) -> SystemError {
    let nearest = NearestWord.suggestion(for: key, among: known)
    return SystemError(
      "unknown \(kind) '\(key)'" + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
  }

  private static func isDate(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return bytes.count == 10
      && bytes.enumerated().allSatisfy { position, byte in
        position == 4 || position == 7
          ? byte == UInt8(ascii: "-") : byte.isDigit
      }
  }
}

extension Policy {
  /// Whether a finding of `rule` about `path`, as it is called from the policy's folder, is accepted on the day `today`.
  func accepts(_ rule: String, _ path: [UInt8], today: String) -> Bool {
    exceptions.contains { exception in
      exception.rules.contains(rule) && !exception.isExpired(today) && exception.path.matches(path)
    }
  }
}

extension Policy.Exception {
  func isExpired(_ today: String) -> Bool { expires.map { $0 < today } ?? false }
}

/// From which severity on findings make a run fail.
enum FailOn: String, CaseIterable {
  case error
  case warning
  case note
  case never

  static var words: String { allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ") }

  func includes(_ severity: Severity) -> Bool {
    switch self {
    case .error: severity >= .error
    case .warning: severity >= .warning
    case .note: true
    case .never: false
    }
  }
}
