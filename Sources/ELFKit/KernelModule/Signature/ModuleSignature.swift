// The signature at the end of a module: `[ELF][signature][struct module_signature][marker]`
// (include/linux/module_signature.h, scripts/sign-file.c, kernel/module_signature.c).

/// `struct module_signature`: what the 12 bytes before the marker say.
public struct SignatureTrailer: FixedRecord, Hashable {
  /// 12 bytes.
  public static let byteCount = 12

  /// `algo`: the public-key algorithm; 0 for PKCS#7.
  public let algorithm: UInt8
  /// `hash`: the digest algorithm; 0 for PKCS#7.
  public let hash: UInt8
  /// `id_type`: how the signature is written.
  public let idType: SignatureType
  /// `signer_len`: the length of the signer's name in bytes; 0 for PKCS#7.
  public let signerLength: UInt8
  /// `key_id_len`: the length of the key's identifier in bytes; 0 for PKCS#7.
  public let keyIDLength: UInt8
  /// `__pad`: three bytes that must be zero.
  public let padding: [3 of UInt8]
  /// `sig_len`: the length of the signature in bytes.
  public let signatureLength: UInt32

  /// Decodes the 12 bytes from `base` on; `sig_len` is big-endian on every machine.
  public init(decoding bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    algorithm = bytes[base]
    hash = bytes[base + 1]
    idType = SignatureType(rawValue: bytes[base + 2])
    signerLength = bytes[base + 3]
    keyIDLength = bytes[base + 4]
    padding = [bytes[base + 5], bytes[base + 6], bytes[base + 7]]
    signatureLength = bytes.u32(base + 8, Encoding(.big))
  }

  /// The C names of those fields that the kernel wants to be zero and that are not (EBADMSG).
  public var unexpectedFields: [String] {
    let padding = padding[0] | padding[1] | padding[2]
    let fields = [
      ("algo", algorithm), ("hash", hash), ("signer_len", signerLength),
      ("key_id_len", keyIDLength), ("__pad", padding),
    ]
    return fields.filter { $0.1 != 0 }.map { $0.0 }
  }

  /// Trailers are equal when all 12 bytes are.
  public static func == (left: Self, right: Self) -> Bool { left.fields == right.fields }

  /// Feeds the 12 bytes into `hasher`.
  public func hash(into hasher: inout Hasher) { hasher.combine(fields) }

  private var fields: [UInt32] {
    [algorithm, hash, idType.rawValue, signerLength, keyIDLength].map(UInt32.init)
      + [UInt32(padding[0]), UInt32(padding[1]), UInt32(padding[2]), signatureLength]
  }
}

/// `id_type`: how a signature is written (`enum pkey_id_type`).
public struct SignatureType: RawRepresentable, Hashable, Sendable {
  /// The number of the file.
  public let rawValue: UInt8
  /// Any value; unknown ones are kept.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// OpenPGP (`PKEY_ID_PGP`), of kernels without ``KernelChange/pkcs7Only``.
  public static var pgp: Self { Self(rawValue: 0) }
  /// Raw, named by an X.509 certificate (`PKEY_ID_X509`), of the same kernels.
  public static var x509: Self { Self(rawValue: 1) }
  /// A PKCS#7 message (`PKEY_ID_PKCS7`): the only one that kernels of today accept.
  public static var pkcs7: Self { Self(rawValue: 2) }

  /// The name that kmod gives it, or `nil` when it is unknown.
  public var name: String? {
    switch self {
    case .pgp: "PGP"
    case .x509: "X509"
    case .pkcs7: "PKCS#7"
    default: nil
    }
  }
}

/// The signature of a module, as it is appended: nothing is verified here.
public struct ModuleSignature: Sendable {
  /// The last bytes of every signed module (`MODULE_SIG_STRING`).
  public static let marker = "~Module signature appended~\n"

  /// The block between signature and marker.
  public let trailer: SignatureTrailer
  /// The signature itself; for PKCS#7 a DER message, see ``message()``.
  public let bytes: ByteSlice
  /// The signer's name of the old layout; empty for PKCS#7.
  public let signer: ByteSlice
  /// The key's identifier of the old layout; empty for PKCS#7.
  public let keyID: ByteSlice

  /// How the signature is written.
  public var idType: SignatureType { trailer.idType }

  /// Where what is signed ends, in bytes from the beginning of the file: the module's size without
  /// its signature. For PKCS#7, ``signer`` and ``keyID`` are empty and count for nothing.
  public var signedSize: UInt64 { signer.fileOffset }

