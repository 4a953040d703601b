// What `verify` says about one module.

import ELFKit

/// What came of verifying one module.
struct VerificationReport {
  /// What the kernel makes of the signature; `nil` when there is none that it would look at.
  let judgement: SignatureJudgement?
  /// The kernel that is meant.
  let kernel: KernelVersion
  /// Who says to have signed.
  let signer: SignedMessage.Signer?
  let oddities: [SignatureOddity]

  /// Whether the kernel would take the signature.
  var isGood: Bool { word == "good" }

  /// One word for the whole.
  private var word: String {
    guard let judgement else { return refusal == nil || isHidden ? "unsigned" : "bad" }
    return switch judgement.outcome {
    case .good: refusal == nil ? "good" : "bad"
    case .noKey: "unknown-key"
    case .noPackage: "unsupported"
    case .refused: "bad"
    case .untried: "untested"
    }
  }

  /// Whether the kernel does not even see the signature.
  private var isHidden: Bool {
    oddities.contains { if case .bytesAfterMarker = $0 { true } else { false } }
  }

  /// The first oddity for which the kernel refuses a signature that fits.
  private var refusal: SignatureOddity? {
    oddities.first { oddity in
      switch oddity {
      case .trailingBytes, .signedTwice: false
      default: true
      }
    }
  }

  private var reason: String? {
    guard let judgement else {
      return refusal?.description ?? "the module ends without a signature"
    }
    return switch judgement.outcome {
    case .good: refusal?.description
    case .refused(let errno):
      refusal?.description ?? "\(judgement.reason) (Linux \(kernel): \(errno.rawValue))"
    case .noPackage: "\(judgement.reason) (Linux \(kernel): \(Errno.noPackage.rawValue))"
    case .noKey, .untried: judgement.reason
    }
  }

  /// One line: `PATH: good, signed by 'NAME' (key 01:23, sha256)`, oddities in lines of their own.
  func write(to out: inout TextBuffer, _ path: [UInt8]) {
    out.escaped(path)
    out.append(": \(word == "unknown-key" ? "unknown key" : word)")
    if let reason {
      out.append(": ")
      out.escaped(reason)
    }
    if let signer {
      out.append(isGood ? ", signed by " : "; it says to be signed by ")
      if let name = signerName {
        out.append("'")
        out.escaped(name)
        out.append("' (")
      } else {
        out.append("(")
      }
      out.append("key ")
      out.hexPairs(signer.keyID)
      out.append(", ")
      out.escaped(signer.digestAlgorithm.description)
      out.append(")")
    }
    out.newline()
    for oddity in oddities where oddity != refusal {
      out.append("  note: ")
      out.escaped(oddity.description)
      out.newline()
    }
  }

  /// The name in the certificate, or the one claimed; `nil` when there is neither.
  private var signerName: [UInt8]? {
    if case .good(let certificate)? = judgement?.outcome {
      return certificate.subject.displayName.bytes
    }
    return signer?.name?.bytes
  }

  func write(to json: inout JSONWriter, _ path: [UInt8]) {
    json.object { json in
      json.key("schemaVersion")
      json.number(UInt64(1))
      json.key("path")
      json.bytes(path)
      json.key("verdict")
      json.string(word)
      json.key("reason")
      json.optional(reason) { $0.string($1) }
      json.field("signer", signer?.name)
      json.key("keyID")
      json.optional(signer) { json, signer in
        var text = TextBuffer()
        text.hexPairs(signer.keyID)
        json.string(text.text)
      }
      json.key("hashAlgorithm")
      json.optional(signer) { $0.string($1.digestAlgorithm.description) }
      json.key("oddities")
      json.array(oddities) { $0.string($1.description) }
    }
  }
}
