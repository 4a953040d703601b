import ELFKit
import TestSupport
import Testing

@Suite("Sizes of table entries, by the file")
struct TableStrideTests {
  /// A table of `count` entries of `size` bytes with pointers at `fields`; what is listed in
  /// `imports` points to a symbol of the kernel's.
  private static func module(
    _ name: String, _ size: UInt64, _ count: UInt64, _ fields: [UInt64], imports: [UInt64] = [],
    bytes: UInt64? = nil
  ) throws -> KernelModule {
    var builder = ELFBuilder()
    let text = builder.section(".text", flags: 6, [UInt8](repeating: 0xc3, count: 16))
    let table = builder.section(name, [UInt8](repeating: 0, count: Int(bytes ?? size * count)))
    let here = builder.symbol("here", section: UInt16(text))
    let elsewhere = builder.symbol("elsewhere")
    var relocations: [ELFBuilder.NewRelocation] = []
    for index in 0..<count {
      for field in fields {
        relocations.append(
          (index * size + field, imports.contains(field) ? elsewhere : here, 2, 0))
      }
    }
    builder.relocations(of: table, relocations)
    return KernelModule(try ELFImage(builder.build()))
  }

  private static func count(_ module: KernelModule, _ name: String) throws -> UInt64? {
    let section = try #require(module.image.sections.first(named: name))
    return module.entryCount(of: section, Kernel(release: "6.1.0"))
  }

  @Test(
    "Entries are counted in the size that their pointers show",
    arguments: [
      // With file and line or without, with addresses, with the text of the message.
      ("__bug_table", 12, [0, 4], []), ("__bug_table", 8, [0], []),
      ("__bug_table", 24, [0, 8], []),
      ("__bug_table", 16, [0, 4, 8], []),
      ("__jump_table", 16, [0, 4, 8], []), ("__jump_table", 24, [0, 8, 16], []),
      // x86 from 4.6 on names a handler, from 5.16 on a number.
      ("__ex_table", 8, [0, 4], []), ("__ex_table", 12, [0, 4, 8], [8]),
      ("__ex_table", 12, [0, 4], []),
      (".altinstructions", 13, [0, 4], []), (".altinstructions", 14, [0, 4], []),
      (".altinstructions", 24, [0, 8], []),
      ("__verbose", 56, [0, 8, 16, 24], []), ("__dyndbg", 40, [0, 8, 16, 24], []),
      ("__tracepoints_ptrs", 8, [0], []), ("__tracepoints_ptrs", 4, [0], []),
      (".smp_locks", 8, [0], []),
    ] as [(String, UInt64, [UInt64], [UInt64])])
  func entries(name: String, size: UInt64, fields: [UInt64], imports: [UInt64]) throws {
    for count: UInt64 in [1, 2, 3, 6, 12] {
      // One pointer alone says nothing of what lies behind it.
      if count == 1, fields.count == 1 { continue }
      let module = try Self.module(name, size, count, fields, imports: imports)
      try expect(Self.count(module, name), is: count, "\(count) of \(size)")
    }
  }

  @Test("Some alternatives of arm64 call the kernel's own code, and others do not")
  func alternatives() throws {
    var builder = ELFBuilder(machine: 183)
    let text = builder.section(".text", flags: 6, [UInt8](repeating: 0, count: 16))
    let table = builder.section(".altinstructions", [UInt8](repeating: 0, count: 72))
    let here = builder.symbol("here", section: UInt16(text))
    let callback = builder.symbol("alt_cb_patch_nops")
    var relocations: [ELFBuilder.NewRelocation] = []
    for index: UInt64 in 0..<6 {
      relocations.append((12 * index, here, 261, 0))
      relocations.append((12 * index + 4, index % 2 == 0 ? here : callback, 261, 0))
    }
    builder.relocations(of: table, relocations)
    let module = KernelModule(try ELFImage(builder.build()))
    try expect(Self.count(module, ".altinstructions"), is: 6)
  }

  @Test("What fits no size that is known is not counted, but for whole entries of the usual one")
  func contradiction() throws {
    // Records of 20 bytes are unheard of.
    try expect(Self.count(Self.module("__bug_table", 20, 2, [0, 4]), "__bug_table"), is: nil)
    try expect(Self.count(Self.module("__jump_table", 20, 3, [0]), "__jump_table"), is: nil)
    // Some entries have no pointer to a file.
    let odd = try Self.module("__bug_table", 36, 1, [0, 4, 12, 24, 28])
    try expect(Self.count(odd, "__bug_table"), is: 3)
  }

  @Test(
    "Sections that other kernels' modules have are explained",
    arguments: [
      ".llvm_addrsig", ".hyp.text", ".hyp.bss", ".hyp.rodata", ".hyp.data", "__verbose",
      "__trace_printk_fmt", ".rheldata", ".devinit.text", ".devexit.text", ".export_symbol",
      ".ftrace_trampoline", ".opd", ".sfpr",
    ])
  func purposes(name: String) throws {
    var builder = ELFBuilder()
    let index = builder.section(name, [1])
    try expect(ELFImage(builder.build()).sections[index].purpose != nil)
  }
}
