// The signature appended to a module: PKCS#7, `struct module_signature`, marker
// (include/linux/module_signature.h, scripts/sign-file.c).

/// The trailer of a signed module.
public struct ModuleSignature: Sendable {
  /// The last bytes of every signed module.
  public static let marker = "~Module signature appended~\n"

  /// `id_type`: 0 PGP, 1 X.509, 2 PKCS#7; kernels since 4.3 accept only the last.
  public let idType: UInt8
  /// The signature itself; for PKCS#7 a DER message.
  public let bytes: ByteSlice

  /// `id_type` of a PKCS#7 message (`PKEY_ID_PKCS7`).
  public static let pkcs7: UInt8 = 2

  /// The PKCS#7 message, or `nil` for the types that kernels before 4.3 knew.
  public func message() throws(ELFError) -> SignedMessage? {
    idType == Self.pkcs7 ? try SignedMessage(bytes) : nil
  }
}

extension KernelModule {
  /// The signature; `nil` when the file does not end with the marker.
  public func signature() throws(ELFError) -> ModuleSignature? {
    let source = image.source
    let marker = UInt64(ModuleSignature.marker.utf8.count)
    guard source.size > marker else { return nil }
    let end = try source.slice(source.size - marker, marker, in: .signature)
    guard end.equals(ModuleSignature.marker) else { return nil }

    // algo, hash, id_type, signer_len, key_id_len: one byte each; three of padding; then the
    // size of the signature, big-endian on every machine.
    let trailerSize: UInt64 = 12
    let rest = source.size - marker
    guard rest > trailerSize else {
      throw ELFError(.outOfBounds(trailerSize), .signature, at: 0)
    }
    let trailer = try source.slice(rest - trailerSize, trailerSize, in: .signature)
    let size = UInt64(trailer.storage.span.u32(trailer.range.lowerBound + 8, Encoding(.big)))
    guard size < rest - trailerSize else {
      throw ELFError(
        .malformed("the signature claims \(size) bytes, more than there are before it"),
        .signature, at: rest - trailerSize + 8)
    }
    let bytes = try source.slice(rest - trailerSize - size, size, in: .signature)
    return ModuleSignature(idType: trailer[2], bytes: bytes)
  }
}
