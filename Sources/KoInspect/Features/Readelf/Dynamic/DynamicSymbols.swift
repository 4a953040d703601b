// Symbols and relocations by way of the dynamic table, as the program finds them when it runs (`-D`).

import ELFKit

extension ReadelfFile {
  /// The symbols for dynamic linking; `nil` when the dynamic table names none.
  ///
  /// Nothing says how many there are but the hash tables, or the section when these are empty.
  var dynamicSymbols: ReadelfSymbols? {
    guard let program, let address = program.dynamic?.value(of: .symbols) else { return nil }
    let recordSize = UInt64(SymbolRecord.byteCount(in: encoding))
    var size = UInt64(hashedSymbolCount) * recordSize
    if size == 0, let section = sections.first(ofType: .dynsym) { size = section.header.size }
    guard size > 0 else { return nil }
    guard let bytes = try? image.bytes(at: address, size, program.segments) else { return nil }
    var symbols = ReadelfSymbols()
    symbols.records = RecordTable(bytes, encoding)
    symbols.names = program.strings
    symbols.versions = versions()
    return symbols
  }

  func writeDynamicSymbols(_ symbols: ReadelfSymbols, _ console: inout Console) {
    let count = symbols.records.count
    console.out.append(
      "\nSymbol table for image contains \(count) \(count == 1 ? "entry" : "entries"):\n")
    writeSymbolHeading(&console.out)
    var writer = SymbolRowWriter(file: self, symbols: symbols)
    writer.write(to: &console)
  }

  func writeDynamicRelocations(_ console: inout Console) {
    var isFound = false
    let symbols = dynamicSymbols ?? ReadelfSymbols()
    for (tag, sizeTag, name) in ProgramTables.relocationTables {
      guard let program, let dynamic = program.dynamic, let address = dynamic.value(of: tag),
        let size = dynamic.value(of: sizeTag), size > 0
      else { continue }
      isFound = true
      writeRelocations(name, at: address, size, program, symbols, &console)
    }
    if !isFound { console.out.append("\nThere are no dynamic relocations in this file.\n") }
  }

  private func writeRelocations(
    _ name: String, at address: UInt64, _ size: UInt64, _ program: ProgramTables,
    _ symbols: ReadelfSymbols, _ console: inout Console
  ) {
    // GNU readelf says "offset" of what is the address.
    console.out.append("\n'\(name)' relocation section at offset 0x\(hexText(address)) contains ")
    console.out.append("\(size) bytes:\n")
    do throws(ELFError) {
      let bytes = try image.bytes(at: address, size, program.segments)
      guard name != "RELR" else { return writeRelativeRelocations(bytes, &console) }
      var hasAddends = name == "RELA"
      if name == "PLT" {
        hasAddends =
          program.dynamic?.value(of: .linkageRelocationKind) == DynamicTag.rela.rawValue
      }
      writeRelocationHeading(hasAddends, &console.out)
      let relocations = RelocationTable(
        bytes, hasAddends: hasAddends, target: 0, machine, encoding)
      var writer = RelocationRowWriter(file: self, relocations, symbols)
      writer.write(to: &console)
    } catch {
      console.complain(error, about: relocationDataText)
    }
  }
}
