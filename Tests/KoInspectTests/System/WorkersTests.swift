import ELFKit
import TestSupport
import Testing

@testable import KoInspect

@Suite("Work on all processors")
struct WorkersTests {
  @Test("Every result comes once and in order", arguments: [0, 1, 2, 7, 1000])
  func order(count: Int) {
    var results: [Int] = []
    Workers.run(count) { number in
      // Uneven work, so that later pieces finish earlier.
      (0..<(number % 7) * 1000).reduce(number) { sum, _ in sum }
    } deliver: {
      results.append($0)
    }
    #expect(results == Array(0..<count))
  }

  @Test("Many operands give what each gives alone, errors in order too")
  func modinfo() throws {
    let good = try TemporaryFile(ELFBuilder.module("good").build(), name: "good.ko")
    let bad = try TemporaryFile(Array("no module at all".utf8), name: "bad.ko")
    let words = (0..<300).map { $0 % 5 == 3 ? bad.path : $0 % 7 == 2 ? "no[\($0)" : good.path }
    let all = Run(["modinfo", "-b", "/nowhere"] + words)
    let single = words.map { Run(["modinfo", "-b", "/nowhere", $0]) }
    #expect(all.output == single.map(\.output).joined())
    #expect(all.errors == single.map(\.errors).joined())
    #expect(all.status == 1)
  }
}
