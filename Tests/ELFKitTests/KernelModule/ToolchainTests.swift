import ELFKit
import TestSupport
import Testing

@Suite("Tool chain and notes")
struct ToolchainTests {
  @Test("Compilers are named once each; debug information and BTF are counted")
  func toolchain() throws {
    var builder = ELFBuilder.module()
    builder.section(".comment", flags: 0x30, Array("\0GCC: 12\0clang 16\0GCC: 12\0".utf8))
    builder.section(".debug_info", flags: 0, [1, 2, 3])
    builder.section(".zdebug_line", flags: 0, [1, 2])
    builder.section(".BTF", flags: 0, [1])
    let toolchain = try KernelModule(ELFImage(builder.build())).toolchain()
    expect(toolchain.compilers.map(\.text), is: ["GCC: 12", "clang 16"])
    expect(toolchain.debugInfoSize, is: 5)
    expect(toolchain.btfSize, is: 1)
    expect(!toolchain.isRust)
  }

  @Test(
    "A Rust module has its mark; Rust in the middle of C is none",
    arguments: [
      ("rustc version 1.85", "_R_16__IS_RUST_MODULE", true), ("rustc version 1.85", "x", false),
      ("GCC: 12", "_R_16__IS_RUST_MODULE", false), ("", "a__IS_RUST_MODULE", true),
    ])
  func rust(comment: String, symbol: String, isRust: Bool) throws {
    var builder = ELFBuilder.module()
    builder.section(".comment", flags: 0x30, Array(comment.utf8) + [0])
    builder.symbol(symbol, section: 1)
    try expect(KernelModule(ELFImage(builder.build())).toolchain().isRust, is: isRust)
  }

  @Test(
    "Properties tell of protection, damaged ones of nothing",
    arguments: [
      (62, [0xc000_0002, 4, 3, 0], ["IBT", "SHSTK"]), (62, [0xc000_0002, 4, 1, 0], ["IBT"]),
      (62, [0xc001_0002, 4, 3, 0, 0xc000_0002, 4, 2, 0], ["SHSTK"]),
      (183, [0xc000_0000, 4, 3, 0], ["BTI", "PAC"]), (183, [0xc000_0002, 4, 3, 0], []),
      (62, [0xc000_0002, 0xffff_ffff, 3, 0], ["IBT", "SHSTK"]), (62, [0xc000_0002, 0, 3, 0], []),
      (62, [0xc000_0002, 4], []), (21, [0xc000_0002, 4, 3, 0], []),
    ] as [(UInt16, [UInt64], [String])])
  func protections(machine: UInt16, words: [UInt64], names: [String]) throws {
    var builder = ELFBuilder(machine: machine)
    var note = ByteWriter()
    note.u32(4)
    note.u32(UInt64(words.count * 4))
    note.u32(5)
    note.bytes += Array("GNU\0".utf8)
    for word in words { note.u32(word) }
    builder.section(".note.gnu.property", type: 7, note.bytes, alignment: 8)
    expect(KernelModule(try ELFImage(builder.build())).buildNotes().protections, is: names)
  }
}
