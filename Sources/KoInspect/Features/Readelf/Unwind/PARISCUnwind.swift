// readelf -u of PA-RISC: `.PARISC.unwind`, four words for each function (HP, "Stack Unwind Library Reference
// Manual": "The Unwind Table").

import ELFKit

/// One function: where it begins and ends, and how its frame is built.
private struct PARISCUnwindEntry {
  var start: UnwindFunctions.Place
  var end: UnwindFunctions.Place
  let words: (UInt32, UInt32)

  /// The fields from the highest bit on; what has no name is not shown. Those wider than a bit are numbers.
  private static let fields: [(name: String, width: UInt32)] = [
    ("Cannot_unwind", 1), ("Millicode", 1), ("Millicode_save_sr0", 1), ("", 2), ("", 1),
    ("Entry_SR", 1), ("Entry_FR", 4), ("Entry_GR", 5), ("Args_stored", 1), ("Variable_Frame", 1),
    ("Separate_Package_Body", 1), ("Frame_Extension_Millicode", 1), ("Stack_Overflow_Check", 1),
    ("Two_Instruction_SP_Increment", 1), ("Ada_Region", 1), ("cxx_info", 1),
    ("cxx_try_catch", 1), ("sched_entry_seq", 1), ("", 1), ("Save_SP", 1), ("Save_RP", 1),
    ("Save_MRP_in_frame", 1), ("extn_ptr_defined", 1), ("Cleanup_defined", 1),
    ("MPE_XL_interrupt_marker", 1), ("HP_UX_interrupt_marker", 1), ("Large_frame", 1),
    ("Pseudo_SP_Set", 1), ("", 1), ("Total_frame_size", 27),
  ]

  /// The fields that are not 0.
  var text: String {
    let bits = UInt64(words.0) << 32 | UInt64(words.1)
    var text = ""
    var position: UInt32 = 64
    for field in Self.fields {
      position -= field.width
      let value = bits >> UInt64(position) & (1 << UInt64(field.width) - 1)
      if value != 0, !field.name.isEmpty {
        text += field.width == 1 ? "\(field.name) " : "\(field.name)=\(value) "
      }
    }
    return text
  }
}

extension ReadelfFile {
  /// The tables in `tables`; false when one cannot be read.
  func writeUnwindRecords(_ tables: [Section], _ console: inout Console) -> Bool {
    var symbols = ReadelfSymbols()
    if let table = sections.first(ofType: .symtab) { symbols = self.symbols(of: table, &console) }
    let functions = UnwindFunctions(symbols)
    let segments = loadedSegments
    // Each table looks for its segment, and there may be any number of both.
    var allowance = Allowance(for: image.source.size)
    var isGood = true
    for section in tables where !console.isOverLimit {
      guard allowance.take(UInt64(segments.count)) else {
        console.cutRest()
        return false
      }
      writeUnwindHeading(section, entries: section.header.size / 16, &console.out)
      guard let content = bytes(of: section, as: "unwind table", &console) else {
        isGood = false
        continue
      }
      let base = segmentBase(of: section.header, in: segments) ?? 0
      let entries = unwindEntries(content, of: section, from: base, symbols)
      for entry in entries where !console.isOverLimit {
        console.out.append("\n<")
        if let function = functions.function(at: entry.start) {
          console.out.untrusted(function.name, options)
          if function.distance > 0 { console.out.append("+\(hexText(function.distance))") }
        }
        console.out.append(">: [0x\(hexText(entry.start.offset))-0x\(hexText(entry.end.offset))]")
        console.out.append("\n\t\(entry.text)")
      }
      if !entries.isEmpty { console.out.newline() }
    }
    return isGood
  }

  private func unwindEntries(
    _ content: ByteSlice, of section: Section, from base: UInt64, _ symbols: ReadelfSymbols
  ) -> [PARISCUnwindEntry] {
    let words = RecordTable<UInt32>(content, encoding)
    var entries = (0..<words.count / 4).map { number in
      PARISCUnwindEntry(
        start: UnwindFunctions.Place(offset: base &+ UInt64(words[4 * number])),
        end: UnwindFunctions.Place(offset: base &+ UInt64(words[4 * number + 1])),
        words: (words[4 * number + 2], words[4 * number + 3]))
    }
    for number in sections.relocationSections(of: section.index) {
      guard let table = try? image.relocations(in: sections[number]) else { continue }
      // R_PARISC_SEGREL32 and R_PARISC_SEGREL64.
      for relocation in table where relocation.type == 49 || relocation.type == 112 {
        guard let entry = Int(exactly: relocation.offset / 16), entry < entries.count,
          let symbol = symbols.records[relocation.symbol]
        else { continue }
        let place = UnwindFunctions.Place(
          section: UInt32(symbol.sectionIndex.rawValue),
          offset: symbol.value &+ UInt64(bitPattern: relocation.addend ?? 0))
        switch relocation.offset % 16 / 4 {
        case 0: entries[entry].start = place
        case 1: entries[entry].end = place
        default: break
        }
      }
    }
    return entries
  }
}
