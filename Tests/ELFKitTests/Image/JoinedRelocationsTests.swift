import ELFKit
import TestSupport
import Testing

@Suite("Relocations joined with their symbols")
struct JoinedRelocationsTests {
  /// A file with `.text`, `.data` and relocations of the second.
  private static func image(
    machine: UInt16 = 62, _ order: ByteOrder = .little,
    _ entries: (_ function: UInt64, _ section: UInt64) -> [ELFBuilder.NewRelocation]
  ) throws -> (ELFImage, data: Section) {
    var builder = ELFBuilder(machine: machine, order)
    let text = builder.section(".text", flags: 6, [UInt8](repeating: 0xc3, count: 16))
    let data = builder.section(".data", flags: 3, [UInt8](repeating: 0, count: 64))
    let section = builder.symbol("", section: UInt16(text), binding: 0, type: 3)
    let function = builder.symbol("f", section: UInt16(text), value: 8, type: 2)
    builder.symbol("gone")
    builder.relocations(of: data, entries(function, section))
    let image = try ELFImage(builder.build())
    return (image, image.sections[data])
  }

  @Test("A relocation knows its type's name, its symbol and the symbol's section")
  func joined() throws {
    let (image, data) = try Self.image { function, section in
      [
        (offset: 8, symbol: function, type: 1, addend: -4),
        (offset: 16, symbol: section, type: 2, addend: 4),
        (offset: 24, symbol: function + 1, type: 0xfff, addend: 0),
      ]
    }
    let relocations = try image.relocations(of: data)
    expect(relocations.map(\.offset), is: [8, 16, 24])
    expect(relocations.map(\.type.name), is: ["R_X86_64_64", "R_X86_64_PC32", nil])
    expect(relocations.map(\.type.number), is: [1, 2, 0xfff])
    expect(relocations.map(\.addend), is: [-4, 4, 0])
    expect(relocations.map(\.symbol?.name), is: ["f", "", "gone"])
    expect(relocations.map(\.symbolName), is: ["f", ".text", "gone"])
    expect(relocations.map(\.section?.index), is: [1, 1, nil])
    expect(relocations.map(\.table), is: [3, 3, 3])
    try expect(image.relocations(of: image.sections[1]).isEmpty)
  }

  /// Such a file made the obvious loop over symbols end the process.
  @Test(
    "The number of a symbol that is not there is kept, and gives no symbol", arguments: [4, .max])
  func symbolOutOfRange(index: UInt32) throws {
    let (image, data) = try Self.image { _, _ in
      [(offset: 0, symbol: UInt64(index), type: 1, addend: 0)]
    }
    let joined = try #require(image.relocations(of: data).first)
    expect(joined.symbol == nil)
    expect(joined.symbolName, is: nil)
    expect(joined.record.symbol.rawValue, is: index)
    let symbols = try image.symbols()
    for relocation in try image.relocations(in: image.sections[joined.table]) {
      expect(symbols[relocation.symbol] == nil)
      expect(symbols.records[relocation.symbol], is: nil)
    }
    expect(symbols[SymbolIndex(rawValue: 2)]?.name, is: "f")
    expect(symbols[SymbolIndex.none]?.name, is: "")
  }

  @Test("Every table that changes the section counts, with and without addends")
  func severalTables() throws {
    var builder = ELFBuilder()
    let data = builder.section(".data", flags: 3, [UInt8](repeating: 0, count: 64))
    let symbol = builder.symbol("s")
    builder.relocations(of: data, [(offset: 0, symbol: symbol, type: 1, addend: 7)])
    builder.section(".rela.empty", type: 4, flags: 0x40, [], link: .max, info: UInt32(data))
    var writer = ByteWriter()
    for offset in [8, 16] as [UInt64] {
      writer.u64(offset)
      writer.u64(symbol << 32 | 2)
    }
    builder.section(".rel.data", type: 9, flags: 0x40, writer.bytes, link: .max, info: UInt32(data))
    builder.relocations(of: data, [(offset: 24, symbol: symbol, type: 1, addend: 9)])
    let image = try ELFImage(builder.build())
    for relocations in [
      try image.relocations(of: image.sections[data]),
      try image.relocations(of: image.sections[data], with: image.symbols()),
    ] {
      expect(relocations.map(\.offset), is: [0, 8, 16, 24])
      expect(relocations.map(\.addend), is: [7, nil, nil, 9])
      expect(relocations.map(\.table), is: [2, 4, 4, 5])
      expect(relocations.allSatisfy { $0.symbolName == "s" })
    }
  }

  @Test("Types are those of the machine's table: the first of three, without data")
  func packedTypes() throws {
    let (sparc, sparcData) = try Self.image(machine: 43, .big) { function, _ in
      [(offset: 0, symbol: function, type: 0x12_3421, addend: 0)]
    }
    try expect(sparc.relocations(of: sparcData).first?.type.name, is: "R_SPARC_OLO10")
    let (mips, mipsData) = try Self.image(machine: 8, .big) { function, _ in
      [(offset: 0, symbol: function, type: 0x0005_1807, addend: 0)]
    }
    try expect(mips.relocations(of: mipsData).first?.type.name, is: "R_MIPS_GPREL16")
  }

  @Test("A table that links to no symbols is reported")
  func noSymbols() throws {
    var builder = ELFBuilder()
    let data = builder.section(".data", flags: 3, [UInt8](repeating: 0, count: 64))
    builder.section(
      ".rela.data", type: 4, [UInt8](repeating: 0, count: 24), link: 99, info: UInt32(data))
    let image = try ELFImage(builder.build())
    #expect(throws: ELFError.self) { try image.relocations(of: image.sections[data]) }
  }

  @Test("Many relocations may refer to one long name, but not to a name as long as the file")
  func longNames() throws {
    func image(nameLength: Int) throws -> ELFImage {
      var builder = ELFBuilder()
      let data = builder.section(".data", flags: 3, [UInt8](repeating: 0, count: 64))
      let symbol = builder.symbol(String(repeating: "n", count: nameLength))
      let entry = (offset: 0 as UInt64, symbol: symbol, type: 1 as UInt64, addend: 0 as Int64)
      builder.relocations(of: data, Array(repeating: entry, count: 1000))
      return try ELFImage(builder.build())
    }
    let usual = try image(nameLength: 300)
    try expect(usual.relocations(of: usual.sections[1]).count, is: 1000)
    let hostile = try image(nameLength: 24_000)
    #expect(throws: ELFError(.overlapping, .section(2), at: hostile.sections[2].header.offset)) {
      try hostile.relocations(of: hostile.sections[1])
    }
  }
}
