import TestSupport
import Testing

@testable import ELFKit

/// Tables of programs: what they mean, and that damage ends a walk.
@Suite("Tables of programs")
struct ProgramTableTests {
  private static let encoding = Encoding(.little)

  private static func words(_ numbers: [UInt64], _ size: Int = 4) -> ByteSlice {
    var writer = ByteWriter(encoding)
    for number in numbers { writer.number(number, byteCount: size) }
    return ByteSlice(writer.bytes)
  }

  @Test(
    "Packed relocations: addresses, bits behind them, all bits, bits without an address",
    arguments: [
      ([0x1000], [0x1000]), ([0x1000, 3, 7], [0x1000, 0x1008, 0x1200, 0x1208]), ([5], [8]),
      ([0x1000, 1 << 63 | 1], [0x1000, 0x11f8]), ([], []), ([1, 1, 3], [0x3f0]),
    ] as [([UInt64], [UInt64])])
  func relative(words: [UInt64], addresses: [UInt64]) {
    expect(Array(RelativeRelocations(Self.words(words, 8), Self.encoding)), is: addresses)
  }

  @Test("A word of 32 bits stands for 31 more")
  func relative32() {
    let table = RelativeRelocations(
      Self.words([0x1000, 3, 0x8000_0001]), Encoding(.little, .elf32))
    expect(Array(table), is: [0x1000, 0x1004, 0x10f8])
  }

