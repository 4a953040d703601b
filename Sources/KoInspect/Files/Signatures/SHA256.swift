// SHA-256 (FIPS 180-4) by the system's libcrypto (OpenSSL 1.1.1 and later: evp.h), opened when digests are asked
// for.

import ELFKit

/// Digests of files.
@safe
struct SHA256: @unchecked Sendable {
  private typealias Pointer = UnsafeMutableRawPointer
  private typealias Digest =
    @convention(c) (
      UnsafeRawPointer?, Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<UInt32>?, Pointer,
      Pointer?
    ) -> Int32

  private let digest: Digest
  private let method: Pointer

  /// `nil` when the system has no libcrypto.
  init?() {
    guard let library = Libcrypto.names.lazy.compactMap({ DynamicLibrary($0) }).first else {
      return nil
    }
    do throws(MissingFunction) {
      unsafe digest = try unsafe library.needed("EVP_Digest")
      let method: @convention(c) () -> Pointer? = try unsafe library.needed("EVP_sha256")
      guard let method = unsafe method() else { return nil }
      unsafe self.method = method
    } catch {
      return nil
    }
  }

  /// The 32 bytes of the digest of `bytes`; `nil` when libcrypto may not make it (FIPS modules may forbid).
  func digest(of bytes: ByteSlice) -> [UInt8]? {
    var found = [UInt8](repeating: 0, count: 32)
    let isMade = unsafe bytes.storage.withUnsafeBytes { storage in
      let part = unsafe UnsafeRawBufferPointer(rebasing: storage[bytes.range])
      return unsafe found.withUnsafeMutableBytes { place in
        unsafe digest(part.baseAddress, part.count, place.baseAddress, nil, method, nil)
      }
    }
    return isMade == 1 ? found : nil
  }
}
