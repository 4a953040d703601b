import ELFKit
import TestSupport
import Testing

@testable import KoInspect

@Suite("Many items at once")
struct OrderedWorkTests {
  @Test("Every result comes once and in order", arguments: [0, 1, 2, 7, 1000])
  func order(count: Int) {
    var console = Console(
      out: TextBuffer(), err: TextBuffer(),
      environment: Environment(
        outputIsTerminal: { false }, errorIsTerminal: { false }, variable: { _ in nil },
        workingDirectory: { [] }))
    let results = OrderedWork.run(count, separator: ",", &console) { number, console in
      if number % 3 != 1 { console.out.append("\(number)") }
      // Uneven work, so that later items finish earlier.
      return (0..<(number % 7) * 1000).reduce(number) { sum, _ in sum }
    }
    expect(results, is: Array(0..<count))
    // A separator stands between what items print, and nowhere else.
    let printed = (0..<count).filter { $0 % 3 != 1 }.map(String.init)
    expect(console.out.text, is: printed.joined(separator: ","))
  }

  @Test("Many operands give what each gives alone, errors in order too")
  func modinfo() throws {
    let good = try TemporaryFile(ELFBuilder.module("good").build(), name: "good.ko")
    let bad = try TemporaryFile(Array("no module at all".utf8), name: "bad.ko")
    let words = (0..<300).map { $0 % 5 == 3 ? bad.path : $0 % 7 == 2 ? "no[\($0)" : good.path }
    let all = Run(["modinfo", "-b", "/nowhere"] + words)
    let single = words.map { Run(["modinfo", "-b", "/nowhere", $0]) }
    expect(all.output, is: single.map(\.output).joined())
    expect(all.errors, is: single.map(\.errors).joined())
    expect(all.status, is: 1)
  }

  @Test("Output keeps the order of the operands, however many threads work, errors among it")
  func readelf() throws {
    let names = ["hello.ko", "params.ko", "exporter.ko", "importer.ko", "library.ko"]
    let paths = (0..<40).map { $0 == 17 ? "/nowhere.ko" : fixture(names[$0 % names.count]) }
    let together = Run(["readelf", "-SsrW"] + paths)
    // Two operands, so that the name of the file stands before its tables.
    let oneByOne = paths.flatMap { path -> [UInt8] in
      let twice = Run(["readelf", "-SsrW", path, path]).out
      return Array(twice.prefix(twice.count / 2))
    }
    expect(together.out, is: oneByOne)
    expect(together.status, is: 1)
    expect(together.errors, is: "readelf: Error: '/nowhere.ko': No such file\n")
  }
}
