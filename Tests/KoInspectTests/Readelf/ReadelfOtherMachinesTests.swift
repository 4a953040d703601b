import ELFKit
import TestSupport
import Testing

@testable import KoInspect

/// Files of machines that no module here is for, and of other systems: what GNU readelf 2.40 prints of them, which
/// was compared on the test files of its makers.
@Suite("readelf: other machines and systems")
struct ReadelfOtherMachinesTests {
  /// A section of object attributes, with those of each vendor for the whole file.
  private static func attributes(
    machine: UInt16, type: UInt32, _ vendors: [(String, [UInt8])]
  ) -> ReadelfObject {
    var object = ReadelfObject(machine: machine)
    var bytes = [UInt8(ascii: "A")]
    for (vendor, list) in vendors {
      let file = [1] + object.number(UInt64(list.count + 5), 4) + list
      let name = Array(vendor.utf8) + [0]
      bytes += object.number(UInt64(4 + name.count + file.count), 4) + name + file
    }
    object.add(.init(name: ".attributes", type: type, bytes: bytes))
    return object
  }

  @Test(
    "Object attributes have names and words, and none takes another's bytes",
    arguments: [
      (
        93, 0x7000_0001, [("ARC", [4, 2, 5, 9, 6, 3, 7] + Array("hs\0".utf8) + [13, 1, 20, 1])],
        [
          "Attribute Section: ARC", "File Attributes", "  Tag_ARC_PCS_config: Bare metal/newlib",
          "  Tag_ARC_CPU_base: Absent", "  Tag_ARC_CPU_variation: Core3",
          "  Tag_ARC_CPU_name: \"hs\"", "  Tag_ARC_ABI_enumsize: default",
          "  Tag_ARC_ATR_version: 1",
        ]
      ),
      (
        105, 0x7000_0003, [("mspabi", [4, 2, 6, 1, 8, 3, 10, 1]), ("gnu", [4, 1])],
        [
          "Attribute Section: mspabi", "File Attributes", "  Tag_ISA: MSP430X",
          "  Tag_Code_Model: Small", "  Tag_Data_Model: Restricted Large",
          "  <unknown tag 10>: 1 (0x1)", "Attribute Section: gnu", "File Attributes",
          "  Tag_GNU_MSP430_Data_Region: Lower Region Only",
        ]
      ),
      (
        40, 0x7000_0003,
        [("aeabi", [32, 1] + Array("gnu\0".utf8) + [65, 6, 11, 0, 70, 1, 6, 18, 52, 1])],
        [
          "Attribute Section: aeabi", "File Attributes",
          "  Tag_compatibility: flag = 1, vendor = gnu",
          "  Tag_also_compatible_with: v6-M", "  Tag_MPextension_use_legacy: Allowed",
          "  Tag_CPU_arch: v8.1-A",
          "  Tag_BTI_extension: BTI instructions permitted in the NOP space",
        ]
      ),
      (
        4, 0x6fff_fff5, [("gnu", [32, 2] + Array("me\0".utf8) + [4, 2])],
        [
          "Attribute Section: gnu", "File Attributes", "flag = 2, vendor = me",
          "  Tag_GNU_M68K_ABI_FP: soft float",
        ]
      ),
    ] as [(UInt16, UInt32, [(String, [UInt8])], [String])])
  func attributes(
    machine: UInt16, type: UInt32, vendors: [(String, [UInt8])], lines: [String]
  ) throws {
    let object = Self.attributes(machine: machine, type: type, vendors)
    try expect(ReadelfRun("-A", object).lines, is: lines)
  }

