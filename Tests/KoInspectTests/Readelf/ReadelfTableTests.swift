import TestSupport
import Testing

@testable import KoInspect

/// Odd corners of the tables; the expected text is what GNU readelf 2.40 printed.
@Suite("readelf: tables")
struct ReadelfTableTests {
  /// An object with one symbol table and the strings `abc` and `averylongnameofasymbol`.
  static func object(
    machine: UInt16 = 62, symbols: (ReadelfObject) -> [[UInt8]], relocations: [[UInt8]] = []
  ) -> ReadelfObject {
    var object = ReadelfObject(machine: machine)
    let strings = object.add(
      .init(name: ".strtab", type: 3, bytes: Array("\0abc\0averylongnameofasymbol\0".utf8)))
    let table = object.add(
      .init(
        name: ".symtab", type: 2,
        bytes: object.symbol() + symbols(object).flatMap { $0 }, link: strings, info: 9,
        entrySize: 24))
    if !relocations.isEmpty {
      object.add(
        .init(
          name: ".rela.x", type: 4, bytes: relocations.flatMap { $0 }, link: table, entrySize: 24))
    }
    return object
  }

  @Test("Sections: unknown flags, large numbers, cut names and types")
  func sections() throws {
    var object = ReadelfObject()
    object.add(
      .init(
        name: ".a_very_long_section_name", type: 0x14, flags: 0xf000_0002, bytes: [1],
        alignment: 65536, address: 5))
    let narrow = try ReadelfRun("-S", object).lines
    expect(
      narrow[7], is: "  [ 1] .a_very_long[...] 00000014: <unkn  0000000000000005  00000040")
    expect(narrow[8], is: "       0000000000000001  0000000000000000 Alp       0     0     65536")
    let wide = try ReadelfRun("-SW", object).lines
    expect(
      wide[5],
      is:
        "  [ 1] .a_very_long_section_name 00000014: <unknown> 0000000000000005 000040 000001 00 Alp  0   0 65536"
    )
  }

  @Test("Symbols: sizes from 100000 on are hexadecimal, special indices have names")
  func symbols() throws {
    let object = Self.object { object in
      [
        object.symbol(name: 1, info: 0x11, section: 0xfff1, size: 99_999),
        object.symbol(name: 5, info: 0x22, other: 2, section: 0xff20, size: 100_000),
        object.symbol(info: 3, section: 1),
        object.symbol(name: 99, info: 0x1d, section: 77),
      ]
    }
    let lines = try ReadelfRun("-s", object).lines
    expect(lines[1], is: "Symbol table '.symtab' contains 5 entries:")
    expect(lines[4], is: "     1: 0000000000000000 99999 OBJECT  GLOBAL DEFAULT  ABS abc")
    expect(
      lines[5],
      is:
        "     2: 0000000000000000 0x186a0 FUNC    WEAK   HIDDEN  OS [0xff20] averylongnameofa[...]")
    expect(lines[6], is: "     3: 0000000000000000     0 SECTION LOCAL  DEFAULT    1 .strtab")
    expect(
      lines[7],
      is:
        "     4: 0000000000000000     0 <processor specific>: 13 GLOBAL DEFAULT bad section index[ 77] <corrupt>"
    )
  }

  @Test("Narrow and wide rows say the same where nothing is cut")
  func wideRows() throws {
    let object = Self.object { object in
      (0..<300).map { object.symbol(name: 1, info: 0x10, section: 1, value: $0, size: $0) }
    }
    try expect(ReadelfRun("-s", object).output, is: ReadelfRun("-sW", object).output)
  }

  @Test("The entry point of a PowerPC64 function stands in the middle of the row")
  func localEntry() throws {
    let object = Self.object(machine: 21) { [$0.symbol(name: 1, info: 0x12, other: 0x60)] }
    try expect(
      ReadelfRun("-sW", object).lines[4],
      is: "     1: 0000000000000000     0 FUNC    GLOBAL DEFAULT [<localentry>: 8]   UND abc")
  }

