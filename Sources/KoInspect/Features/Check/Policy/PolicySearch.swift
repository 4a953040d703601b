// Where a module's policy is: in its folder or the nearest one above, up to the root of the
// repository.

import ELFKit

/// Looks for policies, each folder once.
struct PolicySearch {
  private var known: [[UInt8]: [UInt8]?] = [:]

  /// The policy for what lies in `folder`, an absolute path without links; `nil` when there is none.
  ///
  /// A folder or a policy of another user's is not believed, and that is an error: with a policy that
  /// anybody may leave in /tmp modules would pass unseen, and without one that is meant they would, too.
  mutating func policy(for folder: [UInt8]) throws(SystemError) -> [UInt8]? {
    if let found = known[folder] { return found }
    let found = try find(folder)
    known[folder] = .some(found)
    return found
  }

  private mutating func find(_ folder: [UInt8]) throws(SystemError) -> [UInt8]? {
    let prefix = folder == [UInt8(ascii: "/")] ? folder : folder + [UInt8(ascii: "/")]
    let path = prefix + Array(Policy.fileName.utf8)
    if isThere(path) {
      func refuse(_ reason: String) -> SystemError {
        SystemError(
          "\(String(decoding: path, as: UTF8.self)): \(reason) (name it with --config, or go "
            + "without: --no-config)")
      }
      guard isRegularFile(path) else { throw refuse("the policy is no regular file") }
      guard isOwnedByUs(folder), isOwnedByUs(path) else {
        throw refuse("this policy is not believed: it, or its folder, belongs to another user")
      }
      return path
    }
    guard folder != [UInt8(ascii: "/")], !isThere(prefix + Array(".git".utf8)) else { return nil }
    return try policy(for: KoInspect.folder(of: folder))
  }
}

/// A policy as a run uses it for the modules that it is about.
struct PolicyInUse: Sendable {
  let policy: Policy
  /// Where it was read; `nil` without one.
  let path: [UInt8]?
  /// The policy's file and the lists that it names.
  let files: [[UInt8]]
  /// The folder that its exceptions are relative to.
  let folder: [UInt8]
  let rules: [Rule]
  let failOn: FailOn

  /// Whether a finding of `rule` about the module at `path` is accepted.
  func accepts(_ rule: String, _ path: [UInt8], today: String) -> Bool {
    guard !policy.exceptions.isEmpty else { return false }
    let absolute = absolutePath(path)
    let relative = relativePath(absolute, to: folder)
    guard relative.starts(with: [UInt8(ascii: "."), UInt8(ascii: "."), UInt8(ascii: "/")]) else {
      return policy.accepts(rule, relative, today: today)
    }
    // A file elsewhere has only its name in common with a pattern.
    let name = fileName(of: absolute)
    return policy.accepts(
      rule, [UInt8(ascii: "."), UInt8(ascii: "."), UInt8(ascii: "/")] + name, today: today)
  }
}
