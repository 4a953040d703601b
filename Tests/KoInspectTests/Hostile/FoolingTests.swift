import Foundation
import FoundationXML
import TestSupport
import Testing

@testable import KoInspect

/// A module whose every text is made to mislead, in every command and format.
@Suite("Fooling")
struct FoolingTests {
  static let nasty =
    UntrustedTextTests.nasty + "\u{a0}::error::y <b>&\"' %0a ##[error]x\r\u{2066}\u{200b}"

  /// Texts in all places that a file has for them.
  private static func module() throws -> TemporaryFile {
    var builder = ELFBuilder.module(
      "t\u{1b}[31m\n::x",
      modinfo: [
        "license=\(nasty)", "description=\(nasty)", "vermagic=6.1.0-56-amd64 \(nasty)",
        "depends=\(nasty),b", "alias=pci:\(nasty)*", "firmware=\(nasty)", "import_ns=\(nasty)",
        "parm=\(nasty):\(nasty)", "parmtype=\(nasty):int", "\(nasty)=\(nasty)",
        "softdep=pre: \(nasty)",
        nasty,
      ])
    let data = builder.section(".data\(nasty)", flags: 7, Array(nasty.utf8) + [0])
    let params = builder.section("__param", [UInt8](repeating: 0, count: 40), alignment: 8)
    let exports = builder.section("__ksymtab", [UInt8](repeating: 0, count: 12), alignment: 4)
    var note = ByteWriter()
    for number in [UInt64(nasty.utf8.count) + 1, 4, 0xcafe_1a7e] { note.u32(number) }
    note.bytes += Array(nasty.utf8) + [0]
    while note.bytes.count % 4 != 0 { note.bytes.append(0) }
    for owner in ["FDO\0", "GNU\0"] {
      for number in [4, UInt64(nasty.utf8.count) + 1, owner == "GNU\0" ? 4 : 0xcafe_1a7e] {
        note.u32(number)
      }
      note.bytes += Array(owner.utf8) + Array(nasty.utf8) + [0]
      while note.bytes.count % 4 != 0 { note.bytes.append(0) }
    }
    builder.section(".note.x", type: 7, note.bytes, alignment: 4)
    builder.section(".debug\(nasty)", flags: 0, [1])
    builder.section(".comment", flags: 0, Array("GCC: (\(nasty)) 12\0".utf8))
    let text = builder.symbol("", section: UInt16(data), binding: 0, type: 3)
    let operations = builder.symbol("ops\(nasty)", section: UInt16(data), type: 1)
    builder.symbol(nasty)
    builder.symbol("weak\(nasty)", binding: 2)
    builder.relocations(of: params, [(0, text, 1, 0), (16, operations, 1, 0), (32, text, 1, 0)])
    builder.relocations(of: exports, [(0, operations, 2, 0), (4, text, 2, 0), (8, text, 2, 0)])
    return try TemporaryFile(builder.build(), name: "m\u{1b}[7m\u{202e}.ko")
  }

