// readelf -A: the global offset table, where the dynamic table tells what is in it

import ELFKit

extension ReadelfFile {
  func writeOffsetTables(_ tags: OffsetTableTags, _ console: inout Console) {
    guard let program, let dynamic = program.dynamic else {
      return writeStaticOffsets(tags, &console)
    }
    let symbols = dynamicSymbols ?? ReadelfSymbols()
    if let address = dynamic.value(of: .offsetTable),
      let local = dynamic.value(of: tags.localCount),
      let first = dynamic.value(of: tags.firstSymbol),
      let count = dynamic.value(of: tags.symbolCount)
    {
      let table = OffsetTable(
        address: address, pointer: address &+ tags.pointerDistance)
      writeOffsets(table, local: local, first..<Swift.max(first, count), symbols, &console)
    }
    if let address = dynamic.value(of: tags.calls),
      let size = dynamic.value(of: .linkageRelocationsSize),
      let relocations = dynamic.value(of: .linkageRelocations).flatMap({
        try? image.bytes(at: $0, size, program.segments)
      })
    {
      let hasAddends =
        dynamic.value(of: .linkageRelocationKind) == DynamicTag.rela.rawValue
      let table = OffsetTable(address: address, pointer: nil)
      writeCallOffsets(
        table,
        RelocationTable(relocations, hasAddends: hasAddends, target: 0, machine, encoding),
        symbols, &console)
    }
  }

  /// One of the tables.
  private struct OffsetTable {
    let address: UInt64
    /// Where the register points that entries are reached by; `nil` when they are not.
    let pointer: UInt64?
    /// Its bytes; `nil` when the segments have them.
    var content: ByteSlice?
  }

  /// Entries that the ABI reserves, those of the file itself, and those of symbols.
  private func writeOffsets(
    _ table: OffsetTable, local: UInt64, _ numbers: Range<UInt64>, _ symbols: ReadelfSymbols,
    _ console: inout Console
  ) {
    let size = UInt64(encoding.addressSize)
    let rows = SymbolRowWriter(file: self, symbols: symbols)
    console.out.append("\nPrimary GOT:\n Canonical gp value: ")
    console.out.hex(table.pointer ?? 0, width: addressDigits)
    console.out.append("\n\n Reserved entries:\n")
    writeOffsetHeading(table, "Initial Purpose", &console.out)
    writeOffset(table, 0, &console.out)
    console.out.append(" Lazy resolver\n")
    var index: UInt64 = 1
    // The highest bit of the second entry says that GNU's linker has made it.
    if let second = word(at: table.address &+ size, table), second >> (size * 8 - 1) == 1 {
      writeOffset(table, 1, &console.out)
      console.out.append(" Module pointer (GNU extension)\n")
      index = 2
    }
    console.out.newline()
    guard writeLocalOffsets(table, from: index, to: local, heading: "Initial", &console),
      !numbers.isEmpty
    else {
      return
    }
    console.out.append(" Global entries:\n")
    writeOffsetHeading(table, "Initial", isOfSymbols: true, &console.out)
    for number in numbers {
      let isThere = writeOffset(table, local &+ (number - numbers.lowerBound), &console.out)
      writeOffsetSymbol(number, symbols, rows, column: is64Bit ? 76 : 52, &console.out)
      // The counts are the file's word: they end where it has no more bytes.
      guard isThere, !console.isOverLimit else { return }
    }
    console.out.newline()
  }

  /// The table of a program that is not linked when it runs: nothing but its section tells of it.
  private func writeStaticOffsets(_ tags: OffsetTableTags, _ console: inout Console) {
    guard let section = sections.first(named: ".got"), section.header.type == .progbits,
      let content = try? image.bytes(of: section)
    else { return }
    let address = section.header.address
    let table = OffsetTable(
      address: address, pointer: address &+ tags.pointerDistance, content: content)
    let size = UInt64(encoding.addressSize)
    console.out.append("\nStatic GOT:\n Canonical gp value: ")
    console.out.hex(table.pointer ?? 0, width: addressDigits)
    console.out.append("\n\n")
    var index: UInt64 = 0
    // Room for what resolves symbols, which such a program may do without.
    if word(at: address, table) == 0 {
      console.out.append(" Reserved entries:\n")
      writeOffsetHeading(table, "  Value", &console.out)
      writeOffset(table, 0, &console.out)
      console.out.newline()
      index = 1
      if let second = word(at: address &+ size, table), second >> (size * 8 - 1) == 1 {
        writeOffset(table, 1, &console.out)
        console.out.newline()
        index = 2
      }
      console.out.newline()
    }
    guard !content.isEmpty else { return }
    _ = writeLocalOffsets(
      table, from: index, to: section.header.size / size, heading: "  Value", &console)
  }

