import ELFKit
import TestSupport
import Testing

@Suite("Module signature")
struct ModuleSignatureTests {
  private static let module = ELFBuilder.module().build()

  private static func read(
    _ trailer: TrailerBuilder, after: [UInt8] = []
  ) throws -> ModuleSignature? {
    try ModuleSignature.read(from: ByteSlice(module + trailer.build() + after))
  }

  @Test("The trailer is read from the end", arguments: [3, 5000])
  func trailer(size: Int) throws {
    let content = [UInt8](repeating: 1, count: size)
    let signature = try #require(try Self.read(TrailerBuilder(content)))
    expect(signature.idType, is: .pkcs7)
    expect(signature.bytes.bytes, is: content)
    expect(signature.bytes.fileOffset, is: UInt64(Self.module.count))
    expect(signature.signedSize, is: UInt64(Self.module.count))
    expect(signature.trailerOffset, is: UInt64(Self.module.count + size))
    expect(signature.trailer.unexpectedFields.isEmpty)
  }

  @Test("Without the marker at the very end there is no signature")
  func unsigned() throws {
    let source = ByteSlice(Self.module)
    try expect(ModuleSignature.read(from: source) == nil)
    try expect(ModuleSignature.misplacedMarker(in: source), is: nil)
    try expect(ModuleSignature.read(from: ByteSlice([])) == nil)
    try expect(ModuleSignature.misplacedMarker(in: ByteSlice([])), is: nil)
  }

  @Test("Bytes behind the marker make a module unsigned; the marker is still found")
  func misplaced() throws {
    let trailer = TrailerBuilder([1, 2, 3]).build()
    let source = ByteSlice(Self.module + trailer + [0x0a])
    try expect(ModuleSignature.read(from: source) == nil)
    let marker = UInt64(Self.module.count + 3 + 12)
    try expect(ModuleSignature.misplacedMarker(in: source), is: marker)
    try expect(ModuleSignature.misplacedMarker(in: ByteSlice(Self.module + trailer)), is: nil)
    let far = ByteSlice(Self.module + trailer + [UInt8](repeating: 0, count: 70_000))
    try expect(ModuleSignature.misplacedMarker(in: far), is: nil)
  }

  @Test(
    "A length that reaches before the file is an error that names it",
    arguments: [0x10_0000, .max] as [UInt32])
  func tooLong(length: UInt32) {
    var trailer = TrailerBuilder([1, 2])
    trailer.length = length
    #expect {
      try Self.read(trailer)
    } throws: { error in
      "\(error)".contains("claims \(length) bytes") && "\(error)".contains("module signature")
    }
  }

  @Test("A file that is all signature is refused, as the kernel does")
  func nothingSigned() {
    let bytes = TrailerBuilder([1, 2]).build()
    #expect(throws: ELFError.self) { try ModuleSignature.read(from: ByteSlice(bytes)) }
    let short = Array(bytes.suffix(30))
    #expect(throws: ELFError.self) { try ModuleSignature.read(from: ByteSlice(short)) }
  }

  @Test("Fields that should be zero are named")
  func unexpectedFields() throws {
    var trailer = TrailerBuilder([1])
    trailer.algorithm = 1
    trailer.keyIDLength = 4
    trailer.padding = [0, 0, 9]
    let signature = try #require(try Self.read(trailer))
    expect(signature.trailer.unexpectedFields, is: ["algo", "key_id_len", "__pad"])
    expect(signature.bytes.bytes, is: [1])
  }

  @Test("A module signed twice has the older signature under the newer")
  func twice() throws {
    let once = Self.module + TrailerBuilder([1]).build()
    let source = ByteSlice(once + TrailerBuilder([2, 2]).build())
    let newer = try #require(try ModuleSignature.read(from: source))
    expect(newer.bytes.bytes, is: [2, 2])
    let older = try #require(
      try ModuleSignature.read(from: source, endingAt: newer.signedSize))
    expect(older.bytes.bytes, is: [1])
    try expect(ModuleSignature.read(from: source, endingAt: older.signedSize) == nil)
  }

  @Test("The layout before kernel 4.3: name, key, signature")
  func oldLayout() throws {
    var trailer = TrailerBuilder(Array("me".utf8) + [8, 9] + [1, 2, 3])
    (trailer.idType, trailer.signerLength, trailer.keyIDLength, trailer.length) = (1, 2, 2, 3)
    let signature = try #require(try Self.read(trailer))
    expect(signature.idType, is: .x509)
    expect(signature.signer.text, is: "me")
    expect(signature.keyID.bytes, is: [8, 9])
    expect(signature.bytes.bytes, is: [1, 2, 3])
    expect(signature.signedSize, is: UInt64(Self.module.count))
    try expect(signature.message() == nil)
  }
}

