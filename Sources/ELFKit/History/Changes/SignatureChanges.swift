// What the kernel makes of a signature (kernel/module/signing.c; crypto/asymmetric_keys/). Rows only,
// oldest first.

extension KernelChange {
  /// Signatures are PKCS#7 messages.
  public static let pkcs7Only = KernelChange(
    "pkcs7-only", since: (4, 3), .nearest,
    "signatures of modules are PKCS#7 messages only; before, these were not known (ENOPKG)",
    source: "mod_verify_sig: RHEL 7 takes RSA with X.509 names alone (ENOPKG for others), 5.10 "
      + "PKCS#7 alone; 4.3 was not read")
  /// Distributions build kernels that look at signatures.
  public static let distributionSignatures = KernelChange(
    "distribution-signatures", since: nil,
    vendors: [
      VendorLine(vendor: .android, since: KernelVersion(6, 1), hasIt: true),
      VendorLine(vendor: .debian, since: KernelVersion(5, 10), hasIt: true),
      VendorLine(vendor: .redHat, since: KernelVersion(3, 10), hasIt: true),
      VendorLine(vendor: .suse, since: KernelVersion(4, 4), hasIt: true),
      VendorLine(vendor: .ubuntu, since: KernelVersion(4, 4), hasIt: true),
    ], .nearest,
    "the kernels of distributions are built with CONFIG_MODULE_SIG; of others nobody knows it",
    source:
      "the configurations of Debian's 5.10 to 7.2 for amd64, arm64, armhf, i386, mips, ppc64el, riscv64 and "
      + "s390x; others by their signed modules, Android's by MODULE_SIG_PROTECT")
  /// A module without a good signature is loaded unless something forbids it.
  public static let signatureReasons = KernelChange(
    "signature-reasons", since: (5, 4), .nearest,
    "missing keys and unknown algorithms are tolerated like missing signatures, with their words",
    source: "module_sig_check: 3.10, 4.4, 4.14, 4.19 and RHEL 8 tolerate ENOKEY only, 5.4 and "
      + "later all three")
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

  /// Keys on elliptic curves.
  public static let ecdsaSignatures = KernelChange(
    "ecdsa-signatures", since: (5, 13), .nearest,
    "keys on the curves P-192, P-256 and P-384, and signatures made with them, are known (ECDSA)",
    source: "pkcs7_sig_note_pkey_algo, x509_extract_key_data: 5.10.262 and 6.1.176 compared")
  /// Digests and keys of other countries.
  public static let gostDigests = KernelChange(
    "gost-digests", since: (6, 0), .nearest,
    "signatures made over SM3 and Streebog, and with keys of GOST R 34.10-2012, are known",
    source: "crypto/asymmetric_keys/pkcs7_parser.c: 5.10.262 and 6.1.176 compared")
  /// SM2 came and went.
  public static let sm2Signatures = KernelChange(
    "sm2-signatures", since: (6, 0), until: (6, 8), .nearest, "SM2 keys, and signatures, are known",
    source: "crypto/asymmetric_keys/pkcs7_parser.c: 5.10.262, 6.1.176 and 6.12.117 compared")
  /// The curve P-521.
  public static let p521Keys = KernelChange(
    "p521-keys", since: (6, 10), .nearest, "keys on the curve P-521 are known",
    source: "x509_extract_key_data: 6.1.176 and 6.12.117 compared")
  /// Signatures that quantum computers do not break.
  public static let mlDSASignatures = KernelChange(
    "ml-dsa-signatures", since: (7, 0), .nearest, "ML-DSA keys, and signatures, are known",
    source: "crypto/asymmetric_keys/pkcs7_parser.c: 6.12.117 and 7.2.13 compared")

  static let signatureChanges = [
    distributionSignatures, pkcs7Only, signatureReasons, ecdsaSignatures, gostDigests,
    sm2Signatures, noWeakDigests,
    sha3Digests, p521Keys, noSHA1Signing, mlDSASignatures,
  ]
}
