// readelf -u of IA-64: tables with three addresses for each function, where it begins and ends and where its records
// are, which lie in a section of their own (Itanium Software Conventions and Runtime Architecture Guide, 11.4.1).

import ELFKit

/// An address of a table: within a section when a relocation says so.
private struct IA64UnwindAddress {
  var section: UInt32 = 0
  var offset: UInt64

  var place: UnwindFunctions.Place { UnwindFunctions.Place(section: section, offset: offset) }
}

/// One function.
private struct IA64UnwindEntry {
  var start: IA64UnwindAddress
  var end: IA64UnwindAddress
  var info: IA64UnwindAddress
}

extension ReadelfFile {
  /// All tables of the file; false, and nothing is written, when a symbol table cannot be read.
  func writeUnwindInfo(_ format: MachineFormat.UnwindInfo, _ console: inout Console) -> Bool {
    var symbols = ReadelfSymbols()
    for number in 0..<sections.count where sections.headers[number].type == .symtab {
      symbols = self.symbols(of: sections[number], &console)
      guard !symbols.records.isEmpty,
        sections.headers[number].link == 0 || symbols.names != nil
      else { return false }
    }
    let tables = (0..<sections.count).filter { sections.headers[$0].type == format.table }
    guard !tables.isEmpty else {
      writeNoUnwind(&console.out)
      return true
    }
    var writer = IA64UnwindWriter(self, format, symbols)
    for number in tables where !console.isOverLimit { writer.write(sections[number], &console) }
    return true
  }
}

/// Writes the tables of a file, with what is found once for all of them.
private struct IA64UnwindWriter {
  private let file: ReadelfFile
  private let format: MachineFormat.UnwindInfo
  private let functions: UnwindFunctions
  /// The sections with records, for each way to name them by what follows the name that all have.
  private let named: [[ByteSlice: Int]]
  /// The same by the section of the table, for those in groups.
  private let grouped: [UInt32: Int]
  /// The segments that are loaded.
  private let loaded: [ProgramHeader]
  /// Where the segment begins. Like GNU readelf, a table without one takes that of the table before.
  private var base: UInt64 = 0
  private var records = IA64UnwindRecords()
  /// What may be read of records, and how many segments looked at: any number of entries may lead to the same
  /// records, which may show little, and any number of tables may have no segment.
  private var allowance: Allowance

  init(
    _ file: ReadelfFile, _ format: MachineFormat.UnwindInfo, _ symbols: ReadelfSymbols
  ) {
    self.file = file
    self.format = format
    functions = UnwindFunctions(symbols)
    named = format.names.map { names in
      var found: [ByteSlice: Int] = [:]
      for section in file.sections where section.name.starts(with: names.info) {
        let rest = section.name.suffix(from: names.info.utf8.count)
        if found[rest] == nil { found[rest] = section.index }
      }
      return found
    }
    grouped = file.groupedSections(named: format.names.last?.info ?? "")
    loaded = file.loadedSegments
    allowance = Allowance(for: file.image.source.size &+ 1 << 16)
  }

  /// The section with the records of `table`.
  private func infoSection(of table: Section) -> Int? {
    if table.header.flags.contains(.group) {
      return UInt32(exactly: table.index).flatMap { grouped[$0] }
    }
    let name = table.name
    for (names, found) in zip(format.names, named) where name.starts(with: names.table) {
      return found[name.suffix(from: names.table.utf8.count)]
    }
    // Others share the section that is called as the ABI says.
    return named.last?[""]
  }

  private func writeName(of section: Section, _ out: inout TextBuffer) {
    if file.sections.names.bytes.isEmpty {
      out.append("\(Int32(bitPattern: section.header.nameOffset))")
    } else {
      out.append("'")
      out.append(file.headingName(of: section))
      out.append("'")
    }
  }

  mutating func write(_ table: Section, _ console: inout Console) {
    guard let number = infoSection(of: table) else {
      // No line feed ends this, as GNU readelf has it.
      console.out.append("\nCould not find unwind info section for ")
      writeName(of: table, &console.out)
      return
    }
    let info = file.sections[number]
    let header = table.header
    let content = file.bytes(of: info, as: "unwind info", &console)
    console.out.append("\nUnwind section ")
    writeName(of: table, &console.out)
    console.out.append(" at offset \(header.offset == 0 ? "" : "0x")\(hexText(header.offset))")
    console.out.append(" contains \(header.size / (file.is64Bit ? 24 : 12)) entries:\n")
    guard let entries = entries(of: table, &console) else { return }
    for (number, entry) in entries.enumerated() where !console.isOverLimit {
      writeHeading(of: entry, &console)
      guard let content, !content.isEmpty else { continue }
      writeRecords(of: entry, number, content, at: info.header.address, &console)
    }
  }

  private func writeHeading(of entry: IA64UnwindEntry, _ console: inout Console) {
    console.out.append("\n<")
    if let function = functions.function(at: entry.start.place) {
      console.out.untrusted(function.name, file.options)
      if function.distance > 0 { console.out.append("+\(hexText(function.distance))") }
    }
    console.out.append(">: [0x\(hexText(entry.start.offset))-0x\(hexText(entry.end.offset))]")
    console.out.append(", info at +0x\(hexText(entry.info.offset &- base))\n")
  }

