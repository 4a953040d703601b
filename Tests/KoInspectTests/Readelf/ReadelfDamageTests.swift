import ELFKit
import TestSupport
import Testing

@testable import KoInspect

/// Damaged tables: what GNU readelf 2.40 prints of them, and how it ends.
@Suite("readelf: damaged tables")
struct ReadelfDamageTests {
  /// A section of version definitions with one record of 20 bytes, then `rest`.
  private static func table(
    names: UInt64 = 1, at name: UInt64 = 20, next: UInt64 = 0, count: UInt32 = 1, _ rest: [UInt8]
  ) -> ReadelfObject {
    var object = ReadelfObject()
    let strings = object.add(.init(name: ".dynstr", type: 3, bytes: Array("\0one\0".utf8)))
    let record =
      object.number(1, 2) + object.number(0, 2) + object.number(2, 2) + object.number(names, 2)
      + object.number(0, 4) + object.number(name, 4) + object.number(next, 4)
    object.add(
      .init(
        name: ".gnu.version_d", type: 0x6fff_fffd, bytes: record + rest, link: strings,
        info: count))
    return object
  }

  @Test(
    "A table of versions that is not all there says so, one that is damaged inside ends",
    arguments: [
      (table([1, 0, 0, 0, 0, 0, 0, 0]), ["Cnt: 1  Name: one"]),
      (
        table([1, 0, 0, 0]),
        ["Cnt: 1    Version definition past end of section"]
      ),
      (
        table(at: 900, [1, 0, 0, 0, 0, 0, 0, 0]),
        ["Cnt: 1    Version definition past end of section"]
      ),
      (
        table(next: 40, count: 2, [1, 0, 0, 0, 0, 0, 0, 0]),
        ["Cnt: 1  Name: one", "  Version definition past end of section"]
      ),
      (table(next: 4, count: 2, [1, 0, 0, 0, 0, 0, 0, 0]), ["Cnt: 1  Name: one"]),
      (table(names: 0, [1, 0, 0, 0, 0, 0, 0, 0]), ["Cnt: 0  Name: one"]),
      (
        table(names: 2, [1, 0, 0, 0, 99, 0, 0, 0]),
        ["Cnt: 2  Name: one", "  Version def aux past end of section"]
      ),
    ])
  func definitions(object: ReadelfObject, lines: [String]) throws {
    let run = try ReadelfRun("-V", object)
    let start = "  000000: Rev: 1  Flags: none  Index: 2  "
    expect(
      run.lines.dropFirst(3).joined(separator: "\n"), is: start + lines.joined(separator: "\n"))
    expect(run.status, is: 0)
  }

  @Test("Versions whose names share their bytes are cut, and that is said")
  func sharedNames() throws {
    // 100 definitions have the same 200 names, which follow them.
    var object = ReadelfObject()
    var bytes: [UInt8] = []
    for number in 0..<100 {
      for field in [1, 0, 2, 200] as [UInt64] { bytes += object.number(field, 2) }
      for field in [0, UInt64(20 * (100 - number)), 20] { bytes += object.number(field, 4) }
    }
    for _ in 0..<200 { bytes += object.number(0, 4) + object.number(8, 4) }
    object.add(.init(name: ".gnu.version_d", type: 0x6fff_fffd, bytes: bytes, info: 100))
    let run = try ReadelfRun("-V", object)
    expect(run.status, is: 1)
    expect(run.errors.contains("the rest is cut"))
    expect(!run.output.contains("past end of section"))
    expect(run.lines.count < bytes.count)
  }

  @Test("The first section that has an address counts, wherever it ends")
  func places() throws {
    var object = ReadelfObject()
    for (address, size) in [(10, 100), (20, 5), (0, 0), (5, 300), (50, 10)] {
      object.add(
        .init(
          name: ".x", type: 8, bytes: [UInt8](repeating: 0, count: size), address: UInt64(address)))
    }
    let sections = try ELFImage(object.bytes).sections
    let places = SectionPlaces(sections)
    for address in 0..<400 as Range<UInt64> {
      let expected = sections.headers.firstIndex {
        $0.size > 0 && address >= $0.address && address - $0.address < $0.size
      }
      expect(places.section(at: address), is: expected, "\(address)")
    }
  }

