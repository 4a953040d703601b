// The signature (kernel/module/signing.c, `module_sig_check`; kernel/module_signature.c;
// crypto/asymmetric_keys/pkcs7_*.c), which is looked at before the file is known to be ELF.

extension LoadAttempt {
  mutating func checkSignature() throws(LoadFailure) {
    // Without the kernel's options the rules about signatures say all that there is to say about a
    // module that has none.
    if isSurvey, target.config == nil, !commandLine.enforcesSignatures, parts?.signedSize == nil {
      return
    }
    if isSurvey {
      (length, raw) = (source.size, RawModule(source, length: source.size, raw.encoding))
    }
    // Who gives certificates asks, whatever the kernel does.
    let isAsked = isSurvey && request.evidence != nil
    guard isAsked || looksAtSignatures() else {
      // Such a kernel never taints for want of a signature.
      isSigned = true
      return
    }
    let ignoring: LoadRequest.Flags = [.ignoreModversions, .ignoreVermagic]
    // 5.10 wants no flags at all, which is the same: it has no others.
    guard request.flags.isDisjoint(with: ignoring) else {
      try refuse(.noData)
      return
    }
    guard isMarked else {
      try refuse(.noData, isSurvey ? nil : dataAfterSignature)
      return
    }
    cut(UInt64(ModuleSignature.marker.utf8.count))
    guard let trailer else { return try damaged() }
    let size = UInt64(SignatureTrailer.byteCount)
    guard UInt64(trailer.signatureLength) < length - size else { return try damaged() }
    // Whatever stands there: what is not cut off yet stays.
    guard has(.pkcs7Only) else { return try checkOldSignature(trailer) }
    guard trailer.idType == .pkcs7 else {
      say("module: not signed with expected PKCS#7 message")
      try refuse(.noPackage)
      return
    }
    guard trailer.unexpectedFields.isEmpty else {
      return try damaged("module: PKCS#7 signature info has unexpected non-zero params")
    }
    cut(size + UInt64(trailer.signatureLength))
    guard let bytes = try? source.slice(length, UInt64(trailer.signatureLength), in: .signature)
    else { return try damaged() }
    try judge(bytes)
  }

  /// Whether the kernel looks at signatures. Nobody knows when no .config is there, unless something that only such a
  /// kernel has is known of it, this module is signed, a distribution built it, or somebody says that it enforces
  /// signatures.
  private mutating func looksAtSignatures() -> Bool {
    let option = KernelOption.moduleSignature
    if let known = self.option(option) {
      if !known { note("the kernel does not look at signatures") }
      return known
    }
    if isMarked || dataAfterSignature != nil || request.evidence != nil || isEnforcing
      || isLockedDown || kernel.has(.distributionSignatures)
    {
      return self.option(option, usually: true)
    }
    note("none")
    // Older kernels do not have the option.
    if let taint = unsignedTaint {
      assume(
        "CONFIG_\(option.rawValue)=n is assumed: no .config is known, and nothing shows that it is set; a kernel with it says 'module verification failed' (taint \(String(taint.letter)))"
      )
    }
    return false
  }

  /// What follows the marker of a signature, which the kernel then does not see; `nil` when there is
  /// none in the file.
  private var dataAfterSignature: ByteText? {
    guard let image = try? ELFImage(asLoaded: source),
      let oddities = try? KernelModule(image).signatureOddities()
    else { return nil }
    for oddity in oddities {
      if case .bytesAfterMarker(let offset, let count) = oddity {
        let end = offset &+ UInt64(ModuleSignature.marker.utf8.count)
        let bytes = count == 1 ? "1 byte follows" : "\(count) bytes follow"
        return
          "it is signed, and \(bytes) the signature, from offset 0x\(String(end, radix: 16)) on: cut that off (truncate -s \(end))"
      }
    }
    return nil
  }

  /// Whether the file ends with the marker, and is more than that.
  private var isMarked: Bool {
    let marker = ModuleSignature.marker
    let size = UInt64(marker.utf8.count)
    guard length > size else { return false }
    return (try? source.slice(length - size, size, in: .signature))?.equals(marker) ?? false
  }

