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
    ["preflight", "--kernel", fixture("debian-6.1.0-56-amd64.json")],
    // One line for each of several.
    ["preflight", "--kernel", fixture("debian-6.1.0-56-amd64.json"), fixture("importer.ko")],
  ]

  /// What there is of everything: exports, parameters, a long kernel's log, another machine.
  static let modules = [
    "hello.ko", "params.ko", "exporter.ko", "importer.ko", "license_misspelt.ko", "s390x/hello.ko",
    "mips/hello.ko",
  ]

  @Test("No line is longer, unless it is one word; no word is cut", arguments: [60, 80, 120, 200])
  func lines(columns: Int) {
    for command in Self.commands {
      for name in Self.modules {
        let operands = command[0] == "explain" ? [] : [fixture(name)]
        let at = { (columns: Int) in
          Run(command + operands, isTerminal: true, columns: columns, variables: ["NO_COLOR": "1"])
            .output
        }
        let text = at(columns)
        for line in text.split(separator: "\n") where line.count > columns {
          expect(line.split(separator: " ").count, is: 1, "\(command) \(name): \(line)")
        }
        // What is printed is the same, but for its layout.
        expect(Self.characters(text), is: Self.characters(at(100)), "\(command) \(name)")
      }
    }
  }

  @Test("In a pipe a line that other programs look for stays whole")
  func whole() throws {
    let run = Run([
      "preflight", "--kernel", fixture("debian-6.1.0-56-amd64.json"), fixture("importer.ko"),
    ])
    let line =
      "  importer: module verification failed: signature and/or required key missing - tainting kernel\n"
    expect(run.output.contains(line))
    // Wherever the fixtures lie, the path of this one is too long for the line.
    let file = try TemporaryFile(
      try Fixtures.bytes("hello.ko"), name: "\(String(repeating: "hello", count: 9)).ko")
    let narrow = Run(
      ["show", file.path], isTerminal: true, columns: 60, variables: ["NO_COLOR": "1"])
    let folded = narrow.output.split(separator: "\n").prefix { !$0.hasPrefix("  license") }
    expect(folded.count > 2 && folded.dropFirst(2).allSatisfy { $0.hasPrefix("    ") })
    expect(Run(["show", fixture("hello.ko")]).output.contains("\n  \(fixture("hello.ko")), "))
  }

  @Test("Tones of a folded line end where its words do")
  func tones() {
    var line = Paragraph()
    line.add("one two", .bad)
    line.add(" three four")
    var out = TextBuffer()
    line.write(to: &out, Style(isColored: true, width: 9, isTerminal: true), indentation: 1)
    expect(
      out.text, is: " \u{1b}[31mone\u{1b}[0m\n   \u{1b}[31mtwo\u{1b}[0m\n   three\n   four\n")
  }

  /// The characters of a text, whatever lines they stand in; bars have the room that words leave.
  private static func characters(_ text: String) -> [Character] {
    text.filter { !" \n▏▎▍▌▋▊▉█".contains($0) }.sorted()
  }

  @Test("Columns that find no room beside the others stand below them")
  func bands() {
    var table = Table(indentation: 0)
    table.row([
      Cell("a column of words"), Cell("another-column-of-them"), Cell("and then the last"),
    ])
    var out = TextBuffer()
    table.write(to: &out, Style(isColored: false, width: 60))
    expect(
      out.text,
      is: """
        a column of words  another-column-of-them  and then the last

        """)
    var narrow = TextBuffer()
    table.row([Cell("x")])
    table.write(to: &narrow, Style(isColored: false, width: 50))
    expect(
      narrow.text,
      is: """
        a column of words  another-column-of-them
            and then the last
        x

        """)
  }

  @Test("A word that is longer than the last column has a line for itself, on a terminal")
  func longWords() {
    var table = Table(indentation: 2)
    let path = "/build/reproducible-path/fs/smb/compress/lz77.c"
    table.row([Cell("warning"), Cell("it fits")])
    table.row([Cell("note"), Cell("\(path) is a path")])
    table.row([Cell(""), Cell(path)])
    let text = { (isTerminal: Bool) in
      var out = TextBuffer()
      table.write(to: &out, Style(isColored: false, width: 50, isTerminal: isTerminal))
      return out.text
    }
    expect(
      text(true),
      is: """
          warning  it fits
          note
              \(path)
              is a path
                   \(path)

        """)
    expect(
      text(false),
      is: """
          warning  it fits
          note     \(path)
                   is a path
                   \(path)

        """)
  }

  @Test("Blanks in front of a text are no place to fold it, and none are left behind it")
  func folds() {
    let folded = { (text: String, width: Int) in
      Table.fold(Array(text.utf8), width).map { String(decoding: $0, as: UTF8.self) }
    }
    expect(folded("  .gnu.linkonce.this_module", 20), is: ["  .gnu.linkonce.this_module"])
    expect(folded("four more ", 9), is: ["four more"])
    expect(folded("four more words", 9), is: ["four more", "words"])
    expect(folded("", 9), is: [""])
  }

  @Test("A pipe is 100 columns wide, whatever terminal there is; so is one that does not tell")
  func pipes() {
    let command = ["params", fixture("params.ko")]
    let piped = Run(command)
    expect(Run(command, columns: 60).out, is: piped.out)
    expect(Run(command, isTerminal: true, variables: ["NO_COLOR": "1"]).out, is: piped.out)
    let narrow = Run(command, isTerminal: true, columns: 3, variables: ["NO_COLOR": "1"])
    expect(
      narrow.out, is: Run(command, isTerminal: true, columns: 60, variables: ["NO_COLOR": "1"]).out)
    expect(narrow.out != piped.out)
  }
}
