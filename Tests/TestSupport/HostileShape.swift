// Files whose parts claim more than they are: each shape can be made in any size, so that a test can
// measure how work grows with it.

/// A kind of hostile module, of which the size is to be chosen.
package enum HostileShape: String, CaseIterable, Sendable {
  /// Symbol tables that all lie at one place.
  case symbolTables
  /// Relocation sections that all lie at one place.
  case relocationSections
  /// Note sections that all lie at one place.
  case noteSections
  /// Groups that all lie at one place and hold each other, themselves too.
  case groups
  /// Symbols whose names are all ends of one that is as long as the table.
  case symbolNames
  /// Sections whose names are all ends of one that is as long as the table.
  case sectionNames
  /// Relocations of one symbol, whose name is as long as their table.
  case relocatedName
  /// Parameters whose names and values are all ends of one text.
  case parameterTexts
  /// Parameters, each in a section of its own with relocations of its own.
  case parameterSections
  /// Exports whose names and namespaces are all ends of one text.
  case exportNames
  /// Symbol tables, each with extended section indices of its own.
  case extendedIndices
  /// Sections of which none can be read.
  case unreadable
  /// Texts in `.modinfo` about which rules have something to say.
  case texts
  /// Functions that all refer to what is freed after init.
  case mismatches
  /// Exports without names of their own, all of one symbol whose name is as long as their table.
  case exportedName
  /// Parameters of one name, whose description is as long as their table.
  case parameterDescription
  /// Groups that all have one signature, as long as they are in all.
  case groupSignature
  /// Relocation sections that all link to one symbol table, which is large and cannot be read.
  case unreadableSymbols
  /// Symbol tables whose strings are a large section that should have no bytes.
  case stringsWithoutBytes
  /// Relocation sections of one section, each with one entry, and pointers to look up.
  case relocationTables
  /// Sections of which one has a name that is as long as their table.
  case longColumn
  /// Parameters that share a name of control characters, of which each becomes six, and of which several
  /// rules have something to say.
  case controlNames
  /// A section whose name is as long as their table, to which relocations, tables of them and symbols
  /// refer.
  case referencedSectionName
  /// Sections with versions of symbols, which all lie at one place and are linked to no strings.
  case versionSections
  /// Sections with the numbers of versions, which all are of one large table of symbols.
  case versionNumbers
  /// Object attributes for so many parts of a file, none with any.
  case attributes
  /// Sections of one name, whose bytes are all zeros at one place.
  case emptyStrings

  /// So many things that four times as many show what grows with their square: what looks for one
  /// section among all needs more than what goes over all bytes of each.
  package var usualCount: Int {
    switch self {
    case .parameterSections, .extendedIndices, .unreadable, .relocationTables: 600
    case .unreadableSymbols, .stringsWithoutBytes: 500
    case .referencedSectionName, .emptyStrings, .versionSections, .versionNumbers: 1500
    case .attributes: 3000
    default: 150
    }
  }

  /// A module of this kind with `count` things.
  package func module(_ count: Int) -> [UInt8] {
    var builder = ELFBuilder.module()
    switch self {
    case .symbolTables:
      let first = builder.section(".sym", type: 2, Self.zeros(24 * count), link: 1)
      for _ in 1..<count { builder.section(".sym", type: 2, sharing: first, link: 1) }
    case .relocationSections:
      let first = builder.section(
        ".rela.x", type: 4, Self.zeros(24 * count), link: UInt32(count) + 3, info: 1)
      for _ in 1..<count {
        builder.section(".rela.x", type: 4, sharing: first, link: UInt32(count) + 3, info: 1)
      }
    case .noteSections:
      var note = ByteWriter()
      for number in [4, 4, 1] as [UInt64] { note.u32(number) }
      note.bytes += Array("GNU\0abcd".utf8)
      let first = builder.section(
        ".note", type: 7, [[UInt8]](repeating: note.bytes, count: count).flatMap { $0 },
        alignment: 4)
      for _ in 1..<count { builder.section(".note", type: 7, sharing: first, alignment: 4) }
    case .versionSections:
      var definition = ByteWriter()
      for number in [1, 0, 0, 1] as [UInt64] { definition.u16(number) }
      for number in [0, 20, 0] as [UInt64] { definition.u32(number) }
      let first = builder.section(".verdef", type: 0x6fff_fffd, definition.bytes, info: 1)
      for _ in 1..<count {
        builder.section(".verdef", type: 0x6fff_fffd, sharing: first, info: 1)
      }
    case .versionNumbers:
      let names = builder.section(".names", type: 3, Array("\0a\0".utf8))
      let table = builder.section(
        ".dynsym", type: 11, Self.zeros(24 * 8 * count), link: UInt32(names))
      let first = builder.section(".versym", type: 0x6fff_ffff, [2, 0], link: UInt32(table))
      for _ in 1..<count {
        builder.section(".versym", type: 0x6fff_ffff, sharing: first, link: UInt32(table))
      }
    case .attributes:
      var list = ByteWriter()
      list.bytes = [UInt8(ascii: "A")]
      list.u32(UInt64(8 + 6 * count))
      list.bytes += Array("gnu\0".utf8)
      for _ in 0..<count {
        list.bytes.append(1)
        list.u32(6)
        list.bytes.append(4)
      }
      builder.section(".attributes", type: 0x6fff_fff5, list.bytes)
    case .groups:
      var group = ByteWriter()
      for number in 0...count { group.u32(UInt64(number)) }
      let first = builder.section(
        ".group", type: 17, group.bytes, link: UInt32(count) + 3, alignment: 4)
      for _ in 1..<count {
        builder.section(".group", type: 17, sharing: first, link: UInt32(count) + 3, alignment: 4)
      }
    case .symbolNames:
      let start = builder.names([UInt8](repeating: 0x61, count: 24 * count) + [0])
      for index in 0..<count { builder.symbol(nameOffset: start + UInt64(index)) }
    case .sectionNames:
      let first = builder.section(String(repeating: "n", count: 64 * count))
      for index in 1..<count {
        builder.section("")
        builder.sections[builder.sections.count - 1].sharedName = (first, index)
      }
    case .longColumn:
      builder.section(String(repeating: "n", count: 64 * count), flags: 2, [1])
      for _ in 0..<count { builder.section("s", flags: 2, [1]) }
    case .controlNames:
      let name = String(repeating: "\u{1}", count: 250)
      builder = ELFBuilder.module(modinfo: ["parmtype=\(name):byte"])
      parameters(count, named: name, mode: 0o1002, &builder)
    case .relocatedName:
      let symbol = builder.symbol(String(repeating: "n", count: 24 * count))
      builder.relocations(of: 2, (0..<count).map { (UInt64($0) % 100, symbol, 1, 0) })
    case .parameterTexts: parameterTexts(count, &builder)
    case .parameterSections: parameterSections(count, &builder)
    case .exportNames: exportNames(count, &builder)
    case .extendedIndices:
      for index in 0..<count {
        builder.section(".sym", type: 2, Self.zeros(24), link: 1)
        builder.section(".shndx", type: 18, Self.zeros(8), link: UInt32(2 * index + 3))
      }
    case .unreadable:
      for index in 0..<count {
        builder.section(
          ".x", type: [2, 4, 7, 17, 9][index % 5], size: 1 << 40, link: 1 << 20, info: UInt32(index)
        )
      }
    case .texts:
      let texts = ["license=GPLv2", "alias=pci:v*d*", "parm=x", "author=a\u{1b}[m", "firmware=/f"]
      builder.modinfo((0..<count).map { texts[$0 % texts.count] })
    case .exportedName:
      let table = builder.section("__ksymtab", Self.zeros(12 * count), alignment: 4)
      let name = builder.symbol(String(repeating: "n", count: 12 * count), section: 1)
      builder.relocations(of: table, (0..<count).map { (UInt64(12 * $0), name, 2, 0) })
    case .parameterDescription:
      builder.modinfo(["parm=x:" + String(repeating: "d", count: 40 * count)])
      builder.sections.swapAt(0, builder.sections.count - 1)
      parameters(count, &builder)
    case .groupSignature:
      let name = builder.names([UInt8](repeating: 0x6e, count: 4 * count) + [0])
      builder.symbol(nameOffset: name)
      for _ in 0..<count {
        builder.section(
          ".group", type: 17, [1, 0, 0, 0], link: UInt32(count) + 3, info: 1, alignment: 4)
      }
    case .unreadableSymbols:
      let start = builder.names([UInt8](repeating: 0x61, count: 64 * count) + [0])
      for _ in 0..<count { builder.symbol(nameOffset: start) }
      for _ in 0..<count {
        builder.section(".rela", type: 4, link: UInt32(count) + 3, info: 1, alignment: 8)
      }
    case .stringsWithoutBytes:
      let names = [UInt8](repeating: 0x61, count: 257) + [0]
      let strings = builder.section(
        ".bss", type: 8, flags: 3, [[UInt8]](repeating: names, count: count / 4).flatMap { $0 })
      let first = builder.section(".sym", type: 2, Self.zeros(24), link: UInt32(strings))
      for _ in 1..<count { builder.section(".sym", type: 2, sharing: first, link: UInt32(strings)) }
    case .relocationTables:
      parameters(count, &builder)
      let first = builder.section(
        ".rela.more", type: 4, Self.zeros(24), link: UInt32(count) + 6, info: 3)
      for _ in 1..<count {
        builder.section(
          ".rela.more", type: 4, sharing: first, link: UInt32(count) + 6, info: 3)
      }
    case .referencedSectionName: referencedSectionName(count, &builder)
    case .emptyStrings:
      let first = builder.section(".x", Self.zeros(40 * count))
      for _ in 1..<count {
        builder.section("", type: 1, sharing: first)
        builder.sections[builder.sections.count - 1].sharedName = (first, 0)
      }
    case .mismatches:
      let text = builder.section(".text", flags: 6, Self.zeros(8 * count))
      let start = builder.section(".init.text", flags: 6, Self.zeros(8))
      let target = builder.symbol("target", section: UInt16(start), type: 2)
      for _ in 0..<count { builder.symbol("f", section: UInt16(text), size: 1, type: 2) }
      builder.relocations(
        of: text, (0..<count).map { (UInt64(8 * (count - 1 - $0)), target, 1, 0) })
    }
    return builder.build()
  }

  private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

  private func referencedSectionName(_ count: Int, _ builder: inout ELFBuilder) {
    let target = builder.section(String(repeating: "n", count: 40 * count), Self.zeros(64))
    for _ in 0..<count { builder.symbol("", section: UInt16(target), binding: 0, type: 3) }
    let place = builder.symbol("place", section: UInt16(target))
    // Half do nothing, which leaves open what they are for; half use a symbol that is not there.
    builder.relocations(
      of: target,
      (0..<count).map { index in
        let number = UInt64(index)
        return index % 2 == 0
          ? (number % 32, number + 1, 0, 0) : (number % 32, place + 1 + number, 1, 0)
      })
    let table = builder.sections.count
    builder.sections[table - 1].sharedName = (target, 0)
    for _ in 0..<count {
      builder.section("", type: 4, Self.zeros(24), link: .max, info: UInt32(target), alignment: 8)
    }
  }

  /// Parameters that are all called the same.
  private func parameters(
    _ count: Int, named name: String = "x", mode: UInt64 = 0, _ builder: inout ELFBuilder
  ) {
    var records = ByteWriter()
    for _ in 0..<count {
      records.bytes += Self.zeros(24)
      records.u16(mode)
      records.bytes += Self.zeros(14)
    }
    let params = builder.section("__param", records.bytes, alignment: 8)
    let text = builder.section(".rodata", Array(name.utf8) + [0])
    let place = builder.symbol("", section: UInt16(text), binding: 0, type: 3)
    let operations = builder.symbol("param_ops_int")
    var pointers: [ELFBuilder.NewRelocation] = []
    for index in 0..<UInt64(count) {
      pointers.append((40 * index, place, 1, 0))
      pointers.append((40 * index + 16, operations, 1, 0))
    }
    builder.relocations(of: params, pointers)
  }

  private func parameterTexts(_ count: Int, _ builder: inout ELFBuilder) {
    let params = builder.section("__param", Self.zeros(40 * count), alignment: 8)
    let text = builder.section(".rodata", [UInt8](repeating: 0x78, count: 40 * count))
    let place = builder.symbol("", section: UInt16(text), binding: 0, type: 3)
    let operations = builder.symbol("param_ops_charp")
    var pointers: [ELFBuilder.NewRelocation] = []
    for index in 0..<UInt64(count) {
      pointers.append((40 * index, place, 1, Int64(index)))
      pointers.append((40 * index + 16, operations, 1, 0))
      pointers.append((40 * index + 32, place, 1, Int64(index)))
    }
    builder.relocations(of: params, pointers)
  }

  private func parameterSections(_ count: Int, _ builder: inout ELFBuilder) {
    let params = builder.section("__param", Self.zeros(40 * count), alignment: 8)
    let operations = builder.symbol("param_ops_int")
    var pointers: [ELFBuilder.NewRelocation] = []
    for index in 0..<UInt64(count) {
      let data = builder.section(".d", flags: 3, Array("hello\0\0\0".utf8))
      let place = builder.symbol("", section: UInt16(data), binding: 0, type: 3)
      pointers.append((40 * index, place, 1, 0))
      pointers.append((40 * index + 16, operations, 1, 0))
      pointers.append((40 * index + 32, place, 1, 0))
      builder.relocations(of: data, [])
    }
    builder.relocations(of: params, pointers)
  }

  private func exportNames(_ count: Int, _ builder: inout ELFBuilder) {
    let table = builder.section("__ksymtab", Self.zeros(12 * count), alignment: 4)
    let text = builder.section("__ksymtab_strings", [UInt8](repeating: 0x78, count: 12 * count))
    let place = builder.symbol("", section: UInt16(text), binding: 0, type: 3)
    var pointers: [ELFBuilder.NewRelocation] = []
    for index in 0..<UInt64(count) {
      pointers.append((12 * index, place, 2, 0))
      pointers.append((12 * index + 4, place, 2, Int64(index)))
      pointers.append((12 * index + 8, place, 2, Int64(index)))
    }
    builder.relocations(of: table, pointers)
  }
}
