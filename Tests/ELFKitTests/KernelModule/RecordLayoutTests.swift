import ELFKit
import TestSupport
import Testing

/// Records whose layout has changed from kernel to kernel. What is built here has the layouts in all
/// their widths; the file itself shows which one it has.
@Suite("Layouts of exports and parameters")
struct RecordLayoutTests {
  /// How an entry of an export table is laid out.
  struct Exports: Sendable, CustomTestStringConvertible {
    var field: UInt64
    var fields: UInt64
    var release = "9.9.9-none"
    /// How a CRC is written: as a number of so many bytes, or as the value of a symbol.
    var crcBytes = 4
    var hasCRCSymbols = false
    var names = ["alpha", "beta", "gamma"]
    var namespace = "MY_NS"

    var testDescription: String {
      "\(field * fields) bytes, CRC of \(crcBytes)\(hasCRCSymbols ? ", __crc_" : "")"
    }
    /// Whether a namespace is recorded, and for which exports: only the second has one.
    var namespaces: [String?] {
      names.indices.map { fields > 2 && $0 == 1 ? namespace : nil }
    }

    func module(machine: UInt16 = 62, _ order: ByteOrder = .little) throws -> KernelModule {
      var builder = ELFBuilder(machine: machine, order)
      builder.modinfo(["license=GPL", "vermagic=\(release) SMP "])
      let count = UInt64(names.count)
      let text = builder.section(".text", flags: 6, [UInt8](repeating: 0xc3, count: 16))
      let table = builder.section(
        "__ksymtab", [UInt8](repeating: 0, count: Int(field * fields * count)), alignment: 8)
      let texts = [namespace] + names
      let strings = builder.section(
        "__ksymtab_strings", texts.flatMap { Array($0.utf8) + [0] })
      let base = builder.symbol("", section: UInt16(strings), binding: 0, type: 3)
      var relocations: [ELFBuilder.NewRelocation] = []
      var crcs = ByteWriter(builder.encoding)
      var crcSymbols: [UInt64] = []
      var place = Int64(namespace.utf8.count + 1)
      for (index, name) in names.enumerated() {
        // The first one is at address 0.
        let symbol = builder.symbol(name, section: UInt16(text), value: UInt64(index), type: 2)
        let start = UInt64(index) * field * fields
        relocations.append((start, symbol, 1, 0))
        relocations.append((start + field, base, 1, place))
        if namespaces[index] != nil { relocations.append((start + 2 * field, base, 1, 0)) }
        place += Int64(name.utf8.count + 1)
        let crc = 0x1111_1111 * UInt64(index + 1)
        crcs.number(hasCRCSymbols ? 0 : crc, byteCount: crcBytes)
        if hasCRCSymbols {
          crcSymbols.append(builder.symbol("__crc_\(name)", section: 0xfff1, value: crc))
        }
      }
      builder.relocations(of: table, relocations)
      let versions = builder.section("__kcrctab", crcs.bytes, alignment: 8)
      if hasCRCSymbols {
        builder.relocations(
          of: versions,
          crcSymbols.enumerated().map { (UInt64($0.offset * crcBytes), $0.element, 1, 0) })
      }
      return KernelModule(try ELFImage(builder.build()))
    }
  }

  @Test(
    "Exports are read as the file shows that they lie, whatever kernel it names",
    arguments: [
      Exports(field: 8, fields: 3), Exports(field: 8, fields: 2),
      Exports(field: 4, fields: 3), Exports(field: 4, fields: 2),
      Exports(field: 8, fields: 2, crcBytes: 8),
      Exports(field: 8, fields: 2, crcBytes: 8, hasCRCSymbols: true),
      Exports(field: 4, fields: 2, hasCRCSymbols: true),
      Exports(field: 8, fields: 3, hasCRCSymbols: true),
    ])
  func exports(layout: Exports) throws {
    for (machine, order) in [(62, .little), (21, .big)] as [(UInt16, ByteOrder)] {
      for release in ["2.6.32", "4.4.0", "4.19.0", "6.1.0", "none"] {
        var layout = layout
        layout.release = release
        let module = try layout.module(machine: machine, order)
        let exports = try module.exports()
        expect(exports.map(\.name.text), is: ["alpha", "beta", "gamma"])
        expect(exports.map(\.namespace?.text), is: layout.namespaces)
        expect(exports.map(\.crc), is: [0x1111_1111, 0x2222_2222, 0x3333_3333])
        for name in ["__ksymtab", "__kcrctab"] {
          let section = try #require(module.image.sections.first(named: name))
          expect(module.entryCount(of: section, nil), is: 3, "\(name), \(release)")
        }
      }
    }
  }

