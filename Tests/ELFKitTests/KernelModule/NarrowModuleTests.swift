import TestSupport
import Testing

@testable import ELFKit

/// What the kernel puts into modules, as 32-bit kernels lay it out: pointers of four bytes, and addends
/// in the bytes that are changed.
@Suite("Modules of 32-bit kernels")
struct NarrowModuleTests {
  /// A machine and its relocation type for an address.
  struct Target: CustomTestStringConvertible {
    let machine: UInt16
    let order: ByteOrder
    let address: UInt64
    var testDescription: String { "\(Machine(rawValue: machine)), \(order)" }

    static let all = [
      Self(machine: 3, order: .little, address: 1), Self(machine: 40, order: .little, address: 2),
      Self(machine: 40, order: .big, address: 2), Self(machine: 8, order: .little, address: 2),
      Self(machine: 8, order: .big, address: 2), Self(machine: 20, order: .big, address: 1),
    ]
  }

  private static func builder(_ target: Target) -> ELFBuilder {
    ELFBuilder.module("tiny", machine: target.machine, target.order, .elf32)
  }

  private static func module(_ builder: ELFBuilder) throws -> KernelModule {
    KernelModule(try ELFImage(builder.build()))
  }

  @Test("struct module: name behind three pointers, init and exit", arguments: Target.all)
  func structModule(target: Target) throws {
    var builder = Self.builder(target)
    let text = builder.section(".init.text", flags: 6, [UInt8](repeating: 0, count: 16))
    let start = builder.symbol("init_module", section: UInt16(text), value: 4, size: 8, type: 2)
    builder.symbol("start", section: UInt16(text), value: 4, size: 8, binding: 0, type: 2)
    builder.relocations(of: 2, [(0xcc, start, target.address, 0)])
    let found = try #require(try Self.module(builder).thisModule())
    expect(found.name, is: "tiny")
    expect(found.initFunction?.fieldOffset, is: 0xcc)
    expect(found.initFunction?.symbol, is: "start")
    expect(found.initFunction?.offset, is: 4)
    expect(found.exitFunction, is: nil)
  }

  @Test("A name may fill all of the 60 bytes that there are")
  func longName() throws {
    let name = String(repeating: "n", count: 60)
    let builder = ELFBuilder.module(name, machine: 40, .little, .elf32)
    try expect(Self.module(builder).thisModule()?.name?.text, is: name)
  }

  @Test("Versions: a CRC of four bytes and a name of sixty", arguments: [ByteOrder.little, .big])
  func versions(order: ByteOrder) throws {
    var builder = ELFBuilder.module(machine: 40, order, .elf32)
    var bytes = ByteWriter(builder.encoding)
    for (crc, name) in [(0x8c18_23f3, "module_layout"), (1, String(repeating: "x", count: 60))] {
      bytes.u32(UInt64(crc))
      bytes.bytes += Array(name.utf8) + [UInt8](repeating: 0, count: 60 - name.utf8.count)
    }
    builder.section("__versions", bytes.bytes)
    let versions = try Self.module(builder).versions()
    expect(versions.map(\.crc), is: [0x8c18_23f3, 1])
    expect(versions.map(\.name.count), is: [13, 60])
    try expect(Self.module(builder).layoutVersion(), is: 0x8c18_23f3)
  }

  @Test("Parameters: records of 20 bytes; long and charp have four", arguments: Target.all)
  func parameters(target: Target) throws {
    var builder = Self.builder(target)
    let strings = builder.section(".rodata.str1.1", Array("tiny\0size\0mode\0fast\0".utf8))
    var data = ByteWriter(builder.encoding)
    data.u32(0xffff_fff6)  // -10
    data.u32(0)  // charp
    // struct kparam_array: three ints of which two count.
    data.u32(3)
    data.u32(4)
    for _ in 0..<3 { data.u32(0) }
    data.u32(2)  // their number
    for value: UInt64 in [7, 8, 9] { data.u32(value) }
    let dataSection = builder.section(".data", flags: 3, data.bytes)
    let table = builder.section("__param", [UInt8](repeating: 0, count: 60))
    let text = builder.symbol("", section: UInt16(strings), binding: 0, type: 3)
    let place = builder.symbol("", section: UInt16(dataSection), binding: 0, type: 3)
    let own = builder.symbol("__this_module", section: 2, type: 1)
    let (long, charp) = (builder.symbol("param_ops_long"), builder.symbol("param_ops_charp"))
    let (array, int) = (builder.symbol("param_array_ops"), builder.symbol("param_ops_int"))
    let type = target.address
    builder.relocations(
      of: dataSection,
      [(4, text, type, 15), (16, place, type, 28), (20, int, type, 0), (24, place, type, 32)])
    builder.relocations(
      of: table,
      [
        (0, text, type, 5), (4, own, type, 0), (8, long, type, 0), (16, place, type, 0),
        (20, text, type, 10), (24, own, type, 0), (28, charp, type, 0), (36, place, type, 4),
        (40, text, type, 0), (44, own, type, 0), (48, array, type, 0), (56, place, type, 8),
      ])
    let mode = ByteWriter.u16Bytes(0o644, builder.encoding)
    let position = table - 1
    builder.sections[position].bytes.replaceSubrange(12..<14, with: mode)
    let parameters = try Self.module(builder).parameters()
    expect(parameters.map(\.name.text), is: ["size", "mode", "tiny"])
    expect(parameters.first?.permissions, is: 0o644)
    expect(
      parameters.map(\.defaultValue),
      is: [
        .signed(-10), .string("fast"), .array([.signed(7), .signed(8)]),
      ])
  }

