import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// `Docs/module.schema.json` is what `show --json` promises.
@Suite("JSON schema")
struct JSONSchemaTests {
  private static func schema() throws -> JSONSchema {
    let file = Fixtures.folder.deletingLastPathComponent()
      .appending(path: "Docs/module.schema.json")
    return try JSONSchema(contentsOf: file, isClosed: true)
  }

  @Test("Docs/module.schema.json is what show --schema prints")
  func generated() throws {
    let file = Fixtures.folder.deletingLastPathComponent()
      .appending(path: "Docs/module.schema.json")
    let page = try JSONSerialization.jsonObject(with: try Data(contentsOf: file))
    let printed = try #require(try Run(["show", "--schema"]).json().first)
    expect(NSDictionary(dictionary: printed).isEqual(page))
  }

  @Test("Every module's JSON fits the schema", arguments: Fixtures.modules)
  func valid(name: String) throws {
    let run = Run(["show", "--json", fixture(name)])
    let object = try #require(try run.json().first)
    try expect(Self.schema().problems(object).isEmpty)
  }

  @Test("Damaged modules' JSON fits the schema, too")
  func damaged() throws {
    let schema = try Self.schema()
    let bytes = try Fixtures.bytes("params.ko")
    var random = SeededGenerator(7)
    for _ in 0..<40 {
      let file = try TemporaryFile(Mutation.damaged(bytes, using: &random))
      for object in try Run(["show", "--json", file.path]).json() {
        expect(schema.problems(object), is: [])
      }
    }
  }

  @Test(
    "What does not fit is noticed",
    arguments: [
      ("schemaVersion", 2 as any Sendable), ("path", 3), ("compression", "lzma"),
      ("buildID", "xyz"), ("licenses", "GPL"), ("surplus", 1), ("gplCompatible", 1),
    ])
  func notices(key: String, value: any Sendable) throws {
    let run = Run(["show", "--json", fixture("hello.ko")])
    var object = try #require(try run.json().first)
    object[key] = value
    try expect(Self.schema().problems(object).count, is: 1)
    object[key] = nil
    if key != "surplus" { try expect(Self.schema().problems(object).count, is: 1) }
  }

  @Test("Docs/json.md names every key of check --format json")
  func checkKeys() throws {
    let file = Fixtures.folder.deletingLastPathComponent().appending(path: "Docs/json.md")
    let page = try String(contentsOf: file, encoding: .utf8)
    let section = try #require(page.components(separatedBy: "## `check --format json`").last)
    let run = Run(["check", "--format", "json", fixture("license_missing.ko"), "/nowhere.ko"])
    let keys = try run.json().flatMap(\.keys)
    expect(keys.contains("errors") && keys.contains("findings"))
    for key in Set(keys) { expect(section.contains("`\(key)`"), "\(key)") }
  }

  @Test("Bytes that are not UTF-8 survive: base 64 gives them back")
  func roundTrip() throws {
    let text: [UInt8] = Array("description=".utf8) + [0xff, 0xfe, 0x1b, 0x41, 0xc3]
    var builder = ELFBuilder()
    builder.section(".modinfo", Array("license=GPL".utf8) + [0] + text + [0])
    let file = try TemporaryFile(builder.build())
    let object = try #require(try Run(["show", "--json", file.path]).json().first)
    let entries = try #require(object["modinfo"] as? [[String: Any]])
    let value = try #require(entries[1]["value"] as? [String: String])
    let decoded = Data(base64Encoded: try #require(value["bytes"]))
    expect(decoded.map { [UInt8]($0) }, is: Array(text.dropFirst(12)))
  }
}
