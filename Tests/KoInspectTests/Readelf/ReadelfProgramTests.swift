import ELFKit
import Foundation
import TestSupport
import Testing

@testable import KoInspect

/// Programs, libraries and cores; the golden files of Fixtures/programs are GNU readelf's own output.
@Suite("readelf: programs")
struct ReadelfProgramTests {
  static let programs = ["pie", "shared", "i386", "armeb", "headless", "core"]

  private static func program(_ name: String) throws -> [UInt8] {
    try Fixtures.bytes("programs/\(name)/\(name)")
  }

  @Test(
    "Nothing is said to be absent that is there", arguments: ["pie", "shared", "i386", "headless"])
  func nothingDenied(name: String) throws {
    let run = try ReadelfRun(["-l", "-d", "-I", "-n"], [Self.program(name)])
    expect(!run.output.contains("There is no dynamic section"))
    expect(!run.output.contains("There are no program headers"))
    expect(run.output.contains("(STRTAB)"))
    expect(run.status, is: 0)
  }

  @Test("Notes that no section has are found by their segments")
  func segmentNotes() throws {
    var bytes = try Self.program("pie")
    let headers = Int(RecordTable<UInt32>(ByteSlice(bytes).suffix(from: 40), Encoding(.little))[0])
    var changed = 0
    for position in stride(from: headers, to: bytes.count, by: 64) where bytes[position + 4] == 7 {
      bytes[position + 4] = 1
      changed += 1
    }
    expect(changed > 0)
    let run = try ReadelfRun(["-n"], [bytes])
    expect(run.output.contains("Displaying notes found at file offset 0x"))
    expect(run.output.contains("    Build ID: "))
  }

  @Test("Damage anywhere ends in words, not in a crash, and soon", arguments: programs)
  func damage(name: String) throws {
    let good = try Self.program(name)
    var random = SeededGenerator(24)
    let files = (0..<60).map { _ in Mutation.damaged(good, using: &random) }
    let start = ContinuousClock.now
    for options in [["-a", "-W"], ["-D", "-s", "-r"], ["-l", "-d", "-V", "--json"]] {
      let run = try ReadelfRun(options, files)
      expect(run.status <= 1)
    }
    expect(ContinuousClock.now - start < .seconds(60))
  }

