// Object identifiers (ITU-T X.690 §8.19) of the algorithms and names that signatures mention.

/// An object identifier, such as that of SHA-256.
public struct ObjectID: Hashable, Sendable, CustomStringConvertible {
  /// The content of the OBJECT IDENTIFIER element.
  public let bytes: ByteSlice

  /// An identifier over the content of its element.
  public init(_ bytes: ByteSlice) { self.bytes = bytes }

  /// `1.2.840.113549.1.7.2`; bytes in hex when they are no object identifier.
  public var dotted: String {
    var text = ""
    var value: UInt64 = 0
    var isOpen = false
    for position in 0..<bytes.count {
      let byte = bytes[position]
      let isBadStart = !isOpen && byte == 0x80
      guard !isBadStart, value >> 57 == 0 else { return hex }
      value = value << 7 | UInt64(byte & 0x7f)
      isOpen = byte & 0x80 != 0
      if isOpen { continue }
      if text.isEmpty {
        let first = Swift.min(value / 40, 2)
        text = "\(first).\(value - 40 * first)"
      } else {
        text += ".\(value)"
      }
      value = 0
    }
    return isOpen || text.isEmpty ? hex : text
  }

  private var hex: String {
    "0x" + bytes.map { String(0x100 | UInt32($0), radix: 16).dropFirst() }.joined()
  }

  /// The algorithm's usual name (OpenSSL's long name, which kmod prints), or `nil` when unknown.
  public var name: String? {
    let dotted = dotted
    for (candidate, name) in Self.names where candidate == dotted { return name }
    return nil
  }

  /// The name, or the dotted numbers of an unknown algorithm.
  public var description: String { name ?? dotted }

  /// `pkcs7-data` (RFC 2315 §14): 1.2.840.113549.1.7.1
  static let data = Self([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01])
  /// `pkcs7-signedData`: 1.2.840.113549.1.7.2
  static let signedData = Self([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02])
  /// `commonName` (X.520 §6.2.2): 2.5.4.3
  static let commonName = Self([0x55, 0x04, 0x03])

  /// `subjectKeyIdentifier` (RFC 5280 §4.2.1.2): 2.5.29.14
  static let subjectKeyIdentifier = Self([0x55, 0x1d, 0x0e])
  /// `rsaEncryption` (RFC 8017 §A.1): 1.2.840.113549.1.1.1
  static let rsaEncryption = Self([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01])
  /// `id-ecPublicKey` (RFC 5480 §2.1.1): 1.2.840.10045.2.1
  static let ellipticKey = Self([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01])

  private init(_ bytes: [UInt8]) { self.init(ByteSlice(bytes)) }

  /// Digests (crypto/hash_info.c, and older ones), then signatures. Pairs: a dictionary took longer
  /// to make than `modinfo` of a module takes, which looks for one name.
  private static let names: KeyValuePairs = [
    "1.2.840.113549.2.2": "md2",
    "1.2.840.113549.2.4": "md4",
    "1.2.840.113549.2.5": "md5",
    "1.3.14.3.2.26": "sha1",
    "1.3.36.3.2.1": "ripemd160",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.5": "sha512-224",
    "2.16.840.1.101.3.4.2.6": "sha512-256",
    "2.16.840.1.101.3.4.2.7": "sha3-224",
    "2.16.840.1.101.3.4.2.8": "sha3-256",
    "2.16.840.1.101.3.4.2.9": "sha3-384",
    "2.16.840.1.101.3.4.2.10": "sha3-512",
    "2.16.840.1.101.3.4.2.11": "shake128",
    "2.16.840.1.101.3.4.2.12": "shake256",
    "1.2.156.10197.1.401": "sm3",
    "1.2.643.2.2.9": "GOST R 34.11-94",
    "1.2.643.7.1.1.2.2": "GOST R 34.11-2012 with 256 bit hash",
    "1.2.643.7.1.1.2.3": "GOST R 34.11-2012 with 512 bit hash",
    "1.2.840.113549.1.1.1": "rsaEncryption",
    "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
    "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
    "1.2.840.113549.1.1.10": "rsassaPss",
    "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
    "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
    "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
    "1.2.840.113549.1.1.14": "sha224WithRSAEncryption",
    "1.2.840.10045.2.1": "id-ecPublicKey",
    "1.2.840.10045.4.1": "ecdsa-with-SHA1",
    "1.2.840.10045.4.3.1": "ecdsa-with-SHA224",
    "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
    "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
    "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
    "2.16.840.1.101.3.4.3.10": "ecdsa_with_SHA3-256",
    "2.16.840.1.101.3.4.3.11": "ecdsa_with_SHA3-384",
    "2.16.840.1.101.3.4.3.12": "ecdsa_with_SHA3-512",
    "2.16.840.1.101.3.4.3.17": "ML-DSA-44",
    "2.16.840.1.101.3.4.3.18": "ML-DSA-65",
    "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
    "1.2.156.10197.1.501": "SM2-with-SM3",
    "1.2.643.7.1.1.3.2": "GOST R 34.10-2012 with GOST R 34.11-2012 (256 bit)",
    "1.2.643.7.1.1.3.3": "GOST R 34.10-2012 with GOST R 34.11-2012 (512 bit)",
    "1.3.101.112": "ED25519",
    "1.3.101.113": "ED448",
    "1.2.840.10040.4.1": "DSA",
    "1.2.840.10040.4.3": "dsaWithSHA1",
    "2.16.840.1.101.3.4.3.2": "dsa_with_SHA256",
    "1.2.840.10045.3.1.1": "P-192",
    "1.2.840.10045.3.1.7": "P-256",
    "1.3.132.0.34": "P-384",
    "1.3.132.0.35": "P-521",
    "1.3.132.0.10": "secp256k1",
  ]
}
