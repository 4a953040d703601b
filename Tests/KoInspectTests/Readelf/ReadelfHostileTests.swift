import Foundation
import TestSupport
import Testing

@testable import KoInspect

@Suite("readelf on damaged files")
struct ReadelfHostileTests {
  private static let everything = ["readelf", "-aW", "-t", "-x", "1", "-p", "2", "-R", "3", "-z"]

  /// Damaged copies of a fixture.
  private static func damaged(_ name: String, seed: UInt64) throws -> [[UInt8]] {
    let bytes = try Fixtures.bytes(name)
    var generator = SeededGenerator(seed)
    return (0..<24).map { _ in Mutation.damaged(bytes, using: &generator) }
  }

  @Test("Every table ends, and says what is wrong on standard error only", arguments: 0..<4)
  func text(round: Int) throws {
    for name in [
      "hello.ko", "params.ko", "s390x/hello.ko", "arm64/hello.ko", "armhf/hello.ko",
      "mips/hello.ko",
    ] {
      for bytes in try Self.damaged(name, seed: UInt64(round)) {
        let file = try TemporaryFile(bytes)
        let run = Run(Self.everything + [file.path])
        expect([0, 1].contains(run.status))
        expect(!run.output.contains("Warning:") && !run.output.contains("Error:"))
        // GNU's ends with 1 and without a word where ARM's attributes are odd; so does ours.
        expect(run.status == 0 || !run.errors.isEmpty || name.hasPrefix("armhf"))
      }
    }
  }

  @Test("JSON stays JSON, one object a file", arguments: 0..<2)
  func json(round: Int) throws {
    for bytes in try Self.damaged("exporter.ko", seed: 100 + UInt64(round)) {
      let file = try TemporaryFile(bytes)
      let run = Run(["readelf", "--json", "-hSsrngl", file.path])
      for line in run.output.split(separator: "\n") {
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
      }
    }
  }

  @Test("Sections that share their bytes are dumped up to a limit, one as often as is asked for")
  func dumps() throws {
    let shared = try TemporaryFile(HostileShape.emptyStrings.module(100))
    let cut = Run(["readelf", "-p", ".x", shared.path])
    expect(cut.status, is: 1)
    expect(cut.errors.contains("the rest is cut"))
    let whole = try TemporaryFile(Fixtures.bytes("hello.ko"))
    let once = Run(["readelf", "-x", ".modinfo", "-p", ".modinfo", whole.path])
    let often = Array(repeating: ["-x", ".modinfo", "-p", ".modinfo"], count: 8).flatMap { $0 }
    let again = Run(["readelf"] + often + [whole.path])
    expect(again.status, is: 0)
    expect(again.output, is: once.output)
    let all = ["-x", "-R", "-p"].flatMap { kind in (1..<8).flatMap { [kind, "\($0)"] } }
    expect(!Run(["readelf"] + all + [whole.path]).errors.contains("the rest is cut"))
  }

  @Test("A table that is intact is printed although others are damaged")
  func intactParts() throws {
    var bytes = try Fixtures.bytes("hello.ko")
    let whole = try TemporaryFile(bytes)
    let sections = Run(["readelf", "-SW", whole.path]).output
    let symbols = Run(["readelf", "-sW", whole.path]).output
    // The first relocation table now reaches far past the end of the file.
    let lines = sections.split(separator: "\n")
    let row = try #require(lines.firstIndex { $0.contains("RELA") })
    let index = try #require(Int(lines[row].prefix(5).filter(\.isNumber)))
    let table = bytes[40..<48].reversed().reduce(0) { $0 << 8 | Int($1) }
    bytes[table + index * 64 + 36] = 0x7f
    let damaged = try TemporaryFile(bytes)
    let run = Run(["readelf", "-rsW", damaged.path])
    expect(run.output.contains(symbols.dropFirst()))
    expect(run.errors.contains("extends past end of file"))
  }
}

@Suite("readelf --json")
struct ReadelfJSONTests {
  @Test(
    "Says as much as the text: as many sections, symbols, relocations and notes",
    arguments: ["hello.ko", "exporter.ko", "arm64/hello.ko", "s390x/hello.ko"])
  func counts(name: String) throws {
    let object = try #require(
      try Run(["readelf", "--json", "-hSsrngl", fixture(name)]).json().first)
    let text = Run(["readelf", "-SsrnW", fixture(name)]).output
    let rows = text.split(separator: "\n")
    let sections = try #require(object["sections"] as? [[String: Any]])
    expect(sections.count, is: rows.count { $0.hasPrefix("  [") && !$0.contains("[Nr]") })
    let relocations = try #require(object["relocationSections"] as? [[String: Any]])
    let entries = relocations.compactMap { ($0["relocations"] as? [Any])?.count }.reduce(0, +)
    expect(entries, is: rows.count { $0.prefix(16).allSatisfy(\.isHexDigit) && $0.contains("R_") })
    let names = Set(sections.compactMap { $0["name"] as? String })
    expect(names.contains(".modinfo"))
  }

  @Test("Only what was asked for is there")
  func selection() throws {
    let object = try #require(
      try Run(["readelf", "--json", "-h", fixture("hello.ko")]).json().first)
    expect(object["sections"] == nil)
    expect(object["symbols"] == nil)
  }
}