  /// `struct module_signature` at the end of what is left; `nil` when there is no room for one.
  private var trailer: SignatureTrailer? {
    let size = UInt64(SignatureTrailer.byteCount)
    guard length > size, let block = try? source.slice(length - size, size, in: .signature) else {
      return nil
    }
    return RecordTable<SignatureTrailer>(block, Encoding(.big)).first
  }

  /// Leaves `count` bytes off the end, which are there.
  private mutating func cut(_ count: UInt64) {
    length -= min(count, length)
    raw = RawModule(source, length: length, raw.encoding)
  }

  /// What kernels without ``KernelChange/pkcs7Only`` make of a signature: RSA, and a key that is named
  /// as X.509 names it (kernel/module_signing.c of 3.10, `mod_verify_sig`). Nothing is verified here.
  private mutating func checkOldSignature(_ trailer: SignatureTrailer) throws(LoadFailure) {
    let names = UInt64(trailer.signerLength) + UInt64(trailer.keyIDLength)
    let size = UInt64(SignatureTrailer.byteCount) + UInt64(trailer.signatureLength)
    guard size + names < length else { return try damaged() }
    cut(size + names)
    // 1 is PKEY_ALGO_RSA.
    guard trailer.idType == .x509, trailer.algorithm == 1 else { return try refuse(.noPackage) }
    note("not verified")
    isSigned = true
    if isEnforcing || isLockedDown {
      leaveOpen("whether the kernel has the key that signed the module")
    } else {
      assume("the signature was not verified: taken as good")
    }
  }

  private mutating func damaged(_ line: ByteText? = nil) throws(LoadFailure) {
    try meet(
      LoadProblem(
        "signature-malformed", .refuses(.badMessage), "the signature is damaged (EBADMSG)",
        lines: line.map { [$0] } ?? [],
        advice: "the signature is damaged: sign the module again, or strip the signature off",
        offset: length))
  }

  private mutating func judge(_ bytes: ByteSlice) throws(LoadFailure) {
    let judgement = SignatureJudgement(bytes, kernel, target.config, request.evidence)
    rest(on: judgement.certainty)
    let reason: ByteText = "\(judgement.reason)"
    switch judgement.outcome {
    case .good:
      note("good")
      isSigned = true
    case .refused(let errno):
      let isChanged = judgement.rule == "signature-bad"
      try meet(
        LoadProblem(
          judgement.rule, .refuses(errno),
          isChanged
            ? "\(reason) (\(errno.rawValue))"
            : "the kernel refuses the signature: \(reason) (\(errno.rawValue))",
          lines: judgement.lines, advice: "\(reason): sign it again, and nothing may touch it then",
          offset: length))
    case .noPackage, .noKey:
      let isKey = if case .noKey = judgement.outcome { true } else { false }
      try meet(
        LoadProblem(
          judgement.rule, .warns,
          isKey
            ? "\(reason): to it the module is not signed (ENOKEY)"
            : "\(reason): to this kernel the module is not signed (ENOPKG)", offset: length))
      try refuse(isKey ? .noKey : .noPackage, reason)
    case .untried:
      if let message = try? SignedMessage(bytes) { try guessTrust(message, reason) }
    }
  }

  /// Without certificates: the key of the kernel's own modules is in the kernel, and no other is
  /// known to be.
  private mutating func guessTrust(
    _ message: SignedMessage, _ reason: ByteText
  ) throws(LoadFailure) {
    if request.evidence != nil {
      note("not verified")
      try meet(
        LoadProblem(
          "signature-unknown-key", .warns,
          "whether the signature is good cannot be told: \(reason)",
          offset: length))
      isSigned = true
      let question: ByteText = "whether the signature is good: \(reason)"
      if isEnforcing || isLockedDown { leaveOpen(question) } else { assume(question) }
      return
    }
    let key = message.firstSigner.keyID
    let isOwn = target.moduleKeyID.map { $0 == key } ?? ownInfo.contains("intree")
    note(isOwn ? "not verified" : "by a key that is not known")
    if !isOwn {
      if isEnforcing || isLockedDown {
        leaveOpen("whether the kernel has the key that signed the module (--cert)")
        isSigned = true
      } else {
        assume(
          "the key that signed the module is taken as unknown to the kernel: it is not known to be that of its own modules (--cert)"
        )
      }
      return
    }
    if isEnforcing || isLockedDown {
      leaveOpen("whether the signature is good: it was not verified (--cert)")
    } else {
      assume("the signature was not verified (--cert): taken as good")
    }
    isSigned = true
  }

