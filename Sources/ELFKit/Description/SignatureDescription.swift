// What a signature claims; nothing of it is verified.

/// A signature's claims.
public struct SignatureDescription: Equatable, Sendable {
  /// How it is written.
  public let idType: SignatureType
  /// Its size in bytes, the message that holds it included.
  public let byteCount: Int
  /// Who signed; `nil` when the message cannot be read.
  public let signer: Signer?

  /// The first signer of a message.
  public struct Signer: Equatable, Sendable {
    /// The common name of who issued the key; `nil` without one.
    public let name: ByteSlice?
    /// Which key it was.
    public let keyID: ByteSlice
    /// The digest that was signed.
    public let digestAlgorithm: ObjectID
    /// How it was signed.
    public let signatureAlgorithm: ObjectID
    /// The size of the signature's value in bytes.
    public let valueSize: Int
  }

  init(_ signature: ModuleSignature, _ signer: SignedMessage.Signer?) {
    idType = signature.idType
    byteCount = signature.bytes.count
    self.signer = signer.map {
      Signer(
        name: $0.name, keyID: $0.keyID, digestAlgorithm: $0.digestAlgorithm,
        signatureAlgorithm: $0.signatureAlgorithm, valueSize: $0.signature.count)
    }
  }
}
