// Verifying the signatures of modules against certificates, offline.

import ELFKit
import Glibc

/// What a module's signature is worth.
enum SignatureVerdict {
  /// It was made with the key of the certificate of this name, and the module is unchanged.
  case good(certificate: [UInt8])
  /// It was made with a key for which no certificate was given.
  case unknownKey
  /// It does not fit the module, or the kernel refuses its form; the text says why.
  case bad(String)
}

/// Certificates, and whether they fit signatures. May be used by several threads at once.
@safe
final class SignatureVerifier: @unchecked Sendable {
  private let crypto: Libcrypto
  private var certificates: [Libcrypto.Pointer] = unsafe []

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

  /// Whether one of the certificates made this signature of `content`.
  func accepts(_ content: ByteSlice, _ message: ByteSlice) -> Bool {
    if case .good = verdict(on: content, message) { true } else { false }
  }

  deinit {
    for index in unsafe certificates.indices {
      unsafe crypto.freeCertificate(certificates[index])
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
      unsafe certificates.append(one)
    } else {
      _ = unsafe crypto.withBuffer(slice) { buffer -> Void? in
        while let certificate = unsafe crypto.readPEMCertificate(buffer, nil, nil, nil) {
          unsafe certificates.append(certificate)
        }
        return ()
      }
    }
    crypto.clearErrors()
    return unsafe certificates.count - before
  }

  /// More digests than there are signers is nothing that a tool writes.
  private static let digestLimit = 8

  // cms.h
  private static let noCertificatesOfMessage: UInt32 = 0x10
  private static let noCheckOfCertificates: UInt32 = 0x20
  private static let binary: UInt32 = 0x80

  /// Whether `message`, a detached PKCS#7 message, is a signature of `content` by one of the
  /// certificates. As in the kernel neither chains nor dates of certificates matter.
  func verdict(on content: ByteSlice, _ message: ByteSlice) -> SignatureVerdict {
    defer { crypto.clearErrors() }
    // libcrypto digests the whole module once for each.
    if let count = (try? SignedMessage(message))?.digestAlgorithmCount, count > Self.digestLimit {
      return .bad("the signature names \(count) digest algorithms")
    }
    let answer = unsafe crypto.withBuffer(message) { buffer -> SignatureVerdict? in
      guard let parsed = unsafe crypto.readMessage(buffer, nil) else { return nil }
      defer { unsafe crypto.freeMessage(parsed) }
      guard let certificate = unsafe certificate(of: parsed) else { return .unknownKey }
      return unsafe verdict(on: content, parsed, certificate)
    }
    return answer ?? .bad("the signature cannot be read: \(crypto.lastReason)")
  }

  @unsafe
  private func verdict(
    on content: ByteSlice, _ message: Libcrypto.Pointer, _ certificate: Libcrypto.Pointer
  ) -> SignatureVerdict? {
    guard let stack = unsafe crypto.newStack() else { return nil }
    defer { unsafe crypto.freeStack(stack) }
    for index in unsafe certificates.indices { _ = unsafe crypto.push(stack, certificates[index]) }
    let isGood = unsafe crypto.withBuffer(content) { buffer in
      unsafe crypto.verify(
        message, stack, nil, buffer, nil,
        Self.noCertificatesOfMessage | Self.noCheckOfCertificates | Self.binary) == 1
    }
    guard isGood == true else {
      return .bad(
        "the signature does not fit: the module was changed after it was signed, or another key "
          + "of the same name signed it (\(crypto.lastReason))")
    }
    return .good(certificate: unsafe name(of: certificate))
  }

  /// The certificate of the first signer, when it is among those given.
  @unsafe
  private func certificate(of message: Libcrypto.Pointer) -> Libcrypto.Pointer? {
    guard let signers = unsafe crypto.signers(message), unsafe crypto.count(signers) > 0,
      let signer = unsafe crypto.element(signers, 0)
    else { return nil }
    return unsafe certificates.first { unsafe crypto.isSigner(signer, $0) == 0 }
  }

  /// The common name of a certificate's subject; empty when it has none.
  @unsafe
  private func name(of certificate: Libcrypto.Pointer) -> [UInt8] {
    guard let subject = unsafe crypto.subject(certificate) else { return [] }
    let commonName: Int32 = 13
    return unsafe [UInt8](unsafeUninitializedCapacity: 256) { bytes, count in
      let length = unsafe bytes.withMemoryRebound(to: CChar.self) {
        unsafe crypto.nameEntry(subject, commonName, $0.baseAddress, 256)
      }
      count = Int(Swift.min(Swift.max(length, 0), 255))
    }
  }
}
