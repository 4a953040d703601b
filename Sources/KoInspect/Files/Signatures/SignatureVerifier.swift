// Verifying the signatures of modules against certificates, offline.

import ELFKit
import Glibc

/// Certificates, and whether they fit signatures. May be used by several threads at once.
@safe
final class SignatureVerifier: @unchecked Sendable {
  private let crypto: Libcrypto
  private var certificates: [(facts: SigningCertificate, handle: Libcrypto.Pointer)] = unsafe []

  /// A verifier without certificates; throws when the system has no libcrypto.
  init() throws(SystemError) {
    guard let crypto = Libcrypto() else {
      throw SystemError(
        "signatures cannot be verified without \(Libcrypto.names[0]): install libssl3 (Debian) or "
          + "openssl-libs (Fedora)")
    }
    self.crypto = crypto
  }

  /// A verifier with the certificates in files and directories. Throws, naming the path, when one
  /// cannot be read or has none.
  convenience init(certificates paths: [[UInt8]]) throws(SystemError) {
    try self.init()
    for path in paths {
      do throws(SystemError) {
        let isDirectory = kind(of: path) == .directory
        // What else lies in a directory of certificates, such as keys, does not matter.
        let files = isDirectory ? try regularFiles(in: path) : [path]
        var count = 0
        for file in files {
          count += addCertificates(in: try FileDescriptor(opening: file).readToEnd(Self.limits))
        }
        guard count > 0 else { throw SystemError("no X.509 certificate, neither DER nor PEM") }
      } catch {
        throw SystemError("\(String(decoding: path, as: UTF8.self)): \(error.message)")
      }
    }
  }

  /// No certificate is larger.
  private static let limits = Input.Limits(maxSize: 1 << 24)

  deinit {
    for index in unsafe certificates.indices {
      unsafe crypto.freeCertificate(certificates[index].handle)
    }
  }

  /// Adds the X.509 certificates in a file: one in DER, or any number in PEM, where private keys
  /// and other things between them do not matter. Gives back how many there were.
  func addCertificates(in bytes: [UInt8]) -> Int {
    let slice = ByteSlice(bytes)
    let before = unsafe certificates.count
    let one: Libcrypto.Pointer? = unsafe crypto.withBuffer(slice) {
      unsafe crypto.readCertificate($0, nil)
    }
    if let one = unsafe one {
      unsafe add(one)
    } else {
      _ = unsafe crypto.withBuffer(slice) { buffer -> Void? in
        while let certificate = unsafe crypto.readPEMCertificate(buffer, nil, nil, nil) {
          unsafe add(certificate)
        }
        return ()
      }
    }
    crypto.clearErrors()
    return unsafe certificates.count - before
  }

  /// Keeps a certificate, or frees one that the kernel could not read either.
  @unsafe
  private func add(_ certificate: Libcrypto.Pointer) {
    let bytes = unsafe crypto.bytes(of: certificate)
    if let facts = try? SigningCertificate(ByteSlice(bytes)) {
      unsafe certificates.append((facts, certificate))
    } else {
      unsafe crypto.freeCertificate(certificate)
    }
  }

  /// More signers than anybody has: each costs a look at the whole module.
  private static let signerLimit = 8

  /// What the certificates say about `message`, a detached PKCS#7 message, as a signature of `content`.
  /// As in the kernel neither chains nor dates of certificates matter. `nil` when the message cannot be
  /// read, which the kernel's answer tells.
  func evidence(on content: ByteSlice, _ message: ByteSlice) -> SignatureEvidence? {
    defer { crypto.clearErrors() }
    guard let message = try? SignedMessage(message) else { return nil }
    var tried = 0
    return SignatureEvidence(
      message.signers.map { signer in
        let known = unsafe certificates.filter { unsafe $0.facts.isNamed(by: signer) }
        guard let first = unsafe known.first else { return .unknownKey }
        tried += 1
        guard tried <= Self.signerLimit else {
          return unsafe .untested(
            first.facts, "the message has more than \(Self.signerLimit) signers")
        }
        return unsafe fit(signer, content, known) ?? .untested(first.facts, Self.isUnknown(signer))
      })
  }

  /// The same about the signature at the end of a module; `nil` when it has none that can be read.
  func evidence(on module: AnyByteSource) -> SignatureEvidence? {
    guard let signature = try? ModuleSignature.read(from: module), signature.idType == .pkcs7,
      let content = try? module.slice(0, signature.signedSize, in: .file)
    else { return nil }
    return evidence(on: content, signature.bytes)
  }

  /// Whether one of `certificates`, which all have the signer's name, made the signature; `nil` when
  /// libcrypto cannot try.
  @unsafe
  private func fit(
    _ signer: SignedMessage.Signer, _ content: ByteSlice,
    _ certificates: [(facts: SigningCertificate, handle: Libcrypto.Pointer)]
  ) -> SignatureEvidence.Fit? {
    var answer: SignatureEvidence.Fit?
    for index in unsafe certificates.indices {
      let (facts, handle) = unsafe certificates[index]
      guard facts.isOrdinary,
        let fits = unsafe crypto.fits(
          signer.signature, content, signer.digestAlgorithm.description, handle)
      else { continue }
      if fits { return .fits(facts) }
      answer = answer ?? .differs(facts)
    }
    return answer
  }

  private static func isUnknown(_ signer: SignedMessage.Signer) -> String {
    "nothing here can try a signature of the kind \(signer.signatureAlgorithm) over "
      + "\(signer.digestAlgorithm)"
  }
}

extension SigningCertificate {
  /// Whether the key signs a digest and nothing else, as RSA, DSA and ECDSA do.
  fileprivate var isOrdinary: Bool {
    guard keyAlgorithm.description == "id-ecPublicKey" else {
      return ["rsaEncryption", "DSA"].contains(keyAlgorithm.description)
    }
    // SM2 (GB/T 32918) digests the signer's name as well.
    return curve?.dotted != "1.2.156.10197.1.301"
  }
}
