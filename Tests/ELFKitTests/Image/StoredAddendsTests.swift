import TestSupport
import Testing

@testable import ELFKit

/// Addends in the bytes that are changed: numbers, and fields of instructions as assemblers write them.
@Suite("Addends in the bytes")
struct StoredAddendsTests {
  /// The addend of a relocation of `type` at four bytes, given as the number or the two halfwords that a
  /// disassembler shows.
  private static func addend(
    _ machine: Machine, _ type: UInt32, _ words: [UInt64], _ order: ByteOrder = .little
  ) -> Int64? {
    var writer = ByteWriter(Encoding(order, .elf32))
    for word in words { writer.number(word, byteCount: 4 / words.count) }
    return StoredAddends(ByteSlice(writer.bytes), machine, Encoding(order, .elf32)).addend(
      of: Relocation(offset: 0, symbol: 1, type: type, addend: nil))
  }

  @Test(
    "ARM: branches, MOVW and MOVT, LDR, ADD and SUB, 31 bits",
    arguments: [
      // bl, b, and one forwards.
      (28, 0xebff_fffe, -8), (29, 0xeaff_fffe, -8), (1, 0xea00_0001, 4),
      // movw r0, #0x1234 and one with a sign; movt.
      (43, 0xe301_0234, 0x1234), (43, 0xe30f_0ffc, -4), (44, 0xe34c_0000, -0x4000),
      // ldr r0, [pc, #-4] and [pc, #16].
      (63, 0xe51f_0004, -4), (63, 0xe59f_0010, 16),
      // add r0, pc, #8; sub r0, pc, #8; add r0, pc, #0x1000.
      (57, 0xe28f_0008, 8), (57, 0xe24f_0008, -8), (59, 0xe28f_0a01, 0x1000),
      (42, 0x7fff_fff8, -8), (42, 0x8000_0010, 16), (2, 0xffff_fffc, -4), (38, 5, 5),
    ] as [(UInt32, UInt64, Int64)])
  func arm(type: UInt32, word: UInt64, expected: Int64) {
    expect(Self.addend(.arm, type, [word]), is: expected)
    expect(Self.addend(.arm, type, [word], .big), is: expected)
  }

  @Test(
    "Thumb: instructions of two halfwords",
    arguments: [
      // bl, one backwards by 0x100, b.w forwards by 0x1000, movw r0, #0x1234 and #0x8fff.
      (10, 0xf7ff, 0xfffe, -4), (10, 0xf7ff, 0xff80, -0x100), (30, 0xf001, 0xb800, 0x1000),
      (47, 0xf241, 0x2034, 0x1234), (48, 0xf6c8, 0x70ff, -0x7001),
    ] as [(UInt32, UInt64, UInt64, Int64)])
  func thumb(type: UInt32, first: UInt64, second: UInt64, expected: Int64) {
    expect(Self.addend(.arm, type, [first, second]), is: expected)
  }

  @Test("i386: as they stand")
  func i386() {
    for type: UInt32 in [1, 2, 4] {
      expect(Self.addend(.i386, type, [0xffff_fffc]), is: -4)
    }
    expect(Self.addend(.i386, 20, [0xffff_fffc]), is: nil)
  }

  /// Relocations of one symbol or two, as (type, symbol, word).
  private static func halves(
    _ entries: [(UInt64, UInt64, UInt64)], _ order: ByteOrder = .big
  ) -> [Int64?] {
    let encoding = Encoding(order, .elf32)
    var (table, bytes) = (ByteWriter(encoding), ByteWriter(encoding))
    for (index, (type, symbol, word)) in entries.enumerated() {
      table.u32(UInt64(4 * index))
      table.u32(symbol << 8 | type)
      bytes.u32(word)
    }
    let relocations = RelocationTable(
      ByteSlice(table.bytes), hasAddends: false, target: 1, .mips, encoding)
    let stored = StoredAddends(ByteSlice(bytes.bytes), .mips, encoding)
    let halves = stored.halves(of: relocations)
    return relocations.indices.map { halves[$0] ?? stored.addend(of: relocations[$0]) }
  }

