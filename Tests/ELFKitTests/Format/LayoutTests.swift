import ELFKit
import TestSupport
import Testing

/// Every record decodes the bytes 0, 1, 2 … in both byte orders: that pins all offsets at once.
@Suite("Layout of records")
struct LayoutTests {
  private static let bytes = (0..<64).map { UInt8($0) }

  /// The number made of the bytes from `first` on.
  private static func number(_ first: Int, _ count: Int, _ order: ByteOrder) -> UInt64 {
    let digits = (first..<first + count).map { UInt64($0) }
    return (order == .little ? digits.reversed() : digits).reduce(0) { $0 << 8 | $1 }
  }

  private static func decode<R: Record>(
    _ type: R.Type, _ order: ByteOrder, _ fileClass: ELFClass = .elf64
  ) -> R {
    R(decoding: bytes.span, at: 0, Encoding(order, fileClass))
  }

  @Test("File header", arguments: [ByteOrder.little, .big])
  func fileHeader(order: ByteOrder) {
    let header = Self.decode(FileHeader.self, order)
    func number(_ first: Int, _ count: Int) -> UInt64 { Self.number(first, count, order) }
    expect(FileHeader.byteCount(in: Encoding(order)), is: 64)
    expect((0..<16).allSatisfy { header.identification.bytes[$0] == UInt8($0) })
    expect(UInt64(header.type.rawValue), is: number(16, 2))
    expect(UInt64(header.machine.rawValue), is: number(18, 2))
    expect(UInt64(header.version), is: number(20, 4))
    expect(header.entry, is: number(24, 8))
    expect(header.programHeaderOffset, is: number(32, 8))
    expect(header.sectionHeaderOffset, is: number(40, 8))
    expect(UInt64(header.flags), is: number(48, 4))
    expect(UInt64(header.headerSize), is: number(52, 2))
    expect(UInt64(header.programHeaderEntrySize), is: number(54, 2))
    expect(UInt64(header.programHeaderCount), is: number(56, 2))
    expect(UInt64(header.sectionHeaderEntrySize), is: number(58, 2))
    expect(UInt64(header.sectionHeaderCount), is: number(60, 2))
    expect(UInt64(header.sectionNameIndex), is: number(62, 2))
  }

  @Test("Section header", arguments: [ByteOrder.little, .big])
  func sectionHeader(order: ByteOrder) {
    let header = Self.decode(SectionHeader.self, order)
    func number(_ first: Int, _ count: Int) -> UInt64 { Self.number(first, count, order) }
    expect(SectionHeader.byteCount(in: Encoding(order)), is: 64)
    expect(UInt64(header.nameOffset), is: number(0, 4))
    expect(UInt64(header.type.rawValue), is: number(4, 4))
    expect(header.flags.rawValue, is: number(8, 8))
    expect(header.address, is: number(16, 8))
    expect(header.offset, is: number(24, 8))
    expect(header.size, is: number(32, 8))
    expect(UInt64(header.link), is: number(40, 4))
    expect(UInt64(header.info), is: number(44, 4))
    expect(header.alignment, is: number(48, 8))
    expect(header.entrySize, is: number(56, 8))
  }

  @Test("Program header", arguments: [ByteOrder.little, .big])
  func programHeader(order: ByteOrder) {
    let header = Self.decode(ProgramHeader.self, order)
    func number(_ first: Int, _ count: Int) -> UInt64 { Self.number(first, count, order) }
    expect(ProgramHeader.byteCount(in: Encoding(order)), is: 56)
    expect(UInt64(header.type.rawValue), is: number(0, 4))
    expect(UInt64(header.flags), is: number(4, 4))
    expect(header.offset, is: number(8, 8))
    expect(header.virtualAddress, is: number(16, 8))
    expect(header.physicalAddress, is: number(24, 8))
    expect(header.fileSize, is: number(32, 8))
    expect(header.memorySize, is: number(40, 8))
    expect(header.alignment, is: number(48, 8))
  }

  @Test("Symbol", arguments: [ByteOrder.little, .big])
  func symbol(order: ByteOrder) {
    let symbol = Self.decode(SymbolRecord.self, order)
    func number(_ first: Int, _ count: Int) -> UInt64 { Self.number(first, count, order) }
    expect(SymbolRecord.byteCount(in: Encoding(order)), is: 24)
    expect(UInt64(symbol.nameOffset), is: number(0, 4))
    expect(symbol.info, is: 4)
    expect(symbol.other, is: 5)
    expect(UInt64(symbol.sectionIndex.rawValue), is: number(6, 2))
    expect(symbol.value, is: number(8, 8))
    expect(symbol.size, is: number(16, 8))
  }