  @Test("One export of 8 or 16 bytes has no room for a namespace", arguments: [4, 8] as [UInt64])
  func oneExport(field: UInt64) throws {
    var layout = Exports(field: field, fields: 2)
    layout.names = ["alpha"]
    let exports = try layout.module().exports()
    expect(exports.map(\.name.text), is: ["alpha"])
    expect(exports.map(\.crc), is: [0x1111_1111])
  }

  /// A module with a table of zeros, to which nothing points.
  private static func silent(_ table: String, _ release: String) throws -> KernelModule {
    var builder = ELFBuilder()
    builder.modinfo(["license=GPL", "vermagic=\(release) SMP "])
    builder.section(table, [UInt8](repeating: 0, count: 240), alignment: 8)
    builder.symbol("bystander")
    return KernelModule(try ELFImage(builder.build()))
  }

  @Test("Where nothing tells how exports lie, none is named or counted")
  func unknownExports() throws {
    let module = try Self.silent("__ksymtab", "none")
    let error = #expect(throws: ELFError.self) { try module.exports() }
    expect(error?.description.contains("struct kernel_symbol is not known"), is: true)
    let section = try #require(module.image.sections.first(named: "__ksymtab"))
    expect(module.entryCount(of: section, nil), is: nil)
    // The kernel tells the size, and no entry has a name.
    let named = try Self.silent("__ksymtab", "4.19.0")
    try expect(named.exports().isEmpty)
    expect(named.entryCount(of: section, Kernel(release: "4.19.0")), is: 30)
    expect(named.entryCount(of: section, Kernel(release: "6.1.0")), is: 20)
    expect(named.entryCount(of: section, Kernel(release: "4.4.0")), is: 15)
  }

  /// How `struct kernel_param` is laid out: where its fields are.
  struct Parameters: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let size: UInt64
    /// Pointers to the module, to operations or to setter and getter, and to the value.
    let module: UInt64?
    let operations: [UInt64]
    let permissions: Int
    let argument: UInt64

    static let all = [
      Self(
        testDescription: "40 bytes", size: 40, module: 8, operations: [16], permissions: 24,
        argument: 32),
      Self(
        testDescription: "32 bytes", size: 32, module: nil, operations: [8], permissions: 16,
        argument: 24),
      Self(
        testDescription: "2.6.32", size: 40, module: nil, operations: [16, 24], permissions: 8,
        argument: 32),
    ]

