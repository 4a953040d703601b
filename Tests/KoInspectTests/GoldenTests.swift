import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// Golden tests, driven by the folder: `hello/readelf -SW.txt` is what `koinspect readelf -SW` prints of
/// `hello/hello.ko` into a pipe, `hello/show at 60 columns.txt` what `show` does on a terminal. A new case
/// is a new file and no Swift. Files of `readelf` and `modinfo` were made by the real tools.
@Suite("Golden files")
struct GoldenTests {
  static let expectations = Fixtures.names.filter { $0.hasSuffix(".txt") }

  @Test("The folder holds references made by the real tools")
  func notEmpty() {
    expect(Self.expectations.contains { $0.contains("/readelf -") })
    expect(Self.expectations.contains { $0.hasSuffix("/modinfo.txt") })
  }

  @Test("Output is what is expected, byte for byte", arguments: expectations)
  func golden(reference: String) throws {
    let file = Fixtures.folder.appending(path: reference)
    let folder = file.deletingLastPathComponent()
    let parts = file.deletingPathExtension().lastPathComponent.components(separatedBy: " at ")
    let command = parts[0].split(separator: " ").map(String.init)
    let columns = parts.dropFirst().first.flatMap { Int($0.replacing(" columns", with: "")) }
    expect(parts.count == 1 || columns != nil)
    // A path so short that no line which holds it is folded otherwise than one with the file's name alone.
    let short = "/tmp/\(UUID().uuidString.prefix(8))"
    try FileManager.default.createSymbolicLink(atPath: short, withDestinationPath: folder.path)
    defer { try? FileManager.default.removeItem(atPath: short) }
    let name = folder.lastPathComponent
    let isModule = FileManager.default.fileExists(atPath: "\(folder.path)/\(name).ko")
    let run = Run(
      command + ["\(short)/\(name)\(isModule ? ".ko" : "")"], isTerminal: columns != nil,
      columns: columns, variables: ["NO_COLOR": "1"])
    // Paths are absolute in the run and relative in the references; modinfo makes them absolute.
    let actual =
      command.first == "modinfo"
      ? replace(short, by: "/fixtures", in: run.out) : replace(short + "/", by: "", in: run.out)
    let expected = try Fixtures.bytes(reference)
    guard actual != expected else { return }
    Attachment.record(String(decoding: actual, as: UTF8.self), named: "actual.txt")
    let (line, got, wanted) = Self.firstDifference(actual, expected)
    Issue.record("\(reference), line \(line):\n got \(got)\nwant \(wanted)\n\(run.errors)")
  }

  private func replace(_ text: String, by other: String, in bytes: [UInt8]) -> [UInt8] {
    // Latin-1 gives every byte a character of its own.
    let latin = String(bytes.map { Character(Unicode.Scalar($0)) })
    return latin.replacingOccurrences(of: text, with: other, options: .literal).unicodeScalars.map {
      UInt8(truncatingIfNeeded: $0.value)
    }
  }

  private static func firstDifference(
    _ actual: [UInt8], _ expected: [UInt8]
  ) -> (Int, String, String) {
    let left = actual.split(separator: 0x0a, omittingEmptySubsequences: false)
    let right = expected.split(separator: 0x0a, omittingEmptySubsequences: false)
    let line =
      zip(left, right).enumerated().first { $0.element.0 != $0.element.1 }?.offset
      ?? min(left.count, right.count)
    func text(_ lines: [ArraySlice<UInt8>]) -> String {
      line < lines.count ? String(decoding: lines[line], as: UTF8.self).debugDescription : "(end)"
    }
    return (line + 1, text(left), text(right))
  }
}
