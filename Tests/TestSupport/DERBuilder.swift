// DER made in memory: signatures whose every byte a test decides.

/// Builders of DER elements and of the PKCS#7 message that a signed module ends with.
package enum DER {
  package static func element(_ tag: UInt8, _ content: [UInt8]...) -> [UInt8] {
    let content = content.flatMap { $0 }
    let count = content.count
    if count < 0x80 { return [tag, UInt8(count)] + content }
    if count < 0x100 { return [tag, 0x81, UInt8(count)] + content }
    return [tag, 0x82, UInt8(count >> 8), UInt8(count & 0xff)] + content
  }

  package static func sequence(_ parts: [UInt8]...) -> [UInt8] {
    element(0x30, parts.flatMap { $0 })
  }

  /// An OBJECT IDENTIFIER with this content.
  package static func identifier(_ content: [UInt8]) -> [UInt8] { element(0x06, content) }

  /// `1.2.840.113549.1.7.` and `last`: 1 is data, 2 signedData.
  package static func pkcs7(_ last: UInt8) -> [UInt8] {
    identifier([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, last])
  }

  package static let sha256: [UInt8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]
  package static let commonName: [UInt8] = [0x55, 0x04, 0x03]
  package static let organization: [UInt8] = [0x55, 0x04, 0x0a]

  /// A name of one attribute a part.
  package static func name(_ attributes: [(type: [UInt8], value: [UInt8])]) -> [UInt8] {
    let parts = attributes.map { attribute in
      element(0x31, sequence(identifier(attribute.type), element(0x0c, attribute.value)))
    }
    return element(0x30, parts.flatMap { $0 })
  }
}

/// A SignedData message, sound unless a test makes it otherwise.
package struct MessageBuilder {
  package var issuer = DER.name([(DER.commonName, Array("Test key".utf8))])
  package var serial: [UInt8] = [1, 2, 3]
  package var subjectKeyIdentifier: [UInt8]?
  package var digest = DER.sha256
  package var signedAttributes: [UInt8] = []
  package var content: [UInt8] = []
  package var certificates: [UInt8] = []
  package var signature = [UInt8](repeating: 0xaa, count: 25)
  package var signerCount = 1
  /// How often the digest algorithm is announced.
  package var digestCount = 1

  package init() {}

  package func build() -> [UInt8] {
    let algorithm = DER.sequence(DER.identifier(digest), [5, 0])
    let key =
      subjectKeyIdentifier.map { DER.element(0x80, $0) }
      ?? DER.sequence(issuer, DER.element(2, serial))
    let signer = DER.sequence(
      DER.element(2, [1]), key, algorithm, signedAttributes,
      DER.sequence(DER.identifier([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]), [5, 0]),
      DER.element(4, signature))
    let signers = (0..<signerCount).flatMap { _ in signer }
    let data = DER.sequence(
      DER.element(2, [1]), DER.element(0x31, (0..<digestCount).flatMap { _ in algorithm }),
      DER.sequence(DER.pkcs7(1), content),
      certificates, DER.element(0x31, signers))
    return DER.sequence(DER.pkcs7(2), DER.element(0xa0, data))
  }
}

/// The end of a signed module: signature, `struct module_signature`, marker.
package struct TrailerBuilder {
  package var content: [UInt8]
  package var algorithm: UInt8 = 0
  package var hash: UInt8 = 0
  package var idType: UInt8 = 2
  package var signerLength: UInt8 = 0
  package var keyIDLength: UInt8 = 0
  package var padding: [UInt8] = [0, 0, 0]
  /// The length it claims; the content's own when `nil`.
  package var length: UInt32?

  package init(_ content: [UInt8]) { self.content = content }

  package func build() -> [UInt8] {
    let length = length ?? UInt32(content.count)
    let digits = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> UInt32($0)) }
    return content + [algorithm, hash, idType, signerLength, keyIDLength] + padding + digits
      + Array("~Module signature appended~\n".utf8)
  }
}
