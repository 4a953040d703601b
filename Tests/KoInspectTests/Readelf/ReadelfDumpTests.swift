import TestSupport
import Testing

@testable import KoInspect

@Suite("readelf: dumps")
struct ReadelfDumpTests {
  static func object(_ bytes: [UInt8], name: String = ".s") -> ReadelfObject {
    var object = ReadelfObject()
    object.add(.init(name: name, type: 1, bytes: bytes))
    return object
  }

  @Test("Bytes: sixteen a row, printable ASCII beside them")
  func hex() throws {
    let run = try ReadelfRun("-x .s", Self.object(Array(0x3a..<0x4c)))
    expect(
      run.lines,
      is: [
        "", "Hex dump of section '.s':",
        "  0x00000000 3a3b3c3d 3e3f4041 42434445 46474849 :;<=>?@ABCDEFGHI",
        "  0x00000010 4a4b                                JK", "",
      ])
  }

  /// Content and the lines between heading and the empty last line.
  static let stringRows: [(String, [String])] = [
    ("\0abc\0", ["  [     1]  abc"]),
    ("ab\n\n\ncd\0", ["  [     0]  ab\\n", "            cd"]),
    ("ab\n\tcd\0", ["  [     0]  ab\\n", "            cd"]),
    ("ab\n\0\tcd", ["  [     0]  ab\\n", "  [     5]  cd"]),
    ("a\tb\u{1}\0", ["  [     0]  a^Ib^A"]),
    ("a\n", ["  [     0]  a\\n"]),
  ]

  @Test("Strings begin with printable ASCII; line feeds continue on a row", arguments: stringRows)
  func strings(content: String, expected: [String]) throws {
    let lines = try ReadelfRun("-p .s", Self.object(Array(content.utf8))).lines
    expect(Array(lines.dropFirst(2).dropLast()), is: expected)
  }

  @Test("No strings leaves one line feed only")
  func noStrings() throws {
    let run = try ReadelfRun("-p .s", Self.object([0, 1, 2]))
    expect(run.output, is: "\nString dump of section '.s':\n  No strings found in this section.\n")
  }

  @Test("A section may be named by number or name; a number that is not there is status 1")
  func names() throws {
    let object = Self.object([1], name: "7")
    try expect(ReadelfRun("-x 1", object).output, is: ReadelfRun("-x 0x1", object).output)
    let missing = try ReadelfRun("-x 7", object)
    expect(missing.status, is: 1)
    expect(missing.errors.hasSuffix("Section 7 was not dumped because it does not exist!\n"))
    let unnamed = try ReadelfRun("-x .nosuch", object)
    expect(unnamed.status, is: 0)
    expect(
      unnamed.errors.hasSuffix("Section '.nosuch' was not dumped because it does not exist\n"))
  }

  /// Names and what is left of them: `^A` takes two characters, `<C3>` four.
  static let longNames: [(String, String)] = [
    (String(repeating: "a", count: 300), String(repeating: "a", count: 256)),
    (String(repeating: "b", count: 254) + "\u{1}z", String(repeating: "b", count: 254) + "^A"),
    (String(repeating: "c", count: 255) + "\u{1}z", String(repeating: "c", count: 255)),
    (String(repeating: "d", count: 252) + "é", String(repeating: "d", count: 252) + "<C3>"),
    (String(repeating: "e", count: 253) + "é", String(repeating: "e", count: 253)),
  ]

  @Test("A name in a heading ends after 256 characters, as in binutils", arguments: longNames)
  func longName(name: String, expected: String) throws {
    let run = try ReadelfRun("-x 1", Self.object([1], name: name))
    expect(run.lines[1], is: "Hex dump of section '\(expected)':")
  }

  @Test("Dumps come in section order: bytes, relocated bytes, strings")
  func order() throws {
    var object = Self.object([0x41])
    object.add(.init(name: ".t", type: 1, bytes: [0x42]))
    let run = try ReadelfRun("-p .t -p .s -x .t -x .s", object)
    expect(
      run.lines.filter { $0.contains("dump of") },
      is: [
        "Hex dump of section '.s':", "String dump of section '.s':",
        "Hex dump of section '.t':", "String dump of section '.t':",
      ])
  }

  @Test("A section without bytes has no data to dump")
  func noData() throws {
    var object = ReadelfObject()
    object.add(.init(name: ".b", type: 8, bytes: [0]))
    try expect(
      ReadelfRun("-x .b -p .b", object).output,
      is: "Section '.b' has no data to dump.\nSection '.b' has no data to dump.\n")
  }

  /// Machine, type, and what `-R` makes of sixteen bytes of 0x11 with symbol 0x1000, addend 0x10.
  static let relocatedRows: [(UInt16, UInt32, String)] = [
    (62, 1, "11111111 11111111 10100000 00000000"), (62, 2, "11111111 11111111 08100000 11111111"),
    (22, 4, "11111111 11111111 00001010 11111111"),
    (243, 35, "11111111 11111111 21211111 11111111"),
    (243, 39, "11111111 11111111 21011111 11111111"),
    (15, 72, "11111111 11111111 00000000 00001000"),
  ]

  @Test("Simple relocations are applied", arguments: relocatedRows)
  func relocations(machine: UInt16, type: UInt32, expected: String) throws {
    var object = ReadelfObject(machine: machine, isBigEndian: machine == 22 || machine == 15)
    let strings = object.add(.init(name: ".strtab", type: 3, bytes: [0]))
    let table = object.add(
      .init(
        name: ".symtab", type: 2,
        bytes: object.symbol() + object.symbol(info: 3, section: 1, value: 0x1000),
        link: strings, info: 2, entrySize: 24))
    let target = object.add(
      .init(name: ".t", type: 1, bytes: [UInt8](repeating: 0x11, count: 16)))
    object.add(
      .init(
        name: ".rela.t", type: 4,
        bytes: object.relocation(8, symbol: 1, type: type, addend: 0x10), link: table,
        info: target, entrySize: 24))
    let line = try ReadelfRun("-R .t", object).lines[2]
    expect(line.dropFirst(13).prefix(35) == expected)
    try expect(ReadelfRun("-x .t", object).lines[2].hasPrefix(" NOTE: This section has reloc"))
    try expect(ReadelfRun("-p .t", object).lines[2].hasPrefix("  Note: This section has reloc"))
  }
}
