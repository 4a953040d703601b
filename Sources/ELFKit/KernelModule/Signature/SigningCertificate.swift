// X.509 certificates (RFC 5280 §4.1) as the kernel reads them for its keys
// (crypto/asymmetric_keys/x509.asn1, x509_cert_parser.c).

/// A certificate: whose key it is, and of which kind.
///
/// The names in it are only claims: nothing is verified.
public struct SigningCertificate: Sendable {
  /// All that a name in a message is compared with: the number that the issuer gave it.
  public let serial: ByteSlice
  /// Who issued it.
  public let issuer: DistinguishedName
  /// Whose key it is.
  public let subject: DistinguishedName
  /// The identifier of the key, or `nil`.
  public let subjectKeyIdentifier: ByteSlice?
  /// The kind of the key.
  public let keyAlgorithm: ObjectID
  /// The curve of a key on one, or `nil`.
  public let curve: ObjectID?
  /// The length of an RSA key's modulus in bits, or `nil`.
  public let modulusBits: Int?
  /// How the certificate itself was signed.
  public let signatureAlgorithm: ObjectID

  /// Reads the certificate that `bytes` begin with.
  public init(_ bytes: ByteSlice) throws(ELFError) {
    var file = DERReader(bytes, asKernel: true)
    var outer = try file.next(.sequence, "the certificate").elements()
    var body = try outer.next(.sequence, "what the certificate says").elements()
    _ = try body.optional(.context(0))
    serial = try body.integer("the serial number")
    _ = try body.next(.sequence, "the algorithm")
    issuer = try DistinguishedName(try body.next(.sequence, "the issuer's name"))
    _ = try body.next(.sequence, "the dates")
    subject = try DistinguishedName(try body.next(.sequence, "the subject's name"))
    var key = try body.next(.sequence, "the key").elements()
    var kind = try key.next(.sequence, "the kind of the key").elements()
    keyAlgorithm = ObjectID(try kind.next(.objectIdentifier, "the kind of the key").content)
    curve = try kind.optional(.objectIdentifier).map { ObjectID($0.content) }
    let bits = try key.next(.bitString, "the key's bits").content
    modulusBits = keyAlgorithm == .rsaEncryption ? Self.modulusBits(bits) : nil
    subjectKeyIdentifier = try Self.subjectKeyIdentifier(&body)
    var algorithm = try outer.next(.sequence, "the algorithm").elements()
    signatureAlgorithm = ObjectID(try algorithm.next(.objectIdentifier, "the algorithm").content)
  }

  /// The length of the first number in `RSAPublicKey` (RFC 8017 §A.1.1); the first of the bytes tells
  /// how many bits at the end do not count.
  private static func modulusBits(_ bits: ByteSlice) -> Int? {
    var file = DERReader(bits.suffix(from: 1), asKernel: true)
    guard var key = try? file.next(.sequence, "the key").elements(),
      let modulus = try? key.integer("the modulus")
    else { return nil }
    guard let first = modulus.firstIndex(where: { $0 != 0 }) else { return 0 }
    return (modulus.count - first) * 8 - modulus[first].leadingZeroBitCount
  }

  /// Looks for the extension among what is left of `body` (RFC 5280 §4.2.1.2).
  private static func subjectKeyIdentifier(
    _ body: inout DERReader
  ) throws(ELFError) -> ByteSlice? {
    while let part = try body.next() {
      guard part.tag == .context(3) else { continue }
      var wrapper = try part.elements()
      var extensions = try wrapper.next(.sequence, "the extensions").elements()
      while !extensions.isAtEnd {
        var one = try extensions.next(.sequence, "an extension").elements()
        let type = ObjectID(try one.next(.objectIdentifier, "an extension's type").content)
        guard type == .subjectKeyIdentifier else { continue }
        // Whether it is critical, a BOOLEAN, is mostly left out.
        _ = try one.optional(.boolean)
        let value = try one.next(.octetString, "the extension's value").content
        var inner = DERReader(value, asKernel: true)
        return try inner.next(.octetString, "the key's identifier").content
      }
    }
    return nil
  }

  /// Whether a signer's name is this certificate to a kernel (`asymmetric_key_id_same`): which bytes are
  /// compared, the version of the signer's form decides.
  public func isNamed(by signer: SignedMessage.Signer) -> Bool {
    switch (signer.identifier, signer.version) {
    case (.issuerAndSerial(let name, let number), 1?):
      number == serial && name.encoding == issuer.encoding
    case (.subjectKeyIdentifier(let key), 3?): key == subjectKeyIdentifier
    default: false
    }
  }
}