  @Test("Relocations with and without addend", arguments: [ByteOrder.little, .big])
  func relocations(order: ByteOrder) {
    let rela = Self.decode(RelaRecord.self, order)
    let rel = Self.decode(RelRecord.self, order)
    func number(_ first: Int, _ count: Int) -> UInt64 { Self.number(first, count, order) }
    expect(RelaRecord.byteCount(in: Encoding(order)), is: 24)
    expect(RelRecord.byteCount(in: Encoding(order)), is: 16)
    expect(rela.offset, is: number(0, 8))
    expect(rela.info, is: number(8, 8))
    expect(UInt64(bitPattern: rela.addend), is: number(16, 8))
    expect(rel.offset, is: number(0, 8))
    expect(rel.info, is: number(8, 8))
  }

  @Test("32-bit file header", arguments: [ByteOrder.little, .big])
  func fileHeader32(order: ByteOrder) {
    let header = Self.decode(FileHeader.self, order, .elf32)
    func number(_ first: Int, _ count: Int) -> UInt64 { Self.number(first, count, order) }
    expect(FileHeader.byteCount(in: Encoding(order, .elf32)), is: 52)
    expect(UInt64(header.type.rawValue), is: number(16, 2))
    expect(UInt64(header.machine.rawValue), is: number(18, 2))
    expect(UInt64(header.version), is: number(20, 4))
    expect(header.entry, is: number(24, 4))
    expect(header.programHeaderOffset, is: number(28, 4))
    expect(header.sectionHeaderOffset, is: number(32, 4))
    expect(UInt64(header.flags), is: number(36, 4))
    expect(UInt64(header.headerSize), is: number(40, 2))
    expect(UInt64(header.programHeaderEntrySize), is: number(42, 2))
    expect(UInt64(header.programHeaderCount), is: number(44, 2))
    expect(UInt64(header.sectionHeaderEntrySize), is: number(46, 2))
    expect(UInt64(header.sectionHeaderCount), is: number(48, 2))
    expect(UInt64(header.sectionNameIndex), is: number(50, 2))
  }

  @Test("32-bit section header", arguments: [ByteOrder.little, .big])
  func sectionHeader32(order: ByteOrder) {
    let header = Self.decode(SectionHeader.self, order, .elf32)
    let encoding = Encoding(order, .elf32)
    func number(_ first: Int, _ count: Int) -> UInt64 { Self.number(first, count, order) }
    func number(_ field: SectionHeader.Field) -> UInt64 {
      number(Int(SectionHeader.offset(of: field, in: encoding)), 4)
    }
    expect(SectionHeader.byteCount(in: encoding), is: 40)
    expect(UInt64(header.nameOffset), is: number(0, 4))
    expect(UInt64(header.type.rawValue), is: number(4, 4))
    expect(header.flags.rawValue, is: number(8, 4))
    expect(header.address, is: number(12, 4))
    expect(header.offset, is: number(16, 4))
    expect(header.size, is: number(20, 4))
    expect(UInt64(header.link), is: number(24, 4))
    expect(UInt64(header.info), is: number(28, 4))
    expect(header.alignment, is: number(32, 4))
    expect(header.entrySize, is: number(36, 4))
    expect(UInt64(header.type.rawValue), is: number(.type))
    expect(header.size, is: number(.size))
    expect(UInt64(header.link), is: number(.link))
    expect(UInt64(header.info), is: number(.info))
    expect(header.alignment, is: number(.alignment))
  }

  @Test("32-bit program header: the flags lie elsewhere", arguments: [ByteOrder.little, .big])
  func programHeader32(order: ByteOrder) {
    let header = Self.decode(ProgramHeader.self, order, .elf32)
    func number(_ first: Int, _ count: Int) -> UInt64 { Self.number(first, count, order) }
    expect(ProgramHeader.byteCount(in: Encoding(order, .elf32)), is: 32)
    expect(UInt64(header.type.rawValue), is: number(0, 4))
    expect(header.offset, is: number(4, 4))
    expect(header.virtualAddress, is: number(8, 4))
    expect(header.physicalAddress, is: number(12, 4))
    expect(header.fileSize, is: number(16, 4))
    expect(header.memorySize, is: number(20, 4))
    expect(UInt64(header.flags), is: number(24, 4))
    expect(header.alignment, is: number(28, 4))
  }

