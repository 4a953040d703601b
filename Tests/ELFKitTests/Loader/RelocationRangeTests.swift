// Values that do not fit a field, on machines whose loaders look: what a file alone decides.

import TestSupport
import Testing

@testable import ELFKit

@Suite("Ranges of relocations")
struct RelocationRangeTests {
  /// A module with code, data and one relocation of its code.
  private static func prediction(
    machine: UInt16, magic: String, type: UInt64, addend: Int64, absolute: UInt64? = nil,
    undefined: Bool = false, order: ByteOrder = .little, config: String
  ) throws -> LoadPrediction {
    var builder = ELFBuilder(machine: machine, order)
    builder.modinfo(["license=GPL", "name=a", "vermagic=\(magic)"])
    builder.thisModule("a")
    for name in [".plt", ".init.plt", ".stubs", ".got", ".plt.idx"] {
      builder.section(name, flags: 6, [0])
    }
    let text = builder.section(".text", flags: 6, [UInt8](repeating: 0, count: 64))
    let symbol =
      if let absolute {
        builder.symbol("number", section: 0xfff1, value: absolute)
      } else if undefined {
        builder.symbol("elsewhere", section: 0, value: 0)
      } else {
        builder.symbol("own", section: UInt16(text), value: 0)
      }
    builder.relocations(of: text, [(8, symbol, type, addend)])
    var target = TargetKernel()
    target.vermagic = ByteSlice(Array(magic.utf8))
    target.config = try KernelConfig(ByteSlice(Array(config.utf8)))
    var bytes = builder.build()
    // PowerPC64: ABI version 2 in e_flags.
    if machine == 21 { bytes[48] = 2 }
    return target.prediction(LoadRequest(ByteSlice(bytes)))
  }

  /// What is asked of AArch64: type, addend, number of an absolute symbol or undefined, and the answer.
  @Test(
    "AArch64: numbers, places of one section, and addresses, which are high",
    arguments: [
      (259, 0, 0xffff, .loads), (259, 0, 0x10000, .fails), (259, 1, 0xffff, .fails),
      (258, 0, 0xffff_ffff, .loads), (258, 0, 0x1_0000_0000, .fails), (258, 0, nil, .fails),
      (263, 0, nil, .fails), (265, 0, nil, .fails), (267, 0, nil, .fails), (269, 0, nil, .loads),
      (270, 0, 0xffff, .loads), (270, 0, 0x10000, .fails), (272, 0, nil, .loads),
      (264, 0, nil, .loads), (262, 0x8007, nil, .loads), (262, 0x8008, nil, .fails),
      (262, -0x7ff8, nil, .loads), (262, -0x7ff9, nil, .fails), (261, 0x8000_0007, nil, .loads),
      (261, 0x8000_0008, nil, .fails), (279, 0x8007, nil, .loads), (279, 0x8008, nil, .fails),
      (280, 0x10_0007, nil, .loads), (280, 0x10_0008, nil, .fails), (274, 1 << 40, nil, .fails),
      (275, 1 << 40, nil, .fails), (276, 1 << 40, nil, .loads), (283, 1 << 40, nil, .loads),
    ] as [(UInt64, Int64, UInt64?, LoadPrediction.Verdict)])
  func arm64(
    type: UInt64, addend: Int64, number: UInt64?, verdict: LoadPrediction.Verdict
  ) throws {
    let answer = try Self.prediction(
      machine: 183, magic: "6.1.0-50-arm64 SMP mod_unload aarch64", type: type, addend: addend,
      absolute: number, config: "CONFIG_ARM64=y\nCONFIG_ARM64_VA_BITS=48\n")
    expect(answer.verdict == verdict || answer.verdict == .depends && verdict == .loads)
    expect(answer.errno == .notExecutable, is: verdict == .fails)
    let overflows = answer.messages.filter { $0.text.hasPrefix("module a: overflow in relocation") }
    expect(overflows.count, is: (verdict == .fails ? 1 : 0))
    expect(!answer.openQuestions.contains { $0.text.contains("reach") })
  }

  @Test("Whether a kernel symbol is near enough for a short field, only the kernel knows")
  func short() throws {
    for (type, isOpen) in [(262, true), (279, true), (287, true), (261, false), (283, false)] {
      let answer = try Self.prediction(
        machine: 183, magic: "6.1.0-50-arm64 SMP mod_unload aarch64", type: UInt64(type), addend: 0,
        undefined: true, config: "CONFIG_ARM64=y\nCONFIG_ARM64_VA_BITS=48\n")
      expect(answer.openQuestions.contains { $0.text.contains("short reach") }, is: isOpen)
    }
  }

  /// What an arm64 kernel of `release` answers to a module with code, and what `change` adds to it.
  private static func arm64(
    _ release: String, _ config: String = "", _ change: (inout ELFBuilder, _ text: Int) -> Void
  ) throws -> LoadPrediction {
    let magic = "\(release) SMP mod_unload aarch64"
    var builder = ELFBuilder(machine: 183)
    builder.modinfo(["license=GPL", "name=a", "vermagic=\(magic)"])
    builder.thisModule("a")
    for name in [".plt", ".init.plt"] { builder.section(name, flags: 6, [0]) }
    let text = builder.section(".text", flags: 6, [UInt8](repeating: 0, count: 64))
    change(&builder, text)
    var target = TargetKernel()
    target.vermagic = ByteSlice(Array(magic.utf8))
    target.config = try KernelConfig(
      ByteSlice(Array("CONFIG_ARM64=y\nCONFIG_ARM64_VA_BITS=48\n\(config)".utf8)))
    return target.prediction(LoadRequest(ByteSlice(builder.build())))
  }