  @Test("Notes of NetBSD tell version, machine and what PaX may do")
  func netBSD() throws {
    var object = ReadelfObject()
    var bytes = object.note("NetBSD", 1, object.number(899_003_000, 4))
    bytes += object.note("NetBSD", 1, object.number(200_040_000, 4))
    bytes += object.note("NetBSD", 5, Array("earm\0".utf8))
    bytes += object.note("PaX", 3, object.number(0x29, 4))
    bytes += object.note("NetBSD-CORE", 33, [])
    object.add(.init(name: ".note", type: 7, bytes: bytes, alignment: 4))
    let run = try ReadelfRun("-nW", object)
    expect(
      run.lines.suffix(5),
      is: [
        "  NetBSD\t\t0x00000004\tIDENT 899003000 (8.99.30)",
        "  NetBSD\t\t0x00000004\tIDENT 200040000 (2.0K)",
        "  NetBSD\t\t0x00000005\tMARCH <earm>",
        "  NetBSD\t\t0x00000004\tPaX <+mprotect-guard-ASLR>",
        "  NetBSD-CORE          0x00000000\tPT_GETREGS (reg structure)\t",
      ])
  }

  @Test("Attributes of the build are for regions: of the note, of its symbol, of the note before")
  func buildAttributes() throws {
    var object = ReadelfObject()
    let names = Array("\0a.c\0$d\0f\0".utf8)
    let symbols =
      object.symbol() + object.symbol(name: 5, section: 1, value: 0x10)
      + object.symbol(name: 1, info: 1, section: 1, value: 0x12, size: 0x20)
      + object.symbol(name: 8, info: 0x12, section: 1, value: 0x10, size: 8)
    object.add(.init(name: ".text", type: 1))
    object.add(.init(name: ".symtab", type: 2, bytes: symbols, link: 3, info: 1, entrySize: 24))
    object.add(.init(name: ".strtab", type: 3, bytes: names))
    func note(_ name: String, _ type: UInt64, _ words: [UInt64], size: Int = 8) -> [UInt8] {
      let name = Array(name.utf8) + [0]
      let content = words.flatMap { object.number($0, size) }
      return object.number(UInt64(name.count), 4) + object.number(UInt64(content.count), 4)
        + object.number(type, 4) + name + [UInt8](repeating: 0, count: (4 - name.count % 4) % 4)
        + content
    }
    var bytes = object.note("GNU", 3, [1, 2])
    bytes += note("GA$\u{1}3p1", 0x100, [0x10, 0])
    bytes += note("GA*\u{2}\u{3}", 0x101, [0x10, 0])
    bytes += note("GA+stack_clash", 0x100, [])
    bytes += note("GA!\u{8}", 0x101, [0x40], size: 4)
    bytes += note("GA*GOW\0\u{1}", 0x101, [])
    object.add(.init(name: ".gnu.build.attributes", type: 7, bytes: bytes, alignment: 4))
    try expect(
      ReadelfRun("-nW", object).lines.dropFirst(4),
      is: [
        "  GA$<version>3p1              0x00000010\tOPEN\t    Applies to region from 0x10 to 0x30 (a.c)",
        "  GA*<stack prot>strong        0x00000010\tfunc\t    Applies to region from 0x10 to 0x18 (f)",
        "  GA+stack_clash:true          0x00000000\tOPEN\t    Applies to region from 0x10 to 0x30",
        "  GA!<short enum>false         0x00000004\tfunc\t    Applies to region from 0x40",
        "  GA*GOW:0x1                   0x00000000\tfunc\t    Applies to region from 0x40",
      ])
    try expect(
      ReadelfRun("-n", object).lines.filter { $0.contains("GA") },
      is: [
        "  GA$<version>3p1      0x00000010\tOPEN", "  GA*<stack prot>[...] 0x00000010\tfunc",
        "  GA+stack_clash:true  0x00000000\tOPEN", "  GA!<short enum>false 0x00000004\tfunc",
        "  GA*GOW:0x0000000000001 0x00000000\tfunc",
      ])
  }

