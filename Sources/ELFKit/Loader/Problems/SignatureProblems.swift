// The signature (kernel/module/signing.c, `module_sig_check`; kernel/module_signature.c;
// crypto/asymmetric_keys/pkcs7_*.c), which is looked at before the file is known to be ELF.

extension LoadAttempt {
  mutating func checkSignature() throws(LoadFailure) {
    // Without the kernel's options the rules about signatures say all that there is to say.
    if isSurvey, target.config == nil, commandLine.enforcesSignatures == false { return }
    if isSurvey {
      (length, raw) = (source.size, RawModule(source, length: source.size, raw.encoding))
    }
    guard option(.moduleSignature, usually: true) else {
      // Such a kernel never taints for want of a signature.
      isSigned = true
      note("the kernel does not look at signatures")
      return
    }
    let ignoring: LoadRequest.Flags = [.ignoreModversions, .ignoreVermagic]
    // 5.10 wants no flags at all, which is the same: it has no others.
    guard request.flags.isDisjoint(with: ignoring) else {
      try refuse(.noData)
      return
    }
    guard isMarked else {
      try refuse(.noData)
      return
    }
    cut(UInt64(ModuleSignature.marker.utf8.count))
    guard let trailer else { return try damaged() }
    let size = UInt64(SignatureTrailer.byteCount)
    guard UInt64(trailer.signatureLength) < length - size else { return try damaged() }
    // Whatever stands there: what is not cut off yet stays.
    guard trailer.idType == .pkcs7 else {
      say("module: not signed with expected PKCS#7 message")
      try refuse(.noPackage)
      return
    }
    guard trailer.unexpectedFields.isEmpty else {
      return try damaged("module: PKCS#7 signature info has unexpected non-zero params")
    }
    cut(size + UInt64(trailer.signatureLength))
    guard
      let bytes = try? source.slice(length, UInt64(trailer.signatureLength), in: .signature),
      let message = try? SignedMessage(bytes)
    else { return try damaged() }
    try judge(message)
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

  private mutating func damaged(_ line: ByteText? = nil) throws(LoadFailure) {
    try meet(
      LoadProblem(
        "signature-malformed", .refuses(.badMessage), "the signature is damaged (EBADMSG)",
        lines: line.map { [$0] } ?? [],
        advice: "the signature is damaged: sign the module again, or strip the signature off",
        offset: length))
  }

  /// The message is one that the kernel takes in no module.
  private mutating func reject(
    _ id: String, _ errno: Errno, _ line: ByteText
  ) throws(LoadFailure) {
    try meet(
      LoadProblem(
        id, .refuses(errno), "the kernel refuses the signature: \(line) (\(errno.rawValue))",
        lines: [line], offset: length))
  }

  private mutating func judge(_ message: SignedMessage) throws(LoadFailure) {
    guard message.isPlainData else {
      return try reject("signature-malformed", .keyRejected, "Invalid module sig (not pkcs7-data)")
    }
    if message.signers.contains(where: { $0.signedAttributes != nil }) {
      return try reject(
        "signature-has-authattrs", .keyRejected, "Invalid module sig (has authattrs)")
    }
    if message.hasContent {
      return try reject(
        "signature-malformed", .badMessage, "PKCS#7 signature with non-detached data")
    }
    let digest = message.firstSigner.digestAlgorithm
    let digests = has(.noWeakDigests) ? Self.digests : Self.digests + Self.weakDigests
    guard digests.contains(digest.dotted) else {
      try refuse(.noPackage)
      return
    }
    try trust(message)
  }

  /// Digests that the kernel's PKCS#7 parser knows (`pkcs7_sig_note_digest_algo`): SHA-1, SHA-2,
  /// SHA-3, SM3 and Streebog.
  private static let digests = [
    "1.3.14.3.2.26",
    "2.16.840.1.101.3.4.2.1", "2.16.840.1.101.3.4.2.2", "2.16.840.1.101.3.4.2.3",
    "2.16.840.1.101.3.4.2.4",
    "2.16.840.1.101.3.4.2.8", "2.16.840.1.101.3.4.2.9", "2.16.840.1.101.3.4.2.10",
    "1.2.156.10197.1.401", "1.2.643.7.1.1.2.2", "1.2.643.7.1.1.2.3",
  ]

  /// MD4 and MD5, which it knew before ``KernelChange/noWeakDigests``.
  private static let weakDigests = ["1.2.840.113549.2.4", "1.2.840.113549.2.5"]

  /// Whether the kernel has the key, and the signature fits.
  private mutating func trust(_ message: SignedMessage) throws(LoadFailure) {
    switch request.trust {
    case .good:
      note("good")
      isSigned = true
    case .bad:
      try meet(
        LoadProblem(
          "signature-bad", .refuses(.keyRejected),
          "the module was changed after it was signed (EKEYREJECTED)",
          advice: "the module was changed after it was signed: sign it again", offset: length))
    case .unknownKey: try refuse(.noKey)
    case nil: try guessTrust(message)
    }
  }

  /// Without certificates: the key of the kernel's own modules is in the kernel, and no other is
  /// known to be.
  private mutating func guessTrust(_ message: SignedMessage) throws(LoadFailure) {
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
  private mutating func refuse(_ reason: Errno) throws(LoadFailure) {
    note(
      reason == .noData
        ? "none"
        : reason == .noKey
          ? "by a key that the kernel does not have" : "of a kind that the kernel does not know")
    guard has(.signatureReasons) else { return try refuseWithoutWords(reason) }
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
          advice: "the kernel takes signed modules only: sign it with a key that the kernel has"))
    }
    if isLockedDown {
      try meet(
        LoadProblem(
          "unsigned", .refuses(.notPermitted),
          "the kernel is locked down and takes signed modules only (EPERM)",
          lines: [
            "Lockdown: \(request.command): unsigned module loading is restricted; see man kernel_lockdown.7"
          ],
          advice:
            "the kernel is locked down (Secure Boot?): sign the module with a key that it has, such as a MOK"
        ))
    }
  }

  /// Without ``KernelChange/signatureReasons`` a missing signature is a missing key, which alone is
  /// overlooked when nobody enforces signatures; nothing is said. Lockdown, which only vendors had, is
  /// not known.
  private mutating func refuseWithoutWords(_ reason: Errno) throws(LoadFailure) {
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
        advice: "sign it with a key that the kernel has, in the way of its own modules"))
  }
}
