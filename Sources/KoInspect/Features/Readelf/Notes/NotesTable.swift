// readelf -n

import ELFKit

/// What the notes of a file share: symbol tables by section, each read once, and regions of attributes.
private struct NoteContext {
  var tables: [Int: ReadelfSymbols] = [:]
  var attributes = BuildAttributes()
}

extension ReadelfFile {
  func writeNotes(_ console: inout Console) -> Bool {
    guard header.type != .core, sections.first(ofType: .note) != nil else {
      return writeSegmentNotes(&console)
    }
    var isGood = true
    var shared = NoteContext()
    // An empty section is a failure to binutils 2.40, no longer to 2.47. Every module of Linux 7.2 has one: there it is
    // nothing to fail about.
    let isModule = sections.first(named: ".modinfo") != nil
    for index in 0..<sections.count
    where sections.headers[index].type == .note && !console.isOverLimit {
      if sections.headers[index].size == 0 {
        guard !isModule else { continue }
        console.warn("the section of notes '\(headingName(of: sections[index]).text)' is empty")
        isGood = false
      } else if !writeNotes(in: sections[index], &shared, &console) {
        isGood = false
      }
    }
    return isGood
  }

  /// The notes of a core, or of a program without sections of notes.
  private func writeSegmentNotes(_ console: inout Console) -> Bool {
    guard let program, !program.segments.isEmpty else {
      if header.type == .core { console.out.append("No notes found file.\n") }
      return true
    }
    var isGood = true
    var allowance = Allowance(for: image.source.size)
    var shared = NoteContext()
    shared.attributes.add(nil)
    for segment in program.segments where segment.type == .note && !console.isOverLimit {
      guard segment.fileSize > 0 else {
        console.warn("the segment of notes at offset 0x\(hexText(segment.offset)) is empty")
        isGood = false
        continue
      }
      do throws(ELFError) {
        let bytes = try image.source.slice(segment.offset, segment.fileSize, in: .programHeaders)
        guard allowance.take(segment.fileSize) else {
          console.cutRest()
          return false
        }
        console.out.append("\nDisplaying notes found at file offset 0x")
        console.out.hex(segment.offset, width: 8)
        console.out.append(" with length 0x")
        console.out.hex(segment.fileSize, width: 8)
        console.out.append(":\n")
        if !writeNotes(bytes, alignment: segment.alignment, &shared, &console) {
          isGood = false
        }
      } catch {
        console.complain(error, about: "notes")
        isGood = false
      }
    }
    return isGood
  }

  private func writeNotes(
    in section: Section, _ shared: inout NoteContext, _ console: inout Console
  ) -> Bool {
    guard let content = bytes(of: section, as: "section contents", &console),
      let bytes = relocated(content, of: section, &shared.tables, &console)
    else { return false }
    console.out.append("\nDisplaying notes found in: ")
    console.out.append(headingName(of: section))
    console.out.newline()
    return writeNotes(
      bytes, alignment: section.header.alignment, &shared, &console)
  }

  private func writeNotes(
    _ bytes: ByteSlice, alignment: UInt64, _ shared: inout NoteContext, _ console: inout Console
  ) -> Bool {
    let alignment = Swift.max(alignment, 4)
    guard alignment == 4 || alignment == 8 else {
      console.warn("Corrupt note: alignment \(alignment), expecting 4 or 8")
      return false
    }
    console.out.append("  Owner                Data size \tDescription\n")
    return writeNotes(bytes, Int(alignment), &shared, &console)
  }

  /// readelf is stricter than ``NoteSequence``: the padding behind the last note must be there.
  private func writeNotes(
    _ bytes: ByteSlice, _ alignment: Int, _ shared: inout NoteContext, _ console: inout Console
  ) -> Bool {
    let aligned = { (size: Int) in (size + alignment - 1) & ~(alignment - 1) }
    var position = 0
    var isGood = true
    while position < bytes.count {
      let rest = bytes.suffix(from: position)
      guard rest.count >= NoteHeader.byteCount else {
        console.warn(
          "Corrupt note: only \(rest.count) bytes remain, not enough for a full note")
        break
      }
      let header = RecordTable<NoteHeader>(rest, encoding)[0]
      // 32-bit sizes cannot overflow the 64-bit sums.
      let nameEnd = NoteHeader.byteCount + Int(header.nameSize)
      let start = aligned(nameEnd)
      let end = aligned(start + Int(header.descriptorSize))
      guard end <= rest.count else {
        console.warn("note with invalid namesz and/or descsz found at offset \(position)")
        console.warn(
          " type: 0x\(hexText(header.type)), namesize: 0x\(hexText(header.nameSize)), "
            + "descsize: 0x\(hexText(header.descriptorSize)), alignment: \(alignment)")
        break
      }
      let note = Note(
        owner: rest[within: NoteHeader.byteCount..<nameEnd].untilNUL, type: header.type,
        descriptor: rest[within: start..<start + Int(header.descriptorSize)],
        fileOffset: rest.fileOffset)
      // Symbols name regions of code that attributes of the build are about.
      if shared.attributes.lacksSymbols, BuildAttributes.kindOffset(note) != nil {
        let table = sections.first(ofType: .symtab)
        shared.attributes.add(table.map { symbols(of: $0, &shared.tables, &console) })
      }
      if !writeNote(
        note, rest[within: NoteHeader.byteCount..<nameEnd], &shared.attributes, &console)
      {
        isGood = false
      }
      position += end
    }
    return isGood
  }