  @Test("Unwind tables are decoded, or it is said that they are not; absent is only what is absent")
  func unwind() throws {
    var hppa = ReadelfObject(machine: 15, isBigEndian: true)
    let words: [UInt64] = [0x10, 0x24, 0x8001_0018, 0x8000_0008]
    hppa.add(
      .init(name: ".PARISC.unwind", type: 1, bytes: words.flatMap { hppa.number($0, 4) }))
    try expect(
      ReadelfRun("-u", hppa).lines,
      is: [
        "", "Unwind section '.PARISC.unwind' at offset 0x40 contains 1 entry:", "",
        "<>: [0x10-0x24]",
        "\tCannot_unwind Entry_GR=1 Save_SP Save_RP MPE_XL_interrupt_marker Total_frame_size=8 ",
      ])
    try expect(
      ReadelfRun("-u", ReadelfObject(machine: 50)).lines,
      is: [
        "", "There are no unwind sections in this file.",
      ])
    try expect(
      ReadelfRun("-u", ReadelfObject(machine: 8)).output.contains(
        "The decoding of unwind sections for machine type MIPS R3000 is not currently supported."))
    // Those of TI's C6000 are decoded by GNU readelf, and not here.
    var c6000 = ReadelfObject(machine: 140)
    let none = "There are no unwind sections in this file."
    try expect(ReadelfRun("-u", c6000).lines, is: ["", none])
    c6000.add(
      .init(name: ".c6xabi.exidx", type: 0x7000_0001, bytes: [UInt8](repeating: 0, count: 8)))
    try expect(ReadelfRun("-u", c6000).output.contains("is not currently supported"))
  }

  /// An object of IA-64 with a table whose one entry leads to these records, by relocations.
  private func itanium(
    _ records: [UInt8], version: UInt64 = 1, table: String = ".IA_64.unwind",
    info: String = ".IA_64.unwind_info", flags: UInt64 = 0
  ) -> ReadelfObject {
    var object = ReadelfObject(machine: 50)
    let padded = records + [UInt8](repeating: 0, count: (8 - records.count % 8) % 8)
    let stamp = version << 48 | 3 << 32 | UInt64(padded.count / 8)
    let symbols =
      object.symbol() + object.symbol(name: 1, info: 0x12, section: 1, value: 0x10)
      + object.symbol(info: 3, section: 2)
    let entries = [(0, 1, 8), (8, 1, 0x20), (16, 2, 0)].flatMap { offset, symbol, addend in
      object.relocation(
        UInt64(offset), symbol: UInt32(symbol), type: 95, addend: Int64(addend))
    }
    object.add(.init(name: ".text", type: 1))
    object.add(.init(name: info, type: 1, bytes: object.number(stamp, 8) + padded))
    object.add(
      .init(
        name: table, type: 0x7000_0001, flags: flags, bytes: [UInt8](repeating: 0, count: 24)))
    object.add(.init(name: ".rela", type: 4, bytes: entries, link: 5, info: 3, entrySize: 24))
    object.add(.init(name: ".symtab", type: 2, bytes: symbols, link: 6, info: 1, entrySize: 24))
    object.add(.init(name: ".strtab", type: 3, bytes: Array("\0f\0".utf8)))
    return object
  }

