import Foundation
import TestSupport
import Testing

@testable import KoInspect

@Suite("The program as a user meets it")
struct ProgramTests {
  @Test("Without arguments: usage on standard error, status 2")
  func noArguments() {
    let run = Run([])
    expect(run.status, is: 2)
    expect(run.out.isEmpty)
    expect(run.errors.hasPrefix("usage: koinspect"))
  }

  @Test(
    "Help and version are clean",
    arguments: [
      ["--help"], ["-h"], ["help"], ["--version"], ["help", "check"], ["show", "--help"],
      ["readelf", "--help"], ["modinfo", "-h"], ["params", "--help"], ["symbols", "--help"],
      ["check", "--help"],
    ])
  func help(arguments: [String]) {
    let run = Run(arguments)
    expect(run.status, is: 0)
    expect(run.err.isEmpty)
    expect(!run.out.isEmpty)
    let lines = run.output.split(separator: "\n")
    expect(lines.allSatisfy { $0.count <= 100 }, "help fits 100 columns")
  }

  @Test("Every command is listed in the help, and its own help says how to use it")
  func commands() {
    let help = Run(["--help"]).output
    for command in CommandTable.all {
      expect(help.contains("  \(command.name) "), "\(command.name)")
      expect(Run([command.name, "--help"]).output.contains("koinspect"))
    }
  }

  @Test(
    "Mistyped words get a suggestion",
    arguments: [
      (["chekc"], "did you mean 'check'?"), (["modifno", "x.ko"], "did you mean 'modinfo'?"),
      (["show", "--jsno", "x.ko"], "did you mean '--json'?"),
      (["help", "raedelf"], "did you mean 'readelf'?"),
      (["--verison"], "did you mean '--version'?"), (["--hlep"], "did you mean '--help'?"),
      (["--jsn", "x.ko"], "did you mean '--json'?"),
      (["completions", "bsh"], "did you mean 'bash'?"),
      (["explain", "misssing-license"], "did you mean 'missing-license'?"),
      (["explain", "license"], "these rules are about it: missing-license, "),
    ])
  func suggestions(arguments: [String], suggestion: String) {
    let run = Run(arguments)
    expect(run.status, is: 2)
    expect(run.errors.contains(suggestion), "\(run.errors)")
  }

  @Test(
    "A missing file is named, with the system's reason",
    arguments: [
      "show", "params", "symbols", "check",
    ])
  func missing(command: String) {
    let run = Run([command, "/nowhere/gone.ko"])
    expect(run.status, is: 2)
    expect(run.errors, is: "koinspect: /nowhere/gone.ko: No such file or directory\n")
  }

  @Test("One bad file never hides the others, and the worst status wins")
  func oneBadFile() throws {
    let bad = try TemporaryFile(Array("not a module, but text".utf8))
    let run = Run(["params", fixture("hello.ko"), bad.path, fixture("hello.ko")])
    expect(run.status, is: 2)
    expect(run.output.components(separatedBy: "\"World\"").count, is: 3)
    expect(
      run.errors,
      is: "koinspect: \(bad.path): not an ELF file: it does not begin with 7f 45 4c 46 "
        + "(ELF header, offset 0x0)\n")
  }

  @Test("An ELF file that is no module is refused in words")
  func noModule() throws {
    let file = try TemporaryFile(ELFBuilder().build())
    let run = Run(["show", file.path])
    expect(run.status, is: 2)
    expect(run.errors.contains("not a kernel module"))
  }

  @Test("Damage in one part: the rest is shown, the part and offset are named, status 2")
  func damagedPart() throws {
    var builder = ELFBuilder.module("wounded")
    builder.section("__param", [1, 2, 3], size: 1 << 40)
    let file = try TemporaryFile(builder.build())
    let run = Run([file.path])
    expect(run.status, is: 2)
    expect(run.output.contains("wounded"))
    expect(run.output.contains("GPL"))
    expect(run.errors.contains("(section 3, offset 0x"))
    expect(run.errors.split(separator: "\n").count, is: 1)
  }

  @Test("A directory stands for the modules below it, in the order of their bytes")
  func directory() throws {
    let file = try TemporaryFile(ELFBuilder.module("b").build(), name: "b.ko")
    try Data(ELFBuilder.module("a").build()).write(to: URL(filePath: file.folder + "/a.ko"))
    try Data("x".utf8).write(to: URL(filePath: file.folder + "/README"))
    try FileManager.default.createSymbolicLink(
      atPath: file.folder + "/loop", withDestinationPath: file.folder)
    let run = Run(["show", "--json", file.folder])
    expect(run.status, is: 0)
    try expect(run.json().map { $0["name"] as? String }, is: ["a", "b"])
  }

  @Test("Options may follow operands, and -- ends them")
  func permutation() {
    let run = Run([fixture("hello.ko"), "--json"])
    expect(run.status, is: 0)
    expect(run.output.hasPrefix("{"))
    expect(Run(["params", "--", "--json"]).errors.contains("--json: No such file"))
  }

  @Test("Colour: only on a terminal, unless asked for or forbidden")
  func color() {
    let path = fixture("hello.ko")
    expect(!Run([path]).output.contains("\u{1b}"))
    expect(Run([path], isTerminal: true).output.contains("\u{1b}["))
    expect(!Run([path], isTerminal: true, variables: ["NO_COLOR": "1"]).output.contains("\u{1b}"))
    expect(!Run([path], isTerminal: true, variables: ["TERM": "dumb"]).output.contains("\u{1b}"))
    expect(!Run([path, "--color=never"], isTerminal: true).output.contains("\u{1b}"))
    expect(Run([path, "--color=always"]).output.contains("\u{1b}["))
  }

  @Test("A path that is not UTF-8 names the file it names")
  func pathBytes() {
    let run = Run(bytes: [Array("params".utf8), [0x2f, 0xff, 0x0a]])
    expect(run.errors, is: "koinspect: /\\xff\\x0a: No such file or directory\n")
  }
}
