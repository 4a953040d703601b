import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// What people read is as wide as their terminal.
@Suite("Widths of terminals")
struct WidthTests {
  static let commands = [
    ["show"], ["sections"], ["params"], ["symbols"], ["aliases"],
    ["check", "--no-config", "--all-rules", "--notes"], ["explain", "missing-license"],
  ]

  @Test("No line is longer, unless it is one word; no word is cut", arguments: [60, 80, 120, 200])
  func lines(columns: Int) {
    for command in Self.commands {
      for name in ["hello.ko", "params.ko", "exporter.ko", "license_misspelt.ko", "s390x/hello.ko"]
      {
        let operands = command[0] == "explain" ? [] : [fixture(name)]
        let run = Run(
          command + operands, isTerminal: true, columns: columns, variables: ["NO_COLOR": "1"])
        let folder = URL(filePath: fixture(name)).deletingLastPathComponent().path
        let text = run.output.replacingOccurrences(of: folder, with: "")
        for line in text.split(separator: "\n") where line.count > columns {
          let words = line.split(separator: " ")
          #expect(words.count == 1, "\(command) \(name): \(line)")
        }
        // What is printed is the same, but for its layout.
        let usual = Run(
          command + operands, isTerminal: true, columns: 100, variables: ["NO_COLOR": "1"])
        #expect(Self.characters(run.output) == Self.characters(usual.output), "\(command) \(name)")
      }
    }
  }

  /// The characters of a text, whatever lines they stand in.
  private static func characters(_ text: String) -> [Character] {
    text.filter { $0 != " " && $0 != "\n" }.sorted()
  }

  @Test("Columns that find no room beside the others stand below them")
  func bands() {
    var table = Table(indentation: 0)
    table.row([
      Cell("a column of words"), Cell("another-column-of-them"), Cell("and then the last"),
    ])
    var out = TextBuffer()
    table.write(to: &out, Style(isColored: false, width: 60))
    #expect(
      out.text == """
        a column of words  another-column-of-them  and then the last

        """)
    var narrow = TextBuffer()
    table.row([Cell("x")])
    table.write(to: &narrow, Style(isColored: false, width: 50))
    #expect(
      narrow.text == """
        a column of  another-column-of-them
        words
            and then the last
        x

        """)
  }

  @Test("Blanks in front of a text are no place to fold it, and none are left behind it")
  func folds() {
    let folded = { (text: String, width: Int) in
      Table.fold(Array(text.utf8), width).map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(folded("  .gnu.linkonce.this_module", 20) == ["  .gnu.linkonce.this_module"])
    #expect(folded("four more ", 9) == ["four more"])
    #expect(folded("four more words", 9) == ["four more", "words"])
    #expect(folded("", 9) == [""])
  }

  @Test("A pipe is 100 columns wide, whatever terminal there is; so is one that does not tell")
  func pipes() {
    let command = ["params", fixture("params.ko")]
    let piped = Run(command)
    #expect(Run(command, columns: 60).out == piped.out)
    #expect(Run(command, isTerminal: true, variables: ["NO_COLOR": "1"]).out == piped.out)
    let narrow = Run(command, isTerminal: true, columns: 3, variables: ["NO_COLOR": "1"])
    #expect(
      narrow.out == Run(command, isTerminal: true, columns: 60, variables: ["NO_COLOR": "1"]).out)
    #expect(narrow.out != piped.out)
  }
}
