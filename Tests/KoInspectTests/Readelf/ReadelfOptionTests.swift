import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// What GNU readelf 2.40 was seen to do with options and files.
@Suite("readelf: options and files")
struct ReadelfOptionTests {
  static let empty = ReadelfObject().bytes

  @Test(
    "Nothing to print is wrong usage, status 1, nothing on standard output",
    arguments: [[], ["-W"], ["-T"], ["-z"], ["-C"], ["-D"], ["-P"]])
  func nothingAsked(arguments: [String]) throws {
    let run = try ReadelfRun(arguments, [Self.empty])
    expect(run.status, is: 1)
    expect(run.output.isEmpty)
    expect(run.errors.contains("usage:"))
  }

  @Test("No file is a warning and wrong usage")
  func noFile() throws {
    let run = try ReadelfRun(["-h"], [])
    expect(run.status, is: 1)
    expect(run.errors.hasPrefix("readelf: Warning: Nothing to do.\n"))
  }

  @Test("A missing file is status 1; the others are still printed under their names")
  func missingFile() throws {
    let run = try ReadelfRun(["-h", "/nonexistent/x.ko"], [Self.empty])
    expect(run.status, is: 1)
    expect(run.errors, is: "readelf: Error: '/nonexistent/x.ko': No such file\n")
    expect(run.output.hasPrefix("\nFile: "))
    expect(run.output.contains("ELF Header:\n"))
  }

  @Test("Several files are named, one is not")
  func names() throws {
    try expect(ReadelfRun(["-h"], [Self.empty]).output.hasPrefix("ELF Header:"))
    let two = try ReadelfRun(["-h"], [Self.empty, Self.empty])
    expect(two.lines.filter { $0.hasPrefix("File: ") }.count, is: 2)
  }

  @Test(
    "Files too short or not ELF end with status 1",
    arguments: [
      ("", "Failed to read file's magic number"), ("short", "Failed to read file's magic number"),
      ("longer than a magic number", "Failed to read file header"),
      (String(repeating: "text ", count: 20), "Not an ELF file - it has the wrong magic bytes"),
    ])
  func notELF(text: String, message: String) throws {
    let run = try ReadelfRun(["-h"], [Array(text.utf8)])
    expect(run.status, is: 1)
    expect(run.output.isEmpty)
    expect(run.errors.contains(message))
  }

  @Test("Options combine, follow operands and may be abbreviated")
  func spellings() throws {
    let expected = try ReadelfRun(["-h", "-S", "-W"], [Self.empty]).output
    try expect(ReadelfRun(["-hSW"], [Self.empty]).output, is: expected)
    try expect(ReadelfRun(["-WSh"], [Self.empty]).output, is: expected)
    let words = ["--file-h", "--sections", "--wid"]
    try expect(ReadelfRun(words, [Self.empty]).output, is: expected)
  }

  @Test("The order of tables is fixed, whatever the order of options")
  func order() throws {
    let run = try ReadelfRun(["-n", "-s", "-r", "-S", "-h", "-d", "-l", "-g"], [Self.empty])
    let order = [
      "ELF Header", "Section Headers", "no section groups", "no program headers",
      "no dynamic section", "no relocations",
    ]
    let places = order.compactMap { run.output.range(of: $0)?.lowerBound }
    expect(places.count, is: order.count)
    expect(places, is: places.sorted())
  }

  @Test("An unknown option is wrong usage", arguments: ["-Q", "--nosuch", "-hQ"])
  func unknownOption(option: String) throws {
    let run = try ReadelfRun([option], [Self.empty])
    expect(run.status, is: 1)
    expect(run.output.isEmpty)
  }

  @Test("DWARF dumps are refused with status 2", arguments: ["-w", "--debug-dump=info", "--ctf=x"])
  func dwarf(option: String) throws {
    let run = try ReadelfRun([option], [Self.empty])
    expect(run.status, is: 2)
    expect(run.errors.contains("not offered"))
  }

  @Test("Help and version are ours", arguments: ["--help", "-H", "--version", "-v"])
  func help(option: String) throws {
    let run = try ReadelfRun([option], [])
    expect(run.status, is: 0)
    expect(run.output.contains("readelf"))
  }

  @Test("The index of an archive is not there, which is no failure")
  func archiveIndex() throws {
    let run = try ReadelfRun(["-c"], [Self.empty])
    expect(run.status, is: 0)
    expect(run.output.isEmpty)
    expect(run.errors.contains("is not an archive so its index cannot be displayed."))
  }
}
