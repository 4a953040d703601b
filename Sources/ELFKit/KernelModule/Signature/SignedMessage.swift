// The PKCS#7 message of a module's signature: SignedData (RFC 2315 §9, RFC 5652 §5) with one
// signer, no certificates, detached content.

/// Who signed a module, with which algorithms.
public struct SignedMessage: Sendable {
  /// Which key made the signature.
  public enum KeyIdentifier: Sendable {
    /// The serial number of the certificate, as unsigned big-endian bytes.
    case serialNumber(ByteSlice)
    /// The subject key identifier of the certificate.
    case subjectKeyIdentifier(ByteSlice)

    /// The bytes that identify the key.
    public var bytes: ByteSlice {
      switch self {
      case .serialNumber(let bytes), .subjectKeyIdentifier(let bytes): bytes
      }
    }
  }

  /// The common name of the certificate's issuer, as untrusted bytes; `nil` when it has none or
  /// when the key is known by its identifier only.
  public let signer: ByteSlice?
  /// Which key made the signature.
  public let keyIdentifier: KeyIdentifier
  /// The digest that was signed.
  public let hashAlgorithm: AlgorithmIdentifier
  /// How it was signed.
  public let signatureAlgorithm: AlgorithmIdentifier
  /// Whether attributes were signed instead of the module itself, which the kernel refuses.
  public let hasSignedAttributes: Bool
  /// The signature value.
  public let signature: ByteSlice

  /// Reads a message. Only the first signer is looked at, as kmod does.
  public init(_ bytes: ByteSlice) throws(ELFError) {
    var outer = DERReader(bytes)
    var contentInfo = try outer.read(DERElement.sequence).elements
    let contentType = try contentInfo.read(DERElement.objectIdentifier).content
    // 1.2.840.113549.1.7.2 signedData
    guard contentType.bytes == [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02] else {
      throw ELFError(
        .malformed("the PKCS#7 message holds no signed data"), .signature,
        at: contentType.fileOffset)
    }
    var wrapper = try contentInfo.read(DERElement.contextSpecific(0)).elements
    var signedData = try wrapper.read(DERElement.sequence).elements
    _ = try signedData.read(DERElement.integer)
    _ = try signedData.read(DERElement.set)
    _ = try signedData.read(DERElement.sequence)
    _ = try signedData.readIfPresent(DERElement.contextSpecific(0))
    _ = try signedData.readIfPresent(DERElement.contextSpecific(1))
    var signers = try signedData.read(DERElement.set).elements

    var signerInfo = try signers.read(DERElement.sequence).elements
    _ = try signerInfo.read(DERElement.integer)
    (signer, keyIdentifier) = try Self.readSigner(&signerInfo)
    hashAlgorithm = try AlgorithmIdentifier(signerInfo.read(DERElement.sequence))
    hasSignedAttributes =
      try signerInfo.readIfPresent(DERElement.contextSpecific(0)) != nil
    signatureAlgorithm = try AlgorithmIdentifier(signerInfo.read(DERElement.sequence))
    signature = try signerInfo.read(DERElement.octetString).content
  }

  private static func readSigner(
    _ info: inout DERReader
  ) throws(ELFError) -> (ByteSlice?, KeyIdentifier) {
    if let key = try info.readIfPresent(DERElement.contextSpecific(0, constructed: false)) {
      return (nil, .subjectKeyIdentifier(key.content))
    }
    var issuerAndSerial = try info.read(DERElement.sequence).elements
    let issuer = try issuerAndSerial.read(DERElement.sequence)
    let serial = try issuerAndSerial.read(DERElement.integer).content
    let isPadded = serial.count > 1 && serial[0] == 0
    return (
      try commonName(of: issuer), .serialNumber(isPadded ? serial.suffix(from: 1) : serial)
    )
  }

  /// The value of the first `commonName` (2.5.4.3) of an X.501 name.
  private static func commonName(of name: DERElement) throws(ELFError) -> ByteSlice? {
    var relativeNames = name.elements
    while !relativeNames.isAtEnd {
      var attributes = try relativeNames.read(DERElement.set).elements
      while !attributes.isAtEnd {
        var attribute = try attributes.read(DERElement.sequence).elements
        let type = try attribute.read(DERElement.objectIdentifier).content
        let value = try attribute.read()
        if type.bytes == [0x55, 0x04, 0x03] { return value.content }
      }
    }
    return nil
  }
}

/// An algorithm: its object identifier and, when it is known, its usual name.
public struct AlgorithmIdentifier: Sendable {
  /// The content octets of the object identifier.
  public let identifier: ByteSlice

  init(_ element: DERElement) throws(ELFError) {
    var reader = element.elements
    identifier = try reader.read(DERElement.objectIdentifier).content
  }

  /// The name that OpenSSL and the kernel use, such as `sha256`, or `nil`.
  public var name: String? { Self.names[identifier.bytes] }

  /// The name, or the identifier as numbers and dots when it has none.
  public var displayName: String { name ?? dotted }

  /// The identifier as numbers and dots, such as `2.16.840.1.101.3.4.2.1`.
  public var dotted: String {
    var numbers: [UInt64] = []
    var number: UInt64 = 0
    for byte in identifier.bytes {
      number = number &<< 7 | UInt64(byte & 0x7f)
      guard byte & 0x80 == 0 else { continue }
      if numbers.isEmpty {
        let first = Swift.min(number / 40, 2)
        numbers = [first, number - 40 * first]
      } else {
        numbers.append(number)
      }
      number = 0
    }
    return numbers.map { String($0) }.joined(separator: ".")
  }

  private static let nist: [UInt8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04]
  private static let rsa: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]
  private static let ecdsa: [UInt8] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04]

  /// The algorithms that kernels from 5.10 to 7.2 sign modules with.
  private static let names: [[UInt8]: String] = [
    nist + [2, 1]: "sha256", nist + [2, 2]: "sha384", nist + [2, 3]: "sha512",
    nist + [2, 4]: "sha224", nist + [2, 8]: "sha3-256", nist + [2, 9]: "sha3-384",
    nist + [2, 10]: "sha3-512",
    rsa + [2, 4]: "md4", rsa + [2, 5]: "md5", [0x2b, 0x0e, 0x03, 0x02, 0x1a]: "sha1",
    [0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x11]: "sm3",
    [0x2b, 0x24, 0x03, 0x02, 0x01]: "rmd160",
    rsa + [1, 1, 1]: "rsaEncryption", rsa + [1, 1, 5]: "sha1WithRSAEncryption",
    rsa + [1, 1, 11]: "sha256WithRSAEncryption", rsa + [1, 1, 12]: "sha384WithRSAEncryption",
    rsa + [1, 1, 13]: "sha512WithRSAEncryption",
    ecdsa + [1]: "ecdsa-with-SHA1", ecdsa + [3, 1]: "ecdsa-with-SHA224",
    ecdsa + [3, 2]: "ecdsa-with-SHA256", ecdsa + [3, 3]: "ecdsa-with-SHA384",
    ecdsa + [3, 4]: "ecdsa-with-SHA512",
    nist + [3, 17]: "ML-DSA-44", nist + [3, 18]: "ML-DSA-65", nist + [3, 19]: "ML-DSA-87",
  ]
}