  @Test("The versions of a file are found once, however many tables of symbols and entries it has")
  func manyTables() throws {
    let (tables, entries) = (4000, 16_000)
    var writer = ByteWriter(Encoding(.little))
    writer.bytes = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9)
    let dynamic = UInt64(64 + 2 * 56)
    let symbols = dynamic + UInt64(16 * entries)
    let names = symbols + 48
    let headers = names + 8
    for number in [3, 62] as [UInt64] { writer.u16(number) }
    writer.u32(1)
    for number in [0, 64, headers] { writer.u64(number) }
    writer.u32(0)
    for number in [64, 56, 2, 64, UInt64(tables + 2), UInt64(tables + 1)] { writer.u16(number) }
    for (type, offset, size) in [(1, 0, headers), (2, dynamic, UInt64(16 * entries))] {
      for number in [UInt64(type), 4] { writer.u32(number) }
      for number in [offset, offset, offset, size, size, 8] { writer.u64(number) }
    }
    for number in 0..<entries {
      for word in [number == 0 ? 0x6fff_fff0 : 21, 16] { writer.u64(UInt64(word)) }
    }
    writer.bytes += [UInt8](repeating: 0, count: 48) + Array("\0.dynsym".utf8.prefix(7)) + [0]
    for index in 0..<tables + 2 {
      let isTable = (1...tables).contains(index)
      let type: UInt64 = index == 0 ? 0 : isTable ? 11 : 3
      for number in [index == 0 ? 0 : 1, type] { writer.u32(number) }
      for number in [0, 0, isTable ? symbols : names, index == 0 ? 0 : isTable ? 48 : 8] {
        writer.u64(number)
      }
      for number in [isTable ? UInt64(tables + 1) : 0, 0] { writer.u32(number) }
      for number in [8, isTable ? 24 : 0] as [UInt64] { writer.u64(number) }
    }
    let start = ContinuousClock.now
    let run = try ReadelfRun(["--dyn-syms", "-W"], [writer.bytes])
    expect(run.status, is: 0)
    expect(run.lines.count, is: 5 * tables)
    expect(ContinuousClock.now - start < .seconds(15))
  }

  @Test("A global offset table ends where the file does, whatever its counts say")
  func endlessOffsets() throws {
    // One of i386 that says it is of MIPS, with counts of which nobody has so many.
    var bytes = try Self.program("i386")
    bytes[18] = 8
    let section = try #require(try ELFImage(bytes).sections.first(named: ".dynamic")).header
    // PLTRELSZ, PLTREL and JMPREL become DT_MIPS_LOCAL_GOTNO, DT_MIPS_GOTSYM and DT_MIPS_SYMTABNO.
    let tags: [UInt8: (tag: UInt8, value: UInt8)] = [
      2: (0x0a, 0x7f), 20: (0x13, 0), 23: (0x11, 0xff),
    ]
    var changed = 0
    for entry in stride(from: Int(section.offset), to: Int(section.offset + section.size), by: 8) {
      guard bytes[entry + 3] == 0, let new = tags[bytes[entry]] else { continue }
      bytes.replaceSubrange(entry..<entry + 8, with: [new.tag, 0, 0, 0x70, 0, 0, 0, new.value])
      changed += 1
    }
    expect(changed, is: 3)
    let run = try ReadelfRun(["-A"], [bytes])
    expect(run.output.contains("Primary GOT") && run.output.contains("<unknown>"))
    expect(run.output.utf8.count < 1 << 20)
  }

  @Test(
    "The words of a file on the command line",
    arguments: [
      ("-h -W", ["-h", "-W"]), ("'a b' \"c d\"\n", ["a b", "c d"]),
      (#"a\ b c\"d"#, ["a b", "c\"d"]),
      ("''  x", ["", "x"]), ("\n\t", []), ("'open", ["open"]),
    ] as [(String, [String])])
  func responseWords(text: String, words: [String]) {
    let found = ResponseFiles.words(of: ByteSlice(Array(text.utf8)))
    expect(found.map { String(decoding: $0, as: UTF8.self) }, is: words)
  }

  @Test("A file of options stands for its words; one that is not there for itself")
  func responseFile() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let list = folder.appending(path: "list")
    try Data("-h\n@\(list.path)".utf8).write(to: list)
    // It names itself: that ends.
    let run = try ReadelfRun(["@\(list.path)", "-l"], [Self.program("pie")])
    expect(run.output.contains("ELF Header:"))
    expect(run.errors.contains("No such file"))
    expect(run.status, is: 1)
  }

  @Test(
    "Shares are rounded as C rounds them",
    arguments: [
      (1, 3, "33.3"), (2, 3, "66.7"), (1, 8, "12.5"), (1, 16, "6.2"), (3, 16, "18.8"),
      (1, 1, "100.0"),
      (0, 7, "0.0"), (0, 0, "0.0"), (999, 1000, "99.9"), (9999, 10000, "100.0"), (1, 2000, "0.1"),
    ])
  func percent(part: Int, whole: Int, text: String) {
    expect(percentText(part, of: whole), is: text)
  }

  @Test("Notes of annobin: names in words, regions of the note before, and the symbol there")
  func buildAttributes() throws {
    var object = ReadelfObject()
    let strings = object.add(
      .init(name: ".strtab", type: 3, bytes: Array("\0file.c\0main\0".utf8)))
    object.add(
      .init(
        name: ".symtab", type: 2,
        bytes: object.symbol() + object.symbol(name: 1, info: 4, section: 0xfff1)
          + object.symbol(name: 8, info: 0x12, section: 1, value: 0x10, size: 4), link: strings,
        info: 2, entrySize: 24))
    let region = { (from: UInt64, to: UInt64) in object.number(from, 8) + object.number(to, 8) }
    let notes: [[UInt8]] = [
      object.note("GA$\u{1}3p1", 0x100, region(0, 0x20)), object.note("GA*\u{7}\u{2}", 0x100, []),
      object.note("GA*\u{2}\u{3}", 0x101, region(0x10, 0x14)),
      object.note("GA+stack_clash", 0x101, []),
      object.note("GA*\u{4}\u{22}\u{1}", 0x100, []),
    ]
    object.add(
      .init(name: ".gnu.build.attributes", type: 7, bytes: notes.flatMap { $0 }, alignment: 4))
    let run = try ReadelfRun("-n -W", object)
    expect(
      run.lines.dropFirst(3),
      is: [
        "  GA$<version>3p1              0x00000010\tOPEN\t    Applies to region from 0 to 0x20 (file.c)",
        "  GA*<PIC>PIC                  0x00000000\tOPEN\t    Applies to region from 0 to 0x20",
        "  GA*<stack prot>strong        0x00000010\tfunc\t    "
          + "Applies to region from 0x10 to 0x14 (main)",
        "  GA+stack_clash:true          0x00000000\tfunc\t    Applies to region from 0x10 to 0x14",
        "  GA*<stack size>0x122         0x00000000\tOPEN\t    Applies to region from 0 to 0x20",
      ])
  }
}
