// readelf -r

import ELFKit

extension ReadelfFile {
  func writeRelocations(_ console: inout Console) {
    if options.usesDynamic {
      writeDynamicRelocations(&console)
      return
    }
    var found = false
    var tables: [Int: ReadelfSymbols] = [:]
    for index in 0..<sections.count {
      let header = sections.headers[index]
      guard [.rela, .rel, .relr].contains(header.type), header.size > 0 else { continue }
      if writeRelocations(in: sections[index], &tables, &console) { found = true }
    }
    guard !found else { return }
    if program?.hasRelocations == true {
      console.out.append("\nThere are no static relocations in this file.\n")
      console.out.append(
        "To see the dynamic relocations add --use-dynamic to the command line.\n")
    } else {
      console.out.append("\nThere are no relocations in this file.\n")
    }
  }

  /// One section; false when it links to something that is no symbol table.
  private func writeRelocations(
    in section: Section, _ tables: inout [Int: ReadelfSymbols], _ console: inout Console
  ) -> Bool {
    let header = section.header
    let hasAddends = header.type == .rela
    let count = header.size / self.entrySize(of: header)
    console.out.append("\nRelocation section ")
    if sections.names.bytes.isEmpty {
      console.out.append("\(header.nameOffset)")
    } else {
      console.out.append("'")
      console.out.append(headingName(of: section))
      console.out.append("'")
    }
    console.out.append(" at offset 0x\(hexText(header.offset)) contains \(count) ")
    console.out.append(count == 1 ? "entry:\n" : "entries:\n")

    guard header.type != .relr else {
      if let bytes = bytes(of: section, as: relocationDataText, &console) {
        writeRelativeRelocations(bytes, &console)
      }
      return true
    }
    var symbols = ReadelfSymbols()
    if header.link != 0, let linked = sections.section(header.link) {
      guard linked.header.type == .symtab || linked.header.type == .dynsym else { return false }
      symbols = self.symbols(of: linked, &tables, &console)
      guard !symbols.records.isEmpty, symbols.names != nil || linked.header.link == 0 else {
        return false
      }
    }
    guard let bytes = bytes(of: section, as: relocationDataText, &console) else {
      return true
    }
    writeRelocationHeading(hasAddends, &console.out)
    let relocations = RelocationTable(
      bytes, hasAddends: hasAddends, target: header.info, machine, encoding)
    var writer = RelocationRowWriter(file: self, relocations, symbols)
    writer.write(to: &console)
    return true
  }

  /// GNU readelf's word for the entries of a relocation section.
  var relocationDataText: String { "\(is64Bit ? 64 : 32)-bit relocation data" }

  func writeRelocationHeading(_ hasAddends: Bool, _ out: inout TextBuffer) {
    switch (is64Bit, options.isWide) {
    case (true, true):
      out.append("    Offset             Info             Type               ")
      out.append("Symbol's Value  Symbol's Name")
    case (true, false):
      out.append("  Offset          Info           Type           Sym. Value    Sym. Name")
    case (false, true):
      out.append(" Offset     Info    Type                Sym. Value  Symbol's Name")
    case (false, false):
      out.append(" Offset     Info    Type            Sym.Value  Sym. Name")
    }
    out.append(hasAddends ? " + Addend\n" : "\n")
  }
}
