// Versions of symbols without a Module.symvers: what other modules of a kernel record.

import ELFKit
import Foundation
import TestSupport
import Testing

@testable import KoInspect

@Suite("Versions of symbols from modules that are at hand")
struct KnownVersionsTests {
  /// A fixture in which the version of `symbol` is another one.
  private static func changed(_ name: String, _ symbol: String) throws -> [UInt8] {
    var bytes = try Fixtures.bytes(name)
    let text = Array(symbol.utf8) + [0]
    let found = Array(bytes.indices).first { position in
      guard position >= 8, bytes[position] == text[0] else { return false }
      let isFilled = bytes[position - 4..<position].allSatisfy { $0 == 0 }
      return isFilled && bytes[position...].starts(with: text)
    }
    let place: Int = try #require(found)
    bytes.replaceSubrange(place - 8..<place - 4, with: [0xef, 0xbe, 0xad, 0xde])
    return bytes
  }

  /// A folder with copies of fixtures, and files of its own.
  private static func folder(
    _ fixtures: [String], _ files: [String: [UInt8]] = [:], _ body: (String) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in fixtures {
      try Data(try Fixtures.bytes(name)).write(to: folder.appending(path: name))
    }
    for (name, bytes) in files { try Data(bytes).write(to: folder.appending(path: name)) }
    try body(folder.path)
  }

  private static func answer(_ arguments: [String]) throws -> [String: Any] {
    try #require(try Run(["preflight", "--json"] + arguments).json().last)
  }

  private static func mismatches(_ arguments: [String]) throws -> [String] {
    let object = try #require(try Run(["check", "--format", "json"] + arguments).json().first)
    return ((object["findings"] as? [[String: Any]]) ?? []).filter {
      $0["rule"] as? String == "crc-mismatch"
    }.compactMap { $0["subject"] as? String }
  }

  @Test("Another version of module_layout is refused, by a module or a folder of the kernel's")
  func layout() throws {
    let other = try TemporaryFile(try Self.changed("hello.ko", "module_layout"))
    try Self.folder(["exporter.ko"]) { folder in
      for option in [["--reference", fixture("exporter.ko")], ["--modules", folder]] {
        let answer = try Self.answer(option + [other.path])
        expect(answer["errno"] as? String, is: "ENOEXEC")
        expect(answer["stage"] as? String, is: "struct-version")
        expect(
          answer["messages"] as? [String],
          is: ["hello: disagrees about version of symbol module_layout"])
        try expect(Self.mismatches(option + [other.path]), is: ["module_layout"])
        try expect(Self.mismatches(option + [fixture("hello.ko")]), is: [])
        let own = try Self.answer(option + [fixture("hello.ko")])
        expect(own["verdict"] as? String, is: "depends")
      }
      let target = folder + "/target.json"
      expect(
        Run(["preflight", "--modules", folder, "--save-target", target]).status, is: 0)
      let saved = try Self.answer(["--kernel", target, other.path])
      expect(saved["errno"] as? String, is: "ENOEXEC")
      // What its modules show of the kernel's options is kept, too.
      let options = try #require(
        try JSONSerialization.jsonObject(
          with: Data(contentsOf: URL(filePath: target))) as? [String: Any])["shownOptions"]
      expect(options as? [String: Bool], is: ["RETPOLINE": true])
      let assumed = try #require(
        try Self.answer(["--kernel", target, fixture("hello.ko")])["assumptions"] as? [String])
      expect(!assumed.contains { $0.contains("RETPOLINE") })
    }
  }

  @Test("Another version of a symbol is refused, whoever offers it")
  func symbol() throws {
    let other = try TemporaryFile(try Self.changed("hello.ko", "_printk"))
    let option = ["--reference", fixture("exporter.ko")]
    let answer = try Self.answer(option + [other.path])
    expect(answer["errno"] as? String, is: "EINVAL")
    expect(
      (answer["messages"] as? [String])?.suffix(2),
      is: [
        "hello: disagrees about version of symbol _printk",
        "hello: Unknown symbol _printk (err -22)",
      ])
    try expect(Self.mismatches(option + [other.path]), is: ["_printk"])
  }

  @Test("Where modules of a kernel contradict each other, nobody knows")
  func doubt() throws {
    let other = try Self.changed("hello.ko", "module_layout")
    try Self.folder(["exporter.ko"], ["b.ko": other]) { folder in
      let found = try Self.mismatches(["--modules", folder, fixture("hello.ko")])
      expect(found, is: [])
    }
  }

  @Test("That a provider is not loaded does not hide that its version is another one")
  func unloaded() throws {
    let other = try TemporaryFile(try Self.changed("importer.ko", "fixture_plain"))
    let kernel = ["--kernel", fixture("debian-6.1.0-56-amd64.json")]
    let symvers = try TemporaryFile(
      Array("0x12345678\tfixture_plain\tkernel/exporter\tEXPORT_SYMBOL\t\n".utf8))
    let run = Run(["preflight"] + kernel + ["--symvers", symvers.path, other.path])
    let text = run.output.split { $0.isWhitespace }.joined(separator: " ")
    expect(text.contains("'fixture_plain' was built against version 0xdeadbeef"))
    expect(text.contains("load exporter first"))
  }

  @Test("The version of module_layout is shown")
  func shown() throws {
    let shown = Run(["show", "--json", fixture("hello.ko")])
    let layout = try #require(try shown.json().first?["layoutVersion"] as? String)
    expect(layout.hasPrefix("0x") && layout.count == 10)
    let symbols = Run(["symbols", "--json", fixture("hello.ko")])
    try expect(symbols.json().first?["layoutVersion"] as? String, is: layout)
    let other = try TemporaryFile(try Self.changed("hello.ko", "module_layout"))
    let text = Run(["symbols", "--reference", fixture("exporter.ko"), other.path]).output
    expect(text.contains("built against module_layout 0xdeadbeef, the kernel has \(layout)"))
    expect(Run(["show", other.path]).output.contains("module_layout 0xdeadbeef"))
  }
}
