import ELFKit
import TestSupport
import Testing

@Suite("ELF image")
struct ELFImageTests {
  @Test(
    "Sections have names, types and bytes in both byte orders",
    arguments: [
      ByteOrder.little, .big,
    ])
  func sections(order: ByteOrder) throws {
    var builder = ELFBuilder(order)
    builder.section(".text", flags: 6, [0x90, 0xc3])
    let image = try ELFImage(builder.build())
    expect(image.encoding.byteOrder, is: order)
    expect(image.sections.map(\.name.text), is: ["", ".text", ".symtab", ".strtab", ".shstrtab"])
    let text = try #require(image.sections.first(named: ".text"))
    try expect(image.bytes(of: text).bytes, is: [0x90, 0xc3])
    expect(image.sections.first(named: ".tex") == nil)
  }

  @Test(
    "A file that is no ELF file, or not one for us, says so",
    arguments: [
      ([], ELFError.Reason.notELF, 0), (Array("#!/bin/sh\necho hello".utf8), .notELF, 0),
      ([0x7f, 0x45, 0x4c, 0x46], .outOfBounds(64), 0),
      ([0x7f, 0x45, 0x4c, 0x46, 3, 1] + [UInt8](repeating: 0, count: 58), .unsupportedClass(3), 4),
      ([0x7f, 0x45, 0x4c, 0x46, 1, 1] + [UInt8](repeating: 0, count: 45), .outOfBounds(52), 0),
      (
        [0x7f, 0x45, 0x4c, 0x46, 2, 7] + [UInt8](repeating: 0, count: 58),
        .unsupportedByteOrder(7), 5
      ),
      ([0x7f, 0x45, 0x4c, 0x46, 2, 1] + [UInt8](repeating: 0, count: 57), .outOfBounds(64), 0),
    ] as [([UInt8], ELFError.Reason, UInt64)])
  func refused(bytes: [UInt8], reason: ELFError.Reason, offset: UInt64) {
    #expect(throws: ELFError(reason, .fileHeader, at: offset)) { try ELFImage(bytes) }
  }