  @Test("A hash table's chains are counted; one that comes back to itself ends")
  func hashes() throws {
    // Two buckets, five symbols: 1 → 2 → 4 and 3.
    let good = Self.words([2, 5, 1, 3, 0, 2, 4, 0, 0])
    let table = try #require(SymbolHashTable(good, Self.encoding, wordSize: 4))
    expect(table.chainLengths() == ([3, 1], false))
    expect(table.symbolCount, is: 5)
    let loop = try #require(
      SymbolHashTable(Self.words([1, 3, 1, 0, 1, 0]), Self.encoding, wordSize: 4))
    expect(loop.chainLengths() == ([2], true))
    expect(SymbolHashTable(Self.words([9, 9, 1]), Self.encoding, wordSize: 4) == nil)
    expect(SymbolHashTable(Self.words([.max, .max]), Self.encoding, wordSize: 8) == nil)
  }

  @Test("MIPS has the numbers of the symbols behind the hashes")
  func translatedHashes() throws {
    // One bucket from place 0 on, one word of filter: two symbols, the seventh and the fifth.
    let bytes = Self.words([1, 1, 1, 6, 0, 0, 1, 0x10, 0x11, 7, 5])
    let table = try #require(GNUHashTable(bytes, Self.encoding, isTranslated: true))
    expect(table.chainLengths(), is: [2])
    expect(table.symbolCount, is: 8)
    expect(GNUHashTable(bytes, Self.encoding)?.symbolCount, is: 3)
  }

  @Test(
    "GNU's hash table: a bucket before the first symbol, and a chain without an end, make it none")
  func damagedGNUHashes() throws {
    expect(GNUHashTable(Self.words([1, 5, 1, 6, 0, 0, 3, 0x11]), Self.encoding) == nil)
    let open = try #require(GNUHashTable(Self.words([1, 1, 1, 6, 0, 0, 1, 0x10]), Self.encoding))
    expect(open.symbolCount, is: 0)
  }

  @Test("GNU's hash table: the last bucket tells the number of symbols")
  func gnuHashes() throws {
    // Two buckets from symbol 3 on, one word of filter: 3, 4 and 5.
    let bytes = Self.words([2, 3, 1, 6, 0, 0, 3, 5, 0x10, 0x11, 0x21])
    let table = try #require(GNUHashTable(bytes, Self.encoding))
    expect(table.chainLengths(), is: [2, 1])
    expect(table.symbolCount, is: 6)
    expect(GNUHashTable(Self.words([.max, 3, .max, 6, 0]), Self.encoding) == nil)
    let empty = try #require(GNUHashTable(Self.words([1, 1, 1, 0, 0, 0, 0]), Self.encoding))
    expect(empty.symbolCount, is: 0)
  }

  @Test("Versions that lead back to themselves end")
  func versionLoop() {
    // Each need says that the next is four bytes on.
    var writer = ByteWriter(Self.encoding)
    for _ in 0..<64 { writer.u32(4) }
    let bytes = ByteSlice(writer.bytes)
    expect(VersionTables.needs(bytes, Self.encoding, count: .max).records.count <= bytes.count)
    expect(
      VersionTables.definitions(bytes, Self.encoding, count: .max).records.count <= bytes.count)
  }

  private static func section(
    _ type: SectionType, _ flags: UInt64, _ address: UInt64, _ offset: UInt64, _ size: UInt64
  ) -> SectionHeader {
    var writer = ByteWriter(encoding)
    writer.u32(0)
    writer.u32(UInt64(type.rawValue))
    for number in [flags, address, offset, size, 0, 1, 0] { writer.u64(number) }
    return RecordTable<SectionHeader>(ByteSlice(writer.bytes), encoding)[0]
  }

  private static func segment(_ type: SegmentType, _ start: UInt64, _ size: UInt64) -> ProgramHeader
  {
    var writer = ByteWriter(encoding)
    writer.u32(UInt64(type.rawValue))
    writer.u32(4)
    for number in [start, 0x1000 + start, 0, size, size, 1] { writer.u64(number) }
    return RecordTable<ProgramHeader>(ByteSlice(writer.bytes), encoding)[0]
  }

  @Test("A segment holds what lies within it in file and memory")
  func holds() {
    let load = Self.segment(.load, 0x100, 0x100)
    expect(load.holds(Self.section(.progbits, 2, 0x1100, 0x100, 0x100)))
    expect(!load.holds(Self.section(.progbits, 2, 0x1100, 0x100, 0x101)))
    expect(!load.holds(Self.section(.progbits, 2, 0x10ff, 0xff, 1)))
    expect(!load.holds(Self.section(.progbits, 2, 0x1100, 0x100, .max)))
    // What is not loaded is in no loaded segment, but may lie in notes.
    expect(!load.holds(Self.section(.note, 0, 0, 0x100, 4)))
    expect(Self.segment(.note, 0x100, 0x100).holds(Self.section(.note, 0, 0, 0x100, 4)))
    // Empty ones at the border of notes.
    expect(!Self.segment(.note, 0x100, 0x100).holds(Self.section(.note, 2, 0x1100, 0x100, 0)))
    expect(load.holds(Self.section(.progbits, 2, 0x1100, 0x100, 0)))
  }

  @Test("Variables of threads are in their template; those that begin as zeros nowhere else")
  func threadLocal() {
    let (data, zeros) = (
      Self.section(.progbits, 0x403, 0x1100, 0x100, 8),
      Self.section(.nobits, 0x403, 0x1108, 0x108, 8)
    )
    let template = Self.segment(.threadLocal, 0x100, 0x10)
    expect(template.holds(data) && template.holds(zeros))
    expect(!template.holds(Self.section(.progbits, 3, 0x1100, 0x100, 8)))
    let load = Self.segment(.load, 0x100, 0x100)
    expect(load.holds(data) && !load.holds(zeros))
    expect(!Self.segment(.headers, 0x100, 0x100).holds(data))
  }

  @Test("Names of machines without a description, and of their kin")
  func otherMachines() {
    expect(Machine(rawValue: 4).relocationName(1), is: "R_68K_32")
    expect(Machine(rawValue: 42).relocationName(0), is: "R_SH_NONE")
    expect(Machine(rawValue: 224).relocationName(1), is: "R_AMDGPU_ABS32_LO")
    expect(Machine(rawValue: 247).relocationName(1), is: "R_BPF_INSN_64")
    expect(Machine(rawValue: 7).relocationName(48), is: "R_860_PC26")
    expect(Machine(rawValue: 7).relocationName(47), is: nil)
    expect(Machine(rawValue: 6).relocationName(1), is: "R_386_32")
    expect(Machine(rawValue: 9999).relocationName(1), is: nil)
    expect(Machine(rawValue: 42).flagTexts(9, .none), is: ["sh4"])
    expect(Machine.arm.flagTexts(0x0500_0002, .none), is: ["Version5 EABI", "<unknown>"])
    expect(Machine.arm.flagTexts(0x0500_0400, .none), is: ["Version5 EABI", "hard-float ABI"])
    expect(
      Machine.arm.flagTexts(0xc, .none), is: ["GNU EABI", "interworking enabled", "uses APCS/26"])
    expect(Machine(rawValue: 195).flagTexts(0x406, .none), is: ["ARC HS", "v4 ABI"])
  }
}
