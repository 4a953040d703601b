import ELFKit
import TestSupport
import Testing

@Suite("struct module")
struct ThisModuleTests {
  @Test("init and exit are found by name and resolved to the functions behind the aliases")
  func entryPoints() throws {
    var builder = ELFBuilder.module("tiny")
    let structure = 2
    let initText = builder.section(".init.text", flags: 6, [UInt8](repeating: 0x90, count: 40))
    let exitText = builder.section(".exit.text", flags: 6, [UInt8](repeating: 0x90, count: 20))
    builder.symbol("tiny_init", section: UInt16(initText), value: 8, size: 30, binding: 0, type: 2)
    builder.symbol("tiny_exit", section: UInt16(exitText), size: 20, binding: 0, type: 2)
    let exit = builder.symbol("cleanup_module", section: UInt16(exitText), size: 20, type: 2)
    let entry = builder.symbol(
      "init_module", section: UInt16(initText), value: 8, size: 30, type: 2)
    builder.relocations(of: structure, [(0x350, exit, 1, 0), (0x138, entry, 1, 0)])
    let module = try #require(try KernelModule(ELFImage(builder.build())).thisModule())
    expect(module.name?.text, is: "tiny")
    expect(module.size, is: 896)
    expect(module.initFunction?.symbol.text, is: "tiny_init")
    expect(module.initFunction?.alias.text, is: "init_module")
    expect(module.initFunction?.section, is: initText)
    expect(module.initFunction?.offset, is: 8)
    expect(module.initFunction?.size, is: 30)
    expect(module.initFunction?.fieldOffset, is: 0x138)
    expect(module.exitFunction?.symbol.text, is: "tiny_exit")
    expect(module.exitFunction?.fieldOffset, is: 0x350)
  }

  @Test("Without the usual names the order of the pointers decides")
  func renamed() throws {
    var builder = ELFBuilder.module()
    let text = builder.section(".text", flags: 6, [UInt8](repeating: 0x90, count: 40))
    let sectionSymbol = builder.symbol("", section: UInt16(text), binding: 0, type: 3)
    builder.symbol("stop", section: UInt16(text), value: 16, size: 4, binding: 0, type: 2)
    builder.relocations(of: 2, [(0x350, sectionSymbol, 1, 16)])
    let module = try #require(try KernelModule(ELFImage(builder.build())).thisModule())
    expect(module.initFunction, is: nil)
    expect(module.exitFunction?.symbol.text, is: "stop")
  }

  @Test("A structure that is too short has no name; a missing one is nil")
  func odd() throws {
    var short = ELFBuilder()
    short.thisModule("x", size: 30)
    let module = try #require(try KernelModule(ELFImage(short.build())).thisModule())
    expect(module.name, is: nil)
    try expect(KernelModule(ELFImage(ELFBuilder().build())).thisModule(), is: nil)
  }

  @Test("A name without a NUL ends with its field")
  func longName() throws {
    var builder = ELFBuilder()
    builder.thisModule(String(repeating: "n", count: 100))
    let module = try #require(try KernelModule(ELFImage(builder.build())).thisModule())
    expect(module.name?.count, is: 56)
  }
}
