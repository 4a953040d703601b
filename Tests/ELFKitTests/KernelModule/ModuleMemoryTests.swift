// What a module costs in memory, as the kernel counts it.

import TestSupport
import Testing

@testable import ELFKit

@Suite("Memory as the kernel counts it")
struct ModuleMemoryTests {
  private static func memory(_ module: KernelModule, _ release: String) throws -> ModuleMemory {
    let release = ByteSlice(Array(release.utf8))
    return module.memory(
      in: Kernel(release: release), try module.image.symbols(), release: release)
  }

  /// `/sys/module/NAME/coresize` of Debian's 6.1.0-56-amd64 in QEMU, after insmod.
  @Test(
    "What stays is what a real kernel shows",
    arguments: [
      ("aliases", 12288), ("exporter", 20480), ("hello", 16384), ("importer", 16384),
      ("intree", 16384), ("library", 16384), ("no_exit", 12288), ("params", 16384),
      ("tags", 16384),
    ] as [(String, UInt64)])
  func measured(name: String, coresize: UInt64) throws {
    let module = KernelModule(try ELFImage(try Fixtures.bytes("\(name).ko")))
    let memory = try Self.memory(module, "6.1.0-56-amd64")
    expect(memory.resident, is: coresize)
    expect(memory.isMeasured)
  }

  /// Code of 4000 bytes and data of so many; symbols of code, init, data of each CPU, and none.
  private static func module(
    data: Int, names: Int = 1, machine: UInt16 = 62, _ order: ByteOrder = .little
  ) throws -> KernelModule {
    var builder = ELFBuilder(machine: machine, order)
    let text = builder.section(".text", flags: 6, [UInt8](repeating: 0, count: 4000))
    let own = builder.section(".data", flags: 3, [UInt8](repeating: 0, count: data))
    let initial = builder.section(".init.text", flags: 6, [UInt8](repeating: 0, count: 4000))
    let comment = builder.section(".comment", flags: 0, [0])
    for index in 0..<names { builder.symbol("f\(index % 10)", section: UInt16(text)) }
    builder.symbol("", section: UInt16(own))
    builder.symbol("freed", section: UInt16(initial))
    builder.symbol("gone", section: UInt16(comment))
    builder.symbol("number", section: 0xfff1)
    builder.symbol("elsewhere")
    return KernelModule(try ELFImage(builder.build()))
  }

  @Test("Before 6.4 symbols follow everything, since then they are part of the data")
  func symbols() throws {
    // The first symbol and `f0`: two of 24 bytes, two of type, names of one and three.
    let module = try Self.module(data: 100)
    let old = try Self.memory(module, "6.1.0-1-amd64")
    expect(old.symbols, is: 54)
    expect(old.resident, is: 12288)
    expect(old.symbolPages, is: 4096)
    let new = try Self.memory(module, "6.12.100+deb13-amd64")
    expect(new.symbols, is: 58, "aligned behind 100 bytes")
    expect(new.resident, is: 8192)
    expect(new.symbolPages, is: 0)
    // 28 bytes a symbol: 150 of them need another page of data.
    let many = try Self.module(data: 100, names: 150)
    try expect(Self.memory(many, "6.1.0-1-amd64").resident, is: 16384)
    let kinds = try Self.memory(many, "6.12.100+deb13-amd64")
    expect(kinds.resident, is: 12288)
    expect(kinds.pages(.data), is: 8192)
    // All symbols of a live patch stay.
    let patch = many.memory(
      in: Kernel(release: "6.12.100"), try many.image.symbols(), isLivepatch: true)
    expect(patch.symbols > kinds.symbols)
    // Without symbols only the sections count.
    expect(many.memory().resident, is: 8192)
  }

  @Test(
    "The size of pages is that of the machine, as far as the release tells",
    arguments: [
      (21, "6.1.0-50-powerpc64le", 65536), (21, "6.12.100+deb13-powerpc64le", 4096),
      (21, "6.12.100+deb13-powerpc64le-64k", 65536), (183, "6.1.0-50-arm64", 4096),
      (183, "6.12.100+deb13-arm64-16k", 16384), (183, "5.14.0-503.el9.aarch64+64k", 65536),
      (258, "6.12.100+deb13-loong64", 16384), (22, "6.1.0-50-s390x", 4096),
    ] as [(UInt16, String, UInt64)])
  func pages(machine: UInt16, release: String, bytes: UInt64) throws {
    let module = try Self.module(data: 100, machine: machine, machine == 22 ? .big : .little)
    let memory = try Self.memory(module, release)
    expect(memory.pageSize, is: bytes)
    expect(memory.resident % bytes, is: 0)
    expect(!memory.isMeasured)
  }

  @Test("Static calls are read-only after init since 6.16")
  func callSites() throws {
    var builder = ELFBuilder()
    let calls = builder.section(".static_call_sites", flags: 3, [UInt8](repeating: 0, count: 8))
    let module = KernelModule(try ELFImage(builder.build()))
    let section = module.image.sections[calls]
    expect(module.region(of: section, in: Kernel(release: "6.12.1")), is: .data)
    expect(module.region(of: section, in: Kernel(release: "7.2.1")), is: .readOnlyAfterInit)
  }

  @Test("Sizes that leave 64 bits stay what they are, and nothing traps")
  func absurd() throws {
    var builder = ELFBuilder()
    builder.section(".bss", type: 8, flags: 3, size: .max, alignment: 1 << 63)
    builder.section(".more", type: 8, flags: 3, size: .max)
    builder.symbol("x", section: 1, value: .max)
    let module = KernelModule(try ELFImage(builder.build()))
    for release in ["5.10.1", "6.12.1"] {
      let memory = try Self.memory(module, release)
      expect(memory.resident, is: .max)
      _ = (memory.symbolPages, memory.pages(.data))
    }
  }
}
