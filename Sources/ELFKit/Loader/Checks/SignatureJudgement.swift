// What one kernel makes of a PKCS#7 message (certs/system_keyring.c, `verify_pkcs7_signature`;
// crypto/asymmetric_keys/pkcs7_*.c; lib/asn1_decoder.c): the only place that says so. `verify`, `check`
// and `preflight` ask here.

/// The answer of one kernel to a signature.
public struct SignatureJudgement: Sendable {
  /// What becomes of it.
  public enum Outcome: Sendable {
    /// It is good, by the key of this certificate.
    case good(SigningCertificate)
    /// The kernel has no key to try it with (ENOKEY).
    case noKey
    /// The kernel does not know how to try it (ENOPKG).
    case noPackage
    /// The kernel refuses the module, whether or not it wants signatures.
    case refused(Errno)
    /// Nothing speaks against it, and whether it is good nobody has tried.
    case untried
  }

  /// What becomes of it.
  public let outcome: Outcome
  /// The rule that explains what is wrong.
  public let rule: String
  /// What is wrong, in words for a person, quoting the file; empty for a good one.
  public let reason: String
  /// What the kernel prints about it, before it says what it does.
  public let lines: [ByteText]
  /// How sure it is.
  public let certainty: Certainty

  /// What `kernel` makes of the message in `bytes`; `config` are its build options when they are known,
  /// `evidence` what certificates say.
  public init(
    _ bytes: ByteSlice, _ kernel: Kernel, _ config: KernelConfig?, _ evidence: SignatureEvidence?
  ) {
    var judge = SignatureJudge(kernel: kernel, config: config)
    let answer = judge.answer(bytes, evidence)
    outcome = answer.outcome
    rule = answer.rule
    reason = answer.reason
    lines = answer.lines
    certainty = judge.certainty
  }

  /// Whether the signature is good.
  public var isGood: Bool { if case .good = outcome { true } else { false } }
}

/// The kernel that judges.
private struct SignatureJudge {
  let kernel: Kernel
  let config: KernelConfig?
  var certainty = Certainty.measured

  struct Answer {
    let outcome: SignatureJudgement.Outcome
    var rule = ""
    var reason = ""
    var lines: [ByteText] = []
  }

  private mutating func has(_ change: KernelChange) -> Bool {
    certainty = min(certainty, kernel.certainty(of: change))
    return kernel.has(change)
  }

  /// The order is the kernel's: first the form, signer by signer, then what all of them are worth.
  mutating func answer(_ bytes: ByteSlice, _ evidence: SignatureEvidence?) -> Answer {
    guard bytes.count <= 0xffff else {
      return refused(.messageSize, "it has \(bytes.count) bytes, and kernels read 65535 at most")
    }
    let message: SignedMessage
    do throws(ELFError) { message = try SignedMessage(bytes) } catch {
      return refused(.badMessage, "\(error)")
    }
    if let answer = formAnswer(message) { return answer }
    return trustAnswer(message, evidence)
  }

  /// What the parser minds.
  private mutating func formAnswer(_ message: SignedMessage) -> Answer? {
    guard message.version == 1 || message.version == 3 else {
      return refused(
        .invalid, "its version is \(Self.number(message.version)), and kernels take 1 and 3",
        "PKCS7: Unsupported SignedData version")
    }
    guard message.isPlainData || message.contentType.dotted == Self.microsoftData else {
      return refused(.invalid, "what was signed is \(message.contentType) and not plain data")
    }
    for signer in message.signers {
      if let answer = formAnswer(signer, message) { return answer }
    }
    let attributes = message.signers.filter { $0.signedAttributes != nil }.count
    guard attributes == 0 || attributes == message.signers.count else {
      return refused(
        .invalid, "some signers have signed attributes and some have not",
        "PKCS7: Inconsistently supplied authAttrs")
    }
    guard message.isComplete else {
      return refused(.badMessage, "there is more in it than its form knows")
    }
    if message.hasContent {
      return refused(
        .badMessage, "what was signed is within the message",
        "PKCS7: Data already supplied", "PKCS#7 signature with non-detached data")
    }
    guard message.isPlainData else {
      return refused(
        .keyRejected, "what was signed is \(message.contentType) and not plain data",
        "PKCS7: Invalid module sig (not pkcs7-data)")
    }
    guard attributes == 0 else {
      return Answer(
        outcome: .refused(.keyRejected), rule: "signature-has-authattrs",
        reason: "it has signed attributes", lines: ["PKCS7: Invalid module sig (has authattrs)"])
    }
    return nil
  }

  private mutating func formAnswer(
    _ signer: SignedMessage.Signer, _ message: SignedMessage
  ) -> Answer? {
    guard signer.version == 1 || signer.version == 3 else {
      return refused(
        .invalid, "a signer's version is \(Self.number(signer.version)), and kernels take 1 and 3",
        "PKCS7: Unsupported SignerInfo version")
    }
    guard signer.version == message.version else {
      return refused(
        .badMessage,
        "its version is \(Self.number(message.version)), and a signer's is \(Self.number(signer.version))",
        "PKCS7: SignedData-SignerInfo version mismatch")
    }
    return lack(.digest, signer.digestAlgorithm, "digest").map(unsupported)
      ?? lack(.signature, signer.signatureAlgorithm, "kind of signature").map(unsupported)
  }