  @Test("32-bit symbol: value and size come first", arguments: [ByteOrder.little, .big])
  func symbol32(order: ByteOrder) {
    let symbol = Self.decode(SymbolRecord.self, order, .elf32)
    func number(_ first: Int, _ count: Int) -> UInt64 { Self.number(first, count, order) }
    expect(SymbolRecord.byteCount(in: Encoding(order, .elf32)), is: 16)
    expect(UInt64(symbol.nameOffset), is: number(0, 4))
    expect(symbol.value, is: number(4, 4))
    expect(symbol.size, is: number(8, 4))
    expect(symbol.info, is: 12)
    expect(symbol.other, is: 13)
    expect(UInt64(symbol.sectionIndex.rawValue), is: number(14, 2))
  }

  @Test(
    "32-bit relocations: a type of 8 bits below the symbol", arguments: [ByteOrder.little, .big])
  func relocations32(order: ByteOrder) {
    let encoding = Encoding(order, .elf32)
    let rela = Self.decode(RelaRecord.self, order, .elf32)
    let rel = Self.decode(RelRecord.self, order, .elf32)
    func number(_ first: Int, _ count: Int) -> UInt64 { Self.number(first, count, order) }
    expect(RelaRecord.byteCount(in: encoding), is: 12)
    expect(RelRecord.byteCount(in: encoding), is: 8)
    expect(rela.offset, is: number(0, 4))
    expect(rela.info, is: number(4, 4))
    expect(UInt64(bitPattern: rela.addend), is: number(8, 4))
    expect(rel.offset, is: number(0, 4))
    expect(rel.info, is: number(4, 4))
    for packing in [RelocationPacking.one, .three] {
      let info = RelocationInfo(0x0012_3456, packing, encoding)
      expect(info.symbol.rawValue, is: 0x1234)
      expect(info.type, is: 0x56)
    }
  }

  @Test("A 32-bit addend may be negative")
  func negativeAddend32() {
    let bytes: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0xfc, 0xff, 0xff, 0xff]
    expect(RelaRecord(decoding: bytes.span, at: 0, Encoding(.little, .elf32)).addend, is: -4)
  }

  @Test("Tables count and find records of either class by its stride")
  func strides() {
    let bytes = ByteSlice(Self.bytes + [64], fileOffset: 1000)
    let short = RecordTable<SymbolRecord>(bytes, Encoding(.big, .elf32))
    let long = RecordTable<SymbolRecord>(bytes, Encoding(.big, .elf64))
    expect(short.count, is: 4)
    expect(long.count, is: 2)
    expect(short[3].info, is: 60)
    expect(long[1].info, is: 28)
    expect(short.fileOffset(of: 3), is: 1048)
    expect(long.fileOffset(of: 1), is: 1024)
    for (hasAddends, fileClass, count) in [
      (true, .elf32, 5), (false, .elf32, 8), (true, .elf64, 2), (false, .elf64, 4),
    ] as [(Bool, ELFClass, Int)] {
      let table = RelocationTable(
        bytes, hasAddends: hasAddends, target: 1, .arm, Encoding(.big, fileClass))
      expect(table.count, is: count)
      expect(table[1].offset, is: Self.number(table.stride, fileClass == .elf32 ? 4 : 8, .big))
    }
  }

  @Test("Note header", arguments: [ByteOrder.little, .big])
  func noteHeader(order: ByteOrder) {
    let note = Self.decode(NoteHeader.self, order)
    func number(_ first: Int, _ count: Int) -> UInt64 { Self.number(first, count, order) }
    expect(NoteHeader.byteCount, is: 12)
    expect(UInt64(note.nameSize), is: number(0, 4))
    expect(UInt64(note.descriptorSize), is: number(4, 4))
    expect(UInt64(note.type), is: number(8, 4))
  }

  @Test("MIPS64 packs symbol and three types its own way, in both byte orders")
  func mipsRelocationInfo() {
    // r_sym 0x01020304, r_ssym 5, r_type3 6, r_type2 7, r_type 8, in file order.
    let file: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    let big = RelocationInfo(file.span.u64(0, Encoding(.big)), .three, Encoding(.big))
    let little = RelocationInfo(file.span.u64(0, Encoding(.little)), .three, Encoding(.little))
    expect(big.symbol, is: 0x0102_0304)
    expect(little.symbol, is: 0x0403_0201)
    expect(big.type, is: 0x0506_0708)
    expect(little.type, is: 0x0506_0708)
    expect(RelocationPacking.three.primaryType(big.type), is: 8)
  }
}