@Suite("PKCS#7 messages")
struct SignedMessageTests {
  private static func read(_ builder: MessageBuilder) throws -> SignedMessage {
    try SignedMessage(ByteSlice(builder.build(), fileOffset: 0x1000))
  }

  @Test("Who signed, with which key, how")
  func plain() throws {
    let message = try Self.read(MessageBuilder())
    let signer = message.firstSigner
    expect(message.isPlainData && !message.hasContent && message.certificates == nil)
    expect(signer.name?.text, is: "Test key")
    expect(signer.keyID.bytes, is: [1, 2, 3])
    expect(signer.digestAlgorithm.name, is: "sha256")
    expect(signer.signatureAlgorithm.name, is: "rsaEncryption")
    expect(signer.signature.count, is: 25)
    expect(signer.signedAttributes, is: nil)
    expect(message.trailingBytes.isEmpty)
  }

  @Test("The signer is the first common name, else the last attribute, else nobody")
  func names() throws {
    var builder = MessageBuilder()
    builder.issuer = DER.name([
      (DER.organization, Array("O".utf8)), (DER.commonName, Array("A".utf8)),
      (DER.commonName, Array("B".utf8)),
    ])
    try expect(Self.read(builder).firstSigner.name?.text, is: "A")
    builder.issuer = DER.name([
      (DER.organization, Array("O".utf8)), (DER.organization, Array("P".utf8)),
    ])
    try expect(Self.read(builder).firstSigner.name?.text, is: "P")
    builder.issuer = DER.name([])
    try expect(Self.read(builder).firstSigner.name?.isEmpty, is: true)
  }

  @Test(
    "Serial numbers lose their sign byte",
    arguments: [([0, 0xff, 1], [0xff, 1]), ([0], []), ([0x7f], [0x7f])] as [([UInt8], [UInt8])])
  func serials(serial: [UInt8], key: [UInt8]) throws {
    var builder = MessageBuilder()
    builder.serial = serial
    try expect(Self.read(builder).firstSigner.keyID.bytes, is: key)
  }

  @Test("A signer named by subject key identifier (sign-file -k) has no name")
  func subjectKeyIdentifier() throws {
    var builder = MessageBuilder()
    builder.subjectKeyIdentifier = [0xab, 0xcd]
    let signer = try Self.read(builder).firstSigner
    expect(signer.keyID.bytes, is: [0xab, 0xcd])
    expect(signer.name, is: nil)
  }

  @Test("What the kernel refuses is reported: signed attributes, content, certificates")
  func extras() throws {
    var builder = MessageBuilder()
    builder.signedAttributes = DER.element(0xa0, DER.sequence(DER.pkcs7(1)))
    builder.content = DER.element(0xa0, DER.element(4, [1]))
    builder.certificates = DER.element(0xa0, DER.sequence([5, 0]))
    let message = try Self.read(builder)
    expect(message.firstSigner.signedAttributes?.bytes, is: builder.signedAttributes)
    expect(message.certificates?.bytes, is: builder.certificates)
    expect(message.hasContent)
  }

  @Test("All signers are read; a message without one is refused")
  func signers() throws {
    var builder = MessageBuilder()
    builder.signerCount = 3
    try expect(Self.read(builder).signers.count, is: 3)
    builder.signerCount = 0
    #expect(throws: ELFError.self) { try Self.read(builder) }
  }

  @Test("Bytes behind the message are reported, not refused")
  func trailing() throws {
    let bytes = MessageBuilder().build()
    try expect(SignedMessage(ByteSlice(bytes + [0, 0])).trailingBytes.count, is: 2)
  }

  @Test("Every truncation is refused with an offset within the message, and none traps")
  func truncations() {
    let bytes = MessageBuilder().build()
    for count in bytes.indices {
      let slice = ByteSlice(Array(bytes[..<count]), fileOffset: 0x1000)
      #expect {
        try SignedMessage(slice)
      } throws: { error in
        guard let error = error as? ELFError else { return false }
        return error.part == .signature
          && (0x1000...0x1000 + UInt64(bytes.count)).contains(error.offset)
      }
    }
  }

  @Test("Every change of a byte is read or refused, and none traps")
  func changes() {
    let bytes = MessageBuilder().build()
    for position in bytes.indices {
      for value in [0, 1, 0x1f, 0x30, 0x7f, 0x80, 0x84, 0xa0, 0xff] as [UInt8] {
        var changed = bytes
        changed[position] = value
        guard let message = try? SignedMessage(ByteSlice(changed)) else { continue }
        expect(!message.signers.isEmpty)
        _ = message.firstSigner.keyID.count + (message.firstSigner.name?.count ?? 0)
        _ = message.firstSigner.digestAlgorithm.description
      }
    }
  }
}