  private func writeNote(
    _ note: Note, _ name: ByteSlice, _ attributes: inout BuildAttributes, _ console: inout Console
  ) -> Bool {
    if !note.owner.starts(with: "NetBSD-CORE"),
      note.owner.starts(with: "NetBSD") || note.owner.starts(with: "PaX")
    {
      return writeNetBSDNote(note, &console.out)
    }
    console.out.append("  ")
    let attribute = BuildAttributes.kindOffset(note)
    if let attribute {
      writeAttributeName(name, attribute, &console)
    } else if name.isEmpty {
      console.out.left("(NONE)", 20)
    } else {
      console.out.readelfName(note.owner, width: 20, pads: true, options)
    }
    console.out.append(" 0x")
    console.out.hex(UInt64(note.descriptor.count), width: 8)
    console.out.append("\t")
    if let name = note.typeName(in: header.type, on: machine) {
      console.out.append(name)
    } else {
      console.out.append("Unknown note type: (0x")
      console.out.hex(UInt64(note.type), width: 8)
      console.out.append(")")
    }
    console.out.append(options.isWide ? "\t" : "\n")
    if attribute != nil { return writeAttributeRegion(note, &attributes, &console) }
    if note.owner.starts(with: "GNU") { return writeGNUNote(note, &console) }
    if note.owner.starts(with: "CORE") { return writeCoreNote(note, &console) }
    if note.owner.starts(with: "stapsdt") { return writeProbe(note, &console) }
    if note.owner.starts(with: "FDO") {
      guard note.type == 0xcafe_1a7e else { return false }
      console.out.append("    Packaging Metadata: ")
      console.out.untrusted(note.descriptor.untilNUL, options)
      console.out.newline()
      return true
    }
    if !note.descriptor.isEmpty {
      console.out.append("   description data: ")
      writeBytes(note.descriptor, &console.out)
    }
    if options.isWide || !note.descriptor.isEmpty { console.out.newline() }
    return true
  }

  /// A note of NetBSD's (sys/sys/exec_elf.h): the system's version, the machine, what PaX may do.
  private func writeNetBSDNote(_ note: Note, _ out: inout TextBuffer) -> Bool {
    let content = note.descriptor
    let isKnown = note.type == 5 || [1, 3].contains(note.type) && content.count >= 4
    out.append(isKnown ? "  NetBSD\t\t0x" : "  NetBSD\t0x")
    out.hex(UInt64(content.count), width: 8)
    guard isKnown else {
      out.append("\tUnknown note type: (0x")
      out.hex(UInt64(note.type), width: 8)
      out.append(")\n")
      return false
    }
    if note.type == 5 {
      out.append("\tMARCH <")
      out.untrusted(content.untilNUL, options)
      out.append(">\n")
      return true
    }
    let value = RecordTable<UInt32>(content, encoding)[0]
    if note.type == 3 {
      let words = ["+mprotect", "-mprotect", "+guard", "-guard", "+ASLR", "-ASLR"]
      let set = words.indices.filter { value >> UInt32($0) & 1 == 1 }.map { words[$0] }
      out.append("\tPaX <\(set.joined())>\n")
      return true
    }
    let letter = value / 10_000 % 100
    out.append("\tIDENT \(value) (\(value / 100_000_000).\(value / 1_000_000 % 100)")
    if letter == 0 {
      out.append(".\(value / 100 % 100)")
    } else {
      if letter > 26 { out.append("Z") }
      // As readelf has it: the whole number counts here.
      out.append(byte: UInt8(ascii: "A") + UInt8(value / 10_000 % 26))
    }
    out.append(")\n")
    return true
  }

  /// The content of a note of the GNU tools.
  private func writeGNUNote(_ note: Note, _ console: inout Console) -> Bool {
    let content = note.descriptor
    switch note.type {
    case 1: writeABITag(content, &console.out)
    case 2:
      console.out.append("      Hardware Capabilities: ")
      guard content.count >= 8 else {
        console.complain("<corrupt GNU_HWCAP>")
        return false
      }
      let words = RecordTable<UInt32>(content, encoding)
      console.out.append("num entries: \(words[0]), enabled mask: \(hexText(words[1]))\n")
    case 3:
      console.out.append("    Build ID: ")
      for byte in content { console.out.hex(UInt64(byte), width: 2) }
      console.out.newline()
    case 4:
      console.out.append("    Version: ")
      console.out.untrusted(content.untilNUL, options)
      console.out.newline()
    case 5: writeProperties(content, &console.out)
    default:
      console.out.append("    Description data: ")
      writeBytes(content, &console.out)
      console.out.newline()
    }
    return true
  }

  private func writeBytes(_ bytes: ByteSlice, _ out: inout TextBuffer) {
    for position in 0..<bytes.count {
      out.hex(UInt64(bytes[position]), width: 2)
      out.append(byte: UInt8(ascii: " "))
    }
  }

  private func writeABITag(_ content: ByteSlice, _ out: inout TextBuffer) {
    guard content.count >= 16 else {
      out.append("    <corrupt GNU_ABI_TAG>\n")
      return
    }
    let words = RecordTable<UInt32>(content, encoding)
    let systems = ["Linux", "Hurd", "Solaris", "FreeBSD", "NetBSD", "Syllable", "NaCl"]
    let system = words[0] < systems.count ? systems[Int(words[0])] : "Unknown"
    out.append("    OS: \(system), ABI: \(words[1]).\(words[2]).\(words[3])\n")
  }
}