  private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0a, 0x09: true
    case 0..<0x20, 0x7f...0x9f, 0x2028, 0x2029, 0x202a...0x202e, 0x2066...0x2069, 0x200b: false
    default: true
    }
  }

  static let human = [
    ["show"], ["params"], ["symbols"], ["sections"], ["aliases"], ["match", "pci:v00008086"],
    ["check", "--no-config", "--all-rules", "--notes"],
    ["check", "--no-config", "--all-rules", "--format", "github"],
    ["check", "--no-config", "--all-rules", "--format", "junit"],
    ["preflight", "--kernel", fixture("debian-6.1.0-56-amd64.json")],
    ["verify", "--cert", fixture("hello-signed.x509.der")], ["modinfo", "--safe"],
  ]

  @Test("People see escapes", arguments: human)
  func people(command: [String]) throws {
    let file = try Self.module()
    for isTerminal in [false, true] {
      for paths in [[file.path], [file.path, file.path], [file.folder]] {
        let run = Run(command + paths, isTerminal: isTerminal, variables: ["NO_COLOR": "1"])
        expect((0...2).contains(run.status))
        let text = run.output + run.errors
        let found = text.unicodeScalars.filter { !Self.isHarmless($0) }
        expect(found.isEmpty, "\(command): \(found.map { $0.escaped(asASCII: true) })")
        let lines = text.split(separator: "\n")
        if command.last == "github" {
          expect(lines.allSatisfy { $0.hasPrefix("::") || $0.hasPrefix("koinspect: ") })
          expect(!lines.contains { $0.hasPrefix("::error::x") })
        } else {
          // GitHub looks behind blanks, too, and for older commands anywhere.
          expect(
            !lines.contains { $0.drop(while: \.isWhitespace).hasPrefix("::") || $0.contains("##[") }
          )
        }
      }
    }
  }

  @Test(
    "On a terminal the drop-in modes escape too",
    arguments: [
      ["readelf", "-aW"], ["readelf", "-hSlsrngtVA", "-p", ".comment", "-x", "1"], ["modinfo"],
    ])
  func dropIn(command: [String]) throws {
    let file = try Self.module()
    let run = Run(command + [file.path, file.path], isTerminal: true)
    let found = (run.output + run.errors).unicodeScalars.filter { !Self.isHarmless($0) }
    expect(found.isEmpty, "\(command): \(found.map { $0.escaped(asASCII: true) })")
  }

  @Test(
    "JSON is whole, one object a line, without raw controls",
    arguments: [
      ["show", "--json"], ["params", "--json"], ["symbols", "--json"], ["sections", "--json"],
      ["aliases", "--json"], ["check", "--no-config", "--all-rules", "--format", "json"],
      ["preflight", "--json", "--kernel", fixture("debian-6.1.0-56-amd64.json")],
      ["verify", "--json", "--cert", fixture("hello-signed.x509.der")],
      ["readelf", "--json", "-hSlsrn"],
    ])
  func json(command: [String]) throws {
    let file = try Self.module()
    let run = Run(command + [file.path])
    try expect(run.json().count, is: 1)
    let found = run.output.unicodeScalars.filter { !Self.isHarmless($0) }
    expect(found.isEmpty, "\(command): \(found.map { $0.escaped(asASCII: true) })")
    expect(!run.output.contains("##"))
  }

  @Test("What JSON escapes is read back as it was")
  func readBack() throws {
    for text in [Self.nasty, "\u{e0041}\u{10fffd}###", "a##vso[x]"] {
      var json = JSONWriter()
      json.object { json in
        json.key("text")
        json.bytes(Array(text.utf8))
      }
      let object = try JSONSerialization.jsonObject(with: Data(json.out.pending))
      expect((object as? [String: String])?["text"], is: text)
    }
  }

  @Test("A baseline's own texts are escaped when it is stale")
  func staleBaseline() throws {
    let folder = try TemporaryFile(Fixtures.bytes("hello.ko"), name: "hello.ko")
    let baseline = folder.folder + "/baseline.json"
    let entry = [
      "path": "gone\n::error::p.ko", "rule": "x\n::error::y\u{1b}[m", "subject": "s\n::z",
    ]
    try JSONSerialization.data(withJSONObject: ["schemaVersion": 1, "findings": [entry]])
      .write(to: URL(filePath: baseline))
    let run = Run(["check", "--no-config", "--baseline", baseline, folder.path])
    expect(run.errors.contains("stale"))
    expect(run.errors.unicodeScalars.allSatisfy { Self.isHarmless($0) })
    expect(run.errors.split(separator: "\n").count, is: 1)
  }

  @Test("SARIF and GitLab's JSON are whole", arguments: ["sarif", "gitlab"])
  func documents(format: String) throws {
    let file = try Self.module()
    let run = Run(["check", "--no-config", "--all-rules", "--format", format, file.path])
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(run.out)) }
    expect(run.out.filter { $0 < 0x20 && $0 != 0x0a }.isEmpty)
  }

  @Test("JUnit's XML is well-formed")
  func xml() throws {
    let file = try Self.module()
    let run = Run(["check", "--no-config", "--all-rules", "--format", "junit", file.path])
    let parser = XMLParser(data: Data(run.out))
    expect(parser.parse(), "\(String(describing: parser.parserError)): \(run.output)")
  }

  @Test("Words that end a signature, within a section, are data: the module is unsigned")
  func markerInSection() throws {
    var builder = ELFBuilder.module()
    builder.section(".rodata", Array("~Module signature appended~\n".utf8))
    let file = try TemporaryFile(builder.build())
    let findings = Run(["check", "--no-config", "--format", "json", file.path]).output
    expect(findings.contains("\"unsigned\"") && !findings.contains("data-after-signature"))
    try expect(Run(["show", "--json", file.path]).json().first?["signature"] is NSNull)
    expect(!Run(["modinfo", file.path]).errors.contains("signature"))
  }

  @Test("Names that are as long as the file are reported, and no line hides another")
  func hugeNames() throws {
    let size = 1 << (Nightly.isOn ? 20 : 17)
    let name = String(repeating: "n", count: size)
    var builder = ELFBuilder.module(modinfo: ["license=\(name)", "description=\(name)"])
    builder.symbol(name)
    let file = try TemporaryFile(builder.build())
    for command in Self.human {
      let run = Run(command + [file.path])
      expect((0...2).contains(run.status))
      expect(run.out.count < 40 * size, "\(command): \(run.out.count) bytes")
    }
    expect(Run(["check", "--no-config", file.path]).output.contains("unknown-license"))
  }

  @Test("Two sections of one name: the one that the kernel takes is shown, and both are reported")
  func twoInfos() throws {
    var builder = ELFBuilder.module(modinfo: ["license=Proprietary"])
    builder.modinfo(["license=GPL", "description=harmless"])
    let file = try TemporaryFile(builder.build())
    let object = try #require(try Run(["show", "--json", file.path]).json().first)
    expect(object["licenses"] as? [String], is: ["Proprietary"])
    let check = Run(["check", "--no-config", "--kernel-version", "6.12", file.path])
    expect(check.output.contains("[multiple-modinfo]"))
  }
}