  /// `.modinfo`, before anything is known to be valid.
  private var ownInfo: ModuleInfo {
    (try? ELFImage(asLoaded: source).moduleInfo()) ?? ModuleInfo(.empty(at: 0))
  }

  /// Whether modules without a good signature are refused.
  private var isEnforcing: Bool {
    target.enforcesSignatures ?? (option(.moduleSignatureForce) == true)
      || commandLine.enforcesSignatures
  }

  /// Whether the kernel is locked down.
  var isLockedDown: Bool {
    if let known = target.isLockedDown { return known }
    let isForced =
      option(.lockdownForceIntegrity) == true || option(.lockdownForceConfidentiality) == true
    return isForced || commandLine.isLockedDown && option(.lockdown) != false
  }

  /// There is no signature that could be good: the kernel goes on when it may.
  ///
  /// `cause` is why, where that is more than that there is none.
  private mutating func refuse(
    _ reason: Errno, _ cause: ByteText? = nil
  ) throws(LoadFailure) {
    let remark: ByteText =
      switch reason {
      case .noData: "none"
      case .noKey: "by a key that the kernel does not have"
      default: "of a kind that the kernel does not know"
      }
    note(cause.map { "\(remark): \($0)" } ?? remark)
    guard has(.signatureReasons) else { return try refuseWithoutWords(reason, cause) }
    let words =
      switch reason {
      case .noPackage: "module with unsupported crypto"
      case .noKey: "module with unavailable key"
      default: "unsigned module"
      }
    if isEnforcing {
      return try meet(
        LoadProblem(
          "unsigned", .refuses(.keyRejected), "the kernel takes signed modules only (EKEYREJECTED)",
          lines: ["Loading of \(words) is rejected"],
          advice: advice("the kernel takes signed modules only", reason, cause)))
    }
    if isLockedDown {
      try meet(
        LoadProblem(
          "unsigned", .refuses(.notPermitted),
          "the kernel is locked down and takes signed modules only (EPERM)",
          lines: [
            "Lockdown: \(request.command): unsigned module loading is restricted; see man kernel_lockdown.7"
          ],
          advice: advice("the kernel is locked down (Secure Boot?)", reason, cause)))
    }
  }

  /// What is signed needs no second signature where the key is all that is missing.
  private func advice(_ why: ByteText, _ reason: Errno, _ cause: ByteText?) -> ByteText {
    guard let cause else { return "\(why): sign it with a key that the kernel has, such as a MOK" }
    return reason == .noKey
      ? "\(why): \(cause): enrol the certificate of the key (mokutil --import, then a reboot), or sign it with one that the kernel has"
      : "\(why): \(cause)"
  }

  /// Without ``KernelChange/signatureReasons`` a missing signature is a missing key, which alone is
  /// overlooked when nobody enforces signatures; nothing is said. Lockdown, which only vendors had, is
  /// not known.
  private mutating func refuseWithoutWords(
    _ reason: Errno, _ cause: ByteText?
  ) throws(LoadFailure) {
    let errno = reason == .noData ? .noKey : reason
    if errno == .noKey, !isEnforcing {
      if isLockedDown { leaveOpen("what this kernel's lockdown, its vendor's own, makes of it") }
      return
    }
    try meet(
      LoadProblem(
        "unsigned", .refuses(errno),
        errno == .noKey
          ? "not signed with a key of the kernel's, which enforces signatures (ENOKEY)"
          : "the signature is of a kind that the kernel does not know (\(errno.rawValue))",
        advice: cause ?? "sign it with a key that the kernel has, in the way of its own modules"))
  }
}
