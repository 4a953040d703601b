import ELFKit
import TestSupport
import Testing

@Suite("Purpose, entries and memory of sections")
struct SectionPurposeTests {
  /// Sizes measured on Debian's modules: every entry of these tables has its relocations.
  @Test(
    "Entries are counted by the size that machine and version give them",
    arguments: [
      ("__bug_table", 62, "6.1", 48, 4), ("__bug_table", 62, "7.2", 48, 3),
      ("__bug_table", 22, "7.2", 48, 3), ("__bug_table", 22, "6.12", 48, 4),
      ("__bug_table", 183, "7.2", 48, 4), ("__bug_table", 8, "6.1", 48, 2),
      ("__ex_table", 62, "6.1", 24, 2), ("__ex_table", 21, "6.1", 24, 3),
      ("__jump_table", 62, "6.1", 48, 3), ("__jump_table", 8, "6.1", 48, 2),
      (".altinstructions", 62, "6.1", 84, 7), (".altinstructions", 62, "6.12", 84, 6),
      (".altinstructions", 22, "6.1", 22, 2), ("__ksymtab", 62, "6.1", 24, 2),
      ("__ksymtab_gpl", 22, "6.1", 24, 1), ("__tracepoints_ptrs", 62, "6.1", 8, 2),
      ("__tracepoints_ptrs", 243, "6.12", 8, 1), ("__param", 62, "6.1", 85, 2),
      (".parainstructions", 62, "5.10", 44, 3), (".rodata", 62, "6.1", 85, nil),
      ("unheard-of", 62, "6.1", 85, nil),
      ("__bug_table", 62, nil, 48, nil), ("__bug_table", 183, nil, 48, 4),
    ] as [(String, UInt16, String?, Int, UInt64?)])
  func entries(name: String, machine: UInt16, version: String?, size: Int, count: UInt64?) throws {
    var builder = ELFBuilder(machine: machine)
    let index = builder.section(name, [UInt8](repeating: 0, count: size))
    let module = KernelModule(try ELFImage(builder.build()))
    let kernel = version.flatMap { Kernel(release: ByteSlice(Array($0.utf8))) }
    expect(module.entryCount(of: module.image.sections[index], kernel), is: count)
  }

  @Test("A size that the section itself gives counts")
  func entrySize() throws {
    var builder = ELFBuilder()
    let index = builder.section(
      "__bug_table", [UInt8](repeating: 0, count: 60), entrySize: 20)
    let module = KernelModule(try ELFImage(builder.build()))
    expect(module.entryCount(of: module.image.sections[index], nil), is: 3)
  }

  @Test(
    "Every section goes to one region",
    arguments: [
      (".text", 6, 62, .code), (".init.text", 6, 62, .initialization), (".init.text", 6, 21, .code),
      (".rodata", 2, 62, .readOnlyData), (".data", 3, 62, .data),
      (".data..ro_after_init", 3, 62, .readOnlyAfterInit),
      ("__jump_table", 3, 62, .readOnlyAfterInit),
      (".data..percpu", 3, 62, .perCPU), (".modinfo", 2, 62, .notLoaded),
      ("__versions", 2, 62, .notLoaded), (".comment", 0x30, 62, .notLoaded),
      (".exit.text", 6, 62, .code),
    ] as [(String, UInt64, UInt16, SectionRegion)])
  func regions(name: String, flags: UInt64, machine: UInt16, region: SectionRegion) throws {
    var builder = ELFBuilder(machine: machine)
    let index = builder.section(name, flags: flags, [1])
    let module = KernelModule(try ELFImage(builder.build()))
    expect(module.region(of: module.image.sections[index]), is: region)
  }

  @Test("Sizes are summed with their alignment and rounded to pages; absurd ones do not trap")
  func memory() throws {
    var builder = ELFBuilder()
    builder.section(".text", flags: 6, [1, 2, 3])
    builder.section(".text.unlikely", flags: 6, [1], alignment: 16)
    builder.section(".bss", type: 8, flags: 3, size: 5_000, alignment: 32)
    let memory = KernelModule(try ELFImage(builder.build())).memory()
    expect(memory.sizes[.code], is: 17)
    expect(memory.pages(.code), is: 4_096)
    expect(memory.pages(.data), is: 8_192)
    expect(memory.resident, is: 12_288)

    builder.section(".bss.huge", type: 8, flags: 3, size: .max, alignment: .max)
    builder.section(".bss.more", type: 8, flags: 3, size: .max - 5, alignment: 1 << 63)
    let absurd = KernelModule(try ELFImage(builder.build())).memory()
    expect(absurd.sizes[.data], is: .max)
    expect(absurd.pages(.data), is: .max)
  }

  @Test("The layout of struct module tells the kernel")
  func layouts() throws {
    let module = try KernelModule(ELFImage(Fixtures.bytes("hello.ko"))).thisModule()
    let known = module?.knownLayouts(.amd64).map(\.release)
    expect(known, is: ["6.1.0-56-amd64"])
    expect(module?.knownLayouts(.aarch64).isEmpty, is: true)
  }

  @Test(
    "A layout is named after a kernel only where vermagic agrees, and no release is invented",
    arguments: [
      ("6.1.0-56-amd64", "Linux 6.1.0-56-amd64"), ("6.1.0-25-amd64", "Debian's Linux 6.1"),
      ("6.12.118+deb13-amd64", nil), ("5.15.0", nil), ("none", nil),
    ] as [(String, String?)])
  func layoutNames(release: String, expected: String?) throws {
    let module = try KernelModule(ELFImage(Fixtures.bytes("hello.ko"))).thisModule()
    let layout = try #require(module?.knownLayouts(.amd64).first)
    expect(layout.name(for: ByteSlice(Array(release.utf8))), is: expected)
  }

  @Test(
    "A version is read from a release",
    arguments: [
      ("6.12.107+deb13-amd64", "6.12"), ("7.2", "7.2"), ("5.10-rc1", "5.10"), ("6", nil),
      ("", nil), ("x6.1", nil), ("6.", nil), ("99999999999999.1", nil),
    ] as [(String, String?)])
  func version(release: String, expected: String?) {
    let version = KernelVersion(release: ByteSlice(Array(release.utf8)))
    expect(version?.description, is: expected)
  }
}
