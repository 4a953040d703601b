// What certificates and mathematics say about a signature. What a kernel makes of that, depends on the
// kernel: see ``SignatureJudgement``.

/// Whether the signatures in a message fit what was signed, as far as certificates tell.
public struct SignatureEvidence: Sendable {
  /// What is known of one signature.
  public enum Fit: Sendable {
    /// None of the certificates is the signer's.
    case unknownKey
    /// It was made with the key of this certificate, over these bytes.
    case fits(SigningCertificate)
    /// It was not: the bytes, or the signature, were changed, or another key of the same name made it.
    case differs(SigningCertificate)
    /// There is such a certificate, and nothing at hand that knows its kind of key; the text says what.
    case untested(SigningCertificate, String)
  }

  /// One for each signer of the message, in its order.
  public let signers: [Fit]

  /// Evidence about the signers of a message.
  public init(_ signers: [Fit]) { self.signers = signers }
}