  @Test("The records of IA-64 say what a function saves, and where")
  func itaniumRecords() throws {
    // Each with what GNU readelf 2.40 prints; the last two end in the middle.
    let records: [(bytes: [UInt8], text: String)] = [
      ([0x03], "    R1:prologue(rlen=3)"), ([0x91], "\tP1:br_mem(brmask=[b1,b5])"),
      ([0xa1, 0xa2], "\tP2:br_gr(brmask=[b1,b2],gr=r34)"),
      ([0xb3, 0x07], "\tP3:rp_br(reg=b7)"), ([0xb7, 0x80], "Unknown code 0x0f"),
      ([0xb8, 0x6c], "\tP4:spill_mask(imask=[frb])"),
      ([0xb9, 0x98, 0x00, 0x11], "\tP5:frgr_mem(grmask=[r4,r7],frmask=[f2,f16,f31])"),
      ([0xc9], "\tP6:fr_mem(frmask=[f2,f5])"), ([0xd9], "\tP6:gr_mem(grmask=[r4,r7])"),
      ([0xe0, 0x04, 0x81, 0x01], "\tP7:mem_stack_f(t=4,size=2064)"),
      ([0xe5, 0x18], "\tP7:rp_psprel(pspoff=0x10-0x60)"),
      ([0xf0, 0x0c, 0x04], "\tP8:bspstore_sprel(spoff=0x10)"),
      ([0xf0, 0x14, 0x04], "Unknown code 0x14"),
      ([0xf1, 0x03, 0x20], "\tP9:gr_gr(grmask=[r4,r5],r32)"),
      ([0xff, 0x01, 0x02], "\tP10:unwabi(abi=@hpux,context=0x02)"),
      ([0xff, 0x1f, 0x12], "\tP10:unwabi(abi=0x1f,context=0x12)"),
      ([0xf9, 0xa5, 0x08, 0x02], "\tX1:spill_sprel(reg=f5,t=8,spoff=0x8)"),
      ([0xfa, 0x07, 0x00, 0x0c], "\tX2:restore(t=12,reg=r7)"),
      ([0xfa, 0x69, 0x94, 0x0c], "\tX2:spill_reg(t=12,reg=ar.pfs,treg=f20)"),
      (
        [0xfb, 0x0f, 0x41, 0x0b, 0x06],
        "\tX3:spill_psprel_p(qp=p15,t=11,reg=b1,pspoff=0x10-0x18)"
      ),
      ([0xfc, 0x01, 0x87, 0x82, 0x01], "\tX4:spill_reg_p(qp=p1,t=1,reg=r7,treg=invalid)"),
      ([0x46, 0x9f, 0x05], "    R2:prologue_gr(mask=[rp,ar.pfs,pr],grsave=r31,rlen=5)"),
      ([0xfe], "Unknown code 0xfe"), ([0x61, 0x90, 0x01], "    R3:body(rlen=144)"),
      ([0x81], "\tB1:label_state(label=1)"), ([0xa1], "\tB1:copy_state(label=1)"),
      ([0xc2, 0x04], "\tB2:epilogue(t=4,ecount=2)"),
      ([0xe0, 0x04, 0x20], "\tB3:epilogue(t=4,ecount=32)"),
      ([0xf8, 0x20], "\tB4:copy_state(label=32)"),
      (
        [0xf0] + [UInt8](repeating: 0xff, count: 9) + [0x03],
        "Bad uleb128\n\tB4:label_state(label=18446744073709551615)"
      ),
      (
        [0x60, 0x1c, 0xb8],
        "    R3:prologue(rlen=28)\n\nERROR: unwind length too long (0x7 > 0x3)\n"
      ),
      ([0x00, 0xf9, 0x80], "    R1:prologue(rlen=0)\n\t<corrupt X1>"),
    ]
    let bytes = records.flatMap { $0.bytes }
    let padding = (8 - bytes.count % 8) % 8
    let object = itanium([UInt8](repeating: 0, count: padding) + bytes)
    let length = bytes.count + padding
    var expected = ["", "Unwind section '.IA_64.unwind' at offset 0x\(hexText(72 + length))"]
    expected[1] += " contains 1 entries:"
    expected += ["", "<f+8>: [0x18-0x30], info at +0x0"]
    expected.append("  v1, flags=0x3 ( ehandler uhandler), len=\(length) bytes")
    expected += [String](repeating: "    R1:prologue(rlen=0)", count: padding)
    expected += records.flatMap {
      $0.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
    try expect(ReadelfRun("-u", object).lines, is: expected)
    try expect(ReadelfRun("-u", itanium([0], version: 2)).lines.last, is: "\tUnknown version.")
  }

  @Test("The records of a table of IA-64 are where its name or its group says")
  func itaniumSections() throws {
    let names = [
      (".IA_64.unwind.text.f", ".IA_64.unwind_info.text.f"), ("other", ".IA_64.unwind_info"),
      (".gnu.linkonce.ia64unw.f", ".gnu.linkonce.ia64unwi.f"),
    ]
    for (table, info) in names {
      try expect(
        ReadelfRun("-u", itanium([1], table: table, info: info)).output.contains(
          "R1:prologue(rlen=1)\n"))
    }
    try expect(
      ReadelfRun("-u", itanium([1], table: ".gnu.linkonce.ia64unw.f")).output,
      is: "\nCould not find unwind info section for '.gnu.linkonce.ia64unw.f'")
    var grouped = itanium([1], flags: 0x200)
    try expect(ReadelfRun("-u", grouped).output.contains("Could not find unwind info section"))
    grouped.add(
      .init(
        name: ".group", type: 17, bytes: [1, 2, 3].flatMap { grouped.number($0, 4) }, link: 5,
        info: 1, entrySize: 4))
    try expect(ReadelfRun("-u", grouped).output.contains("R1:prologue(rlen=1)\n"))
  }

  @Test("Without room for what resolves symbols all entries of a static table are local")
  func staticOffsets() throws {
    for (first, heading) in [(UInt64(0), " Reserved entries:"), (7, " Local entries:")] {
      var object = ReadelfObject(machine: 8)
      object.add(
        .init(
          name: ".got", type: 1, bytes: object.number(first, 8) + object.number(9, 8),
          address: 0x1000))
      let lines = try ReadelfRun("-A", object).lines
      expect(
        lines.prefix(5),
        is: [
          "", "Static GOT:", " Canonical gp value: 0000000000008ff0", "", heading,
        ])
      expect(
        lines[6], is: "  0000000000001000 -32752(gp) 000000000000000\(first)")
      expect(lines.count, is: (first == 0 ? 12 : 9))
    }
  }

  @Test("Libraries of prelink have a time")
  func libraries() throws {
    var object = ReadelfObject()
    let times: [UInt64] = [0, 951_782_400, 1_294_055_958, 4_294_967_295]
    let bytes = times.flatMap { time in
      [1, time, 0xab, 2, 3].flatMap { object.number($0, 4) }
    }
    object.add(
      .init(name: ".gnu.liblist", type: 0x6fff_fff7, bytes: bytes, link: 2, entrySize: 20))
    object.add(.init(name: ".names", type: 3, bytes: Array("\0libc.so.6\0".utf8)))
    let rows = try ReadelfRun("-A", object).lines.suffix(4)
    expect(
      rows.map { $0.dropFirst(26).prefix(19) },
      is: [
        "1970-01-01T00:00:00", "2000-02-29T00:00:00", "2011-01-03T11:59:18",
        "2106-02-07T06:28:15",
      ])
    expect(
      rows.first, is: "  0: libc.so.6            1970-01-01T00:00:00 0x000000ab 2       3      ")
  }

  @Test("A long name of a type is cut in narrow rows alone, and so its columns hold")
  func longTypes() throws {
    var builder = ELFBuilder(machine: 243, .little, .elf32)
    builder.section(".riscv.attributes", type: 0x7000_0003, flags: 0, [0x41])
    let narrow = try ReadelfRun(["-S"], [builder.build()])
    expect(narrow.output.contains("RISCV_ATTRIBUTE 00000000 "))
    let wide = try ReadelfRun(["-SW"], [builder.build()])
    expect(wide.output.contains("RISCV_ATTRIBUTES 00000000 "))
  }

  @Test("Rows without symbols are of any type and width")
  func bareRelocations() throws {
    var object = ReadelfObject(machine: 183)
    object.add(.init(name: ".data", type: 1))
    let rows = [(1027, 8), (1027, -8), (1028, 0), (9999, 1), (1027, 16)]
    let bytes = rows.enumerated().flatMap { index, row in
      object.relocation(
        UInt64(8 * index), symbol: 0, type: UInt32(row.0), addend: Int64(row.1))
    }
    object.add(.init(name: ".rela.data", type: 4, bytes: bytes, info: 1, entrySize: 24))
    try expect(
      ReadelfRun("-rW", object).lines.dropFirst(3),
      is: [
        "0000000000000000  0000000000000403 R_AARCH64_RELATIVE                        8",
        "0000000000000008  0000000000000403 R_AARCH64_RELATIVE                        -8",
        "0000000000000010  0000000000000404 R_AARCH64_TLS_DTPMOD64                    0",
        "0000000000000018  000000000000270f unrecognized: 270f                       1",
        "0000000000000020  0000000000000403 R_AARCH64_RELATIVE                        10",
      ])
  }
}
