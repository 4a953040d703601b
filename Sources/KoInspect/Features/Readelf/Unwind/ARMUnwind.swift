// readelf -u of 32-bit ARM: the index tables `.ARM.exidx*` (Exception Handling ABI for the Arm
// Architecture, "Index table entries", "The Arm-defined personality routines").

import ELFKit

/// The words of one section, with their relocations applied.
struct ARMUnwindWords {
  let section: Section
  private let words: RecordTable<UInt32>
  private let relocations: [Relocation]
  private let unwind: UnwindFunctions

  init(
    _ section: Section, _ bytes: ByteSlice, _ relocations: [Relocation], _ unwind: UnwindFunctions,
    _ encoding: Encoding
  ) {
    self.section = section
    words = RecordTable(bytes, encoding)
    self.relocations = relocations.filter { $0.type != 0 }.sorted { $0.offset < $1.offset }
    self.unwind = unwind
  }

  /// The word at `offset`, and what its relocation refers to; `nil` behind the end.
  func word(at offset: UInt64) -> (word: UInt32, place: UnwindFunctions.Place)? {
    guard offset % 4 == 0, offset / 4 < UInt64(words.count) else { return nil }
    let word = words[Int(offset / 4)]
    let first = Halving.firstIndex(relocations.count) { relocations[$0].offset >= offset }
    guard first < relocations.count, relocations[first].offset == offset else {
      return (word, UnwindFunctions.Place())
    }
    let relocation = relocations[first]
    // R_ARM_PREL31: the highest bit is not part of the number.
    guard relocation.type == 42, let symbol = unwind.symbols.records[relocation.symbol] else {
      return (word, UnwindFunctions.Place())
    }
    let addend = relocation.addend.map { UInt64(bitPattern: $0) } ?? Self.extended(word)
    let offset = symbol.value &+ addend
    let distance = offset &- (section.header.address &+ relocation.offset)
    let changed = word & 0x8000_0000 | UInt32(truncatingIfNeeded: distance) & 0x7fff_ffff
    let missing = symbol.sectionIndex == .undefined ? symbol : nil
    return (
      changed,
      UnwindFunctions.Place(
        section: UInt32(symbol.sectionIndex.rawValue), offset: offset, missing: missing)
    )
  }

  /// The lower 31 bits as a signed number.
  static func extended(_ word: UInt32) -> UInt64 {
    UInt64(bitPattern: Int64(Int32(bitPattern: word &<< 1) >> 1))
  }
}

/// What the entries of a file share.
private struct ARMUnwindTables {
  /// The sections that entries point to, each read once.
  var words: [Int: ARMUnwindWords] = [:]
  /// Where the sections lie: each entry of a linked file looks for the one that it points to.
  var places: SectionPlaces?
}

extension ReadelfFile {
  /// The index tables, which are the sections of `type`, each with the instructions that its entries hold or point to;
  /// false when one is damaged.
  func writeARMUnwind(_ type: SectionType, _ console: inout Console) -> Bool {
    var symbols = ReadelfSymbols()
    if let table = sections.first(ofType: .symtab) { symbols = self.symbols(of: table, &console) }
    let unwind = UnwindFunctions(symbols, addressBits: ~1)
    var tables = ARMUnwindTables()
    var isGood = true
    for index in 0..<sections.count
    where sections.headers[index].type == type && !console.isOverLimit {
      let section = sections[index]
      // An entry has two words of 32 bits; readelf's heading counts with the size of an address.
      writeUnwindHeading(
        section, entries: section.header.size / UInt64(2 * encoding.addressSize), &console.out)
      guard let words = unwindWords(of: section, unwind, &console) else {
        isGood = false
        continue
      }
      for number in 0..<section.header.size / 8 where !console.isOverLimit {
        console.out.newline()
        guard let isRead = writeEntry(number, words, unwind, &tables, &console) else {
          isGood = false
          break
        }
        if !isRead { isGood = false }
      }
      console.out.newline()
    }
    return isGood
  }

  private func unwindWords(
    of section: Section, _ unwind: UnwindFunctions, _ console: inout Console
  ) -> ARMUnwindWords? {
    guard let content = bytes(of: section, as: "unwind data", &console) else { return nil }
    var relocations: [Relocation] = []
    if let number = sections.relocationSections(of: section.index).first,
      let table = try? image.relocations(in: sections[number])
    {
      relocations = Array(table)
    }
    return ARMUnwindWords(section, content, relocations, unwind, encoding)
  }

