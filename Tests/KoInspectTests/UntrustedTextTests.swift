import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// A module must not be able to draw its own report.
@Suite("Untrusted text")
struct UntrustedTextTests {
  static let nasty = "a\u{1b}[2J\n::error::x\u{9b}31m\u{202e}b\u{2028}]]>\u{7f}"

  private func module() throws -> TemporaryFile {
    var builder = ELFBuilder.module(
      "tiny\u{1b}[31m",
      modinfo: [
        "license=\(Self.nasty)", "description=\(Self.nasty)", "author=\(Self.nasty)",
        "version=\(Self.nasty)", "vermagic=\(Self.nasty)", "depends=\(Self.nasty)",
      ])
    builder.symbol(Self.nasty)
    return try TemporaryFile(builder.build())
  }

  @Test(
    "No command prints control characters from the file",
    arguments: [
      ["show"], ["params"], ["symbols"], ["check"], ["show", "--json"], ["symbols", "--json"],
      ["check", "--format", "json"], ["modinfo", "--safe"], ["report"],
    ])
  func harmless(command: [String]) throws {
    let file = try module()
    let run = Run(command + [file.path])
    for scalar in (run.output + run.errors).unicodeScalars where scalar != "\n" {
      let isControl = scalar.properties.generalCategory == .control
      expect(!isControl && scalar != "\u{2028}", "\(command): \(scalar.escaped(asASCII: true))")
      if command.last != "--json", command.last != "json" { expect(scalar != "\u{202e}") }
    }
    expect(!run.output.split(separator: "\n").contains { $0.hasPrefix("::") })
  }

  @Test("JSON is valid and loses nothing, bytes that are not UTF-8 included")
  func lossless() throws {
    var builder = ELFBuilder()
    builder.section(".modinfo", Array("license=GPL\0author=J".utf8) + [0xf6] + Array("rg\0".utf8))
    builder.thisModule("m")
    let file = try TemporaryFile(builder.build())
    let object = try #require(try Run(["--json", file.path]).json().first)
    let modinfo = try #require(object["modinfo"] as? [[String: Any]])
    let author = try #require(modinfo.first { $0["key"] as? String == "author" })
    let bytes = try #require((author["value"] as? [String: String])?["bytes"])
    expect(Data(base64Encoded: bytes), is: Data([0x4a, 0xf6, 0x72, 0x67]))
  }

  @Test("modinfo prints raw bytes into a pipe, as its model does, and escapes on a terminal")
  func dropIn() throws {
    let file = try TemporaryFile(
      ELFBuilder.module(modinfo: ["description=\u{1b}[31mred"]).build())
    expect(Run(["modinfo", file.path]).out.contains(0x1b))
    expect(!Run(["modinfo", file.path], isTerminal: true).out.contains(0x1b))
    expect(Run(["modinfo", "--safe", file.path]).output.contains("\\x1b[31mred"))
  }
}
