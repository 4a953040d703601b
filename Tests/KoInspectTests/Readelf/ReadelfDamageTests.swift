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
    #expect(run.lines.dropFirst(3).joined(separator: "\n") == start + lines.joined(separator: "\n"))
    #expect(run.status == 0)
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
    #expect(run.lines.contains(line))
    #expect(run.lines.contains("  Type:                              REL (Relocatable file)"))
    #expect(run.errors.contains("it is read as"))
    #expect(try ReadelfRun(["-h", "--json"], [bytes]).status == 1)
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
    #expect(run.lines.contains(line))
    #expect(run.status == 0)
    var far = ReadelfObject(machine: 40)
    far.add(
      .init(
        name: ".ARM.exidx", type: 0x7000_0001,
        bytes: far.number(0x8000_0000, 4)
          + far.number(0x1000, 4)))
    let missing = try ReadelfRun("-u", far)
    #expect(missing.status == 1)
    #expect(missing.errors.contains("corrupt index table entry: 80000000"))
    #expect(missing.errors.contains("Could not locate .ARM.extab section containing 0x1004"))
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
    #expect(try ReadelfRun(["-rW"], [bytes]).output.contains("R_MSP430X_PCR20_EXT_SRC"))
    bytes[7] = 255
    #expect(try ReadelfRun(["-rW"], [bytes]).output.contains("R_MSP430_16_BYTE"))
  }
}
