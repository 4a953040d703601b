import Foundation
import TestSupport
import Testing

@testable import ELFKit
@testable import KoInspect

/// Signatures of `hello.ko` in every way that matters (Fixtures/signatures), against four kernels.
private enum SignatureCases {
  struct Case {
    let name: String
    let message: [UInt8]
    let certificates: [String]
    var config: KernelConfig?
    /// What Linux 5.10, 6.1, 6.12 and 7.2 answer, as their sources say.
    let answers: String
  }

  static let kernels = ["5.10", "6.1", "6.12", "7.2"]

  static func message(_ name: String) throws -> [UInt8] {
    try Fixtures.bytes("signatures/\(name).p7s")
  }

  /// The message, its versions replaced: SignedData's and, where given, the signers'.
  static func versions(_ data: UInt8, _ signer: UInt8) throws -> [UInt8] {
    var bytes = try message("rsa-sha256")
    let places = bytes.indices.dropLast(2).filter {
      bytes[$0] == 2 && bytes[$0 + 1] == 1 && bytes[$0 + 2] == 1
    }
    try #require(places.count == 2)
    bytes[places[0] + 2] = data
    bytes[places[1] + 2] = signer
    return bytes
  }

  /// The message with lengths that are not told in advance, down to the signers: names and numbers are
  /// compared as bytes.
  static func indefinite(_ bytes: [UInt8], depth: Int = 0) throws -> [UInt8] {
    var reader = DERReader(ByteSlice(bytes), asKernel: true)
    var out: [UInt8] = []
    while let element = try reader.next() {
      if element.tag.isConstructed, depth < 5 {
        let inner = try indefinite(element.content.bytes, depth: depth + 1)
        out += [element.tag.rawValue, 0x80] + inner + [0, 0]
      } else {
        out += element.encoding.bytes
      }
    }
    return out
  }

  private static func config(without option: KernelOption) throws -> KernelConfig {
    var config = KernelConfig()
    for other in [KernelOption.rsa, .ecdsa, .sha1, .sha256, .sha512, .sha3, .md5]
    where other != option {
      config.set(other, "y")
    }
    return config
  }

  static func all() throws -> [Case] {
    let good = try message("rsa-sha256")
    func plain(_ name: String, _ file: String, _ certificate: String, _ answers: String) throws
      -> Case
    {
      Case(name: name, message: try message(file), certificates: [certificate], answers: answers)
    }
    return [
      try plain("RSA PKCS #1, SHA-1", "rsa-sha1", "rsa", "good good good good"),
      try plain("RSA PKCS #1, SHA-256", "rsa-sha256", "rsa", "good good good good"),
      try plain("RSA PKCS #1, SHA-384", "rsa-sha384", "rsa", "good good good good"),
      try plain("RSA PKCS #1, SHA-512", "rsa-sha512", "rsa", "good good good good"),
      try plain("RSA PKCS #1, SHA3-256", "rsa-sha3-256", "rsa", "ENOPKG ENOPKG good good"),
      try plain("RSA PKCS #1, MD5", "rsa-md5", "rsa", "good good ENOPKG ENOPKG"),
      try plain(
        "RSA PKCS #1, RIPEMD-160", "rsa-ripemd160", "rsa", "ENOPKG ENOPKG ENOPKG ENOPKG"),
      try plain("RSA of 1032 bits", "rsa-1032", "rsa-1032", "ENOKEY ENOKEY ENOKEY ENOKEY"),
      try plain("RSA-PSS, SHA-256", "rsa-pss", "rsa", "ENOPKG ENOPKG ENOPKG ENOPKG"),
      try plain("ECDSA P-256, SHA-256", "p256-sha256", "p256", "ENOPKG good good good"),
      try plain("ECDSA P-384, SHA-384", "p384-sha384", "p384", "ENOPKG good good good"),
      try plain("ECDSA P-521, SHA-512", "p521-sha512", "p521", "ENOPKG ENOKEY good good"),
      try plain(
        "ECDSA secp256k1, SHA-256", "secp256k1-sha256", "secp256k1",
        "ENOPKG ENOKEY ENOKEY ENOKEY"),
      try plain("DSA, SHA-256", "dsa-sha256", "dsa", "ENOPKG ENOPKG ENOPKG ENOPKG"),
      Case(
        name: "ECDSA P-256 without CONFIG_CRYPTO_ECDSA",
        message: try message("p256-sha256"), certificates: ["p256"],
        config: try config(without: .ecdsa), answers: "ENOPKG ENOKEY ENOKEY ENOKEY"),
      Case(
        name: "SHA-512 without CONFIG_CRYPTO_SHA512", message: try message("rsa-sha512"),
        certificates: ["rsa"], config: try config(without: .sha512),
        answers: "ENOPKG ENOPKG ENOPKG ENOPKG"),
      Case(
        name: "SignedData of version 5", message: try versions(5, 1), certificates: ["rsa"],
        answers: "EINVAL EINVAL EINVAL EINVAL"),
      Case(
        name: "SignerInfo of version 2", message: try versions(1, 2), certificates: ["rsa"],
        answers: "EINVAL EINVAL EINVAL EINVAL"),
      Case(
        name: "SignedData of version 3, SignerInfo of version 1", message: try versions(3, 1),
        certificates: ["rsa"], answers: "EBADMSG EBADMSG EBADMSG EBADMSG"),
      Case(
        name: "both of version 3, and a name that version 1 has", message: try versions(3, 3),
        certificates: ["rsa"], answers: "ENOKEY ENOKEY ENOKEY ENOKEY"),
      try plain(
        "the key named by its identifier (`sign-file -k`)", "key-identifier", "rsa",
        "good good good good"),
      Case(
        name: "65,535 bytes", message: good + [UInt8](repeating: 0, count: 0xffff - good.count),
        certificates: ["rsa"], answers: "good good good good"),
      Case(
        name: "65,536 bytes", message: good + [UInt8](repeating: 0, count: 0x10000 - good.count),
        certificates: ["rsa"], answers: "EMSGSIZE EMSGSIZE EMSGSIZE EMSGSIZE"),
      try plain("two signers, the first is known", "two-signers", "rsa-2", "good good good good"),
      try plain("two signers, the second is known", "two-signers", "rsa", "good good good good"),
      try plain("two signers, none is known", "two-signers", "p256", "ENOKEY ENOKEY ENOKEY ENOKEY"),
      Case(
        name: "indefinite lengths", message: try indefinite(good), certificates: ["rsa"],
        answers: "good good good good"),
      try plain(
        "signed attributes", "attributes", "rsa",
        "EKEYREJECTED EKEYREJECTED EKEYREJECTED EKEYREJECTED"),
      try plain("another key", "rsa-sha256", "rsa-2", "ENOKEY ENOKEY ENOKEY ENOKEY"),
    ]
  }

