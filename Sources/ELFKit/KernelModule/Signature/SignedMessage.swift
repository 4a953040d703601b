// PKCS#7 SignedData (RFC 2315 §9; CMS, RFC 5652 §5): who says to have signed, and how.

/// The message that a module's signature is: SignedData without content.
///
/// The names in it are only claims: nothing is verified.
public struct SignedMessage: Sendable {
  /// One signature and who made it (`SignerInfo`).
  public struct Signer: Sendable {
    /// The version of the form; `nil` when it is no number of one byte.
    public let version: UInt8?
    /// How the signer's certificate is named.
    public let identifier: Identifier
    /// The digest that was signed.
    public let digestAlgorithm: ObjectID
    /// How it was signed.
    public let signatureAlgorithm: ObjectID
    /// The signature's octets.
    public let signature: ByteSlice
    /// The whole `[0]` element of signed attributes, or `nil`; the kernel refuses modules that
    /// have them (EKEYREJECTED).
    public let signedAttributes: ByteSlice?
  }

  /// How a certificate is named.
  public enum Identifier: Sendable {
    /// By its issuer and its number there.
    case issuerAndSerial(DistinguishedName, serial: ByteSlice)
    /// By its subject key identifier (`sign-file -k`, CMS only).
    case subjectKeyIdentifier(ByteSlice)
  }

  /// The version of the form; `nil` when it is no number of one byte.
  public let version: UInt8?
  /// What was signed is of this type; the kernel wants plain data.
  public let contentType: ObjectID
  /// How many digest algorithms the message announces: one in what `sign-file` writes.
  public let digestAlgorithmCount: Int
  /// Whether what was signed is within the message; the kernel wants it detached (EBADMSG).
  public let hasContent: Bool
  /// The whole `[0]` element of certificates, or `nil` when the message has none.
  public let certificates: ByteSlice?
  /// The signatures; at least one.
  public let signers: [Signer]
  /// The bytes behind the message: none in a sound signature.
  public let trailingBytes: ByteSlice
  /// All bytes that the message was read from, those behind it as well.
  public let bytes: ByteSlice
  /// Whether there is nothing in it besides what the form knows; the kernel refuses it otherwise.
  public let isComplete: Bool

  /// The first signature, which is the one that modinfo shows.
  public var firstSigner: Signer { signers[0] }

  /// Whether what was signed is plain data (`pkcs7-data`).
  public var isPlainData: Bool { contentType == .data }
}

extension SignedMessage.Signer {
  /// The issuer's name for a person, perhaps empty; `nil` when the certificate is named by its key.
  public var name: ByteSlice? {
    guard case .issuerAndSerial(let issuer, _) = identifier else { return nil }
    return issuer.displayName
  }

  /// What names the key: the certificate's number without leading zeros, or the subject key
  /// identifier.
  public var keyID: ByteSlice {
    switch identifier {
    case .issuerAndSerial(_, let serial):
      serial.suffix(from: serial.firstIndex { $0 != 0 } ?? serial.count)
    case .subjectKeyIdentifier(let identifier): identifier
    }
  }
}

/// An X.501 name: attributes such as country, organisation, common name.
public struct DistinguishedName: Sendable {
  /// The attributes in order: type, and the value's octets as they are.
  public let attributes: [(type: ObjectID, value: ByteSlice)]
  /// All of it as it is written, without the identifier and length around it: what the kernel compares.
  public let encoding: ByteSlice

  /// The first common name, or the last attribute when there is none; may be empty.
  public var displayName: ByteSlice {
    let common = attributes.first { $0.type == .commonName }
    return (common ?? attributes.last)?.value ?? .empty(at: 0)
  }
}

extension ModuleSignature {
  /// The PKCS#7 message, or `nil` for the types that only kernels without ``KernelChange/pkcs7Only`` knew.
  ///
  /// Throws where the message's DER is damaged. Costs one look at each element.
  public func message() throws(ELFError) -> SignedMessage? {
    idType == .pkcs7 ? try SignedMessage(bytes) : nil
  }
}