  /// The records of `entry`, the one with this number, which lie in a section with this content and address.
  private mutating func writeRecords(
    of entry: IA64UnwindEntry, _ number: Int, _ content: ByteSlice, at address: UInt64,
    _ console: inout Console
  ) {
    var offset = entry.info.offset &- address
    if entry.info.section != 0 {
      guard let section = file.sections.section(entry.info.section) else {
        console.warn("Invalid section \(entry.info.section) in table entry \(number)")
        return
      }
      offset = offset &+ section.header.address
    }
    let size = UInt64(content.count)
    guard size >= 8, offset <= size - 8,
      let stamp = try? content.slice(offset, 8, in: .section(Int(entry.info.section)))
    else {
      console.warn(
        "Invalid offset \(hexText(entry.info.offset)) in table entry \(number)")
      return
    }
    // Version, flags and length: one number of 64 bits.
    let words = UnwindWords(stamp, file.encoding, areLong: true)
    let value = words[0]
    let (version, flags) = (value >> 48, value >> 32 & 0xffff)
    let count = (value & 0xffff_ffff) * (file.is64Bit ? 8 : 4)
    console.out.append("  v\(version), flags=0x\(hexText(flags)) (")
    console.out.append("\(flags & 1 != 0 ? " ehandler" : "")\(flags & 2 != 0 ? " uhandler" : "")")
    console.out.append("), len=\(count) bytes\n")
    guard version == 1 else {
      console.out.append("\tUnknown version.\n")
      return
    }
    let available = Swift.min(count, size - 8 - offset)
    guard allowance.take(available) else { return console.cutRest() }
    let start = Int(offset) + 8
    records.write(start..<start + Int(available), of: content, &console)
  }

  /// The entries of `table` with their relocations applied; `nil` when they cannot be read.
  private mutating func entries(
    of table: Section, _ console: inout Console
  ) -> [IA64UnwindEntry]? {
    if let program = file.program, program.segmentsError != nil { return nil }
    guard allowance.take(UInt64(loaded.count)) else {
      console.cutRest()
      return nil
    }
    base = file.segmentBase(of: table.header, in: loaded) ?? base
    guard let content = file.bytes(of: table, as: "unwind table", &console), !content.isEmpty
    else { return nil }
    let words = UnwindWords(content, file.encoding, areLong: file.is64Bit)
    guard words.count >= 3 else { return nil }
    var entries = (0..<words.count / 3).map { number in
      IA64UnwindEntry(
        start: IA64UnwindAddress(offset: base &+ words[3 * number]),
        end: IA64UnwindAddress(offset: base &+ words[3 * number + 1]),
        info: IA64UnwindAddress(offset: base &+ words[3 * number + 2]))
    }
    for number in file.sections.relocationSections(of: table.index)
    where file.sections.headers[number].type == .rela {
      do throws(ELFError) {
        let table = try file.image.relocations(in: file.sections[number])
        guard !table.bytes.isEmpty else { return nil }
        relocate(&entries, table)
      } catch {
        console.complain(error, about: file.relocationDataText)
        return nil
      }
    }
    return entries
  }

  private func relocate(_ entries: inout [IA64UnwindEntry], _ table: RelocationTable) {
    let size: UInt64 = file.is64Bit ? 8 : 4
    for relocation in table where format.relocations.contains(relocation.type) {
      guard let number = Int(exactly: relocation.offset / (3 * size)), number < entries.count,
        let symbol = functions.symbols.records[relocation.symbol]
      else { continue }
      let address = IA64UnwindAddress(
        section: UInt32(symbol.sectionIndex.rawValue),
        offset: symbol.value &+ UInt64(bitPattern: relocation.addend ?? 0))
      switch relocation.offset / size % 3 {
      case 0: entries[number].start = address
      case 1: entries[number].end = address
      default: entries[number].info = address
      }
    }
  }
}

/// Numbers as wide as addresses are.
private struct UnwindWords {
  private let words: RecordTable<UInt32>
  private let areLong: Bool

  init(_ bytes: ByteSlice, _ encoding: Encoding, areLong: Bool) {
    words = RecordTable(bytes, encoding)
    self.areLong = areLong
  }

  var count: Int { areLong ? words.count / 2 : words.count }

  /// The number at `position`, which must be less than ``count``.
  subscript(position: Int) -> UInt64 {
    guard areLong else { return UInt64(words[position]) }
    let (first, second) = (UInt64(words[2 * position]), UInt64(words[2 * position + 1]))
    return words.encoding.byteOrder == .little ? second << 32 | first : first << 32 | second
  }
}

extension ReadelfFile {
  /// For each section that is in a group, the section of the group that is called `name`: the last when there are
  /// several. A section belongs to the first group that says so.
  fileprivate func groupedSections(named name: String) -> [UInt32: Int] {
    var groups: [UInt32: Int] = [:]
    var found: [Int: Int] = [:]
    for number in 0..<sections.count where sections.headers[number].type == .group {
      let section = sections[number]
      guard isGroupNamed(section), let group = try? image.group(in: section) else { continue }
      for member in group.members where member < sections.count {
        guard groups[member] == nil || member == 0 else { continue }
        groups[member] = number
        if sections.names.matches(name, at: sections.headers[Int(member)].nameOffset) {
          found[number] = Int(member)
        }
      }
    }
    return groups.compactMapValues { found[$0] }
  }

  /// Whether there is a symbol that names the group; GNU readelf takes no other group for one.
  private func isGroupNamed(_ group: Section) -> Bool {
    guard let table = sections.section(group.header.link), table.header.type == .symtab,
      let bytes = try? image.content(of: table),
      let symbol = RecordTable<SymbolRecord>(bytes, encoding)[
        SymbolIndex(rawValue: group.header.info)]
    else { return false }
    let number = symbol.sectionIndex.rawValue
    return symbol.type != .section || number != 0 && sections.section(UInt32(number)) != nil
  }
}
