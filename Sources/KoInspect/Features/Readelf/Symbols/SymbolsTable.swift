// readelf -s

import ELFKit

/// A symbol table with what belongs to it, as far as it can be read.
struct ReadelfSymbols {
  var records = RecordTable<SymbolRecord>(.empty(at: 0), Encoding(.little))
  /// The names; `nil` when the section links to none.
  var names: StringTable?
  var extendedIndices = RecordTable<UInt32>(.empty(at: 0), Encoding(.little))
  /// The versions of symbols for dynamic linking, or `nil`.
  var versions: SymbolVersions?
}

extension ReadelfFile {
  /// All symbol tables that were asked for, in section order.
  func writeSymbols(_ console: inout Console) {
    if options.usesDynamic, options.has(.symbols), let symbols = dynamicSymbols {
      return writeDynamicSymbols(symbols, &console)
    }
    // With -D, -s does not stand for --dyn-syms, too; that one reads sections with and without.
    guard !sections.isEmpty, !options.usesDynamic || options.namesDynamicSymbols else {
      guard options.has(.symbols) else { return }
      console.out.append("\nDynamic symbol information is not available ")
      console.out.append("for displaying symbols.\n")
      return
    }
    for index in 0..<sections.count {
      let header = sections.headers[index]
      let isWanted =
        header.type == .symtab && options.has(.symbols)
        || header.type == .dynsym && options.has(.dynamicSymbols)
      if isWanted { writeSymbolTable(sections[index], &console) }
    }
  }

  private func writeSymbolTable(_ section: Section, _ console: inout Console) {
    let count = section.header.size / UInt64(SymbolRecord.byteCount(in: encoding))
    console.out.append("\nSymbol table '")
    console.out.append(headingName(of: section))
    console.out.append("' contains \(count) entr\(count == 1 ? "y" : "ies"):\n")
    writeSymbolHeading(&console.out)
    let symbols = symbols(of: section, &console)
    var writer = SymbolRowWriter(file: self, symbols: symbols)
    writer.write(to: &console)
    let firstGlobal = Int(section.header.info)
    for index in Swift.min(firstGlobal, symbols.records.count)..<symbols.records.count
    where symbols.records[index].binding == .local && !console.isOverLimit {
      console.warn(
        "local symbol \(index) found at index >= \(section.name.text)'s sh_info value "
          + "of \(firstGlobal)")
    }
  }

  func writeSymbolHeading(_ out: inout TextBuffer) {
    out.append(
      "   Num:    Value  \(is64Bit ? "        " : "")Size Type    Bind   Vis      Ndx Name\n")
  }

  /// The symbols of a section; what cannot be read is reported and left empty.
  func symbols(of section: Section, _ console: inout Console) -> ReadelfSymbols {
    var symbols = ReadelfSymbols()
    let size = section.header.size
    if size > 0, size < UInt64(SymbolRecord.byteCount(in: encoding)) {
      console.complain(
        "Section \(section.name.text) has an invalid sh_entsize of "
          + "0x\(hexText(SymbolRecord.byteCount(in: encoding)))")
      return symbols
    }
    if size > image.source.size {
      console.complain("Section \(section.name.text) has an invalid sh_size of 0x\(hexText(size))")
      return symbols
    }
    guard let table = bytes(of: section, as: "symbols", &console) else { return symbols }
    symbols.records = RecordTable(table, encoding)
    symbols.names = linkedStrings(of: section, &console)
    if let names = symbols.names {
      do throws(ELFError) {
        try image.checkNames(names, of: symbols.records, in: section)
      } catch {
        console.complain(error, about: "string table")
        symbols.names = nil
      }
    }
    if section.header.type == .dynsym, program != nil { symbols.versions = versions() }
    if let index = sections.extendedIndices(of: section.index),
      let bytes = bytes(of: sections[index], as: "symbol section indices", &console)
    {
      symbols.extendedIndices = RecordTable(bytes, encoding)
    }
    return symbols
  }

  /// The same, each table read once: many sections link to the same one.
  func symbols(
    of section: Section, _ tables: inout [Int: ReadelfSymbols], _ console: inout Console
  ) -> ReadelfSymbols {
    if let known = tables[section.index] { return known }
    let symbols = symbols(of: section, &console)
    tables[section.index] = symbols
    return symbols
  }

  /// The strings that `section` links to, or `nil` when there are none.
  func linkedStrings(of section: Section, _ console: inout Console) -> StringTable? {
    guard section.header.link != 0, let linked = sections.section(section.header.link),
      let bytes = bytes(of: linked, as: "string table", &console), !bytes.isEmpty
    else { return nil }
    return StringTable(bytes)
  }

  /// The bytes of a section, or `nil` after saying why they cannot be had; `what` is readelf's
  /// word for them. Like readelf, this does not ask for the section's type.
  func bytes(
    of section: Section, as what: String, _ console: inout Console
  ) -> ByteSlice? {
    do throws(ELFError) {
      return try image.content(of: section)
    } catch {
      console.complain(error, about: what)
      return nil
    }
  }
}