extension SignedMessage {
  /// Reads the message that `bytes` begin with.
  public init(_ bytes: ByteSlice) throws(ELFError) {
    var file = DERReader(bytes, asKernel: true)
    self.bytes = bytes
    var outer = try file.next(.sequence, "ContentInfo").elements()
    trailingBytes = file.rest
    let type = ObjectID(try outer.next(.objectIdentifier, "the content type").content)
    guard type == .signedData else {
      throw DERReader.damage("the message is not SignedData but \(type.description)", at: bytes)
    }
    var wrapper = try outer.next(.context(0), "the content").elements()
    var data = try wrapper.next(.sequence, "SignedData").elements()
    version = try Self.version(&data, "the version")
    var digests = try data.next(.set, "the list of digest algorithms").elements()
    var digestAlgorithmCount = 0
    while !digests.isAtEnd {
      _ = try digests.next(.sequence, "a digest algorithm")
      digestAlgorithmCount += 1
    }
    self.digestAlgorithmCount = digestAlgorithmCount
    var content = try data.next(.sequence, "the content that was signed").elements()
    contentType = ObjectID(try content.next(.objectIdentifier, "the content type").content)
    hasContent = !content.isAtEnd
    certificates = try data.optional(.context(0))?.encoding
    _ = try data.optional(.context(1))
    var infos = try data.next(.set, "the list of signers").elements()
    var signers: [Signer] = []
    var isComplete = data.isAtEnd && wrapper.isAtEnd && outer.isAtEnd
    while !infos.isAtEnd {
      signers.append(try Signer(try infos.next(.sequence, "SignerInfo"), &isComplete))
    }
    self.isComplete = isComplete
    guard !signers.isEmpty else { throw DERReader.damage("there is no signer", at: bytes) }
    self.signers = signers
  }

  /// The kernel takes versions of one byte only.
  fileprivate static func version(
    _ reader: inout DERReader, _ what: String
  ) throws(ELFError) -> UInt8? {
    let number = try reader.integer(what)
    return number.count == 1 ? number[0] : nil
  }
}

extension SignedMessage.Signer {
  /// Clears `isComplete` when there is something that the form does not know.
  fileprivate init(_ element: DERElement, _ isComplete: inout Bool) throws(ELFError) {
    var info = try element.elements()
    version = try SignedMessage.version(&info, "the signer's version")
    if let key = try info.optional(.context(0, isConstructed: false)) {
      identifier = .subjectKeyIdentifier(key.content)
    } else {
      var issuer = try info.next(.sequence, "issuer and serial number").elements()
      let name = try DistinguishedName(try issuer.next(.sequence, "the issuer's name"))
      let serial = try issuer.integer("the serial number")
      identifier = .issuerAndSerial(name, serial: serial)
    }
    digestAlgorithm = try Self.algorithm(&info, "the digest algorithm")
    signedAttributes = try info.optional(.context(0))?.encoding
    signatureAlgorithm = try Self.algorithm(&info, "the signature algorithm")
    signature = try info.next(.octetString, "the signature's octets").content
    // Attributes that are not signed do not matter.
    _ = try info.optional(.context(1))
    if !info.isAtEnd { isComplete = false }
  }

  private static func algorithm(
    _ reader: inout DERReader, _ what: String
  ) throws(ELFError) -> ObjectID {
    var algorithm = try reader.next(.sequence, what).elements()
    return ObjectID(try algorithm.next(.objectIdentifier, what).content)
  }
}

extension DistinguishedName {
  /// Reads a `Name` (RFC 5280 §4.1.2.4).
  init(_ element: DERElement) throws(ELFError) {
    var attributes: [(type: ObjectID, value: ByteSlice)] = []
    var sets = try element.elements()
    while !sets.isAtEnd {
      var set = try sets.next(.set, "a part of the name").elements()
      while !set.isAtEnd {
        var pair = try set.next(.sequence, "an attribute of the name").elements()
        let type = ObjectID(try pair.next(.objectIdentifier, "an attribute's type").content)
        guard let value = try pair.next() else {
          throw DERReader.damage("an attribute without a value", at: element.content)
        }
        attributes.append((type, value.content))
      }
    }
    self.attributes = attributes
    encoding = element.content
  }
}