  /// How a machine's `kernel_symbol` points: i386 by distances, others by addresses.
  @Test("Exports: three words of four bytes", arguments: Target.all)
  func exports(target: Target) throws {
    var builder = Self.builder(target)
    let text = builder.section(".text", flags: 6, [UInt8](repeating: 0, count: 32))
    let strings = builder.section("__ksymtab_strings", Array("first\0second\0SPACE\0".utf8))
    let table = builder.section("__ksymtab_gpl", [UInt8](repeating: 0, count: 24))
    let crcs = builder.section("__kcrctab_gpl", [UInt8](repeating: 0, count: 8))
    let names = builder.symbol("", section: UInt16(strings), binding: 0, type: 3)
    let first = builder.symbol("first", section: UInt16(text), type: 2)
    let second = builder.symbol("second", section: UInt16(text), value: 16, type: 2)
    let type = target.machine == 3 ? 2 : target.address
    builder.relocations(
      of: table,
      [
        (0, first, type, 0), (4, names, type, 0), (8, names, type, 13),
        (12, second, type, 0), (16, names, type, 6), (20, names, type, 13),
      ])
    var crc = ByteWriter(builder.encoding)
    crc.u32(0x1234_5678)
    crc.u32(0x9abc_def0)
    builder.sections[crcs - 1].bytes = crc.bytes
    let exports = try Self.module(builder).exports()
    expect(exports.map(\.name.text), is: ["first", "second"])
    expect(exports.map(\.crc), is: [0x1234_5678, 0x9abc_def0])
    expect(exports.map { $0.namespace?.text }, is: ["SPACE", "SPACE"])
  }

  @Test("Places come around after the last address of 32 bits")
  func comesAround() throws {
    var builder = ELFBuilder.module(machine: 40, .little, .elf32)
    let text = builder.section(".init.text", flags: 6, [UInt8](repeating: 0, count: 16))
    let start = builder.symbol("init_module", section: UInt16(text), value: 12, type: 2)
    builder.relocations(of: 2, [(0xcc, start, 2, -4)])
    try expect(Self.module(builder).thisModule()?.initFunction?.offset, is: 8)
  }

  @Test("Tables have smaller entries")
  func entries() throws {
    var builder = ELFBuilder.module(machine: 8, .big, .elf32)
    for (name, size) in [("__bug_table", 24), ("__jump_table", 36), ("__mcount_loc", 12)] {
      builder.section(name, [UInt8](repeating: 0, count: size))
    }
    let module = try Self.module(builder)
    let kernel = Kernel(KernelVersion(6, 1))
    let counts = module.image.sections.filter { $0.name.starts(with: "__") }
      .map { module.entryCount(of: $0, kernel) }
    expect(counts, is: [2, 3, 3])
  }

  @Test("A relocation table of 32 bits has one type an entry, on MIPS, too")
  func onePacking() throws {
    var builder = ELFBuilder.module(machine: 8, .little, .elf32)
    let text = builder.section(".text", flags: 6, [UInt8](repeating: 0, count: 8))
    let symbol = builder.symbol("printk")
    builder.relocations(of: text, [(0, symbol, 5, 0), (4, symbol, 6, 0)])
    let image = try ELFImage(builder.build())
    let section = try #require(image.sections.first(named: ".rel.text"))
    let relocations = try image.relocations(in: section)
    expect(relocations.map(\.type), is: [5, 6])
    expect(relocations.map(\.symbol.rawValue), is: [UInt32(symbol), UInt32(symbol)])
    expect(relocations.map(\.addend), is: [nil, nil])
  }
}

extension ByteWriter {
  fileprivate static func u16Bytes(_ value: UInt64, _ encoding: Encoding) -> [UInt8] {
    var writer = ByteWriter(encoding)
    writer.u16(value)
    return writer.bytes
  }
}