  @Test("A section table past the end names its offset")
  func tableOutside() throws {
    var bytes = ELFBuilder().build()
    let start = try ELFImage(bytes).header.sectionHeaderOffset
    bytes.removeLast()
    #expect(throws: ELFError(.outOfBounds(4 * 64), .sectionHeaders, at: start)) {
      try ELFImage(bytes)
    }
  }

  @Test("Extended numbering: counts that do not fit are in section 0")
  func extendedNumbering() throws {
    var bytes = ELFBuilder().build()
    let header = try ELFImage(bytes).header
    let count = header.sectionHeaderCount
    let first = Int(header.sectionHeaderOffset)
    bytes[60] = 0
    bytes[61] = 0
    bytes[62] = 0xff
    bytes[63] = 0xff
    bytes[first + 32] = UInt8(count)
    bytes[first + 40] = UInt8(header.sectionNameIndex)
    let image = try ELFImage(bytes)
    expect(image.sections.count, is: Int(count))
    expect(image.sections.last?.name.text, is: ".shstrtab")
  }

  @Test("A count of sections that no file can hold is refused before anything is allocated")
  func hugeCount() throws {
    var bytes = ELFBuilder().build()
    let first = Int(try ELFImage(bytes).header.sectionHeaderOffset)
    bytes[60] = 0
    bytes[61] = 0
    for position in first + 32..<first + 40 { bytes[position] = 0xff }
    #expect(throws: ELFError(.outOfBounds(.max), .sectionHeaders, at: UInt64(first))) {
      try ELFImage(bytes)
    }
  }

  @Test("Damaged section names do not refuse the file")
  func damagedNames() throws {
    var bytes = ELFBuilder().build()
    bytes[62] = 0x77
    let image = try ELFImage(bytes)
    expect(image.sections.namesError, is: ELFError(.noSuchSection(0x77), .fileHeader, at: 62))
    expect(image.sections.allSatisfy { $0.name.isEmpty })
  }

  @Test("Symbols have names and sections; SHN_XINDEX is looked up")
  func symbols() throws {
    var builder = ELFBuilder()
    let text = builder.section(".text", flags: 6, [0xc3])
    builder.symbol("f", section: UInt16(text), value: 0, size: 1, type: 2)
    builder.symbol("far", section: 0xffff)
    builder.symbol("gone")
    var indices = ByteWriter()
    for value in [0, 0, 1, 0] as [UInt64] { indices.u32(value) }
    builder.section(
      ".symtab_shndx", type: 18, flags: 0, indices.bytes, link: .max, entrySize: 4)
    let symbols = try ELFImage(builder.build()).symbols()
    expect(symbols.map(\.name.text), is: ["", "f", "far", "gone"])
    expect(symbols.map(\.section), is: [nil, 1, 1, nil])
    expect(symbols.map(\.isUndefined), is: [true, false, false, true])
    expect(symbols[1].record.type, is: .function)
  }

  @Test("Notes are read one by one; a damaged one ends them and is reported")
  func notes() throws {
    var note = ByteWriter()
    note.u32(4)
    note.u32(3)
    note.u32(7)
    note.bytes += Array("GNU\0".utf8) + [1, 2, 3, 0]
    note.u32(4)
    note.u32(1000)
    note.u32(8)
    note.bytes += Array("GNU\0".utf8)
    var builder = ELFBuilder()
    builder.section(".note.test", type: 7, note.bytes, alignment: 4)
    let image = try ELFImage(builder.build())
    let section = image.sections[1]
    let results = Array(try image.notes(in: section))
    expect(results.count, is: 2)
    let first = try results[0].get()
    expect(first.owner.text, is: "GNU")
    expect(first.type, is: 7)
    expect(first.descriptor.bytes, is: [1, 2, 3])
    let second = section.header.offset + 20 + 16
    #expect(throws: ELFError(.outOfBounds(1000), .section(1), at: second)) {
      try results[1].get()
    }
  }

  @Test("A group has flags and members")
  func group() throws {
    var words = ByteWriter()
    for word in [1, 5, 6] as [UInt64] { words.u32(word) }
    var builder = ELFBuilder()
    builder.section(".group", type: 17, flags: 0, words.bytes, entrySize: 4)
    let image = try ELFImage(builder.build())
    let group = try image.group(in: image.sections[1])
    expect(group.flags, is: 1)
    expect(Array(group.members), is: [5, 6])
  }

  @Test("Program headers are none in a module, and refused when their size is wrong")
  func programHeaders() throws {
    var bytes = ELFBuilder().build()
    try expect(ELFImage(bytes).programHeaders().isEmpty)
    bytes[32] = 64
    bytes[56] = 1
    bytes[54] = 55
    #expect(
      throws: ELFError(.unexpectedEntrySize(55, expected: 56), .programHeaders, at: 64)
    ) {
      try ELFImage(bytes).programHeaders()
    }
  }

  @Test("A NOBITS section has no bytes, whatever its offset claims")
  func nobits() throws {
    var builder = ELFBuilder()
    builder.section(".bss", type: 8, flags: 3, size: 1 << 62)
    let image = try ELFImage(builder.build())
    try expect(image.bytes(of: image.sections[1]).isEmpty)
  }
}

/// Debian's kernels 5.10 to 7.2 were asked: they load modules whose `e_ident` lies about class,
/// byte order and version.
@Suite("A module as the loader takes it")
struct AsLoadedTests {
  @Test(
    "Class and byte order of e_ident are not looked at",
    arguments: [(4, 0), (4, 1), (5, 2), (5, 9)]
  )
  func identification(position: Int, value: UInt8) throws {
    var bytes = try Fixtures.bytes("hello.ko")
    bytes[position] = value
    // Another class is read as announced: nothing of the module is found.
    let announced = try? ELFImage(ByteSlice(bytes))
    expect(announced?.sections.first(named: ".modinfo") == nil)
    let module = KernelModule(try ELFImage(asLoaded: ByteSlice(bytes)))
    try expect(module.name()?.text, is: "hello")
    try expect(module.parameters().count, is: 1)
  }

  @Test("Section names are read whatever the type of their section")
  func names() throws {
    var bytes = try Fixtures.bytes("hello.ko")
    let image = try ELFImage(ByteSlice(bytes))
    let header = Int(image.sections.headers.fileOffset(of: Int(image.sections.nameIndex)))
    bytes[header + 4] = 8
    try expect(ELFImage(ByteSlice(bytes)).sections.first(named: ".modinfo") == nil)
    try expect(ELFImage(asLoaded: ByteSlice(bytes)).sections.first(named: ".modinfo") != nil)
  }

