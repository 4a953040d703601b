// What is odd about a module's signature: what makes the kernel refuse it or not see it at all,
// which other tools show as "unsigned" or as fine (kernel/module/signing.c, pkcs7_verify.c).

/// Something about a signature that a person should know. Nothing is verified here.
public enum SignatureOddity: Hashable, Sendable {
  /// Bytes follow the marker at this file offset, so that the kernel takes the module as unsigned.
  case bytesAfterMarker(offset: UInt64, count: UInt64)
  /// What is before the marker is no signature: the kernel fails with EBADMSG.
  case damaged(ELFError)
  /// These fields of the trailer are not zero: the kernel fails with EBADMSG.
  case unexpectedFields([String])
  /// The signature is of a type that kernels of today do not take (ENOPKG).
  case obsoleteType(SignatureType)
  /// This many bytes follow the PKCS#7 message within the signature.
  case trailingBytes(UInt64)
  /// What was signed is a part of the message instead of being the module (EBADMSG).
  case embeddedContent
  /// What was signed is not plain data (EKEYREJECTED).
  case contentType(ObjectID)
  /// There are signed attributes (EKEYREJECTED).
  case signedAttributes
  /// What is signed ends with a signature of its own; the kernel looks at the last one only.
  case signedTwice(inner: ByteSlice?)
}

extension SignatureOddity: CustomStringConvertible {
  /// What is odd and what the kernel makes of it, one line. It may quote untrusted text.
  public var description: String {
    switch self {
    case .bytesAfterMarker(let offset, let count):
      "\(count) \(count == 1 ? "byte follows" : "bytes follow") the signature's marker (offset 0x\(String(offset, radix: 16))), so "
        + "the kernel takes the module as unsigned: sign it last"
    case .damaged(let error):
      "the signature is damaged, the kernel refuses the module (EBADMSG): \(error)"
    case .unexpectedFields(let names):
      "\(names.joined(separator: ", ")) in the signature's trailer should be zero, the kernel "
        + "refuses the module (EBADMSG)"
    case .obsoleteType(let type):
      "the signature is of type \(type.name ?? String(type.rawValue)), which kernels "
        + "since \(KernelChange.pkcs7Only) do not take (ENOPKG)"
    case .trailingBytes(let count):
      "\(count) \(count == 1 ? "byte follows" : "bytes follow") the PKCS#7 message"
    case .embeddedContent:
      "what was signed is within the PKCS#7 message, the kernel refuses the module (EBADMSG)"
    case .contentType(let type):
      "what was signed is \(type) and not plain data, the kernel refuses the module (EKEYREJECTED)"
    case .signedAttributes:
      "the signature has signed attributes, the kernel refuses the module (EKEYREJECTED)"
    case .signedTwice(let inner):
      "another signature\(inner.map { " by '\($0.text)'" } ?? "") is below this one: the module "
        + "was signed twice, and the kernel looks at the last signature only"
    }
  }
}

extension KernelModule {
  /// What is odd about the signature, in the order of the file from its end; empty for a sound one
  /// and for a module that has none. Reads the ends of the file, 64 KiB when it is unsigned.
  ///
  /// Throws only when the file cannot be read; damage is an oddity.
  public func signatureOddities() throws(ELFError) -> [SignatureOddity] {
    let source = image.source
    let signature: ModuleSignature?
    do throws(ELFError) {
      signature = try ModuleSignature.read(from: source)
    } catch {
      if case .unreadable = error.reason { throw error }
      return [.damaged(error)]
    }
    guard let signature else {
      // The words may also stand in a section, as data like other data.
      guard let marker = try ModuleSignature.misplacedMarker(in: source),
        !image.sections.headers.contains(where: { $0.fileContains(marker) })
      else { return [] }
      let end = marker &+ UInt64(ModuleSignature.marker.utf8.count)
      return [.bytesAfterMarker(offset: marker, count: source.size &- end)]
    }
    var oddities = signature.oddities
    do throws(ELFError) {
      if let inner = try ModuleSignature.read(from: source, endingAt: signature.signedSize) {
        oddities.append(.signedTwice(inner: inner.claimedSigner))
      }
    } catch {
      if case .unreadable = error.reason { throw error }
      oddities.append(.signedTwice(inner: nil))
    }
    return oddities
  }
}

extension ModuleSignature {
  /// Who says to have signed; `nil` when that cannot be read.
  fileprivate var claimedSigner: ByteSlice? {
    guard idType == .pkcs7 else { return signer.isEmpty ? nil : signer }
    return try? message()?.firstSigner.name
  }

  /// What is odd about this signature itself.
  fileprivate var oddities: [SignatureOddity] {
    guard idType == .pkcs7 else { return [.obsoleteType(idType)] }
    let fields = trailer.unexpectedFields
    var oddities: [SignatureOddity] = fields.isEmpty ? [] : [.unexpectedFields(fields)]
    do throws(ELFError) {
      guard let message = try message() else { return oddities }
      if !message.isPlainData { oddities.append(.contentType(message.contentType)) }
      if message.hasContent { oddities.append(.embeddedContent) }
      if message.signers.contains(where: { $0.signedAttributes != nil }) {
        oddities.append(.signedAttributes)
      }
      if !message.trailingBytes.isEmpty {
        oddities.append(.trailingBytes(UInt64(message.trailingBytes.count)))
      }
    } catch {
      oddities.append(.damaged(error))
    }
    return oddities
  }
}