  @Test("What is not loaded lies with the kernel's copy of the file: nobody knows how far away")
  func unloaded() throws {
    for (flags, isOpen) in [(2, false), (0, true)] as [(UInt64, Bool)] {
      let answer = try Self.arm64("6.1.0") { builder, text in
        let data = builder.section(".rodata", flags: flags, [UInt8](repeating: 0, count: 16))
        let symbol = builder.symbol("", section: UInt16(data), binding: 0, type: 3)
        builder.relocations(of: text, [(8, symbol, 275, 0)])
      }
      expect(answer.openQuestions.contains { $0.text.contains("not loaded") }, is: isOpen)
    }
  }

  @Test("A far jump out of data has room in the table only where code jumps there, too")
  func tables() throws {
    for (fromCode, isOpen) in [(false, true), (true, false)] {
      let answer = try Self.arm64("6.1.0") { builder, text in
        let data = builder.section(".data", flags: 3, [UInt8](repeating: 0, count: 16))
        let symbol = builder.symbol("elsewhere")
        if fromCode { builder.relocations(of: text, [(8, symbol, 282, 0)]) }
        builder.relocations(of: data, [(8, symbol, 283, 0)])
      }
      expect(answer.openQuestions.contains { $0.text.contains("short reach") }, is: isOpen)
    }
  }

  @Test(
    "Code that is traced has its jumps to the tracer: two since 6.17, and in stable lines",
    arguments: [
      ("6.1.180", 1, false), ("6.1.180", 0, true), ("6.12.45", 1, false), ("6.12.46", 1, true),
      ("6.12.46", 2, false), ("7.2.13", 1, true), ("7.2.13", 2, false),
    ])
  func trampolines(release: String, count: Int, fails: Bool) throws {
    let answer = try Self.arm64(release, "CONFIG_ARM64_MODULE_PLTS=y\nCONFIG_DYNAMIC_FTRACE=y\n") {
      builder, _ in
      builder.section("__patchable_function_entries", flags: 3, [UInt8](repeating: 0, count: 8))
      for name in [".text.ftrace_trampoline", ".init.text.ftrace_trampoline"].prefix(count) {
        builder.section(name, flags: 6, [0])
      }
    }
    expect(answer.errno == .notExecutable, is: fails, "\(answer.stage?.rawValue ?? "")")
  }

  @Test("Versions and types are read where the header says, whatever type their section has")
  func types() throws {
    for type in [1, 0, 8] as [UInt32] {
      var record = [UInt8](repeating: 0, count: 64)
      record[0] = 7
      record.replaceSubrange(8..<21, with: Array("module_layout".utf8))
      var builder = ELFBuilder()
      let magic = "5.10.0 SMP mod_unload modversions "
      builder.modinfo(["license=GPL", "name=a", "vermagic=\(magic)"])
      builder.thisModule("a")
      builder.section("__versions", type: type, flags: 2, record)
      let index = try #require(VersionIndex(ELFImage(builder.build()), isExtendedKnown: false))
      expect(index["module_layout"], is: 7)
    }
  }

  @Test(
    "Other machines, as their source says",
    arguments: [
      // R_RISCV_32 of an address, R_RISCV_PCREL_HI20.
      (
        243, 1, 0, .little, "riscv", "RISCV",
        "a: value ffffffff00000000 out of range for 32-bit field"
      ),
      (
        243, 23, 0x7fff_f808, .little, "riscv", "RISCV",
        "a: target ffffffff00000000 can not be addressed by the 32-bit offset from PC = (____ptrval____)"
      ),
      (243, 23, 0x7fff_f807, .little, "riscv", "RISCV", nil),
      // R_390_16 of an address, R_390_PC16DBL.
      (
        22, 3, 0, .big, "", "S390",
        "module a: relocation error for symbol own (r_type 3, value 0x20000000000)"
      ),
      (22, 17, 0x10007, .big, "", "S390", nil),
      (
        22, 17, 0x10008, .big, "", "S390",
        "module a: relocation error for symbol own (r_type 17, value 0x20000000000)"
      ),
      // R_PPC64_REL24.
      (21, 10, 0x200_0007, .little, "", "PPC64", nil),
      (21, 10, 0x200_0008, .little, "", "PPC64", "module_64: a: REL24 33554432 out of range!"),
    ] as [(UInt16, UInt64, Int64, ByteOrder, String, String, String?)])
  func others(
    machine: UInt16, type: UInt64, addend: Int64, order: ByteOrder, words: String, option: String,
    line: String?
  ) throws {
    let answer = try Self.prediction(
      machine: machine, magic: "6.1.0 SMP mod_unload \(words)", type: type, addend: addend,
      order: order, config: "CONFIG_\(option)=y\n")
    expect(answer.messages.last?.text == line || line == nil)
    expect(answer.verdict == .fails, is: line != nil)
  }

  @Test("A live patch's section is left alone where there are no live patches")
  func livepatch() throws {
    for (option, verdict) in [
      ("# CONFIG_LIVEPATCH is not set", false), ("CONFIG_LIVEPATCH=y", true),
    ] {
      var builder = ELFBuilder()
      builder.modinfo(["license=GPL", "name=a", "vermagic=6.1.0 SMP "])
      builder.thisModule("a")
      let text = builder.section(".text", flags: 6, [UInt8](repeating: 0, count: 8))
      builder.section(
        ".rela.wrong", type: 4, flags: 0x10_0002, [UInt8](repeating: 0, count: 24), link: .max,
        info: UInt32(text))
      var target = TargetKernel()
      target.vermagic = "6.1.0 SMP "
      target.config = try KernelConfig(ByteSlice(Array("CONFIG_X86_64=y\n\(option)\n".utf8)))
      let answer = target.prediction(LoadRequest(ByteSlice(builder.build())))
      expect(answer.verdict == .fails, is: verdict)
    }
  }
}