  /// What keys make of it: a signature that does not fit ends it, a good one is enough.
  private mutating func trustAnswer(
    _ message: SignedMessage, _ evidence: SignatureEvidence?
  ) -> Answer {
    var unsupported: String?
    var unknown: String?
    var good: SigningCertificate?
    var isTried = true
    for (index, signer) in message.signers.enumerated() {
      // A digest that was left out at build time is missed when it is used, and only there.
      if let option = missingOption(.digest, signer.digestAlgorithm) {
        unsupported = "the kernel was built without CONFIG_\(option.rawValue)"
        continue
      }
      guard let fits = evidence?.signers, index < fits.count else {
        isTried = false
        continue
      }
      switch fits[index] {
      case .unknownKey: unknown = unknown ?? "the kernel has no such key"
      case .fits(let certificate), .differs(let certificate), .untested(let certificate, _):
        if let lack = lack(certificate) {
          unknown = "the kernel does not take the certificate: \(lack)"
        } else if case .untested(_, let reason) = fits[index] {
          isTried = false
          unknown = unknown ?? reason
        } else if case .differs = fits[index] {
          return changed()
        } else if let reason = misfit(signer, certificate) {
          return Answer(
            outcome: .refused(.keyRejected), rule: "signature-bad", reason: reason)
        } else {
          good = good ?? certificate
        }
      }
    }
    if let good { return Answer(outcome: .good(good)) }
    if unsupported == nil, unknown != nil, message.certificates != nil {
      isTried = false
      unknown = "the message brings certificates of its own, whose chain is not followed here"
    }
    if !isTried { return Answer(outcome: .untried, reason: unknown ?? "") }
    if let unsupported { return self.unsupported(unsupported) }
    return Answer(
      outcome: .noKey, rule: "signature-unknown-key",
      reason: unknown ?? "the kernel has no such key"
    )
  }

  /// Why the kernel does not have the key of `certificate`, though somebody gave it; `nil` when it does.
  private mutating func lack(_ certificate: SigningCertificate) -> String? {
    if let reason = lack(.certificate, certificate.signatureAlgorithm, "signature") {
      return reason
    }
    let isCurve = certificate.keyAlgorithm == .ellipticKey
    let kind = isCurve ? certificate.curve ?? certificate.keyAlgorithm : certificate.keyAlgorithm
    if let reason = lack(.key, kind, isCurve ? "curve" : "kind of key") { return reason }
    if let option = missingOption(.key, kind) {
      return "it was built without CONFIG_\(option.rawValue)"
    }
    if let bits = certificate.modulusBits, !SignatureAlgorithm.rsaLengths.contains(bits) {
      return "RSA keys of \(bits) bits are not known"
    }
    return nil
  }

  /// Why a signature that fits is not good all the same; `nil` when it is.
  private mutating func misfit(
    _ signer: SignedMessage.Signer, _ certificate: SigningCertificate
  ) -> String? {
    guard certificate.keyAlgorithm == .rsaEncryption else { return nil }
    let digest = signer.digestAlgorithm.description
    guard SignatureAlgorithm.rsaDigests.contains(digest) else {
      return "RSA signatures over \(digest) are not known"
    }
    return nil
  }

  /// What the kernel lacks; `nil` when it knows the algorithm.
  private mutating func lack(
    _ role: SignatureAlgorithm.Role, _ name: ObjectID, _ what: String
  ) -> String? {
    guard let row = row(role, name) else { return "no kernel knows the \(what) \(name)" }
    if let change = row.with, !has(change) {
      if let until = change.until, until <= kernel.version {
        return "the \(what) \(name) is not known any more since \(until)"
      }
      return "the \(what) \(name) is known since \(change) only"
    }
    if let change = row.without, has(change) {
      return "the \(what) \(name) is not known any more since \(change)"
    }
    return nil
  }

  /// The build option without which the algorithm is not there. Kernels that were saved by older
  /// versions of this tool do not tell: those say nothing about RSA, which all have.
  private func missingOption(
    _ role: SignatureAlgorithm.Role, _ name: ObjectID
  ) -> KernelOption? {
    guard let config, config.values[.rsa] != nil, let option = row(role, name)?.option,
      !config[option]
    else { return nil }
    return option
  }

  private func row(_ role: SignatureAlgorithm.Role, _ name: ObjectID) -> SignatureAlgorithm? {
    let numbers = name.dotted
    return SignatureAlgorithm.all.first { $0.role == role && $0.numbers == numbers }
  }

  private func unsupported(_ reason: String) -> Answer {
    Answer(outcome: .noPackage, rule: "signature-unsupported", reason: reason)
  }

  private func refused(_ errno: Errno, _ reason: String, _ lines: ByteText...) -> Answer {
    Answer(
      outcome: .refused(errno), rule: "signature-malformed", reason: reason, lines: lines)
  }

  private func changed() -> Answer {
    Answer(
      outcome: .refused(.keyRejected), rule: "signature-bad",
      reason:
        "the module was changed after it was signed, or another key of the same name signed it")
  }

  private static func number(_ version: UInt8?) -> String { version.map { "\($0)" } ?? "too long" }

  /// `msIndirectData`, which Authenticode signs: 1.3.6.1.4.1.311.2.1.4
  private static let microsoftData = "1.3.6.1.4.1.311.2.1.4"
}
