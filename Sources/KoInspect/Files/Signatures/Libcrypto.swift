// Cryptography by the system's libcrypto (OpenSSL 1.1.1 and later: evp.h, x509.h, pem.h, err.h),
// opened when signatures are to be verified.

import ELFKit
import Glibc

/// The functions of libcrypto that verifying takes.
@safe
struct Libcrypto: @unchecked Sendable {
  typealias Pointer = UnsafeMutableRawPointer

  /// The names of the library, the newest first.
  static let names = ["libcrypto.so.3", "libcrypto.so.1.1"]

  let newMemoryBuffer: @convention(c) (UnsafeRawPointer?, Int32) -> Pointer?
  let freeBuffer: @convention(c) (Pointer) -> Int32
  let readCertificate: @convention(c) (Pointer, Pointer?) -> Pointer?
  let readPEMCertificate: @convention(c) (Pointer, Pointer?, Pointer?, Pointer?) -> Pointer?
  let freeCertificate: @convention(c) (Pointer) -> Void
  let writeCertificate:
    @convention(c) (Pointer, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
  let publicKey: @convention(c) (Pointer) -> Pointer?
  let digest: @convention(c) (UnsafePointer<CChar>) -> Pointer?
  let newContext: @convention(c) () -> Pointer?
  let freeContext: @convention(c) (Pointer) -> Void
  let beginVerifying: @convention(c) (Pointer, Pointer?, Pointer?, Pointer?, Pointer) -> Int32
  let verify: @convention(c) (Pointer, UnsafeRawPointer?, Int, UnsafeRawPointer?, Int) -> Int32
  let clearErrors: @convention(c) () -> Void

  /// The library, or `nil` when the system has none that does all of it.
  init?() {
    guard let library = Self.names.lazy.compactMap({ DynamicLibrary($0) }).first else { return nil }
    do throws(MissingFunction) {
      unsafe newMemoryBuffer = try unsafe library.needed("BIO_new_mem_buf")
      unsafe freeBuffer = try unsafe library.needed("BIO_free")
      unsafe readCertificate = try unsafe library.needed("d2i_X509_bio")
      unsafe readPEMCertificate = try unsafe library.needed("PEM_read_bio_X509")
      unsafe freeCertificate = try unsafe library.needed("X509_free")
      unsafe writeCertificate = try unsafe library.needed("i2d_X509")
      unsafe publicKey = try unsafe library.needed("X509_get0_pubkey")
      unsafe digest = try unsafe library.needed("EVP_get_digestbyname")
      unsafe newContext = try unsafe library.needed("EVP_MD_CTX_new")
      unsafe freeContext = try unsafe library.needed("EVP_MD_CTX_free")
      unsafe beginVerifying = try unsafe library.needed("EVP_DigestVerifyInit")
      unsafe verify = try unsafe library.needed("EVP_DigestVerify")
      clearErrors = try unsafe library.needed("ERR_clear_error")
    } catch {
      return nil
    }
  }

  /// Calls `body` with a buffer of libcrypto's that reads `bytes`; `nil` when there is none to be
  /// had. Its length is 32 bits wide there.
  @unsafe
  func withBuffer<Result>(_ bytes: ByteSlice, _ body: (Pointer) -> Result?) -> Result? {
    guard let length = Int32(exactly: bytes.count) else { return nil }
    return unsafe bytes.storage.withUnsafeBytes { storage in
      let part = unsafe UnsafeRawBufferPointer(rebasing: storage[bytes.range])
      guard let buffer = unsafe newMemoryBuffer(part.baseAddress, length) else { return nil }
      defer { _ = unsafe freeBuffer(buffer) }
      return unsafe body(buffer)
    }
  }

  /// The bytes of a certificate in DER; empty when there is no room for them.
  @unsafe
  func bytes(of certificate: Pointer) -> [UInt8] {
    let size = Int(unsafe writeCertificate(certificate, nil))
    guard size > 0 else { return [] }
    return unsafe [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
      var position = bytes.baseAddress
      count = max(0, min(Int(unsafe writeCertificate(certificate, &position)), size))
    }
  }

  /// Whether `signature` was made over `content` with the key of `certificate` by way of `digest`; `nil`
  /// when the library knows one of them not.
  @unsafe
  func fits(
    _ signature: ByteSlice, _ content: ByteSlice, _ digest: String, _ certificate: Pointer
  ) -> Bool? {
    guard let digest = unsafe digest.withCString({ unsafe self.digest($0) }),
      let key = unsafe publicKey(certificate), let context = unsafe newContext()
    else { return nil }
    defer { unsafe freeContext(context) }
    guard unsafe beginVerifying(context, nil, digest, nil, key) == 1 else { return nil }
    return unsafe signature.storage.withUnsafeBytes { signatureBytes in
      unsafe content.storage.withUnsafeBytes { contentBytes in
        let made = unsafe UnsafeRawBufferPointer(rebasing: signatureBytes[signature.range])
        let over = unsafe UnsafeRawBufferPointer(rebasing: contentBytes[content.range])
        return unsafe verify(
          context, made.baseAddress, made.count, over.baseAddress, over.count) == 1
      }
    }
  }
}