  static func word(_ outcome: SignatureJudgement.Outcome) -> String {
    switch outcome {
    case .good: "good"
    case .noKey: "ENOKEY"
    case .noPackage: "ENOPKG"
    case .refused(let errno): errno.rawValue
    case .untried: "untried"
    }
  }

  static func kernel(_ version: String) throws -> Kernel {
    try #require(Kernel(release: ByteSlice(Array(version.utf8))))
  }
}

@Suite("Signatures as the kernels take them", .enabled(if: Libcrypto() != nil))
struct SignatureTests {
  private static func verifier(_ names: [String]) throws -> SignatureVerifier {
    let verifier = try SignatureVerifier()
    for name in names {
      expect(
        verifier.addCertificates(in: try Fixtures.bytes("signatures/\(name).der")), is: 1)
    }
    return verifier
  }

  /// `hello.ko`, signed.
  private static func module(_ message: [UInt8]) throws -> [UInt8] {
    try Fixtures.bytes("hello.ko") + TrailerBuilder(message).build()
  }

  @Test("Every way of signing, against every kernel that was read")
  func table() throws {
    let content = ByteSlice(try Fixtures.bytes("hello.ko"))
    for item in try SignatureCases.all() {
      let message = ByteSlice(item.message)
      let evidence = try Self.verifier(item.certificates).evidence(on: content, message)
      let answers = try SignatureCases.kernels.map { version in
        SignatureCases.word(
          SignatureJudgement(message, try SignatureCases.kernel(version), item.config, evidence)
            .outcome)
      }
      expect(answers.joined(separator: " "), is: item.answers, "\(item.name)")
    }
  }

  /// The table of Docs/Signatures.md. With UPDATE_DOCS=1 in the environment the page gets it.
  @Test("Docs/Signatures.md has these answers")
  func page() throws {
    let begin = "<!-- table -->\n"
    let path = Fixtures.folder.deletingLastPathComponent().appending(path: "Docs/Signatures.md")
    let page = try String(contentsOf: path, encoding: .utf8)
    let parts = page.components(separatedBy: begin)
    try #require(parts.count == 3)
    var rows = "| Signature | \(SignatureCases.kernels.joined(separator: " | ")) |\n"
    rows += "|---|---|---|---|---|\n"
    for item in try SignatureCases.all() {
      let cells = item.answers.split(separator: " ").joined(separator: " | ")
      rows += "| \(item.name) | \(cells) |\n"
    }
    if ProcessInfo.processInfo.environment["UPDATE_DOCS"] != nil {
      try (parts[0] + begin + rows + begin + parts[2]).write(
        to: path, atomically: true, encoding: .utf8)
    }
    expect(parts[1], is: rows)
  }

