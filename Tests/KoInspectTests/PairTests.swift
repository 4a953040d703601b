import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// One driver built twice, with one thing done otherwise (Fixtures/pairs/build.sh): what diff says of each pair
/// stands in pairs.tsv.
@Suite("Pairs of builds")
struct PairTests {
  private struct Pair: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String
    let status: Int32
    /// The first line, and words that must stand below it.
    let answer: String
    let words: [String]

    var testDescription: String { "\(old) \(new)" }
  }

  private static let pairs: [Pair] = {
    let table = (try? Fixtures.bytes("pairs/pairs.tsv")) ?? []
    return String(decoding: table, as: UTF8.self).split(separator: "\n").filter {
      !$0.hasPrefix("#")
    }.map { line in
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return Pair(
        old: cells[0], new: cells[1], status: Int32(cells[2]) ?? -1, answer: cells[3],
        words: Array(cells.dropFirst(4)))
    }
  }()

  private static func path(_ name: String) -> String {
    Fixtures.path("pairs/\(name.contains(".") ? name : name + ".ko")")
  }

  @Test("Each pair is named as what it is", arguments: pairs)
  private func pair(_ pair: Pair) throws {
    let run = Run(["diff", Self.path(pair.old), Self.path(pair.new)])
    expect(run.status, is: pair.status)
    expect(run.output.prefix { $0 != "\n" } == pair.answer)
    // Columns and ends of lines are not what is asked.
    let text = run.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    for words in pair.words { expect(text.contains(words), "\(run.output)") }
  }

  @Test("There are thirty of them, and what is the same one way is the same the other way")
  func symmetry() {
    expect(Self.pairs.count >= 30)
    for pair in Self.pairs {
      let run = Run(["diff", "--fail-on", "code,data", Self.path(pair.new), Self.path(pair.old)])
      let isChanged = pair.answer.hasPrefix("changed")
      expect(run.status, is: (isChanged ? 1 : 0), "\(pair.testDescription)")
    }
  }
}
