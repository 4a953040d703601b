// Rules about the signature that is appended to a module (kernel/module/signing.c,
// kernel/module_signature.c, crypto/asymmetric_keys/pkcs7_parser.c).

extension Rule {
  static let signatureRules = [
    Rule(
      // Who gives certificates asks for signatures, however old the kernel is.
      "unsigned", .warning, since: .unsignedTaint, always: wantsSignature, repeatsTaint: true,
      "the module is not signed",
      reason: """
        A kernel with module signing is tainted (E); under module.sig_enforce it refuses the module \
        (EKEYREJECTED), under lockdown as well (EPERM). A note for modules built out of tree, which \
        mostly are signed where they are installed, and where nobody knows whether the kernel looks at \
        signatures (CONFIG_MODULE_SIG), as distributions' kernels do; an error with --cert.
        """,
      remedy: "Sign it: scripts/sign-file sha512 KEY CERTIFICATE MODULE."
    ) { facts in
      let refused = facts.problems("unsigned", facts.context.wantsSignature ? .error : .warning)
      if !refused.isEmpty { return refused }
      guard facts.signature == nil, facts.signatureOddities.isEmpty else { return [] }
      let text: ByteText = "not signed: taints the kernel (E), refused under lockdown"
      if facts.context.wantsSignature { return [Observation(text, severity: .error)] }
      switch facts.areBuilt({ $0.has(.moduleSignature) }, usual: .distributionSignatures) {
      case true?:
        return [Observation(text, severity: facts.info.contains("intree") ? .warning : .note)]
      case false?: return []
      case nil:
        return [
          Observation("not signed: taints kernels with CONFIG_MODULE_SIG (E)", severity: .note)
        ]
      }
    },
    Rule(
      "signature-malformed", .error, "the signature is damaged",
      reason: """
        What ends with the marker of a signature must have a sound one before it: the kernel fails \
        even where signatures are not enforced. EBADMSG when it cannot be read, EINVAL for a form of \
        another version than 1 and 3, EMSGSIZE for more than 65535 bytes.
        """,
      remedy: "Sign the module again; nothing may touch it afterwards."
    ) { facts in
      let found: [Observation] = facts.signatureOddities.compactMap { oddity in
        switch oddity {
        case .damaged, .unexpectedFields, .embeddedContent, .contentType:
          Observation("\(oddity.description)", offset: facts.signature?.trailerOffset)
        default: nil
        }
      }
      guard facts.context.target?.config?[.moduleSignature] != false else {
        // Such a kernel takes the module as it is, signature and all.
        return found.map { Observation($0.message, offset: $0.offset, severity: .warning) }
      }
      return found.isEmpty ? facts.problems("signature-malformed", .error) : found
    },
    Rule(
      "signature-not-pkcs7", .warning, "the signature is of an obsolete type",
      reason:
        "Kernels since \(KernelChange.pkcs7Only) take PKCS#7 only (ENOPKG): to them the module is not signed.",
      remedy: "Sign it with the sign-file of a newer kernel."
    ) { facts in
      guard let signature = facts.signature, signature.idType != .pkcs7 else { return [] }
      let type = signature.idType.name ?? "\(signature.idType.rawValue)"
      return [
        Observation(
          "signature type \(type) is not PKCS#7: kernels since \(KernelChange.pkcs7Only) do not take it (ENOPKG)",
          offset: signature.trailerOffset, severity: facts.context.wantsSignature ? .error : nil)
      ]
    },
    Rule(
      "signature-weak-digest", .warning, "the signature uses a weak digest",
      reason: """
        MD4 and MD5 are broken and gone since \(KernelChange.noWeakDigests); nobody signs with SHA-1 since \
        \(KernelChange.noSHA1Signing).
        """,
      remedy: "Sign with sha256 or sha512."
    ) { facts in
      guard let signer = facts.signedMessage?.firstSigner,
        ["md4", "md5", "sha1"].contains(signer.digestAlgorithm.description)
      else { return [] }
      return [
        Observation(
          "the signature's digest is \(signer.digestAlgorithm): sign with sha256 or sha512",
          offset: facts.signature?.bytes.fileOffset)
      ]
    },
    Rule(
      "signature-has-authattrs", .error, "the signature has signed attributes",
      reason: "The kernel refuses them in modules (EKEYREJECTED).",
      remedy: "Sign with scripts/sign-file, or openssl cms -noattr."
    ) { facts in
      guard facts.signedMessage?.firstSigner.signedAttributes != nil else { return [] }
      return [
        Observation(
          "the signature has signed attributes, which the kernel refuses (EKEYREJECTED)",
          offset: facts.signature?.bytes.fileOffset)
      ]
    },
    Rule(
      problem: "signature-bad", .error, "the module was changed after it was signed",
      reason: """
        The key is one of the certificates given, and the signature is not that of these bytes: \
        something (strip, objcopy, a build system that patches) touched the module after it was signed, \
        or another key of the same name signed it. A kernel that has the key refuses the module \
        (EKEYREJECTED) even where signatures are not enforced. Only with --cert.
        """,
      remedy: "Sign it again, last of all."
    ),
    Rule(
      "signature-unsupported", .warning, "the kernel does not know how it was signed",
      reason: """
        A digest or a kind of signature that the kernel's parser does not know, or was built without \
        (ENOPKG): to that kernel the module is not signed. Docs/Signatures.md lists what each knows.
        """,
      remedy: "Sign it as the kernel's own modules are: sha256 or sha512, with an RSA key."
    ) { facts in
      facts.problems(
        "signature-unsupported", facts.context.wantsSignature ? .error : .warning
      ).map { $0.raised(facts.context.wantsSignature) }
    },
    Rule(
      "signature-unknown-key", .warning,
      "none of the certificates given made the signature",
      reason: """
        Somebody else signed it, or the kernel does not take the certificate: it has no such curve, \
        length or kind of key. A kernel that does not have the key is tainted (E), or refuses the module \
        when it enforces signatures. Only with --cert, and an error then.
        """,
      remedy: "Sign with the key that the kernel trusts."
    ) { facts in
      let signer = facts.signedMessage?.firstSigner.name
      return facts.problems("signature-unknown-key", .error).map { problem in
        Observation(
          "none of the certificates given verifies the signature"
            + (signer.map { " by '\($0)'" } ?? "") + ": \(problem.message)", subject: signer,
          offset: facts.signature?.bytes.fileOffset,
          severity: facts.context.wantsSignature ? .error : nil)
      }
    },
    Rule(
      "data-after-signature", .warning, "the signature is not at the end",
      reason: """
        The kernel looks for the marker at the very end of the file. A module that was stripped, \
        copied with a newline or padded after signing is unsigned to it, without a word.
        """,
      remedy: "Sign last, or cut off what follows the marker."
    ) { facts in
      facts.signatureOddities.compactMap { oddity in
        guard case .bytesAfterMarker(let offset, _) = oddity else { return nil }
        return Observation(
          "\(oddity.description)", offset: offset,
          severity: facts.context.wantsSignature ? .error : nil)
      }
    },
    Rule(
      "several-signatures", .note, isDefault: false, "the module was signed twice",
      reason: "The kernel looks at the last signature only.",
      remedy: "Strip the first one before signing again."
    ) { facts in
      facts.signatureOddities.compactMap { oddity in
        guard case .signedTwice = oddity else { return nil }
        return Observation("\(oddity.description)", offset: facts.signature?.bytes.fileOffset)
      }
    },
  ]

  private static func wantsSignature(_ context: CheckContext) -> Bool { context.wantsSignature }
}

extension Rule.Observation {
  /// The same as an error when `isError`.
  fileprivate func raised(_ isError: Bool) -> Self {
    var copy = self
    if isError { copy.severity = .error }
    return copy
  }
}