    /// A module with `count` integers: p0 is 100, p1 is 101, and so on.
    func module(_ count: UInt64, _ release: String, _ order: ByteOrder) throws -> KernelModule {
      var builder = ELFBuilder(machine: order == .little ? 62 : 21, order)
      builder.modinfo(["license=GPL", "vermagic=\(release) SMP ", "parmtype=p0:int"])
      var values = ByteWriter(builder.encoding)
      var records = [UInt8](repeating: 0, count: Int(size * count))
      for index in 0..<count {
        values.u32(100 + index)
        let place = Int(index * size) + permissions
        var mode = ByteWriter(builder.encoding)
        mode.u16(0o644)
        records.replaceSubrange(place..<place + 2, with: mode.bytes)
      }
      let data = builder.section(".data", flags: 3, values.bytes)
      let names = builder.section(
        ".rodata", (0..<count).flatMap { Array("p\($0)".utf8) + [0] })
      let section = builder.section("__param", records, alignment: 8)
      let name = builder.symbol("", section: UInt16(names), binding: 0, type: 3)
      let value = builder.symbol("", section: UInt16(data), binding: 0, type: 3)
      let this = builder.symbol("__this_module", section: UInt16(data))
      let functions =
        (operations.count == 1 ? ["param_ops_int"] : ["param_set_int", "param_get_int"])
        .map { builder.symbol($0) }
      var relocations: [ELFBuilder.NewRelocation] = []
      for index in 0..<count {
        let base = index * size
        relocations.append((base, name, 1, Int64(3 * index)))
        if let module { relocations.append((base + module, this, 1, 0)) }
        for (offset, function) in zip(operations, functions) {
          relocations.append((base + offset, function, 1, 0))
        }
        relocations.append((base + argument, value, 1, Int64(4 * index)))
      }
      builder.relocations(of: section, relocations)
      return KernelModule(try ELFImage(builder.build()))
    }
  }

  @Test(
    "Parameters are read as the file shows that they lie, whatever kernel it names",
    arguments: Parameters.all, [1, 5] as [UInt64])
  func parameters(layout: Parameters, count: UInt64) throws {
    for order in [ByteOrder.little, .big] {
      for release in ["2.6.32", "3.10.0", "4.19.0", "6.1.0", "none"] {
        let module = try layout.module(count, release, order)
        let parameters = try module.parameters()
        expect(parameters.map(\.name.text), is: (0..<count).map { "p\($0)" }, "\(release)")
        expect(parameters.allSatisfy { $0.permissions == 0o644 && $0.level == 0 })
        expect(
          parameters.map(\.defaultValue), is: (0..<count).map { .signed(100 + Int64($0)) })
        // A parameter without `parmtype=` (module_param_call, module_param_cb) is one all the same.
        expect(parameters.map(\.declaredType?.text), is: (0..<count).map { $0 == 0 ? "int" : nil })
        let section = try #require(module.image.sections.first(named: "__param"))
        expect(module.entryCount(of: section, nil), is: count)
      }
    }
  }

  @Test("Custom operations that show a value with the kernel's own function show what it is")
  func standardGetters() throws {
    var builder = ELFBuilder()
    builder.modinfo(["license=GPL", "vermagic=6.1.0 SMP "])
    // One variable, read by the function of the kernel, by a function of the module, and by one of the
    // module that has the name of a kernel's.
    let data = builder.section(".data", flags: 3, [0xfe, 0xff, 0xff, 0xff])
    let names = builder.section(".rodata", Array("a\0b\0c\0d\0".utf8))
    let code = builder.section(".text", flags: 6, [UInt8](repeating: 0xc3, count: 16))
    let operations = builder.section(".data.rel.ro", flags: 3, [UInt8](repeating: 0, count: 128))
    let records = builder.section("__param", [UInt8](repeating: 0, count: 160), alignment: 8)
    let base = [data, names, operations].map {
      builder.symbol("", section: UInt16($0), binding: 0, type: 3)
    }
    let this = builder.symbol("__this_module", section: UInt16(data))
    let set = builder.symbol("set_mine", section: UInt16(code), binding: 0, type: 2)
    let getters = [
      builder.symbol("param_get_int"), builder.symbol("param_get_hexint"),
      builder.symbol("get_mine", section: UInt16(code), value: 4, binding: 0, type: 2),
      builder.symbol("param_get_uint", section: UInt16(code), value: 8, binding: 0, type: 2),
    ]
    var pointers: [ELFBuilder.NewRelocation] = []
    var functions: [ELFBuilder.NewRelocation] = []
    for (index, getter) in getters.enumerated() {
      let record = UInt64(40 * index)
      pointers += [
        (record, base[1], 1, Int64(2 * index)), (record + 8, this, 1, 0),
        (record + 16, base[2], 1, Int64(32 * index)), (record + 32, base[0], 1, 0),
      ]
      functions += [(UInt64(32 * index + 8), set, 1, 0), (UInt64(32 * index + 16), getter, 1, 0)]
    }
    builder.relocations(of: records, pointers)
    builder.relocations(of: operations, functions)
    let parameters = try KernelModule(ELFImage(builder.build())).parameters()
    expect(parameters.map(\.name.text), is: ["a", "b", "c", "d"])
    expect(parameters.allSatisfy { $0.type == .custom && $0.accessors?.set?.text == "set_mine" })
    expect(parameters.map(\.defaultValue), is: [.signed(-2), .unsigned(0xffff_fffe), nil, nil])
    expect(parameters.map(\.valueType?.isHexadecimal), is: [false, true, nil, nil])
  }

  @Test(
    "Where nothing tells how parameters lie, none is named or counted",
    arguments: ["none", "3.10.0"])
  func unknownParameters(release: String) throws {
    let module = try Self.silent("__param", release)
    #expect(throws: ELFError.self) { try module.parameters() }
    let section = try #require(module.image.sections.first(named: "__param"))
    expect(module.entryCount(of: section, nil), is: nil)
    expect(module.entryCount(of: section, Kernel(release: "6.1.0")), is: 6)
  }
}
