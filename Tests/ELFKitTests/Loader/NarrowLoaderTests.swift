// What 32-bit loaders take and say (arch/arm/kernel/module.c, elf.c, as Debian's 6.12 for armhf answered;
// arch/x86/kernel/module.c).

import TestSupport
import Testing

@testable import ELFKit

@Suite("Loaders of 32-bit kernels")
struct NarrowLoaderTests {
  private static let arm = "6.12.117+deb13-armmp SMP mod_unload modversions ARMv7 p2v8 "

  /// A module with code and one relocation of it, and what becomes of it.
  private static func prediction(
    type: UInt64, at offset: UInt64 = 8, value: UInt64 = 0, symbol: UInt64? = nil,
    magic: String = arm, tables: [String] = [".plt", ".init.plt"], machine: UInt16 = 40,
    kernelMachine: String = "ARM", addend: Int64 = 0, section: UInt16? = nil,
    symbolType: UInt8 = 0, more: [(offset: UInt64, type: UInt64)] = [],
    order: ByteOrder = .little,
    change: (inout [UInt8]) -> Void = { _ in }
  ) throws -> LoadPrediction {
    var builder = ELFBuilder(machine: machine, order, .elf32)
    builder.modinfo(["license=GPL", "name=a", "vermagic=\(magic)"])
    builder.thisModule("a", size: 768)
    for name in tables { builder.section(name, flags: 6, [0]) }
    let text = builder.section(
      ".text", flags: 6, [UInt8](repeating: 0, count: 64), alignment: 4)
    let own = builder.symbol(
      "own", section: section ?? UInt16(text), value: value, type: symbolType)
    let place = min(offset, 60)
    builder.relocations(
      of: text,
      [(place, symbol ?? own, type, addend)] + more.map { ($0.offset, own, $0.type, 0) })
    // Where it would lie outside, no addend can be written.
    if offset != place {
      var word = ByteWriter(builder.encoding)
      word.u32(offset)
      builder.sections[builder.sections.count - 1].bytes.replaceSubrange(0..<4, with: word.bytes)
    }
    var target = TargetKernel()
    target.vermagic = ByteSlice(Array(magic.utf8))
    let options = [
      "\(kernelMachine)=y", "ARM_MODULE_PLTS=y", "PAGE_OFFSET=0xC0000000",
      "CPU_BIG_ENDIAN=\(order == .big ? "y" : "n")",
    ]
    let lines = options.map { "CONFIG_\($0)\n" }.joined()
    target.config = try KernelConfig(ByteSlice(Array(lines.utf8)))
    var bytes = builder.build()
    change(&bytes)
    return target.prediction(LoadRequest(ByteSlice(bytes)))
  }

  private static func lines(_ prediction: LoadPrediction) -> [String] {
    prediction.messages.map(\.text)
  }

  @Test("ARM takes what its code needs", arguments: [0, 1, 2, 3, 28, 29, 38, 40, 42, 43, 44, 63])
  func taken(type: UInt64) throws {
    try expect(Self.prediction(type: type).errno, is: nil)
  }

  @Test("Code of the other instruction set only in Thumb kernels", arguments: [10, 30, 47, 50])
  func thumb(type: UInt64) throws {
    let answer = try Self.prediction(type: type)
    expect(answer.errno, is: .notExecutable)
    expect(Self.lines(answer).contains("a: unknown relocation: \(type)"))
    let magic = "6.12.0 SMP mod_unload ARMv7 thumb2 p2v8 "
    try expect(Self.prediction(type: type, magic: magic).errno, is: nil)
  }

  @Test("A place that is not there is refused, and named")
  func place() throws {
    let answer = try Self.prediction(type: 2, at: 61)
    expect(answer.errno, is: .notExecutable)
    expect(
      Self.lines(answer).contains {
        $0.hasSuffix("sym 'own': out of bounds relocation, offset 61 size 64")
      })
    try expect(Self.prediction(type: 2, at: 60).errno, is: nil)
    // The type that does nothing is no exception.
    try expect(Self.prediction(type: 0, at: 64).errno, is: .notExecutable)
  }

  @Test("A symbol that is not there is refused, but for the number behind the last")
  func symbol() throws {
    let answer = try Self.prediction(type: 2, symbol: 3)
    expect(answer.errno, is: .notExecutable)
    expect(Self.lines(answer).contains { $0.hasSuffix("reloc 0: bad relocation sym offset") })
    try expect(Self.prediction(type: 2, symbol: 2).errno != .notExecutable)
  }