  /// The file offset of the trailer's first byte.
  public var trailerOffset: UInt64 { bytes.fileOffset &+ UInt64(bytes.count) }
}

extension ModuleSignature {
  private static let markerSize = UInt64(marker.utf8.count)
  /// What is read first: enough for a trailer with an RSA-4096 signature.
  private static let usualSize: UInt64 = 1024

  /// The signature at the end of `source`; `nil` when it does not end with the marker, which is
  /// what the kernel means by unsigned.
  ///
  /// With `end`, the file is taken to end there: `read(from: source, endingAt: s.signedSize)` finds
  /// the signature that a module had before it was signed again.
  /// Reads a kilobyte, and more only for larger signatures. Throws when lengths in the trailer do
  /// not fit the file (the kernel's EBADMSG).
  public static func read(
    from source: some ByteSource, endingAt end: UInt64? = nil
  ) throws(ELFError) -> ModuleSignature? {
    let size = Swift.min(end ?? source.size, source.size)
    guard size >= markerSize else { return nil }
    let tailSize = Swift.min(size, usualSize)
    let tail = try source.slice(size - tailSize, tailSize, in: .signature)
    guard tail.suffix(from: tail.count - Int(markerSize)).equals(marker) else { return nil }

    let trailerSize = UInt64(SignatureTrailer.byteCount)
    guard size - markerSize >= trailerSize else {
      throw ELFError(.outOfBounds(trailerSize), .signature, at: 0)
    }
    let trailerStart = size - markerSize - trailerSize
    let block = try part(trailerStart, trailerSize, of: tail, or: source)
    let trailer = RecordTable<SignatureTrailer>(block, Encoding(.big))[0]
    // For PKCS#7 the two other lengths should be zero and mean nothing when they are not.
    let isOld = trailer.idType != .pkcs7
    let signerLength = isOld ? UInt64(trailer.signerLength) : 0
    let keyIDLength = isOld ? UInt64(trailer.keyIDLength) : 0
    let signatureLength = UInt64(trailer.signatureLength)
    // One 32-bit and two 8-bit numbers cannot overflow 64 bits.
    let length = signerLength + keyIDLength + signatureLength
    guard length < trailerStart else {
      throw ELFError(
        .malformed(
          "the trailer claims \(length) bytes of signature, but only \(trailerStart) are before it"
        ), .signature, at: trailerStart + 8)
    }
    let all = try part(trailerStart - length, length, of: tail, or: source)
    let keyID = all.suffix(from: Int(signerLength))
    return ModuleSignature(
      trailer: trailer, bytes: keyID.suffix(from: Int(keyIDLength)),
      signer: all[within: 0..<Int(signerLength)], keyID: keyID[within: 0..<Int(keyIDLength)])
  }

  /// A range of the file, from `tail` when that has it.
  private static func part(
    _ offset: UInt64, _ count: UInt64, of tail: ByteSlice, or source: some ByteSource
  ) throws(ELFError) -> ByteSlice {
    guard offset >= tail.fileOffset else {
      return try source.slice(offset, count, in: .signature)
    }
    return try tail.slice(offset - tail.fileOffset, count, in: .signature)
  }

  /// The file offset of the last marker in the last 64 KiB when bytes follow it; `nil` when there
  /// is none or the file ends with it.
  ///
  /// A signed module that grew afterwards (a newline, a stripped or rewritten file) is unsigned to
  /// the kernel without a word. Reads up to 64 KiB.
  public static func misplacedMarker(
    in source: some ByteSource
  ) throws(ELFError) -> UInt64? {
    let tailSize = Swift.min(source.size, 64 * 1024)
    let tail = try source.slice(source.size - tailSize, tailSize, in: .signature)
    let size = Int(markerSize)
    if tail.suffix(from: tail.count - size).equals(marker) { return nil }
    var last: Int?
    var start = 0
    while let position = tail.firstIndex(of: UInt8(ascii: "~"), from: start) {
      if tail.suffix(from: position).starts(with: marker) { last = position }
      start = position + 1
    }
    return last.map { tail.fileOffset + UInt64($0) }
  }
}

extension KernelModule {
  /// The signature; `nil` when the file does not end with the marker. See
  /// ``ModuleSignature/read(from:endingAt:)``.
  public func signature() throws(ELFError) -> ModuleSignature? {
    try ModuleSignature.read(from: image.source)
  }
}
