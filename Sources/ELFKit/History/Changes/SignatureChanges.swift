// What the kernel makes of a signature (kernel/module/signing.c; crypto/asymmetric_keys/). Rows only,
// oldest first.

extension KernelChange {
  /// Signatures are PKCS#7 messages.
  public static let pkcs7Only = KernelChange(
    "pkcs7-only", since: (4, 3), .nearest, "signatures of modules are PKCS#7 messages only",
    source: "kernel/module_signature.c; its history before 5.10 was not read")
  /// A module without a good signature is loaded unless something forbids it.
  public static let signatureReasons = KernelChange(
    "signature-reasons", since: (5, 4), .nearest,
    "missing keys and unknown algorithms are tolerated like missing signatures, with their words",
    source: "module_sig_check: 4.4 and 4.19 tolerate ENOKEY only, 5.10.223 all three")
  /// MD4 and MD5 are gone.
  public static let noWeakDigests = KernelChange(
    "no-weak-digests", since: (6, 4), .nearest, "signatures made over MD4 and MD5 are not known",
    source: "pkcs7_sig_note_digest_algo: 6.1.176 and 6.12.107 compared")
  /// SHA-3 digests are known.
  public static let sha3Digests = KernelChange(
    "sha3-digests", since: (6, 7), .nearest, "signatures made over SHA-3 are known",
    source: "crypto/asymmetric_keys: 6.1.176 and 7.2.13 compared; since 6.7 by its Kconfig")
  /// Nobody signs with SHA-1.
  public static let noSHA1Signing = KernelChange(
    "no-sha1-signing", since: (7, 0), .nearest, "the build does not offer SHA-1 for signatures",
    source: "kernel/module/Kconfig: 6.12.107 and 7.2.13 compared")

  static let signatureChanges = [
    pkcs7Only, signatureReasons, noWeakDigests, sha3Digests, noSHA1Signing,
  ]
}
