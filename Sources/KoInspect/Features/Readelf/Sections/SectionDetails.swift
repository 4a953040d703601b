// readelf -t

import ELFKit

extension ReadelfFile {
  func writeSectionDetails(_ console: inout Console) {
    writeDetailsHeading(&console.out)
    for index in 0..<sections.count {
      let header = sections.headers[index]
      writeDetails(of: sections[index], &console.out)
      if header.flags.contains(.compressed) { writeCompression(of: sections[index], &console) }
      writeOddities(of: index, header, &console)
    }
  }

  private func writeDetailsHeading(_ out: inout TextBuffer) {
    if isOneLine {
      out.append("  [Nr] Name\n       Type            ")
      out.append(is64Bit ? "Address          Off" : "Addr     Off")
      out.append("    Size   ES   Lk Inf Al\n       Flags\n")
    } else {
      out.append(
        """
          [Nr] Name
               Type              Address          Offset            Link
               Size              EntSize          Info              Align
               Flags

        """)
    }
  }

  private func writeDetails(of section: Section, _ out: inout TextBuffer) {
    let header = section.header
    out.append("  [")
    out.decimal(section.index, width: 2)
    out.append("] ")
    out.append(headingName(of: section))
    out.append("\n       ")
    let type = typeText(of: header.type)
    out.left(isOneLine ? type : String(type.prefix(15)), 15)
    isOneLine ? writeWideDetails(header, &out) : writeNarrowDetails(header, &out)
    out.append("       [")
    out.hex(header.flags.rawValue, width: addressDigits)
    out.append("]: ")
    out.append(flagWords(of: header.flags).joined(separator: ", "))
    out.newline()
  }

  /// The header in front of compressed content: method, size, alignment.
  private func writeCompression(of section: Section, _ console: inout Console) {
    do throws(ELFError) {
      let size = CompressionHeader.byteCount(in: encoding)
      let bytes = try image.source.slice(
        section.header.offset, UInt64(size), in: .section(section.index))
      let header = RecordTable<CompressionHeader>(bytes, encoding)[0]
      let method = header.method
      let name = [1: "ZLIB", 2: "ZSTD"][method] ?? "[<unknown>: 0x\(hexText(method))]"
      console.out.append("       \(name), ")
      console.out.hex(header.size, width: addressDigits)
      console.out.append(", \(header.alignment)\n")
    } catch {
      console.complain(error, about: "compression header")
    }
  }

  private func writeNarrowDetails(_ header: SectionHeader, _ out: inout TextBuffer) {
    out.append("  ")
    out.hex(header.address, width: 16)
    out.append("  ")
    out.hex(header.offset, width: 16)
    out.append("  \(header.link)\n       ")
    out.hex(header.size, width: 16)
    out.append(byte: UInt8(ascii: " "))
    out.hex(entrySize(of: header), width: 16)
    out.append("  ")
    out.left("\(header.info)", 16)
    out.append("  \(header.alignment)\n")
  }

  private func writeWideDetails(_ header: SectionHeader, _ out: inout TextBuffer) {
    out.append(byte: UInt8(ascii: " "))
    out.hex(header.address, width: addressDigits)
    out.append(byte: UInt8(ascii: " "))
    out.hex(header.offset, width: 6)
    out.append(byte: UInt8(ascii: " "))
    out.hex(header.size, width: 6)
    out.append(byte: UInt8(ascii: " "))
    out.hex(entrySize(of: header), width: 2)
    out.append("  ")
    out.decimal(UInt64(header.link), width: 2)
    out.append(byte: UInt8(ascii: " "))
    out.decimal(UInt64(header.info), width: 3)
    out.append(byte: UInt8(ascii: " "))
    out.decimal(header.alignment, width: 2)
    out.newline()
  }

  /// The flags in words, then what is left of the system's, the processor's and all other bits.
  private func flagWords(of flags: SectionFlags) -> [String] {
    var words: [String] = []
    var system: UInt64 = 0
    var processor: UInt64 = 0
    var unknown: UInt64 = 0
    for bit in (0..<64).map({ UInt64(1) << UInt64($0) }) where flags.rawValue & bit != 0 {
      if let word = flagWord(for: bit) {
        words.append(word)
      } else if bit & Self.systemFlags != 0 {
        system |= bit
      } else if bit & Self.processorFlags != 0 {
        processor |= bit
      } else {
        unknown |= bit
      }
    }
    for (label, bits) in [("OS", system), ("PROC", processor), ("UNKNOWN", unknown)]
    where bits != 0 {
      var text = TextBuffer()
      text.append("\(label) (")
      text.hex(bits, width: addressDigits)
      text.append(")")
      words.append(text.text)
    }
    return words
  }

  private func flagWord(for bit: UInt64) -> String? {
    switch bit {
    case 0x1: "WRITE"
    case 0x2: "ALLOC"
    case 0x4: "EXEC"
    case 0x10: "MERGE"
    case 0x20: "STRINGS"
    case 0x40: "INFO LINK"
    case 0x80: "LINK ORDER"
    case 0x100: "OS NONCONF"
    case 0x200: "GROUP"
    case 0x400: "TLS"
    case 0x800: "COMPRESSED"
    case 0x8000_0000: "EXCLUDE"
    case 0x20_0000 where hasRetainFlag: "GNU_RETAIN"
    case 0x100_0000 where hasMBindFlag: "GNU_MBIND"
    case 0x1000_0000...0x4000_0000: machineFlags.first { $0.bit == bit && $0.word != nil }?.word
    default: nil
    }
  }
}