  @Test("A big-endian module stays one; what makes no sense in any way is what it announces")
  func others() throws {
    let big = try ELFImage(asLoaded: ByteSlice(try Fixtures.bytes("s390x/hello.ko")))
    expect(big.encoding.byteOrder, is: .big)
    var bytes = try Fixtures.bytes("hello.ko")
    bytes[4] = 1
    bytes[58] = 40
    let narrow = try ELFImage(asLoaded: ByteSlice(bytes))
    expect(narrow.encoding, is: Encoding(.little, .elf32))
    expect(narrow.sections.isEmpty)
  }

  @Test("A 32-bit module is one whatever its class says", arguments: [ByteOrder.little, .big])
  func narrow(order: ByteOrder) throws {
    for machine: UInt16 in [3, 8, 20, 40] {
      var bytes = ELFBuilder.module(machine: machine, order, .elf32).build()
      let right = try ELFImage(asLoaded: ByteSlice(bytes))
      expect(right.encoding, is: Encoding(order, .elf32))
      bytes[4] = 2
      let wrong = try ELFImage(asLoaded: ByteSlice(bytes))
      expect(wrong.encoding, is: Encoding(order, .elf32))
      expect(wrong.sections.first(named: ".modinfo") != nil)
    }
    // There is no 32-bit kernel that would take it for one.
    var bytes = ELFBuilder.module(machine: 62, order, .elf32).build()
    bytes[4] = 2
    expect((try? ELFImage(asLoaded: ByteSlice(bytes)))?.sections.first(named: ".modinfo") == nil)
  }
}

@Suite("32-bit files")
struct ELF32Tests {
  /// A header, a section of names and two section headers.
  private static func file(_ order: ByteOrder) -> [UInt8] {
    var writer = ByteWriter(Encoding(order, .elf32))
    writer.bytes = [0x7f, 0x45, 0x4c, 0x46, 1, order == .little ? 1 : 2, 1]
    writer.bytes += [UInt8](repeating: 0, count: 9)
    writer.u16(1)
    writer.u16(40)
    for value in [1, 0, 0, 68, 0x0500_0000] as [UInt64] { writer.u32(value) }
    for value in [52, 0, 0, 40, 2, 1] as [UInt64] { writer.u16(value) }
    writer.bytes += Array("\0.shstrtab\0".utf8) + [0, 0, 0, 0, 0]
    writer.bytes += [UInt8](repeating: 0, count: 40)
    for value in [1, 3, 0, 0, 52, 11, 0, 0, 1, 0] as [UInt64] { writer.u32(value) }
    return writer.bytes
  }

  @Test("They are read as they are", arguments: [ByteOrder.little, .big])
  func whole(order: ByteOrder) throws {
    let image = try ELFImage(Self.file(order))
    expect(image.encoding, is: Encoding(order, .elf32))
    expect(image.sections.map(\.name.text), is: ["", ".shstrtab"])
  }

  @Test("Header, section table and names are read", arguments: [ByteOrder.little, .big])
  func sections(order: ByteOrder) throws {
    let bytes = Self.file(order)
    let encoding = try Identification(decoding: bytes.span, at: 0).encoding()
    expect(encoding, is: Encoding(order, .elf32))
    let header = FileHeader(decoding: bytes.span, at: 0, encoding)
    expect(header.machine, is: .arm)
    expect(header.flags, is: 0x0500_0000)
    let sections = try SectionTable(header, encoding, ByteSlice(bytes))
    expect(sections.map(\.name.text), is: ["", ".shstrtab"])
    expect(sections.headers.fileOffset(of: .size, at: 1), is: 68 + 40 + 20)
    #expect(throws: ELFError(.noSuchSection(0), .section(0), at: 68 + 24)) {
      try sections.linked(from: sections[0])
    }
  }

  @Test("A wrong record size and a wrong number of the names are reported at their places")
  func damage() throws {
    var bytes = Self.file(.little)
    bytes[50] = 9
    let encoding = Encoding(.little, .elf32)
    let header = FileHeader(decoding: bytes.span, at: 0, encoding)
    let sections = try SectionTable(header, encoding, ByteSlice(bytes))
    expect(sections.namesError, is: ELFError(.noSuchSection(9), .fileHeader, at: 50))
    bytes[46] = 64
    let other = FileHeader(decoding: bytes.span, at: 0, encoding)
    #expect(throws: ELFError(.unexpectedEntrySize(64, expected: 40), .fileHeader, at: 46)) {
      try SectionTable(other, encoding, ByteSlice(bytes))
    }
  }
}
