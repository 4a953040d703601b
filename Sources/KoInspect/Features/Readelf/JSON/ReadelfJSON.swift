// `koinspect readelf --json`: the tables as one object a file. Docs/readelf-json.md has the keys.

import ELFKit

extension ReadelfFile {
  /// One line with every table that was asked for and that JSON has.
  ///
  /// What cannot be read is left out of its table and reported in `errors`.
  func writeJSON(to console: inout Console) -> Bool {
    var json = JSONWriter(console.out)
    json.limit = console.out.count + image.outputLimit
    var errors: [ELFError] = []
    if let sectionsError { errors.append(sectionsError) }
    json.object { json in
      json.key("schemaVersion")
      json.number(UInt64(1))
      json.key("path")
      json.bytes(path)
      if options.has(.fileHeader) { writeFileHeader(&json) }
      if options.has(.sections) { writeSections(&json) }
      if options.has(.groups) { writeGroups(&json, &errors) }
      if options.has(.segments) { writeSegments(&json, &errors) }
      if options.has(.relocations) { writeRelocations(&json, &errors) }
      if options.has(.symbols) { writeSymbols(&json, &errors) }
      if options.has(.notes) { writeNotes(&json, &errors) }
      json.key("errors")
      json.array(errors) { $0.string("\($1)") }
    }
    console.out = json.out
    console.out.newline()
    guard console.out.count <= json.limit else {
      console.complain(Self.cutMessage)
      return false
    }
    return errors.isEmpty
  }

  private func writeFileHeader(_ json: inout JSONWriter) {
    let identification = header.identification
    let abi = identification.osABI
    json.key("fileHeader")
    json.object { json in
      json.key("magic")
      var magic = TextBuffer()
      for index in 0..<Identification.byteCount {
        magic.hex(UInt64(identification.bytes[index]), width: 2)
      }
      json.string(magic.text)
      json.key("class")
      json.string(classText)
      json.key("data")
      json.string(encoding.byteOrder == .little ? "little" : "big")
      json.field("version", identification.version)
      json.named("osABI", abi.rawValue, abi.name(on: machine))
      json.field("abiVersion", identification.abiVersion)
      json.named("type", header.type.rawValue, text(of: header.type))
      json.named("machine", machine.rawValue, machine.longName)
      json.field("objectVersion", header.version)
      json.field("entry", header.entry)
      json.field("programHeaderOffset", header.programHeaderOffset)
      json.field("sectionHeaderOffset", header.sectionHeaderOffset)
      json.field("flags", header.flags)
      json.key("flagWords")
      json.array(machine.flagTexts(header.flags, identification)) { $0.string($1) }
      json.field("headerSize", header.headerSize)
      json.field("programHeaderEntrySize", header.programHeaderEntrySize)
      json.field("programHeaderCount", header.programHeaderCount)
      json.field("sectionHeaderEntrySize", header.sectionHeaderEntrySize)
      json.field("sectionHeaderCount", claimedSectionCount)
      json.field("sectionNameIndex", sections.nameIndex)
    }
  }

  private func writeSections(_ json: inout JSONWriter) {
    json.key("sections")
    json.array(sections) { json, section in
      let header = section.header
      json.object { json in
        json.field("index", section.index)
        json.key("name")
        json.bytes(section.name)
        json.named("type", header.type.rawValue, header.type.name(on: machine))
        json.field("flags", header.flags.rawValue)
        json.key("flagLetters")
        json.string(flagLetters(of: header.flags))
        json.field("address", header.address)
        json.field("offset", header.offset)
        json.field("size", header.size)
        json.field("entrySize", header.entrySize)
        json.field("link", header.link)
        json.field("info", header.info)
        json.field("alignment", header.alignment)
      }
    }
  }

  private func writeGroups(_ json: inout JSONWriter, _ errors: inout [ELFError]) {
    var groups: [(Section, SectionGroup, ByteSlice)] = []
    var symbolTables = LinkedSymbolTables(image)
    for section in sections where section.header.type == .group {
      do throws(ELFError) {
        let table = try symbolTables.linked(from: section)
        guard section.header.info < table.count else {
          throw ELFError(
            .noSuchSymbol(section.header.info), .section(section.index),
            at: sections.headers.fileOffset(of: .info, at: section.index))
        }
        let symbol = table[Int(section.header.info)]
        let owner = symbol.record.type == .section ? symbol.section.flatMap(sections.section) : nil
        groups.append((section, try image.group(in: section), owner?.name ?? symbol.name))
      } catch {
        errors.append(error)
      }
    }
    json.key("groups")
    json.array(groups) { json, group in
      json.object { json in
        json.field("section", group.0.index)
        json.key("name")
        json.bytes(group.0.name)
        json.field("flags", group.1.flags)
        json.key("signature")
        json.bytes(group.2)
        json.key("members")
        json.array(group.1.members) { $0.number(UInt64($1)) }
      }
    }
  }

  private func writeSegments(_ json: inout JSONWriter, _ errors: inout [ELFError]) {
    var segments: [ProgramHeader] = []
    do throws(ELFError) {
      segments = Array(try image.programHeaders())
    } catch {
      errors.append(error)
    }
    json.key("segments")
    json.array(segments) { json, segment in
      json.object { json in
        json.field("type", segment.type.rawValue)
        json.field("flags", segment.flags)
        json.field("offset", segment.offset)
        json.field("virtualAddress", segment.virtualAddress)
        json.field("physicalAddress", segment.physicalAddress)
        json.field("fileSize", segment.fileSize)
        json.field("memorySize", segment.memorySize)
        json.field("alignment", segment.alignment)
      }
    }
  }
}

extension JSONWriter {
  /// A key with a number.
  mutating func field(_ name: String, _ value: some UnsignedInteger & FixedWidthInteger) {
    key(name)
    number(UInt64(value))
  }

  /// A key with a count or position.
  mutating func field(_ name: String, _ value: Int) {
    key(name)
    number(Int64(value))
  }

  /// A key with a number of the format and its name: `{"value":2,"name":"SYMTAB"}`.
  mutating func named(
    _ key: String, _ value: some UnsignedInteger & FixedWidthInteger, _ name: String?
  ) {
    self.key(key)
    object { json in
      json.field("value", value)
      json.key("name")
      if let name { json.string(name) } else { json.null() }
    }
  }
}
