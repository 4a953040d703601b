import ELFKit
import TestSupport
import Testing

@Suite("Module signature")
struct SignatureTests {
  static let marker = Array(ModuleSignature.marker.utf8)

  /// A tiny module followed by `content`, the trailer and the marker.
  private static func signed(
    _ content: [UInt8], size: UInt32? = nil, idType: UInt8 = 2, after: [UInt8] = []
  ) -> [UInt8] {
    let count = size ?? UInt32(content.count)
    let digits = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> UInt32($0)) }
    let trailer: [UInt8] = [0, 0, idType, 0, 0, 0, 0, 0] + digits
    return ELFBuilder.module().build() + content + trailer + marker + after
  }

  private static func signature(_ bytes: [UInt8]) throws -> ModuleSignature? {
    try KernelModule(ELFImage(bytes)).signature()
  }

  @Test("The trailer is read from the end")
  func trailer() throws {
    let signature = try #require(try Self.signature(Self.signed([1, 2, 3])))
    #expect(signature.idType == .pkcs7)
    #expect(signature.bytes.bytes == [1, 2, 3])
  }

  @Test("Without the marker at the very end there is no signature")
  func none() throws {
    #expect(try Self.signature(ELFBuilder.module().build()) == nil)
    #expect(try Self.signature(Self.signed([1], after: [0])) == nil)
  }

  @Test(
    "A size that reaches before the file is an error", arguments: [0x10_0000, .max] as [UInt32])
  func tooLong(size: UInt32) {
    #expect(throws: ELFError.self) { try Self.signature(Self.signed([1, 2], size: size)) }
  }

  @Test("Every prefix of a PKCS#7 message is refused, and none traps")
  func truncatedMessage() throws {
    let whole = try Fixtures.bytes("hello-signed.ko")
    let signature = try #require(try Self.signature(whole))
    let message = try #require(try signature.message())
    #expect(message.firstSigner.name.text == "KoInspect fixture key")
    #expect(message.firstSigner.digestAlgorithm.name == "sha256")
    #expect(message.firstSigner.signatureAlgorithm.name == "rsaEncryption")
    #expect(message.firstSigner.signedAttributes == nil)
    let bytes = signature.bytes.bytes
    for count in 0..<bytes.count {
      #expect(throws: ELFError.self) { try SignedMessage(ByteSlice(Array(bytes.prefix(count)))) }
    }
  }
}