  /// One entry: the function, and how its frame is taken down. False when it is damaged, `nil` behind the end of the
  /// table.
  private func writeEntry(
    _ number: UInt64, _ words: ARMUnwindWords, _ unwind: UnwindFunctions,
    _ tables: inout ARMUnwindTables, _ console: inout Console
  ) -> Bool? {
    let start = 8 * number
    guard let function = words.word(at: start), let entry = words.word(at: start + 4) else {
      return nil
    }
    let address = words.section.header.address
    let isGood = function.word >> 31 == 0
    if !isGood {
      console.warn("corrupt index table entry: \(hexText(function.word))")
    }
    write(function.word, address &+ start, function.place, unwind, &console.out)
    console.out.append(": ")
    if entry.word == 1 {
      console.out.append("0x1 [cantunwind]\n")
    } else if entry.word >> 31 == 1 {
      console.out.append("0x\(hexText(entry.word))\n")
      // As readelf has it: damage here does not change how it ends.
      var reader = ARMUnwindReader(word: entry.word)
      _ = writeCompact(&reader, &console)
    } else {
      let place = address &+ start &+ 4 &+ ARMUnwindWords.extended(entry.word)
      console.out.append("@0x\(hexText(place))\n")
      guard let found = loaded(entry.place, at: place, &tables) else {
        console.warn("Could not locate .ARM.extab section containing 0x\(hexText(place)).")
        return false
      }
      return writeTableEntry(at: found, unwind, &tables, &console) && isGood
    }
    return isGood
  }

  /// What a word says the place of, relative to its own, and the function there.
  @discardableResult
  private func write(
    _ word: UInt32, _ address: UInt64, _ place: UnwindFunctions.Place, _ unwind: UnwindFunctions,
    _ out: inout TextBuffer
  ) -> ByteSlice? {
    let target = address &+ ARMUnwindWords.extended(word)
    out.append("0x\(hexText(target))")
    var place = place
    // Without a relocation the address itself says where it is; a routine of another file is at 0.
    if place.section == 0, target != 0 || place.missing == nil {
      place = UnwindFunctions.Place(offset: target)
    }
    guard let function = unwind.function(at: place) else { return nil }
    out.append(" <")
    out.untrusted(function.name, options)
    if function.distance > 0 { out.append("+0x\(hexText(function.distance))") }
    out.append(">")
    return function.name
  }

  /// Where `address` lies when no relocation said it: a program is linked, and its sections have addresses. `nil`
  /// when none has this one.
  private func loaded(
    _ place: UnwindFunctions.Place, at address: UInt64, _ tables: inout ARMUnwindTables
  ) -> UnwindFunctions.Place? {
    if place.section != 0, sections.section(place.section) != nil { return place }
    let places = tables.places ?? SectionPlaces(sections)
    tables.places = places
    guard let number = places.section(at: address), let section = UInt32(exactly: number) else {
      return nil
    }
    return UnwindFunctions.Place(
      section: section, offset: address - sections.headers[number].address)
  }

  private static let routines = [
    "__gcc_personality_v0", "__gxx_personality_v0", "__gcj_personality_v0",
    "__gnu_objc_personality_v0",
  ]

  /// An entry of `.ARM.extab*`: a personality routine's number and its instructions. False when it is damaged.
  private func writeTableEntry(
    at place: UnwindFunctions.Place, _ unwind: UnwindFunctions,
    _ tables: inout ARMUnwindTables,
    _ console: inout Console
  ) -> Bool {
    guard let section = sections.section(place.section) else { return false }
    guard place.offset <= section.header.size else {
      console.warn(
        "Unwind entry contains corrupt offset (0x\(hexText(place.offset))) into section "
          + headingName(of: section).text)
      return false
    }
    guard let words = tables.words[section.index] ?? unwindWords(of: section, unwind, &console)
    else { return false }
    tables.words[section.index] = words
    guard let first = words.word(at: place.offset) else {
      console.warn("Unwind entry points to offset 0x\(hexText(place.offset)), where no word is")
      return false
    }
    if first.word >> 31 == 1 {
      var reader = ARMUnwindReader(word: first.word, words, at: place.offset)
      return writeCompact(&reader, &console)
    }
    console.out.append("  Personality routine: ")
    let address = section.header.address &+ place.offset
    let routine = write(first.word, address, first.place, unwind, &console.out)
    console.out.newline()
    // Routines of GCC have instructions behind them, and how many words these take.
    guard let routine, Self.routines.contains(where: { routine.equals($0) }) else { return true }
    guard let second = words.word(at: place.offset + 4) else { return false }
    var reader = ARMUnwindReader(counted: second.word, words, at: place.offset + 4)
    return writeInstructions(&reader, &console)
  }
}
