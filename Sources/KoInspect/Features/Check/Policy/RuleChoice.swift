// Which rules a run applies and how much they matter, as the command line says: --only, --ignore,
// --severity. It counts for more than a policy.

import ELFKit

struct RuleChoice {
  private var only: Set<String>?
  private var named: Set<String> = []
  private var ignored: Set<String> = []
  private(set) var levels: [String: Severity] = [:]
  private let isAll: Bool

  /// Words may be lists: `license,signature`. A word that is no rule and no group is an error: a gate
  /// with a typing mistake in it would let everything pass.
  init(
    only: [[UInt8]], ignore: [[UInt8]], severities: [[UInt8]], isAll: Bool
  ) throws(SystemError) {
    self.isAll = isAll
    for word in only.flatMap(Self.words) {
      let rules = try Self.rules(word, "--only")
      self.only = (self.only ?? []).union(rules)
      if rules == [word] { named.insert(word) }
    }
    guard only.isEmpty || self.only != nil else { throw SystemError("--only names no rule") }
    for word in ignore.flatMap(Self.words) { ignored.formUnion(try Self.rules(word, "--ignore")) }
    for word in severities.flatMap(Self.words) {
      let parts = word.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, let level = Severity.allCases.first(where: { $0.name == parts[1] })
      else { throw SystemError("--severity is ID=note, ID=warning or ID=error, not '\(word)'") }
      for id in try Self.rules(parts[0], "--severity") {
        guard isWanted(id) else {
          throw SystemError("--severity names '\(id)', which --only or --ignore leaves out")
        }
        levels[id] = level
        if parts[0] == id { named.insert(id) }
      }
    }
  }

  private func isWanted(_ id: String) -> Bool {
    only.map { $0.contains(id) } ?? true && !ignored.contains(id)
  }

  /// The rules to apply, in their order. Who sets the severity of a rule, or names it or its group, wants
  /// it: `--only license` is a gate, and a policy that somebody put beside the modules must not open it.
  func rules(_ policy: Policy) throws(SystemError) -> [Rule] {
    let rules = Rule.all.filter { rule in
      isWanted(rule.id)
        && (isAll || rule.isDefault || named.contains(rule.id)
          || policy.levels[rule.id].map { $0 != .off } ?? false)
        && (policy.levels[rule.id] != .off || only != nil || named.contains(rule.id))
    }
    guard !rules.isEmpty else { throw SystemError("no rule is left that could find anything") }
    return rules
  }

  private static func words(_ list: [UInt8]) -> [String] {
    list.split(separator: UInt8(ascii: ",")).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The rules that a word means: itself, or those of a group.
  private static func rules(_ word: String, _ option: String) throws(SystemError) -> Set<String> {
    if Rule.named(word) != nil { return [word] }
    let group = Rule.all.filter { $0.group == word }.map { $0.id }
    guard group.isEmpty else { return Set(group) }
    let nearest = NearestWord.suggestion(for: word, among: Rule.groups + Rule.all.map { $0.id })
    throw SystemError(
      "\(option): '\(word)' is neither a rule nor a group of them"
        + (nearest.map { "; did you mean '\($0)'?" }
          ?? ": groups are \(Rule.groups.joined(separator: ", "))"))
  }
}