  @Test("MIPS: an upper half belongs to the next lower half of its symbol")
  func mips() {
    // lui 1; addiu -4: 0x10000 - 4.
    expect(Self.halves([(5, 1, 0x3c02_0001), (6, 1, 0x2442_fffc)]), is: [0xfffc, 0xfffc])
    // Another symbol's between them, two upper halves for one lower, and two lower ones for one upper.
    expect(
      Self.halves([
        (5, 1, 0x3c02_0001), (5, 2, 0x3c03_0000), (6, 2, 0x2463_0010), (5, 1, 0x3c04_0001),
        (6, 1, 0x2442_0008), (6, 1, 0x2484_000c),
      ]), is: [0x10008, 0x10, 0x10, 0x10008, 0x10008, 0x1000c])
    // One whose lower half is missing has what it has.
    expect(Self.halves([(5, 1, 0x3c02_0002)]), is: [0x20000])
    // jal.
    expect(Self.halves([(4, 1, 0x0c00_0010)]), is: [0x40])
    expect(
      Self.halves([(5, 1, 0x3c02_0001), (6, 1, 0x2442_0004)], .little), is: [0x10004, 0x10004])
  }

  @Test("A place that is not there has none")
  func outside() {
    let stored = StoredAddends(ByteSlice([1, 2, 3, 4, 5]), .arm, Encoding(.little, .elf32))
    for offset: UInt64 in [2, 5, .max, 0xffff_fffc] {
      let relocation = Relocation(offset: offset, symbol: 1, type: 28, addend: nil)
      expect(stored.addend(of: relocation), is: nil)
    }
  }

  /// A function that calls another, which lies behind a third.
  @Test(
    "A branch leads to the function that it names, from wherever it counts",
    arguments: [
      (40, 28, 0xebff_fffe), (40, 29, 0xeaff_fffe), (3, 2, 0xffff_fffc), (8, 4, 0x0c00_0000),
    ]
      as [(UInt16, UInt64, UInt64)])
  func branches(machine: UInt16, type: UInt64, word: UInt64) throws {
    var builder = ELFBuilder.module(machine: machine, .little, .elf32)
    let text = builder.section(".text", flags: 6, [UInt8](repeating: 0, count: 48))
    for (index, name) in ["caller", "between", "called"].enumerated() {
      builder.symbol(name, section: UInt16(text), value: UInt64(16 * index), size: 16, type: 2)
    }
    let place = Int64(Int32(truncatingIfNeeded: word))
    builder.relocations(of: text, [(4, 3, type, place)])
    let module = try NormalizedModule(KernelModule(try ELFImage(builder.build())))
    let caller = try #require(module.pieces.first { $0.name == "caller" })
    expect(caller.references.map { $0.target.name }, is: ["called"])
    guard case .place(_, _, let offset, _)? = caller.references.first?.target else {
      Issue.record("\(caller.references)")
      return
    }
    expect(offset, is: 0)
  }

  @Test("Pointers are followed with the addends of their fields")
  func followed() throws {
    var builder = ELFBuilder.module(machine: 40, .little, .elf32)
    let text = builder.section(".text", flags: 6, [UInt8](repeating: 0, count: 32))
    let place = builder.symbol("", section: UInt16(text), binding: 0, type: 3)
    let table = builder.section(".ARM.exidx", type: 0x7000_0001, [UInt8](repeating: 0, count: 8))
    // The highest bit of the 31-bit number is not part of it.
    builder.relocations(of: table, [(0, place, 42, -0x7fff_fff0)])
    let image = try ELFImage(builder.build())
    var resolver = try PointerResolver(image)
    try expect(resolver.target(in: table, at: 0)?.offset, is: 16)
    try expect(resolver.relocations(of: table).all.map(\.addend), is: [16])
  }
}
