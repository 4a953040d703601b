// readelf -S

import ELFKit

extension ReadelfFile {
  /// The section table, when it was asked for, and what is odd about it in any case.
  func writeSections(_ console: inout Console) -> Bool {
    let isAsked = options.has(.sections)
    let start = header.sectionHeaderOffset
    let count = claimedSectionCount
    guard count > 0 else {
      guard start == 0 else {
        console.warn(
          "possibly corrupt ELF file header - it has a non-zero section header offset, "
            + "but no section headers")
        return false
      }
      if isAsked { console.out.append("\nThere are no sections in this file.\n") }
      return true
    }
    if isAsked, !options.has(.fileHeader) {
      console.out.append("There \(count == 1 ? "is" : "are") \(count) section ")
      console.out.append("header\(count == 1 ? "" : "s"), starting at offset ")
      console.out.append("\(start == 0 ? "0" : "0x\(hexText(start))"):\n")
    }
    if let sectionsError { console.complain(sectionsError, about: "section headers") }
    guard !sections.isEmpty else { return false }
    if let error = sections.namesError { console.complain(error, about: "string table") }
    writeSectionTableOddities(&console)
    guard isAsked else { return true }
    console.out.append(sections.count == 1 ? "\nSection Header:\n" : "\nSection Headers:\n")
    if options.has(.details) {
      writeSectionDetails(&console)
      return true
    }
    if isOneLine {
      console.out.append("  [Nr] Name              Type            ")
      console.out.append(is64Bit ? "Address          Off" : "Addr     Off")
      console.out.append("    Size   ES Flg Lk Inf Al\n")
    } else {
      console.out.append(
        """
          [Nr] Name              Type             Address           Offset
               Size              EntSize          Flags  Link  Info  Align

        """)
    }
    var texts = SectionTexts()
    for index in 0..<sections.count {
      let header = sections.headers[index]
      if !options.isWide || !writeUsual(index, header, texts, &console.out) {
        if options.isWide { texts.add(header, self) }
        writeRowStart(index, header, &console.out)
        isOneLine ? writeWide(header, &console.out) : writeNarrow(header, &console.out)
      }
      writeOddities(of: index, header, &console)
    }
    writeFlagsKey(&console.out)
    return true
  }

  /// Whether a section has one line: where addresses are short there is always room.
  var isOneLine: Bool { options.isWide || !is64Bit }

  private func writeRowStart(
    _ index: Int, _ header: SectionHeader, _ out: inout TextBuffer
  ) {
    out.append("  [")
    out.decimal(index, width: 2)
    out.append("] ")
    out.readelfName(displayName(of: header), width: 17, pads: true, options)
    out.append(byte: UInt8(ascii: " "))
  }

  private func writeNarrow(_ header: SectionHeader, _ out: inout TextBuffer) {
    let type = typeText(of: header.type)
    out.left(String(type.prefix(15)), 15)
    out.append("  ")
    out.hex(header.address, width: 16)
    out.append("  ")
    out.hex(header.offset, width: 8)
    out.append("\n       ")
    out.hex(header.size, width: 16)
    out.append("  ")
    out.hex(entrySize(of: header), width: 16)
    out.append(byte: UInt8(ascii: " "))
    out.right(flagLetters(of: header.flags), 3)
    out.append("      ")
    out.decimal(UInt64(header.link), width: 2)
    out.append("   ")
    out.decimal(UInt64(header.info), width: 3)
    out.append("     ")
    out.decimal(header.alignment)
    out.newline()
  }

  private func writeWide(_ header: SectionHeader, _ out: inout TextBuffer) {
    let type = typeText(of: header.type)
    out.left(options.isWide ? type : String(type.prefix(15)), 15)
    out.append(byte: UInt8(ascii: " "))
    out.hex(header.address, width: addressDigits)
    out.append(byte: UInt8(ascii: " "))
    out.hex(header.offset, width: 6)
    out.append(byte: UInt8(ascii: " "))
    out.hex(header.size, width: 6)
    out.append(byte: UInt8(ascii: " "))
    out.hex(entrySize(of: header), width: 2)
    out.append(byte: UInt8(ascii: " "))
    out.right(flagLetters(of: header.flags), 3)
    out.append(byte: UInt8(ascii: " "))
    out.decimal(UInt64(header.link), width: 2)
    out.append(byte: UInt8(ascii: " "))
    out.decimal(UInt64(header.info), width: 3)
    out.append(byte: UInt8(ascii: " "))
    out.decimal(header.alignment, width: 2)
    out.newline()
  }

  /// The number of sections that the file claims to have, also when they cannot be read.
  var claimedSectionCount: UInt64 {
    let count = UInt64(header.sectionHeaderCount)
    return count == 0 ? firstSectionSize ?? 0 : count
  }

  /// `sh_size` of section 0, which is the number of sections when the header has none: as readelf counts them, in
  /// 32 bits. `nil` when there is no section 0 that can be read.
  var firstSectionSize: UInt64? {
    let size = UInt64(SectionHeader.byteCount(in: encoding))
    guard header.sectionHeaderOffset != 0, UInt64(header.sectionHeaderEntrySize) >= size else {
      return nil
    }
    let first = try? image.source.slice(header.sectionHeaderOffset, size, in: .sectionHeaders)
    return first.map { RecordTable<SectionHeader>($0, encoding)[0].size & 0xffff_ffff }
  }

  /// The size of an entry: tables that readelf reads itself have the size it expects.
  func entrySize(of header: SectionHeader) -> UInt64 {
    switch header.type {
    case .symtab, .dynsym: UInt64(SymbolRecord.byteCount(in: encoding))
    case .rela: UInt64(RelaRecord.byteCount(in: encoding))
    case .rel: UInt64(RelRecord.byteCount(in: encoding))
    case .group: 4
    case .relr: UInt64(encoding.addressSize)
    default: header.entrySize
    }
  }

  /// The name of a section type, or how readelf writes one that it has no name for.
  func typeText(of type: SectionType) -> String {
    if let name = type.name(on: machine) { return name }
    let value = type.rawValue
    let (base, offset): (String, UInt32) =
      switch value {
      case 0x7000_0000...0x7fff_ffff: ("LOPROC", value - 0x7000_0000)
      case 0x6000_0000...0x6fff_ffff: ("LOOS", value - 0x6000_0000)
      case 0x8000_0000...: ("LOUSER", value - 0x8000_0000)
      default: ("", 0)
      }
    if base.isEmpty {
      let digits = hexText(value)
      return String(repeating: "0", count: 8 - digits.utf8.count) + digits + ": <unknown>"
    }
    return offset == 0 ? "\(base)+0" : "\(base)+0x\(hexText(offset))"
  }
}
