import ELFKit
import TestSupport
import Testing

@Suite("Exports, imports and versions")
struct ModuleExportsTests {
  /// An image with one export in `table`, laid out for `machine`.
  private static func exporting(
    machine: UInt16, _ order: ByteOrder, table: String = "__ksymtab"
  ) -> (ELFBuilder, symbol: UInt64) {
    var builder = ELFBuilder(machine: machine, order)
    builder.modinfo(["license=GPL"])
    let isRelative = machine == 62 || machine == 183
    let field = isRelative ? 4 : 8
    let ksymtab = builder.section(table, [UInt8](repeating: 0, count: 3 * field), alignment: 8)
    let strings = builder.section("__ksymtab_strings", Array("\0hello_sym\0MY_NS\0".utf8))
    let text = builder.section(".text", flags: 6, [0xc3])
    let symbol = builder.symbol("hello_sym", section: UInt16(text), type: 2)
    let base = builder.symbol("", section: UInt16(strings), binding: 0, type: 3)
    builder.relocations(
      of: ksymtab,
      [(0, symbol, 2, 0), (UInt64(field), base, 2, 1), (UInt64(2 * field), base, 2, 11)])
    return (builder, symbol)
  }

  @Test(
    "Both layouts, both byte orders",
    arguments: [
      (62, ByteOrder.little), (183, .little), (21, .little), (22, .big), (243, .little),
    ] as [(UInt16, ByteOrder)])
  func layouts(machine: UInt16, order: ByteOrder) throws {
    let (builder, _) = Self.exporting(machine: machine, order)
    let exports = try KernelModule(ELFImage(builder.build())).exports()
    expect(exports.map(\.name.text), is: ["hello_sym"])
    expect(exports.map(\.namespace?.text), is: ["MY_NS"])
    expect(exports.map(\.isGPLOnly), is: [false])
    expect(exports.map(\.crc), is: [nil])
  }

  @Test("GPL only: by section until 6.x, by flag from 7.1 on")
  func gplOnly() throws {
    let (bySection, _) = Self.exporting(machine: 62, .little, table: "__ksymtab_gpl")
    try expect(KernelModule(ELFImage(bySection.build())).exports().map(\.isGPLOnly), is: [true])
    var (byFlag, _) = Self.exporting(machine: 62, .little)
    byFlag.section("__kflagstab", [1])
    try expect(KernelModule(ELFImage(byFlag.build())).exports().map(\.isGPLOnly), is: [true])
    var (plain, _) = Self.exporting(machine: 62, .little)
    plain.section("__kflagstab", [2])
    try expect(KernelModule(ELFImage(plain.build())).exports().map(\.isGPLOnly), is: [false])
  }

  @Test("CRCs: literal, absolute symbol, undefined symbol, stored elsewhere")
  func crcs() throws {
    var (literal, _) = Self.exporting(machine: 62, .little)
    literal.section("__kcrctab", [0x78, 0x56, 0x34, 0x12])
    try expect(KernelModule(ELFImage(literal.build())).exports().map(\.crc), is: [0x1234_5678])

    var (absolute, _) = Self.exporting(machine: 62, .little)
    let table = absolute.section("__kcrctab", [0, 0, 0, 0])
    let crc = absolute.symbol("__crc_hello_sym", section: 0xfff1, value: 0xabcd_ef01)
    absolute.relocations(of: table, [(0, crc, 10, 0)])
    try expect(KernelModule(ELFImage(absolute.build())).exports().map(\.crc), is: [0xabcd_ef01])

    var (undefined, _) = Self.exporting(machine: 62, .little)
    let empty = undefined.section("__kcrctab", [0, 0, 0, 0])
    let missing = undefined.symbol("__crc_hello_sym", binding: 2)
    undefined.relocations(of: empty, [(0, missing, 10, 0)])
    try expect(KernelModule(ELFImage(undefined.build())).exports().map(\.crc), is: [nil])

    var (elsewhere, _) = Self.exporting(machine: 22, .big)
    let distances = elsewhere.section("__kcrctab", [0, 0, 0, 0])
    let rodata = elsewhere.section(".rodata", [9, 9, 9, 9, 0x11, 0x22, 0x33, 0x44])
    let place = elsewhere.symbol("__crc_hello_sym", section: UInt16(rodata), value: 4)
    elsewhere.relocations(of: distances, [(0, place, 26, 0)])
    try expect(KernelModule(ELFImage(elsewhere.build())).exports().map(\.crc), is: [0x1122_3344])
  }

  @Test("Imports carry the CRCs of __versions, and of the extended form where both are")
  func imports() throws {
    var builder = ELFBuilder.module()
    var versions = ByteWriter()
    for (name, crc) in [("module_layout", 1), ("_printk", 2), ("both", 3)] as [(String, UInt64)] {
      versions.u64(crc)
      let padding = [UInt8](repeating: 0, count: 56 - name.utf8.count)
      versions.bytes += Array(name.utf8) + padding
    }
    builder.section("__versions", versions.bytes + [1, 2, 3])
    var crcs = ByteWriter()
    crcs.u32(0xaaaa_0001)
    crcs.u32(0xaaaa_0002)
    builder.section("__version_ext_crcs", crcs.bytes)
    builder.section("__version_ext_names", Array("both\0a_very_long_rust_name\0".utf8))
    builder.symbol("_printk")
    builder.symbol("maybe", binding: 2)
    builder.symbol("both")
    builder.symbol("a_very_long_rust_name")
    let module = KernelModule(try ELFImage(builder.build()))
    try expect(
      module.versions().map(\.name.text),
      is: [
        "module_layout", "_printk", "both", "both", "a_very_long_rust_name",
      ])
    let imports = try module.imports()
    expect(imports.map(\.name.text), is: ["_printk", "maybe", "both", "a_very_long_rust_name"])
    expect(imports.map(\.crc), is: [2, nil, 0xaaaa_0001, 0xaaaa_0002])
    expect(imports.map(\.isWeak), is: [false, true, false, false])
  }
}