  /// Entries of the file itself from `start` up to `end`; whether all of them are there.
  private func writeLocalOffsets(
    _ table: OffsetTable, from start: UInt64, to end: UInt64, heading: String,
    _ console: inout Console
  ) -> Bool {
    guard start < end else { return true }
    console.out.append(" Local entries:\n")
    writeOffsetHeading(table, heading, &console.out)
    for index in start..<end {
      let isThere = writeOffset(table, index, &console.out)
      console.out.newline()
      guard isThere, !console.isOverLimit else { return false }
    }
    console.out.newline()
    return true
  }

  /// Entries of functions, in the order of the relocations.
  private func writeCallOffsets(
    _ table: OffsetTable, _ relocations: RelocationTable, _ symbols: ReadelfSymbols,
    _ console: inout Console
  ) {
    let rows = SymbolRowWriter(file: self, symbols: symbols)
    console.out.append("\nPLT GOT:\n\n Reserved entries:\n")
    writeOffsetHeading(table, "Initial Purpose", &console.out)
    writeOffset(table, 0, &console.out)
    console.out.append(" PLT lazy resolver\n")
    writeOffset(table, 1, &console.out)
    console.out.append(" Module pointer\n\n Entries:\n")
    writeOffsetHeading(table, "Initial", isOfSymbols: true, &console.out)
    for (index, relocation) in relocations.enumerated() where !console.isOverLimit {
      writeOffset(table, UInt64(index) + 2, &console.out)
      let number = UInt64(relocation.symbol.rawValue)
      writeOffsetSymbol(number, symbols, rows, column: is64Bit ? 65 : 41, &console.out)
    }
    console.out.newline()
  }

  private func writeOffsetHeading(
    _ table: OffsetTable, _ end: String, isOfSymbols: Bool = false, _ out: inout TextBuffer
  ) {
    let width = addressDigits
    out.append("  ")
    out.right("Address", width)
    if table.pointer != nil { out.append("     Access") }
    // The word behind `Initial` is no part of the column.
    let word = "Initial"
    out.spaces(1 + width - word.utf8.count)
    out.append(end)
    if isOfSymbols {
      out.append(" ")
      out.right("Sym.Val.", width)
      out.append(" Type    Ndx Name")
    }
    out.newline()
  }

  /// Address, distance from the register, and content of an entry; whether the file has it.
  @discardableResult
  private func writeOffset(
    _ table: OffsetTable, _ index: UInt64, _ out: inout TextBuffer
  ) -> Bool {
    let address = table.address &+ index &* UInt64(encoding.addressSize)
    out.append("  ")
    out.hex(address, width: addressDigits)
    if let pointer = table.pointer {
      // Beyond these 64 KiB no instruction reaches.
      let isReached = address < table.address &+ 0xfff0
      out.append(" ")
      out.right(isReached ? "\(Int64(bitPattern: address &- pointer))(gp)" : "", 10)
    }
    out.append(" ")
    guard let word = word(at: address, table) else {
      out.right("<unknown>", addressDigits)
      return false
    }
    out.hex(word, width: addressDigits)
    return true
  }

  private func writeOffsetSymbol(
    _ number: UInt64, _ symbols: ReadelfSymbols, _ rows: SymbolRowWriter, column: Int,
    _ out: inout TextBuffer
  ) {
    out.append(" ")
    guard let index = UInt32(exactly: number),
      let symbol = symbols.records[SymbolIndex(rawValue: index)]
    else {
      out.append("<symbol index \(number) exceeds number of dynamic symbols>\n")
      return
    }
    out.hex(symbol.value, width: addressDigits)
    out.append(" ")
    out.left(text(of: symbol.type), 7)
    out.append(" ")
    out.right(rows.sectionText(of: symbol, at: Int(number)), 3)
    out.append(" ")
    let name = symbols.names?[symbol.nameOffset] ?? "<corrupt>"
    out.readelfName(name, width: (is64Bit ? 159 : 79) - column, options)
    out.newline()
  }

  private func word(at address: UInt64, _ table: OffsetTable) -> UInt64? {
    let size = encoding.addressSize
    if let content = table.content {
      guard let position = Int(exactly: address &- table.address), position <= content.count - size
      else { return nil }
      return content.storage.span.address(content.range.lowerBound + position, encoding)
    }
    guard let segments = program?.segments,
      let bytes = try? image.bytes(at: address, UInt64(size), segments)
    else { return nil }
    return bytes.storage.span.address(bytes.range.lowerBound, encoding)
  }
}
