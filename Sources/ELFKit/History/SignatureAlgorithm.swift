// What kernels can verify (crypto/asymmetric_keys/pkcs7_parser.c, x509_cert_parser.c, public_key.c of
// 5.10.262, 6.1.176, 6.12.117 and 7.2.13). Rows only.

/// A digest, a way to sign or a kind of key that kernels know, some of them only since or until a change.
public struct SignatureAlgorithm: Sendable {
  /// What a row is about.
  public enum Role: Sendable {
    /// A digest that a message names (`pkcs7_sig_note_digest_algo`).
    case digest
    /// How a message says that it was signed (`pkcs7_sig_note_pkey_algo`).
    case signature
    /// A key in a certificate, or the curve that it is on (`x509_extract_key_data`).
    case key
    /// How a certificate was signed itself (`x509_note_sig_algo`): others are not taken as keys.
    case certificate
  }

  /// What the row is about.
  public let role: Role
  /// The object identifier, as numbers.
  public let numbers: String
  /// Kernels with it know the algorithm; `nil` for all.
  let with: KernelChange?
  /// Kernels with it do not; `nil` for none.
  let without: KernelChange?
  /// The build option that brings it; `nil` when there is none to ask for.
  let option: KernelOption?

  private init(
    _ role: Role, _ numbers: String, with: KernelChange? = nil, without: KernelChange? = nil,
    _ option: KernelOption? = nil
  ) {
    self.role = role
    self.numbers = numbers
    self.with = with
    self.without = without
    self.option = option
  }

  private static let nist = "2.16.840.1.101.3.4."
  private static let rsa = "1.2.840.113549.1.1."
  private static let ansi = "1.2.840.10045."

  /// All that is known, digests first.
  public static let all: [Self] = digests + signatures + keys + certificates

  private static let digests = [
    Self(.digest, "1.2.840.113549.2.4", without: .noWeakDigests, .md4),
    Self(.digest, "1.2.840.113549.2.5", without: .noWeakDigests, .md5),
    Self(.digest, "1.3.14.3.2.26", .sha1),
    Self(.digest, nist + "2.4", .sha256),
    Self(.digest, nist + "2.1", .sha256),
    Self(.digest, nist + "2.2", .sha512),
    Self(.digest, nist + "2.3", .sha512),
    Self(.digest, nist + "2.8", with: .sha3Digests, .sha3),
    Self(.digest, nist + "2.9", with: .sha3Digests, .sha3),
    Self(.digest, nist + "2.10", with: .sha3Digests, .sha3),
    Self(.digest, "1.2.156.10197.1.401", with: .gostDigests),
    Self(.digest, "1.2.643.7.1.1.2.2", with: .gostDigests),
    Self(.digest, "1.2.643.7.1.1.2.3", with: .gostDigests),
  ]

  private static let signatures = [
    Self(.signature, rsa + "1"),
    Self(.signature, ansi + "4.1", with: .ecdsaSignatures),
    Self(.signature, ansi + "4.3.1", with: .ecdsaSignatures),
    Self(.signature, ansi + "4.3.2", with: .ecdsaSignatures),
    Self(.signature, ansi + "4.3.3", with: .ecdsaSignatures),
    Self(.signature, ansi + "4.3.4", with: .ecdsaSignatures),
    Self(.signature, nist + "3.10", with: .sha3Digests),
    Self(.signature, nist + "3.11", with: .sha3Digests),
    Self(.signature, nist + "3.12", with: .sha3Digests),
    Self(.signature, "1.2.156.10197.1.501", with: .sm2Signatures),
    Self(.signature, "1.2.643.7.1.1.1.1", with: .gostDigests),
    Self(.signature, "1.2.643.7.1.1.1.2", with: .gostDigests),
    Self(.signature, nist + "3.17", with: .mlDSASignatures),
    Self(.signature, nist + "3.18", with: .mlDSASignatures),
    Self(.signature, nist + "3.19", with: .mlDSASignatures),
  ]

  /// Keys on curves are known by the curve.
  private static let keys = [
    Self(.key, rsa + "1"),
    Self(.key, ansi + "3.1.1", with: .ecdsaSignatures, .ecdsa),
    Self(.key, ansi + "3.1.7", with: .ecdsaSignatures, .ecdsa),
    Self(.key, "1.3.132.0.34", with: .ecdsaSignatures, .ecdsa),
    Self(.key, "1.3.132.0.35", with: .p521Keys, .ecdsa),
    Self(.key, "1.2.156.10197.1.301", without: nil),
    Self(.key, "1.2.643.7.1.1.1.1"),
    Self(.key, "1.2.643.7.1.1.1.2"),
    Self(.key, nist + "3.17", with: .mlDSASignatures),
    Self(.key, nist + "3.18", with: .mlDSASignatures),
    Self(.key, nist + "3.19", with: .mlDSASignatures),
  ]

  private static let certificates = [
    Self(.certificate, rsa + "3", without: .noWeakDigests),
    Self(.certificate, rsa + "5"),
    Self(.certificate, rsa + "11"),
    Self(.certificate, rsa + "12"),
    Self(.certificate, rsa + "13"),
    Self(.certificate, rsa + "14"),
    Self(.certificate, nist + "3.14", with: .sha3Digests),
    Self(.certificate, nist + "3.15", with: .sha3Digests),
    Self(.certificate, nist + "3.16", with: .sha3Digests),
    Self(.certificate, ansi + "4.1", with: .ecdsaSignatures),
    Self(.certificate, ansi + "4.3.1", with: .ecdsaSignatures),
    Self(.certificate, ansi + "4.3.2", with: .ecdsaSignatures),
    Self(.certificate, ansi + "4.3.3", with: .ecdsaSignatures),
    Self(.certificate, ansi + "4.3.4", with: .ecdsaSignatures),
    Self(.certificate, nist + "3.10", with: .sha3Digests),
    Self(.certificate, nist + "3.11", with: .sha3Digests),
    Self(.certificate, nist + "3.12", with: .sha3Digests),
    Self(.certificate, "1.2.156.10197.1.501", with: .sm2Signatures),
    Self(.certificate, "1.2.643.7.1.1.3.2"),
    Self(.certificate, "1.2.643.7.1.1.3.3"),
    Self(.certificate, nist + "3.17", with: .mlDSASignatures),
    Self(.certificate, nist + "3.18", with: .mlDSASignatures),
    Self(.certificate, nist + "3.19", with: .mlDSASignatures),
  ]

  /// Digests that RSA knows the mark of (crypto/rsa-pkcs1pad.c, `rsa_asn1_templates`): with another, the
  /// key is there and does not fit. Those of SHA-3 came with ``KernelChange/sha3Digests``.
  static let rsaDigests: Set<String> = [
    "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3-256", "sha3-384", "sha3-512",
  ]

  /// The lengths of RSA keys in bits that kernels take (crypto/rsa.c, `rsa_check_key_length`).
  static let rsaLengths: Set<Int> = [512, 1024, 1536, 2048, 3072, 4096]
}
