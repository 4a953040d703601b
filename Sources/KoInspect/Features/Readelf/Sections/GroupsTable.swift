// readelf -g

import ELFKit

extension ReadelfFile {
  func writeGroups(_ console: inout Console) {
    guard !sections.isEmpty || claimedSectionCount == 0 else {
      console.complain("Section headers are not available!")
      return
    }
    guard (0..<sections.count).contains(where: { sections.headers[$0].type == .group }) else {
      console.out.append("\nThere are no section groups in this file.\n")
      return
    }
    // The group that each section is in already; a section belongs to one only.
    var owners: [UInt32: Int] = [:]
    var tables: [Int: ReadelfSymbols] = [:]
    for index in 0..<sections.count
    where sections.headers[index].type == .group && !console.isOverLimit {
      writeGroup(sections[index], &owners, &tables, &console)
    }
  }

  private func writeGroup(
    _ section: Section, _ owners: inout [UInt32: Int], _ tables: inout [Int: ReadelfSymbols],
    _ console: inout Console
  ) {
    let name = section.name.text
    guard let linked = sections.section(section.header.link), linked.header.type == .symtab else {
      console.complain("Bad sh_link in group section `\(name)'")
      return
    }
    let symbols = self.symbols(of: linked, &tables, &console)
    guard let signature = signature(of: section, in: symbols) else {
      console.complain("Bad sh_info in group section `\(name)'")
      return
    }
    guard section.header.size >= UInt64(UInt32.byteCount),
      let bytes = bytes(of: section, as: "section data", &console)
    else { return }
    let words = RecordTable<UInt32>(bytes, encoding)
    console.out.append("\n\(Self.groupFlags(words[0]))group section [")
    console.out.decimal(section.index, width: 5)
    console.out.append("] `")
    console.out.append(headingName(of: section))
    console.out.append("' [")
    console.out.append(signature)
    console.out.append("] contains \(words.count - 1) sections:\n   [Index]    Name\n")
    for number in words.dropFirst() where !console.isOverLimit {
      writeMember(number, of: section, &owners, &console)
    }
  }

  private func writeMember(
    _ number: UInt32, of group: Section, _ owners: inout [UInt32: Int],
    _ console: inout Console
  ) {
    guard let member = sections.section(number) else {
      console.complain(
        "section [\(number)] in group section [\(group.index)] > maximum section "
          + "[\(sections.count - 1)]")
      return
    }
    if let owner = owners[number] {
      guard number == 0 else {
        console.complain(
          "section [\(number)] in group section [\(group.index)] already in group section "
            + "[\(owner)]")
        return
      }
      console.out.append("section 0 in group section [\(owner)]\n")
    }
    owners[number] = group.index
    console.out.append("   [")
    console.out.decimal(UInt64(number), width: 5)
    console.out.append("]   ")
    console.out.append(headingName(of: member))
    console.out.newline()
  }

  /// The name of the symbol that names the group; `nil` when there is no such symbol.
  private func signature(
    of section: Section, in symbols: ReadelfSymbols
  ) -> TextBuffer? {
    guard let symbol = symbols.records[SymbolIndex(rawValue: section.header.info)] else {
      return nil
    }
    var text = TextBuffer()
    if symbol.type == .section {
      guard symbol.sectionIndex != .undefined,
        let target = sections.section(UInt32(symbol.sectionIndex.rawValue))
      else { return nil }
      text.untrusted(displayName(of: target.header), options)
    } else {
      let name = symbols.names?[symbol.nameOffset]
      text.untrusted(name ?? "<corrupt>", options)
    }
    return text
  }

  /// gABI "Group Flags": 1 is `GRP_COMDAT`, the upper byte belongs to systems and processors.
  private static func groupFlags(_ flags: UInt32) -> String {
    guard flags > 1 else { return flags == 1 ? "COMDAT " : "" }
    var text = "[0x\(hexText(flags)): "
    if flags & 0x0ff0_0000 != 0 { text += "<OS specific>" }
    if flags & 0xf000_0000 != 0 { text += "<PROC specific>" }
    if flags & 0x000f_fffe != 0 { text += "<unknown>" }
    return text + "]"
  }
}
