import Foundation
import TestSupport
import Testing

/// What the README shows is what the tool prints.
@Suite("README")
struct ReadmeTests {
  static let samples: [String] = {
    let path = Fixtures.folder.deletingLastPathComponent().appending(path: "README.md")
    let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
    return text.components(separatedBy: "```console\n").dropFirst().map {
      $0.components(separatedBy: "```")[0]
    }
  }()

  @Test("There are samples")
  func notEmpty() { expect(Self.samples.count >= 5) }

  @Test("A sample is real output; a last line of … cuts it", arguments: samples)
  func sample(text: String) throws {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    let command = lines.popFirst() ?? ""
    expect(command.hasPrefix("$ koinspect "))
    let words = command.dropFirst(12).split(separator: " ").map(String.init)
    let root = Fixtures.folder.deletingLastPathComponent().path + "/"
    let run = Run(words.map { $0.hasPrefix("Fixtures/") ? root + $0 : $0 })
    var actual = run.output.replacingOccurrences(of: root, with: "")
      .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    if lines.last == "  …" {
      lines.removeLast()
      actual = actual.prefix(lines.count)
    }
    // Editors take away the blanks at the ends of lines.
    let trimmed = actual.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
    expect(trimmed, is: lines.map { String($0.reversed().drop { $0 == " " }.reversed()) })
  }
}
