import Foundation
import TestSupport
import Testing

@testable import ELFKit
@testable import KoInspect

/// Needs libcrypto, which every machine with OpenSSL has.
@Suite("verify", .enabled(if: Libcrypto() != nil))
struct VerifyTests {
  private static let signed = ["hello-signed", "hello-signed-ecdsa"]

  private static func verdict(_ run: Run) throws -> String {
    try #require(try run.json().first?["verdict"] as? String)
  }

  @Test(
    "A module is good for its certificate, in DER, in PEM, or in a directory", arguments: signed)
  func good(name: String) throws {
    let der = try Fixtures.bytes("\(name).x509.der")
    let pem = """
      what comes before does not matter
      -----BEGIN CERTIFICATE-----
      \(Data(der).base64EncodedString(options: .lineLength64Characters))
      -----END CERTIFICATE-----
      """
    let file = try TemporaryFile(Array(pem.utf8), name: "cert.pem")
    for path in [fixture("\(name).x509.der"), file.path, file.folder] {
      let run = Run(["verify", "--cert", path, fixture("\(name).ko")])
      expect(run.output.contains(": good, signed by 'KoInspect "))
      expect(run.status, is: 0)
    }
  }

  @Test(
    "Of a message with many signers the first few are tried: each costs a look at the module")
  func manySigners() throws {
    let verifier = try SignatureVerifier()
    let certificate = try Fixtures.bytes("signatures/rsa.der")
    expect(verifier.addCertificates(in: certificate), is: 1)
    let facts = try SigningCertificate(ByteSlice(certificate))
    var builder = MessageBuilder()
    builder.issuer = DER.element(0x30, facts.issuer.encoding.bytes)
    builder.serial = facts.serial.bytes
    builder.signerCount = 100
    let message = ByteSlice(builder.build())
    let evidence = try #require(verifier.evidence(on: ByteSlice([1]), message))
    let tried = evidence.signers.filter { if case .differs = $0 { true } else { false } }
    let left = evidence.signers.filter { if case .untested = $0 { true } else { false } }
    expect((tried.count, left.count) == (8, 92))
  }

  @Test("Another certificate makes the key unknown")
  func unknownKey() throws {
    let run = Run(
      ["verify", "--cert", fixture("hello-signed-ecdsa.x509.der"), fixture("hello-signed.ko")])
    expect(run.output.contains(": unknown key: the kernel has no such key; "))
    expect(run.status, is: 1)
  }

  @Test("A changed byte is reported, wherever it is", arguments: signed)
  func changed(name: String) throws {
    let bytes = try Fixtures.bytes("\(name).ko")
    let plain = try Fixtures.bytes("hello.ko").count
    // In the module, in the signature's octets, in the name of the signer.
    for (position, verdict) in [(100, "bad"), (bytes.count - 60, "bad"), (plain + 90, nil)] {
      var copy = bytes
      copy[position] ^= 1
      let file = try TemporaryFile(copy)
      let run = Run(["verify", "--json", "--cert", fixture("\(name).x509.der"), file.path])
      try expect(Self.verdict(run) != "good")
      if let verdict { try expect(Self.verdict(run), is: verdict) }
      expect(run.status, is: 1)
    }
  }

  @Test(
    "What the kernel takes as unsigned, and why",
    arguments: [
      ("", 0, "the module ends without a signature"),
      ("\n", nil, "1 byte follows the signature's marker"),
    ] as [(String, Int?, String)])
  func unsigned(suffix: String, size: Int?, reason: String) throws {
    var bytes = try Fixtures.bytes("hello-signed.ko")
    if size != nil { bytes = try Fixtures.bytes("hello.ko") }
    let file = try TemporaryFile(bytes + Array(suffix.utf8))
    let run = Run(["verify", "--cert", fixture("hello-signed.x509.der"), file.path])
    expect(run.output.contains(": unsigned: \(reason)"))
    expect(run.status, is: 1)
  }