  @Test("Relocations of notes are applied in objects, not in what is linked")
  func linkedNotes() throws {
    var object = ReadelfObject(machine: 4)
    let names = object.add(.init(name: ".strtab", type: 3, bytes: Array("\0f\0".utf8)))
    let symbols = object.add(
      .init(
        name: ".symtab", type: 2,
        bytes: [UInt8](repeating: 0, count: 24)
          + object.symbol(name: 1, info: 2, section: 1, value: 0x40), link: names, info: 1,
        entrySize: 24))
    let note = object.note("GA$\u{1}3a1", 0x100, object.number(0x10, 4) + object.number(0x20, 4))
    let notes = object.add(
      .init(name: ".gnu.build.attributes", type: 7, bytes: note, alignment: 4))
    object.add(
      .init(
        name: ".rela", type: 4,
        bytes: object.relocation(UInt64(note.count) - 8, symbol: 1, type: 1, addend: 4),
        link: symbols, info: notes, entrySize: 24))
    var bytes = object.bytes
    try expect(ReadelfRun(["-n"], [bytes]).output.contains("region from 0x44 to 0x20"))
    bytes[16] = 3
    try expect(ReadelfRun(["-n"], [bytes]).output.contains("region from 0x10 to 0x20"))
  }

  @Test(
    "Without a class or a byte order the header is read as readelf does, and that is said",
    arguments: [
      (4, 0, "  Class:                             none"),
      (4, 9, "  Class:                             <unknown: 9>"),
      (5, 0, "  Data:                              none"),
      (5, 255, "  Data:                              <unknown: ff>"),
    ] as [(Int, UInt8, String)])
  func withoutOrder(offset: Int, value: UInt8, line: String) throws {
    var bytes = ReadelfObject().bytes
    bytes[offset] = value
    let run = try ReadelfRun(["-h"], [bytes])
    expect(run.lines.contains(line))
    expect(run.lines.contains("  Type:                              REL (Relocatable file)"))
    expect(run.errors.contains("it is read as"))
    try expect(ReadelfRun(["-h", "--json"], [bytes]).status, is: 1)
  }

  @Test(
    "Tables of ARM end with status 1 when they are damaged",
    arguments: [
      // Finish; an operation that nobody knows; an index that nobody knows.
      (0x80b0_b0b0, "  0xb0      finish"), (0x80d8_b0b0, "  0xd8      [unsupported opcode]"),
      (0x8500_0000, "  [reserved]"),
    ] as [(UInt64, String)])
  func exceptionTables(word: UInt64, line: String) throws {
    var object = ReadelfObject(machine: 40)
    object.add(
      .init(
        name: ".ARM.exidx", type: 0x7000_0001,
        bytes: object.number(0x100, 4)
          + object.number(word, 4)))
    // As readelf has it: only what lies in a section of its own decides how it ends.
    let run = try ReadelfRun("-u", object)
    expect(run.lines.contains(line))
    expect(run.status, is: 0)
    var far = ReadelfObject(machine: 40)
    far.add(
      .init(
        name: ".ARM.exidx", type: 0x7000_0001,
        bytes: far.number(0x8000_0000, 4)
          + far.number(0x1000, 4)))
    let missing = try ReadelfRun("-u", far)
    expect(missing.status, is: 1)
    expect(missing.errors.contains("corrupt index table entry: 80000000"))
    expect(missing.errors.contains("Could not locate .ARM.extab section containing 0x1004"))
  }

  @Test("Old processors of MSP430 have names of their own for relocations")
  func oldRelocations() throws {
    var object = ReadelfObject(machine: 105, flags: 11)
    object.add(.init(name: ".text", type: 1, bytes: [0, 0, 0, 0]))
    let symbols = object.add(
      .init(name: ".symtab", type: 2, bytes: [UInt8](repeating: 0, count: 24), entrySize: 24))
    object.add(
      .init(
        name: ".rela.text", type: 4,
        bytes: object.relocation(0, symbol: 0, type: 5, addend: 0), link: symbols, info: 1,
        entrySize: 24))
    var bytes = object.bytes
    try expect(ReadelfRun(["-rW"], [bytes]).output.contains("R_MSP430X_PCR20_EXT_SRC"))
    bytes[7] = 255
    try expect(ReadelfRun(["-rW"], [bytes]).output.contains("R_MSP430_16_BYTE"))
  }
}