  @Test("verify, check and preflight say the same of each")
  func agreement() throws {
    for item in try SignatureCases.all() where item.config == nil {
      let file = try TemporaryFile(try Self.module(item.message), name: "hello.ko")
      let certificates = item.certificates.flatMap {
        ["--cert", fixture("signatures/\($0).der")]
      }
      for (version, answer) in zip(SignatureCases.kernels, item.answers.split(separator: " ")) {
        let label = "\(item.name) on \(version)"
        let verify = Run(
          ["verify", "--json", "--kernel-version", version] + certificates + [file.path])
        let word = try #require(try verify.json().first?["verdict"] as? String)
        let words = ["good": "good", "ENOKEY": "unknown-key", "ENOPKG": "unsupported"]
        expect(word, is: words[String(answer)] ?? "bad", label)
        let check = Run(
          [
            "check", "--no-config", "--only", "signature", "--format", "json", "--kernel-version",
            version,
          ]
            + certificates + [file.path])
        let findings = try #require(check.json().first?["findings"] as? [[String: Any]])
        let errors = findings.filter { $0["severity"] as? String == "error" }
        expect(errors.isEmpty, is: answer == "good", label)
        let magic = "\(version).0 SMP preempt mod_unload modversions "
        let preflight = Run(
          ["preflight", "--json", "--vermagic", magic, "--cmdline", "module.sig_enforce=1"]
            + certificates + [file.path])
        let object = try #require(try preflight.json().first)
        let errno = object["stage"] as? String == "signature" ? object["errno"] as? String : nil
        let enforced = ["ENOKEY", "ENOPKG"].contains(answer) ? "EKEYREJECTED" : String(answer)
        expect(errno ?? "good", is: enforced, label)
      }
    }
  }

  @Test("No signature is good once a byte of module or message has changed")
  func forged() throws {
    let plain = try Fixtures.bytes("hello.ko")
    var accepted = 0
    for item in try SignatureCases.all() where item.answers.contains("good") {
      let verifier = try Self.verifier(item.certificates)
      var generator = SeededGenerator(7)
      for _ in 0..<40 {
        var (content, message) = (plain, item.message)
        // What lies behind the message, parameters of algorithms, and a signer that is not known, count
        // for nothing: it is the octets of the signature that are changed.
        let size = min(message.count, 400)
        if Bool.random(using: &generator) || item.name.hasPrefix("two") {
          content[Int.random(in: 0..<content.count, using: &generator)] ^= 1
        } else {
          message[Int.random(in: size - 48..<size - 8, using: &generator)] ^= 1
        }
        let bytes = ByteSlice(message)
        let evidence = verifier.evidence(on: ByteSlice(content), bytes)
        for version in SignatureCases.kernels
        where SignatureJudgement(bytes, try SignatureCases.kernel(version), nil, evidence).isGood {
          accepted += 1
        }
      }
    }
    expect(accepted, is: 0)
  }

  @Test("A module that was changed after it was signed is told as that, not as of an unknown key")
  func changed() throws {
    var bytes = try Self.module(try SignatureCases.message("rsa-sha256"))
    bytes[100] ^= 1
    let file = try TemporaryFile(bytes, name: "hello.ko")
    let options = ["--cert", fixture("signatures/rsa.der"), file.path]
    let check = Run(["check", "--no-config"] + options).output
    expect(check.contains("signature-bad") && !check.contains("signature-unknown-key"))
    let target = fixture("debian-6.1.0-56-amd64.json")
    let preflight = Run(["preflight", "--kernel", target] + options).output
    expect(preflight.contains("fails with EKEYREJECTED (signature)"))
    expect(preflight.contains("the module was changed after it was signed"))
  }

  @Test("What follows a signature is named, and nobody is told to sign what is signed")
  func dataBehind() throws {
    let signed = try Self.module(try SignatureCases.message("rsa-sha256"))
    let file = try TemporaryFile(signed + [0x0a, 0x0a], name: "hello.ko")
    let target = fixture("debian-6.1.0-56-amd64.json")
    for (line, errno) in [
      ("module.sig_enforce=1", "EKEYREJECTED"), ("lockdown=integrity", "EPERM"),
    ] {
      let run = Run(["preflight", "--json", "--kernel", target, "--cmdline", line, file.path])
      let object = try #require(try run.json().first)
      expect(object["errno"] as? String, is: errno)
      let advice = try #require((object["advice"] as? [String])?.joined())
      expect(advice.contains("2 bytes follow the signature, from offset 0x"))
      expect(advice.contains("truncate -s \(signed.count)"))
      expect(!advice.contains("sign it") && !advice.contains("sign the module"))
    }
    let run = Run(["preflight", "--kernel", target, file.path])
    expect(run.output.contains("2 bytes follow the signature"))
  }
}
