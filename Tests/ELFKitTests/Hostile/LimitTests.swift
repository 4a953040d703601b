import ELFKit
import TestSupport
import Testing

/// Numbers that no file can mean: what they claim is never allocated and never looped over.
@Suite("Claims that are too large")
struct LimitTests {
  static let sizes: [UInt64] = [.max, 1 << 63, 1 << 40, 1 << 32, 0xffff_ffff]

  @Test("A section that claims more than the file throws from its own view only", arguments: sizes)
  func sectionSize(size: UInt64) throws {
    var builder = ELFBuilder.module()
    builder.section("__param", [1, 2, 3], size: size)
    let module = KernelModule(try ELFImage(builder.build()))
    #expect(throws: ELFError.self) { try module.parameters() }
    try expect(module.name()?.text, is: "tiny")
    try expect(module.taints().map(\.taint.letter), is: ["E"])
  }

  @Test("An array of parameters that claims 2^32 elements ends with its section")
  func arrayCount() throws {
    var builder = ELFBuilder.module()
    let param = builder.section("__param", flags: 3, [UInt8](repeating: 0, count: 40))
    let names = builder.section(".rodata.str", Array("arr\0".utf8))
    var shape = ByteWriter()
    shape.u32(0xffff_ffff)
    shape.u32(4)
    shape.bytes += [UInt8](repeating: 0, count: 24)
    let array = builder.section(".rodata", shape.bytes, alignment: 8)
    let bss = builder.section(".bss", type: 8, flags: 3, size: 64)
    let nameSymbol = builder.symbol("", section: UInt16(names), binding: 0, type: 3)
    let arraySymbol = builder.symbol("", section: UInt16(array), binding: 0, type: 3)
    let bssSymbol = builder.symbol("values", section: UInt16(bss), binding: 0, type: 1)
    let arrayOps = builder.symbol("param_array_ops")
    let intOps = builder.symbol("param_ops_int")
    builder.relocations(
      of: param, [(0, nameSymbol, 1, 0), (16, arrayOps, 1, 0), (32, arraySymbol, 1, 0)])
    builder.relocations(of: array, [(16, intOps, 1, 0), (24, bssSymbol, 1, 0)])
    let parameters = try KernelModule(ELFImage(builder.build())).parameters()
    let parameter = try #require(parameters.first)
    expect(parameter.name.text, is: "arr")
    expect(parameter.array?.maximum, is: 0xffff_ffff)
    expect(parameter.defaultValue, is: nil, "the file cannot tell a value that does not fit")
  }

  @Test(
    "A huge zero-filled array costs nothing, because nobody can hold it", .timeLimit(.minutes(1)))
  func hugeBss() throws {
    var builder = ELFBuilder.module()
    let param = builder.section("__param", flags: 3, [UInt8](repeating: 0, count: 40))
    var shape = ByteWriter()
    shape.u32(0xffff_ffff)
    shape.u32(1)
    shape.bytes += [UInt8](repeating: 0, count: 24)
    let array = builder.section(".rodata", shape.bytes, alignment: 8)
    let bss = builder.section(".bss", type: 8, flags: 3, size: 1 << 60)
    let arraySymbol = builder.symbol("", section: UInt16(array), binding: 0, type: 3)
    let bssSymbol = builder.symbol("values", section: UInt16(bss), binding: 0, type: 1)
    let arrayOps = builder.symbol("param_array_ops")
    let byteOps = builder.symbol("param_ops_byte")
    builder.relocations(of: param, [(16, arrayOps, 1, 0), (32, arraySymbol, 1, 0)])
    builder.relocations(of: array, [(16, byteOps, 1, 0), (24, bssSymbol, 1, 0)])
    let parameters = try KernelModule(ELFImage(builder.build())).parameters()
    expect(parameters.first?.defaultValue, is: nil)
  }

  @Test("A string table that links to itself, and a section that relocates itself")
  func selfLinks() throws {
    var builder = ELFBuilder.module()
    let entries = ByteWriter()
    builder.section(
      ".rela.self", type: 4, entries.bytes + [UInt8](repeating: 0, count: 48), link: 3, info: 3,
      entrySize: 24)
    builder.section(".sym", type: 2, [UInt8](repeating: 0, count: 48), link: 4, entrySize: 24)
    let errors = Walk.everything(builder.build())
    expect(errors.allSatisfy { !$0.description.isEmpty })
  }
}
