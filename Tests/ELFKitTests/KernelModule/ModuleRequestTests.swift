import ELFKit
import TestSupport
import Testing

@Suite("What code asks for while it runs")
struct ModuleRequestTests {
  /// A module that calls `function` with the address of `text` in the register of an argument, after
  /// `between`.
  private static func requests(
    _ function: String, _ text: String, load: [UInt8], between: [UInt8] = [],
    branch: UInt8 = 0xe8
  ) throws -> [ModuleRequest] {
    var builder = ELFBuilder.module()
    let code = builder.section(
      ".text", flags: 6, load + [0, 0, 0, 0] + between + [branch, 0, 0, 0, 0])
    let strings = builder.section(".rodata.str1.1", flags: 0x32, Array("x\0\(text)\0".utf8))
    let base = builder.symbol("", section: UInt16(strings), binding: 0, type: 3)
    let thunk = builder.symbol("__x86_return_thunk")
    let callee = builder.symbol(function)
    let start = UInt64(load.count)
    var relocations: [ELFBuilder.NewRelocation] = [(start, base, 11, 2)]
    if !between.isEmpty { relocations.append((start + 5, thunk, 4, -4)) }
    relocations.append((start + 5 + UInt64(between.count), callee, 4, -4))
    builder.relocations(of: code, relocations)
    return try KernelModule(ELFImage(builder.build())).requests()
  }

  private static let first: [UInt8] = [0x48, 0xc7, 0xc7]
  private static let second: [UInt8] = [0x48, 0xc7, 0xc6]

  @Test(
    "Literals, patterns, and what the kernel puts before them",
    arguments: [
      ("__request_module", "symbol:dvb_pll", second, "symbol:dvb_pll", false),
      ("__request_module", "snd-card-%i", second, "snd-card-*", true),
      ("__request_module", "a%%b%-5.2lux%pI4!", second, "a%b*x*!", true),
      ("__request_module", "%s%d", second, "*", true),
      ("get_fs_type", "ext4", first, "fs-ext4", false),
      ("crypto_alloc_shash", "crc32c", first, "crypto-crc32c", false),
      ("request_firmware", "vx/%s", second, "vx/%s", false),
    ] as [(String, String, [UInt8], String, Bool)])
  func names(
    function: String, text: String, load: [UInt8], name: String, isPattern: Bool
  ) throws {
    let found = try Self.requests(function, text, load: load)
    #expect(found.map { $0.name?.text } == [name])
    #expect(found.map(\.isPattern) == [isPattern])
    #expect(found.map(\.kind) == [function == "request_firmware" ? .firmware : .module])
  }

  @Test("A text in another register, or behind a jump, is not the call's: nobody knows")
  func unknown() throws {
    let other = try Self.requests("__request_module", "x", load: Self.first)
    #expect(other.map(\.name) == [nil])
    let behind = try Self.requests(
      "__request_module", "x", load: Self.second, between: [0xe9, 0, 0, 0, 0])
    #expect(behind.map(\.name) == [nil])
  }

  @Test("A jump asks as a call does; an address of the function asks for nothing")
  func branches() throws {
    #expect(
      try Self.requests("__request_module", "x", load: Self.second, branch: 0xe9).count == 1)
    #expect(
      try Self.requests("__request_module", "x", load: Self.second, branch: 0xc7).isEmpty)
  }

  @Test(
    "A pattern means those modules that it fits, and nothing when it begins with what is filled in")
  func candidates() throws {
    let members = try ["snd-card-1.ko", "snd-card-x.ko", "other.ko"].map { path in
      try ModuleMember(
        KernelModule(try ELFImage(ELFBuilder.module(modinfo: ["alias=net-pf-2"]).build())),
        path: ByteSlice(Array(path.utf8)), .words)
    }
    let names = DependencyGraph(members, builtIns: ["snd_card_9"]).names
    #expect(
      names.candidates(of: "snd-card-*") == [.file(0), .file(1), .builtIn("snd_card_9")])
    #expect(names.candidates(of: "net-pf-*") == [.file(0), .file(1), .file(2)])
    #expect(names.candidates(of: "*") == [] && names.candidates(of: "") == [])
  }
}
