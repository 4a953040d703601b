// A signature as `modinfo` shows it: five fields.

import ELFKit

/// The fields that `modinfo` makes of a signature.
struct SignatureFields {
  enum Value {
    case text(ByteSlice)
    case octets(ByteSlice)
  }

  /// Whether `field` can only be answered with a signature, so that others need not read it.
  static func includes(_ field: [UInt8]) -> Bool {
    ["sig_id", "signer", "sig_key", "sig_hashalgo", "signature"].contains {
      field.elementsEqual($0.utf8)
    }
  }

  /// In the order of the listing.
  let fields: [(key: String, value: Value)]

  /// The fields of `signature`; `nil` when kmod would not call the module signed: a type or
  /// algorithm it does not know, a message it cannot read, a signer named by key identifier.
  init?(_ signature: ModuleSignature) {
    let trailer = signature.trailer
    guard
      let type = signature.idType.name, trailer.algorithm < 2,
      trailer.hash < Self.oldDigests.count, trailer.signatureLength > 0
    else { return nil }
    if signature.idType == .pkcs7 {
      guard
        let signer = try? signature.message()?.firstSigner, let name = signer.name
      else { return nil }
      fields = Self.fields(
        type, signer: name, key: signer.keyID,
        digest: signer.digestAlgorithm.description, signature: signer.signature)
    } else {
      fields = Self.fields(
        type, signer: signature.signer, key: signature.keyID,
        digest: Self.oldDigests[Int(trailer.hash)], signature: signature.bytes)
    }
  }

  private static func fields(
    _ type: String, signer: ByteSlice, key: ByteSlice, digest: String, signature: ByteSlice
  ) -> [(key: String, value: Value)] {
    [
      ("sig_id", .text(ByteSlice(Array(type.utf8)))),
      ("signer", .text(signer.untilNUL)),
      ("sig_key", .octets(key)),
      ("sig_hashalgo", .text(ByteSlice(Array(digest.utf8)))),
      ("signature", .octets(signature)),
    ]
  }

  /// The digests that the trailer of old kernels numbers (`enum pkey_hash_algo`), and sm3.
  private static let oldDigests = [
    "md4", "md5", "sha1", "rmd160", "sha256", "sha384", "sha512", "sha224", "sm3",
  ]
}