  @Test("A jump leads to a multiple of four")
  func jump() throws {
    for (type, value, isRefused) in [(28, 2, true), (29, 1, true), (28, 8, false), (2, 1, false)] {
      let answer = try Self.prediction(type: UInt64(type), value: UInt64(value))
      expect(answer.errno == .notExecutable, is: isRefused)
      let words = "sym 'own': unsupported interworking call (ARM -> Thumb)"
      expect(Self.lines(answer).contains { $0.hasSuffix(words) }, is: isRefused)
    }
  }

  @Test("Thumb: functions have odd addresses, other symbols are taken for one's own")
  func thumbJump() throws {
    let magic = "6.12.0 SMP mod_unload ARMv7 thumb2 p2v8 "
    for (value, type, isRefused): (UInt64, UInt8, Bool) in [
      (8, 2, true), (9, 2, false), (8, 0, false),
    ] {
      let answer = try Self.prediction(type: 10, value: value, magic: magic, symbolType: type)
      expect(answer.errno == .notExecutable, is: isRefused)
      let words = "sym 'own': unsupported interworking call (Thumb -> ARM)"
      expect(Self.lines(answer).contains { $0.hasSuffix(words) }, is: isRefused)
    }
  }

  @Test(
    "A distance of 31 bits must fit, with the addend in the bytes",
    arguments: [(-0x4000_0000, true), (-0x3fff_fff8, false), (0x3fff_ffff, false)]
      as [(Int64, Bool)])
  func distance(addend: Int64, isRefused: Bool) throws {
    let answer = try Self.prediction(type: 42, addend: addend)
    expect(answer.errno == .notExecutable, is: isRefused)
    let words = "sym 'own': relocation 42 out of range (0xbf000000 -> 0xbf000000)"
    expect(Self.lines(answer).contains { $0.hasSuffix(words) }, is: isRefused)
  }

  @Test(
    "Numbers are far from modules, or near, in 32 bits that come around",
    arguments: [(0, true), (0x1000_0000, true), (0x8000_0000, false), (0xc000_0000, false)]
      as [(UInt64, Bool)])
  func number(value: UInt64, isRefused: Bool) throws {
    let answer = try Self.prediction(type: 42, value: value, section: 0xfff1)
    expect(answer.errno == .notExecutable, is: isRefused)
    let words = "relocation 42 out of range (0xbf000000 -> 0x\(String(value, radix: 16)))"
    expect(Self.lines(answer).contains { $0.hasSuffix(words) }, is: isRefused)
  }

  @Test("What groups of bits leave of a far distance only the kernel knows; a near one fits")
  func groups() throws {
    try expect(Self.prediction(type: 63, value: 0x1000_0000, section: 0xfff1).verdict, is: .depends)
    try expect(Self.prediction(type: 63).verdict, is: .loads)
  }

  @Test(
    "Relocations of code are applied in the order of their types: the first of those is refused")
  func sorted() throws {
    let answer = try Self.prediction(
      type: 28, value: 2, more: [(offset: 12, type: 9), (offset: 16, type: 2)])
    expect(Self.lines(answer).contains("a: unknown relocation: 9"))
    let jump = try Self.prediction(type: 28, value: 2, more: [(offset: 12, type: 2)])
    expect(
      Self.lines(jump).contains { $0.contains(" reloc 1 sym 'own': unsupported interworking") })
  }

  @Test("Tables of far jumps must be there")
  func tables() throws {
    for tables in [[], [".plt"], [".init.plt"]] {
      let answer = try Self.prediction(type: 2, tables: tables)
      expect(answer.errno, is: .notExecutable)
      expect(Self.lines(answer).contains("a: module PLT section(s) missing"))
    }
  }

  @Test("Entry address and old flags: not of this architecture")
  func header() throws {
    for (offset, value, isRefused): (Int, UInt8, Bool) in [
      (24, 2, true), (24, 1, false), (24, 4, false), (36, 8, true), (39, 5, false),
    ] {
      let answer = try Self.prediction(type: 2) { $0[offset] = value }
      expect(answer.errno == .notExecutable, is: isRefused, "\(offset) \(value)")
      let words = "Invalid architecture in ELF header: 40"
      expect(Self.lines(answer).contains { $0.hasSuffix(words) }, is: isRefused)
    }
  }

