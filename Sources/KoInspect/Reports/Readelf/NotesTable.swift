// readelf -n

import ELFKit

extension ReadelfFile {
  func writeNotes(_ console: inout Console) -> Bool {
    var isGood = true
    for index in 0..<sections.count where sections.headers[index].type == .note {
      // binutils 2.40 fails on empty sections, which every module of Linux 7.2 has; 2.47 does not.
      if sections.headers[index].size == 0 { continue }
      if !writeNotes(in: sections[index], &console) { isGood = false }
    }
    return isGood
  }

  private func writeNotes(in section: Section, _ console: inout Console) -> Bool {
    console.out.append("\nDisplaying notes found in: ")
    console.out.append(headingName(of: section))
    console.out.append("\n  Owner                Data size \tDescription\n")
    let notes: NoteSequence
    do throws(ELFError) {
      notes = try image.notes(in: section)
    } catch {
      console.warn("\(error)")
      return false
    }
    for note in notes {
      switch note {
      case .success(let note): writeNote(note, &console)
      case .failure(let error): console.warn("\(error)")
      }
    }
    return true
  }

  private func writeNote(_ note: Note, _ console: inout Console) {
    console.out.append("  ")
    if note.owner.isEmpty {
      console.out.left("(NONE)", 20)
    } else {
      console.out.readelfName(note.owner, width: 20, pads: true, options)
    }
    console.out.append(" 0x")
    console.out.hex(UInt64(note.descriptor.count), width: 8)
    console.out.append("\t")
    if let name = note.typeName {
      console.out.append(name)
    } else {
      console.out.append("Unknown note type: (0x")
      console.out.hex(UInt64(note.type), width: 8)
      console.out.append(")")
    }
    console.out.append(options.isWide ? "\t" : "\n")
    if note.owner.starts(with: "GNU"), writeGNUNote(note, &console) { return }
    if !note.descriptor.isEmpty {
      console.out.append("   description data: ")
      for position in 0..<note.descriptor.count {
        console.out.hex(UInt64(note.descriptor[position]), width: 2)
        console.out.append(byte: 0x20)
      }
    }
    if options.isWide || !note.descriptor.isEmpty { console.out.newline() }
  }

  /// The content of a note of the GNU tools; false when it is to be shown as bytes.
  private func writeGNUNote(_ note: Note, _ console: inout Console) -> Bool {
    switch note.type {
    case 1: writeABITag(note.descriptor, &console.out)
    case 3:
      console.out.append("    Build ID: ")
      for position in 0..<note.descriptor.count {
        console.out.hex(UInt64(note.descriptor[position]), width: 2)
      }
      console.out.newline()
    case 5:
      writeProperties(note.descriptor, &console)
    default: return false
    }
    return true
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
