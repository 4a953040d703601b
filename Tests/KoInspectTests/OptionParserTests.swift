import TestSupport
import Testing

@testable import KoInspect

@Suite("Options, as getopt_long reads them")
struct OptionParserTests {
  private static let parser = OptionParser(table: [
    Option("all", "a", "all", help: ""),
    Option("file", "f", "file", argument: .required("F"), help: ""),
    Option("field", nil, "field", argument: .required("F"), help: ""),
    Option("unicode", "U", "unicode", argument: .optional("X"), help: ""),
  ])

  private static func parse(_ words: String...) throws -> ParsedArguments<String> {
    try parser.parse(words.map { Array($0.utf8) })
  }

  @Test("Short options cluster; the last may take the rest as its value")
  func clusters() throws {
    let parsed = try Self.parse("-aafx", "op", "-f", "y", "-a")
    expect(parsed.options.map(\.name), is: ["all", "all", "file", "file", "all"])
    expect(parsed.values("file"), is: [Array("x".utf8), Array("y".utf8)])
    expect(parsed.operands, is: [Array("op".utf8)])
  }

  @Test("Long options may be abbreviated where unique, and take values both ways")
  func long() throws {
    try expect(Self.parse("--al").has("all"))
    try expect(Self.parse("--fie=1").value("field"), is: Array("1".utf8))
    try expect(Self.parse("--file", "1").value("file"), is: Array("1".utf8))
    try expect(Self.parse("--unicode=hex").value("unicode"), is: Array("hex".utf8))
    try expect(Self.parse("--unicode", "hex").operands, is: [Array("hex".utf8)])
  }

  @Test("-- ends the options; a lone - is an operand")
  func end() throws {
    let parsed = try Self.parse("-", "--", "-a", "--all")
    expect(parsed.options.isEmpty)
    expect(parsed.operands.count, is: 3)
  }

  @Test(
    "What cannot be understood is named",
    arguments: [
      (["-z"], "invalid option -- 'z'"), (["--zap"], "unrecognized option '--zap'"),
      (["--fi", "x"], "option '--fi' is ambiguous; possibilities: '--file' '--field'"),
      (["-f"], "option requires an argument -- 'f'"),
      (["--file"], "option '--file' requires an argument"),
      (["--all=1"], "option '--all' doesn't allow an argument"),
    ])
  func errors(words: [String], message: String) {
    do throws(OptionError) {
      _ = try Self.parser.parse(words.map { Array($0.utf8) })
      Issue.record("understood")
    } catch {
      expect(error.getoptMessage.text, is: message)
    }
  }
}