  @Test("A damaged trailer is bad, whatever the signature is worth")
  func damagedTrailer() throws {
    var bytes = try Fixtures.bytes("hello-signed.ko")
    bytes[bytes.count - 28 - 12] = 1
    var file = try TemporaryFile(bytes)
    var run = Run(["verify", "--cert", fixture("hello-signed.x509.der"), file.path])
    expect(run.output.contains(": bad: algo in the signature's trailer should be zero"))
    expect(run.status, is: 1)
    bytes[bytes.count - 28 - 4] = 0x7f
    file = try TemporaryFile(bytes)
    run = Run(["verify", "--cert", fixture("hello-signed.x509.der"), file.path])
    expect(run.output.contains(": bad: the signature is damaged"))
    expect(run.status, is: 1)
  }

  @Test("A module that was signed twice is judged by its last signature, and it is reported")
  func twice() throws {
    // The second signature is that of other content, which is enough to see both.
    let first = try Fixtures.bytes("hello-signed.ko")
    let second = try Fixtures.bytes("hello-signed-ecdsa.ko")
    let plain = try Fixtures.bytes("hello.ko").count
    let file = try TemporaryFile(first + second[plain...])
    let run = Run(["verify", "--cert", fixture("hello-signed-ecdsa.x509.der"), file.path])
    expect(run.output.contains(": bad: the module was changed after it was signed"))
    expect(run.output.contains("note: another signature by 'KoInspect fixture key' is below"))
  }

  @Test("Without certificates nothing can be checked: status 2")
  func certificates() throws {
    let module = fixture("hello-signed.ko")
    expect(Run(["verify", module]).status, is: 2)
    let missing = Run(["verify", "--cert", "/nowhere", module])
    expect(missing.errors, is: "koinspect: /nowhere: No such file or directory\n")
    expect(missing.status, is: 2)
    let wrong = Run(["verify", "--cert", fixture("hello.ko"), module])
    expect(wrong.errors.hasSuffix("hello.ko: no X.509 certificate, neither DER nor PEM\n"))
    expect(wrong.status, is: 2)
  }
}

@Suite("What is odd about a signature is shown")
struct SignatureOddityTests {
  /// A change to `hello-signed.ko`, and what is said about it.
  private static let cases: [(change: @Sendable (inout [UInt8]) throws -> Void, text: String)] = [
    ({ $0 += [0x0a] }, "1 byte follows the signature's marker"),
    ({ $0[$0.count - 28 - 12] = 1 }, "algo in the signature's trailer should be zero"),
    ({ $0[$0.count - 28 - 10] = 0 }, "the signature is of type PGP"),
    ({ $0[$0.count - 28 - 4] = 0x7f }, "the signature is damaged"),
    ({ $0[try Fixtures.bytes("hello.ko").count] = 0x7f }, "the signature is damaged"),
    (
      { bytes in
        let plain = try Fixtures.bytes("hello.ko").count
        bytes += try Fixtures.bytes("hello-signed-ecdsa.ko")[plain...]
      }, "another signature by 'KoInspect fixture key' is below this one"
    ),
  ]

  @Test("In show, in its JSON, and in modinfo on a terminal", arguments: 0..<cases.count)
  func shown(index: Int) throws {
    var bytes = try Fixtures.bytes("hello-signed.ko")
    try Self.cases[index].change(&bytes)
    let text = Self.cases[index].text
    let file = try TemporaryFile(bytes)
    let show = Run(["show", file.path]).output.split(separator: "\n").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    expect(show.joined(separator: " ").contains(text))
    let oddities = try #require(
      try Run(["show", "--json", file.path]).json().first?["signatureOddities"] as? [String])
    expect(oddities.contains { $0.hasPrefix(text) })
    expect(Run(["modinfo", file.path], isTerminal: true).errors.contains(text))
    expect(Run(["modinfo", file.path]).errors.isEmpty)
  }

  @Test(
    "Nothing is said about sound signatures and modules without",
    arguments: Fixtures.modules.filter { $0 != "lies/after_signature.ko" })
  func sound(name: String) throws {
    let object = try #require(try Run(["show", "--json", fixture(name)]).json().first)
    expect(object["signatureOddities"] as? [String], is: [])
  }
}
