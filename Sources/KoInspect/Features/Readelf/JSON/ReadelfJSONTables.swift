// `koinspect readelf --json`: symbols, relocations and notes.

import ELFKit

extension ReadelfFile {
  func writeSymbols(_ json: inout JSONWriter, _ errors: inout [ELFError]) {
    var tables: [(Section, SymbolTable)] = []
    for section in sections where [.symtab, .dynsym].contains(section.header.type) {
      do throws(ELFError) {
        tables.append((section, try image.symbols(in: section)))
      } catch {
        errors.append(error)
      }
    }
    json.key("symbolTables")
    json.array(tables) { json, table in
      json.object { json in
        json.field("section", table.0.index)
        json.key("name")
        json.bytes(table.0.name)
        json.key("symbols")
        json.array(table.1) { writeSymbol($1, &$0) }
      }
    }
  }

  private func writeSymbol(_ symbol: Symbol, _ json: inout JSONWriter) {
    let record = symbol.record
    let abi = header.identification.osABI
    json.object { json in
      json.field("index", symbol.index)
      json.key("name")
      json.bytes(name(of: symbol))
      json.field("value", record.value)
      json.field("size", record.size)
      json.named("type", record.type.rawValue, record.type.name(on: machine, abi))
      json.named("binding", record.binding.rawValue, record.binding.name(abi))
      json.named("visibility", record.other & 3, SymbolRecord.visibilityName(record.other))
      json.named(
        "other", record.other & ~3, SymbolRecord.otherText(record.other, on: machine, abi))
      // Sections have numbers, special indices numbers and names.
      json.named(
        "section", symbol.section ?? UInt32(record.sectionIndex.rawValue),
        record.sectionIndex.name(on: machine, abi))
    }
  }

  /// A section symbol without a name has its section's.
  private func name(of symbol: Symbol) -> ByteSlice {
    guard symbol.name.isEmpty, symbol.record.type == .section, let number = symbol.section,
      let section = sections.section(number)
    else { return symbol.name }
    return section.name
  }

  func writeRelocations(_ json: inout JSONWriter, _ errors: inout [ELFError]) {
    var tables: [(Section, RelocationTable, SymbolTable)] = []
    var symbolTables = LinkedSymbolTables(image)
    for section in sections where [.rela, .rel].contains(section.header.type) {
      do throws(ELFError) {
        let symbols = try symbolTables.linked(from: section)
        tables.append((section, try image.relocations(in: section), symbols))
      } catch {
        errors.append(error)
      }
    }
    json.key("relocationSections")
    json.array(tables) { json, table in
      json.object { json in
        json.field("section", table.0.index)
        json.key("name")
        json.bytes(table.0.name)
        json.field("target", table.0.header.info)
        json.field("symbolTable", table.0.header.link)
        json.key("relocations")
        json.array(table.1) { writeRelocation($1, table.2, &$0) }
      }
    }
  }

  private func writeRelocation(
    _ relocation: Relocation, _ symbols: SymbolTable, _ json: inout JSONWriter
  ) {
    // MIPS64 has up to three types in one; the text shows the others when they are none.
    let packing = machine.description?.format.packing ?? .one
    let type = packing.primaryType(relocation.type)
    json.object { json in
      json.field("offset", relocation.offset)
      json.field("info", UInt64(relocation.symbol.rawValue) << 32 | UInt64(relocation.type))
      json.named("type", type, header.relocationMachine.relocationName(type))
      if packing == .three {
        for (key, shift) in [("type2", 8), ("type3", 16)] as [(String, UInt32)] {
          let type = relocation.type >> shift & 0xff
          json.named(key, type, header.relocationMachine.relocationName(type))
        }
      }
      json.key("symbol")
      if relocation.symbol == 0 {
        json.null()
      } else {
        json.object { json in
          json.field("index", relocation.symbol.rawValue)
          guard let symbol = symbols[relocation.symbol] else { return }
          json.key("name")
          json.bytes(name(of: symbol))
          json.field("value", symbol.record.value)
        }
      }
      json.key("addend")
      if let addend = relocation.addend { json.number(addend) } else { json.null() }
    }
  }

  func writeNotes(_ json: inout JSONWriter, _ errors: inout [ELFError]) {
    var tables: [(Section, [Note])] = []
    for section in sections where section.header.type == .note {
      do throws(ELFError) {
        var notes: [Note] = []
        for note in try image.notes(in: section) {
          switch note {
          case .success(let note): notes.append(note)
          case .failure(let error): errors.append(error)
          }
        }
        tables.append((section, notes))
      } catch {
        errors.append(error)
      }
    }
    json.key("noteSections")
    json.array(tables) { json, table in
      json.object { json in
        json.field("section", table.0.index)
        json.key("name")
        json.bytes(table.0.name)
        json.key("notes")
        json.array(table.1) { writeNote($1, &$0) }
      }
    }
  }

  private func writeNote(_ note: Note, _ json: inout JSONWriter) {
    json.object { json in
      json.key("owner")
      json.bytes(note.owner)
      json.named("type", note.type, note.typeName(in: header.type, on: machine))
      json.field("size", note.descriptor.count)
      json.key("description")
      var hex = TextBuffer()
      for position in 0..<note.descriptor.count {
        hex.hex(UInt64(note.descriptor[position]), width: 2)
      }
      json.string(hex.text)
    }
  }
}

/// Symbol tables, each read once, also when it cannot be read: many sections link to the same one.
struct LinkedSymbolTables {
  private let image: ELFImage
  private var known: [UInt32: Result<SymbolTable, ELFError>] = [:]

  init(_ image: ELFImage) { self.image = image }

  /// The table that `section` links to.
  mutating func linked(from section: Section) throws(ELFError) -> SymbolTable {
    let link = section.header.link
    if let result = known[link] { return try result.get() }
    let result: Result<SymbolTable, ELFError>
    do throws(ELFError) {
      result = .success(try image.symbols(in: try image.sections.linked(from: section)))
    } catch {
      result = .failure(error)
    }
    known[link] = result
    return try result.get()
  }
}