  @Test("A kernel reads a module as its own, whatever the class in e_ident says")
  func otherClass() throws {
    try expect(Self.prediction(type: 2) { $0[4] = 2 }.errno, is: nil)
  }

  @Test("i386 takes three types, with the addends in place")
  func i386() throws {
    let magic = "6.1.0-50-686-pae SMP preempt mod_unload modversions 686 "
    for (type, isTaken): (UInt64, Bool) in [
      (1, true), (2, true), (4, true), (3, false), (0, false),
    ] {
      let answer = try Self.prediction(
        type: type, magic: magic, tables: [], machine: 3, kernelMachine: "X86_32")
      expect((answer.errno == .notExecutable) != isTaken, "\(type)")
      expect(
        Self.lines(answer).contains("module: a: Unknown relocation: \(type)") != isTaken)
    }
  }

  @Test("MIPS: jumps lead to multiples of four, and upper halves have lower ones")
  func mips() throws {
    let magic = "6.1.0-50-4kc-malta SMP mod_unload modversions MIPS32_R2 32BIT "
    func answer(
      _ type: UInt64, value: UInt64 = 0, _ more: [(offset: UInt64, type: UInt64)] = []
    ) throws -> LoadPrediction {
      try Self.prediction(
        type: type, value: value, magic: magic, tables: [], machine: 8, kernelMachine: "MIPS",
        more: more, order: .big
      ) { _ in }
    }
    for (type, name) in [(4, "R_MIPS_26"), (10, "R_MIPS_PC16"), (60, "R_MIPS_PC21")] {
      let refused = try answer(UInt64(type), value: 2)
      expect(refused.errno, is: .notExecutable)
      expect(Self.lines(refused).contains("module a: dangerous \(name) relocation"))
      try expect(answer(UInt64(type), value: 4).errno, is: nil)
    }
    // Whether the kernel is near enough for a jump is not in the file.
    let far = try Self.prediction(
      type: 4, magic: magic, tables: [], machine: 8, kernelMachine: "MIPS", section: 0, order: .big)
    expect(far.openQuestions.contains { $0.text.contains("short reach") })
    try expect(answer(5).errno, is: .notExecutable)
    try expect(answer(5, [(12, 5), (16, 6)]).errno, is: nil)
    try expect(answer(6).errno, is: nil)
    let unknown = try answer(9)
    expect(unknown.errno, is: .invalid)
    expect(Self.lines(unknown).contains("a: Unknown relocation type 9"))
  }

  @Test("32-bit PowerPC wants both tables of far jumps")
  func powerPC() throws {
    for tables in [[".plt", ".init.plt"], [".plt"], []] {
      var builder = ELFBuilder(machine: 20, .big, .elf32)
      builder.modinfo(["license=GPL", "name=a", "vermagic=6.1.0 SMP mod_unload "])
      builder.thisModule("a", size: 576)
      for name in tables { builder.section(name, flags: 6, [0]) }
      builder.section(".text", flags: 6, [0, 0, 0, 0], alignment: 4)
      builder.symbol("own")
      var target = TargetKernel()
      target.vermagic = "6.1.0 SMP mod_unload "
      target.config = try KernelConfig(ByteSlice(Array("CONFIG_PPC32=y\n".utf8)))
      let answer = target.prediction(LoadRequest(ByteSlice(builder.build())))
      let words = "Module doesn't contain .plt or .init.plt sections."
      expect(Self.lines(answer).contains(words), is: tables.count < 2)
    }
  }

  @Test("A 64-bit kernel takes none of them, and a 32-bit kernel none of those")
  func others() throws {
    let narrow = try Self.prediction(type: 1, machine: 3, kernelMachine: "X86_64")
    expect(narrow.errno, is: .notExecutable)
    expect(Self.lines(narrow).contains { $0.contains("Invalid") })
    var target = TargetKernel()
    target.config = try KernelConfig(ByteSlice(Array("CONFIG_ARM=y\n".utf8)))
    target.vermagic = ByteSlice(Array(Self.arm.utf8))
    let wide = target.prediction(LoadRequest(ByteSlice(ELFBuilder.module().build())))
    expect(wide.errno, is: .notExecutable)
  }
}