  @Test("Relocations without symbol, with bad symbol, with negative addend")
  func relocations() throws {
    let plain = ReadelfObject()
    let object = Self.object(
      symbols: { [$0.symbol(name: 1, info: 0x10, value: 0x1234)] },
      relocations: [
        plain.relocation(8, symbol: 1, type: 1, addend: -4),
        plain.relocation(16, symbol: 0, type: 8, addend: 255),
        plain.relocation(24, symbol: 0, type: 8, addend: -1),
        plain.relocation(32, symbol: 9, type: 7777, addend: 0),
      ])
    let run = try ReadelfRun("-r", object)
    expect(
      Array(run.lines.dropFirst(3)),
      is: [
        "000000000008  000100000001 R_X86_64_64       0000000000001234 abc - 4",
        "000000000010  000000000008 R_X86_64_RELATIVE                    ff",
        "000000000018  000000000008 R_X86_64_RELATIVE                    -1",
        "000000000020  000900001e61 unrecognized: 1e61   ",
      ])
    expect(run.errors, is: "readelf: Error:  bad symbol index: 00000009 in reloc\n")
    expect(run.status, is: 0)
    let wide = try ReadelfRun("-rW", object).lines
    expect(
      wide[3],
      is: "0000000000000008  0000000100000001 R_X86_64_64            0000000000001234 abc - 4")
  }

  @Test("MIPS64 prints three types a relocation")
  func mips() throws {
    let plain = ReadelfObject(machine: 8, isBigEndian: true)
    var object = Self.object(machine: 8, symbols: { [$0.symbol(name: 1)] })
    object.add(
      .init(
        name: ".rela.y", type: 4,
        bytes: Array(plain.relocation(0, symbol: 0, type: 0, addend: 0).prefix(8))
          + [1, 0, 0, 0, 0, 5, 24, 7] + [UInt8](repeating: 0, count: 8), link: 2, entrySize: 24))
    let lines = try ReadelfRun("-rW", object).lines
    expect(
      lines[3],
      is: "0000000000000000  0000000100051807 R_MIPS_GPREL16         0000000000000000 abc + 0")
    expect(lines[4], is: "                    Type2: R_MIPS_SUB       ")
    expect(lines[5], is: "                    Type3: R_MIPS_HI16      ")
  }

  @Test("Names newer than binutils 2.40 are printed")
  func newerNames() throws {
    let plain = ReadelfObject()
    let object = Self.object(
      machine: 258, symbols: { [$0.symbol(name: 1)] },
      relocations: [plain.relocation(0, symbol: 1, type: 109, addend: 0)])
    try expect(ReadelfRun("-rW", object).output.contains("R_LARCH_64_PCREL       000"))
  }

  @Test("Notes: build ID, build salt and an owner nobody knows")
  func notes() throws {
    var object = ReadelfObject()
    object.add(
      .init(
        name: ".note", type: 7,
        bytes: object.note("GNU", 3, [0xab, 0xcd]) + object.note("Linux", 0x100, [0x6b, 0])
          + object.note("XYZ", 9, []), alignment: 4))
    let expected = [
      "", "Displaying notes found in: .note", "  Owner                Data size \tDescription",
      "  GNU                  0x00000002\tNT_GNU_BUILD_ID (unique build ID bitstring)",
      "    Build ID: abcd", "  Linux                0x00000002\tOPEN",
      "   description data: 6b 00 ",
      "  XYZ                  0x00000000\tUnknown note type: (0x00000009)",
    ]
    try expect(ReadelfRun("-n", object).lines, is: expected)
    try expect(
      ReadelfRun("-nW", object).lines.last,
      is: "  XYZ                  0x00000000\tUnknown note type: (0x00000009)\t")
  }

  @Test(
    "An empty note section is a failure, as in 2.40, but not in a module: each of Linux 7.2 has one"
  )
  func emptyNote() throws {
    var object = ReadelfObject()
    object.add(.init(name: ".note.GNU-stack", type: 7))
    let run = try ReadelfRun("-n", object)
    expect(run.status, is: 1)
    expect(run.output.isEmpty)
    object.add(.init(name: ".modinfo", type: 1))
    try expect(ReadelfRun("-n", object).status, is: 0)
  }

  @Test("e_flags are shown in words, none when they are zero")
  func flags() throws {
    let words = { (machine: UInt16, flags: UInt32) in
      let lines = try ReadelfRun("-h", ReadelfObject(machine: machine, flags: flags)).lines
      return lines.first { $0.hasPrefix("  Flags:") }?.dropFirst(37)
    }
    try expect(words(243, 5), is: "0x5, RVC, double-float ABI")
    try expect(words(243, 0), is: "0x0")
    try expect(words(258, 0x43), is: "0x43, DOUBLE-FLOAT, OBJ-v1")
    try expect(words(8, 0x8000_0007), is: "0x80000007, noreorder, pic, cpic, mips64r2")
  }
}
