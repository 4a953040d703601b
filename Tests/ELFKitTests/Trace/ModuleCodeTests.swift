import ELFKit
import TestSupport
import Testing

@Suite("What kallsyms calls the code of a module")
struct ModuleCodeTests {
  private func code(_ name: String) throws -> ModuleCode {
    try ModuleCode(KernelModule(try ELFImage(try Fixtures.bytes(name))))
  }

  @Test(
    "The last name of a region reaches to the end of its page, and of equals the first is named")
  func last() throws {
    let code = try code("hello.ko")
    let place = try #require(code.places(named: "hello_init").first)
    expect(
      place.extent.allows(0x1000) && !place.extent.allows(0x1001) && !place.extent.allows(0xfff))
    expect(!place.extent.allows(0x10))
    expect(place.isInit && !place.isAlias)
    // As it is in the file, for kernels that do not round.
    if case .toPage(let least, _, _) = place.extent { expect(place.extent.allows(least)) }
    let alias = try #require(code.places(named: "init_module").first)
    expect(alias.isAlias && alias.section == place.section)
  }

  @Test("Padding before a function has a name of its own, which counts")
  func padded() throws {
    let files = try code("hello-6.12.ko")
    let names = ["__pfx_hello_init", "hello_init"].flatMap {
      files.places(named: ByteSlice(Array($0.utf8)))
    }
    expect(names.count, is: 2)
    expect(names.first?.extent, is: .exact(0x10))
    expect(names.last?.extent.allows(0xff0), is: true)
  }

  @Test("A place is in the file, is not there, or is longer or shorter there")
  func resolve() throws {
    let module = KernelModule(try ELFImage(try Fixtures.bytes("hello.ko")))
    func verdict(_ function: String, _ offset: UInt64, _ size: UInt64?) throws -> BuildVerdict {
      var traced = try TracedModule(module)
      let symbol = TraceSymbol(
        function: ByteSlice(Array(function.utf8)), offset: offset, size: size, module: "hello")
      traced.add(TraceMention(typed: symbol))
      return traced.verdict
    }
    try expect(verdict("hello_init", 0x18, 0x1000), is: .consistent)
    try expect(verdict("hello_init", 0x18, nil), is: .unknown)
    try expect(verdict("hello_init", 0x18, 0xff0), is: .different)
    try expect(verdict("hello_init", 0x1001, 0x1000), is: .different)
    try expect(verdict("other_init", 0x18, 0x1000), is: .different)
  }

  @Test("A build id in the log is believed, and one of another build is a contradiction")
  func buildID() throws {
    let module = KernelModule(try ELFImage(try Fixtures.bytes("hello.ko")))
    let own = try #require(module.buildNotes().buildID)
    let digits = own.map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0\(text)" : text
    }.joined()
    for (id, verdict) in [
      (digits, BuildVerdict.same), (String(digits.reversed()), .different),
      (String(digits.dropLast()), .different),
    ] {
      var traced = try TracedModule(module)
      traced.add(
        TraceMention(
          typed: TraceSymbol(
            function: "hello_init", offset: 0x18, size: 0x1000, module: "hello",
            buildID: ByteSlice(Array(id.utf8)))))
      expect(traced.verdict, is: verdict)
    }
  }

  @Test("Thumb code: bit 0 of a function's value is no part of its address, and of data it is")
  func thumb() throws {
    func start(_ type: UInt8) throws -> UInt64? {
      var builder = ELFBuilder.module("hello", machine: 40, .little, .elf32)
      let text = builder.section(".text", flags: 6, [UInt8](repeating: 0, count: 64))
      builder.symbol("first", section: UInt16(text), value: 1, size: 32, type: type)
      builder.symbol("second", section: UInt16(text), value: 33, size: 31, type: type)
      let code = try ModuleCode(KernelModule(try ELFImage(builder.build())))
      return code.places(named: "second").first?.start
    }
    try expect(start(2), is: 32)
    try expect(start(1), is: 33)
  }
}
