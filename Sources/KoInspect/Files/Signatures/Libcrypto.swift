// Cryptography by the system's libcrypto (OpenSSL 1.1.1 and later: cms.h, x509.h, pem.h, err.h),
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
  let subject: @convention(c) (Pointer) -> Pointer?
  let nameEntry: @convention(c) (Pointer, Int32, UnsafeMutablePointer<CChar>?, Int32) -> Int32
  let readMessage: @convention(c) (Pointer, Pointer?) -> Pointer?
  let freeMessage: @convention(c) (Pointer) -> Void
  let signers: @convention(c) (Pointer) -> Pointer?
  let isSigner: @convention(c) (Pointer, Pointer) -> Int32
  let verify: @convention(c) (Pointer, Pointer?, Pointer?, Pointer?, Pointer?, UInt32) -> Int32
  let newStack: @convention(c) () -> Pointer?
  let push: @convention(c) (Pointer, Pointer) -> Int32
  let count: @convention(c) (Pointer) -> Int32
  let element: @convention(c) (Pointer, Int32) -> Pointer?
  let freeStack: @convention(c) (Pointer) -> Void
  let lastError: @convention(c) () -> UInt
  let clearErrors: @convention(c) () -> Void
  let reason: @convention(c) (UInt) -> UnsafePointer<CChar>?

  /// The library, or `nil` when the system has none that does all of it.
  init?() {
    guard let library = Self.names.lazy.compactMap({ DynamicLibrary($0) }).first else { return nil }
    do throws(MissingFunction) {
      unsafe newMemoryBuffer = try unsafe library.needed("BIO_new_mem_buf")
      unsafe freeBuffer = try unsafe library.needed("BIO_free")
      unsafe readCertificate = try unsafe library.needed("d2i_X509_bio")
      unsafe readPEMCertificate = try unsafe library.needed("PEM_read_bio_X509")
      unsafe freeCertificate = try unsafe library.needed("X509_free")
      unsafe subject = try unsafe library.needed("X509_get_subject_name")
      unsafe nameEntry = try unsafe library.needed("X509_NAME_get_text_by_NID")
      unsafe readMessage = try unsafe library.needed("d2i_CMS_bio")
      unsafe freeMessage = try unsafe library.needed("CMS_ContentInfo_free")
      unsafe signers = try unsafe library.needed("CMS_get0_SignerInfos")
      unsafe isSigner = try unsafe library.needed("CMS_SignerInfo_cert_cmp")
      unsafe verify = try unsafe library.needed("CMS_verify")
      unsafe newStack = try unsafe library.needed("OPENSSL_sk_new_null")
      unsafe push = try unsafe library.needed("OPENSSL_sk_push")
      unsafe count = try unsafe library.needed("OPENSSL_sk_num")
      unsafe element = try unsafe library.needed("OPENSSL_sk_value")
      unsafe freeStack = try unsafe library.needed("OPENSSL_sk_free")
      lastError = try unsafe library.needed("ERR_peek_last_error")
      clearErrors = try unsafe library.needed("ERR_clear_error")
      unsafe reason = try unsafe library.needed("ERR_reason_error_string")
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

  /// What libcrypto says about the last thing that went wrong in this thread.
  var lastReason: String {
    guard let text = unsafe reason(lastError()) else { return "unknown reason" }
    return unsafe String(cString: text)
  }
}
