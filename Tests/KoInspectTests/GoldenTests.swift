import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// Golden tests, driven by the folder: `NAME.COMMAND.expected` beside `NAME.ko` is what
/// `koinspect COMMAND NAME.ko` prints, an underscore in COMMAND standing for a blank. A new case
/// is two files and no Swift. Files of `readelf` and `modinfo` were made by the real tools.
@Suite("Golden files")
struct GoldenTests {
  static let expectations = Fixtures.names.filter { $0.hasSuffix(".expected") }

  @Test("The folder holds references made by the real tools")
  func notEmpty() {
    #expect(Self.expectations.contains { $0.contains(".readelf_") })
    #expect(Self.expectations.contains { $0.contains(".modinfo.") })
  }

  @Test("Output is what is expected, byte for byte", arguments: expectations)
  func golden(name: String) throws {
    let folder = name.split(separator: "/").dropLast().map { "\($0)/" }.joined()
    let words = name.dropFirst(folder.count).dropLast(".expected".count).split(separator: ".")
    // The first word that is a command's name begins the command: both sides may hold dots.
    let start = try #require(
      words.dropFirst().firstIndex { word in
        CommandTable.command(named: String(word.prefix { $0 != "_" })) != nil
      }, "\(name): no known command in the name")
    let command = words[start...].joined(separator: ".").split(separator: "_").map(String.init)
    let file = folder + words[..<start].joined(separator: ".") + ".ko"

    let run = Run(command + [fixture(file)])
    // Paths are absolute in the run and relative in the references; modinfo makes them absolute.
    let root = Fixtures.folder.path
    let actual =
      command.first == "modinfo"
      ? replace(root, by: "/fixtures", in: run.out)
      : replace(root + "/", by: "", in: run.out)
    let expected = try Fixtures.bytes(name)
    guard actual != expected else { return }
    Attachment.record(String(decoding: actual, as: UTF8.self), named: "actual.txt")
    let (line, got, wanted) = Self.firstDifference(actual, expected)
    Issue.record("\(name), line \(line):\n got \(got)\nwant \(wanted)\n\(run.errors)")
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
