// Rules of a project's own: what its policy asks for beyond what the kernel wants. Without a policy
// they say nothing.

/// What a project asks of its modules. What is `nil` or empty is not asked for.
public struct ModulePolicy: Sendable {
  /// The licences that are allowed.
  public var allowedLicenses: [[UInt8]]?
  /// The licences that are not.
  public var deniedLicenses: [[UInt8]] = []
  /// The tags that `.modinfo` must have.
  public var requiredFields: [String] = []
  /// The names of those who may have signed.
  public var signers: [[UInt8]]?
  /// A pattern for vermagic: `*` is any text, `?` any character.
  public var vermagic: [UInt8]?
  /// The symbols that may be used, as a KMI symbol list has them.
  public var allowedImports: Set<ByteSlice>?
  /// The number of bytes that a module may have.
  public var maxSize: UInt64?

  /// Nothing is asked for.
  public init() {}
}

extension Rule {
  static let policyRules = [
    Rule(
      "license-not-allowed", .error, "the project's policy does not allow the licence",
      reason: "The policy lists licences that are allowed, or some that are not.",
      remedy: "Change the licence, or the policy ('licenses')."
    ) { facts in
      guard let policy = facts.context.policy else { return [] }
      return facts.info.all("license").filter { license in
        policy.deniedLicenses.contains(license.bytes)
          || policy.allowedLicenses.map { allowed in
            !allowed.contains(license.bytes)
              && !facts.context.acceptedLicenses.contains(license)
          } ?? false
      }.map { Observation("the policy does not allow the licence '\($0)'", info: $0) }
    },
    Rule(
      "missing-field", .error, ".modinfo lacks a tag that the project's policy asks for",
      reason: "The policy lists it among 'requiredFields'.",
      remedy: "Add it: MODULE_INFO(tag, …) or its own macro."
    ) { facts in
      (facts.context.policy?.requiredFields ?? []).filter { facts.info.first($0) == nil }.map {
        Observation(
          "the policy asks for '\($0)=' in .modinfo", subject: ByteSlice(Array($0.utf8)),
          section: ".modinfo")
      }
    },
    Rule(
      "signer-not-allowed", .error, "the project's policy asks for another signer",
      reason: "The policy lists who may sign ('signers'). The name is what the signature claims.",
      remedy: "Sign with the right key; check the signature itself with --cert."
    ) { facts in
      guard let signers = facts.context.policy?.signers else { return [] }
      let name = facts.signedMessage?.firstSigner.name ?? facts.signature?.signer
      guard let name, !name.isEmpty else {
        return [Observation("the policy asks for a signature, and there is none")]
      }
      guard !signers.contains(name.bytes) else { return [] }
      return [Observation("the policy does not list the signer '\(name)'", subject: name)]
    },
    Rule(
      "vermagic-not-expected", .error, "vermagic is not what the project's policy expects",
      reason: "The policy has a pattern for it ('vermagic').",
      remedy: "Build against the kernel that is meant."
    ) { facts in
      guard let pattern = facts.context.policy?.vermagic else { return [] }
      let magic = facts.info.first("vermagic") ?? .empty(at: 0)
      guard !AliasPattern(ByteSlice(pattern)).matches(magic) else { return [] }
      return [
        Observation(
          "vermagic '\(magic)' does not match '\(String(decoding: pattern, as: UTF8.self))'",
          info: magic)
      ]
    },
    Rule(
      "import-not-allowed", .error, "a symbol is used that the project's policy does not list",
      reason: "The policy lists the symbols that may be used ('allowedImports'), as a KMI does.",
      remedy: "Do without it, or add it to the list."
    ) { facts in
      guard let allowed = facts.context.policy?.allowedImports else { return [] }
      return facts.imports.filter { !allowed.contains($0.name) }.map {
        Observation("'\($0.name)' is not among the allowed imports", subject: $0.name)
      }
    },
    Rule(
      "size-budget", .error, "the module is larger than the project's policy allows",
      reason: "The policy has a 'maxSize' in bytes, decompressed.",
      remedy: "Strip debug information; look at 'koinspect sections'."
    ) { facts in
      let size = facts.module.image.source.size
      guard let budget = facts.context.policy?.maxSize, size > budget else { return [] }
      return [Observation("\(size) bytes, the policy allows \(budget)")]
    },
  ]
}
