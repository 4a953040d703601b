// readelf -V

import ELFKit

extension ReadelfFile {
  func writeVersions(_ console: inout Console) {
    var isFound = false
    let strings = versionStrings
    var tables: [Int: ReadelfSymbols] = [:]
    for index in 0..<sections.count where !console.isOverLimit {
      switch sections.headers[index].type {
      case .versionDefinitions: writeDefinitions(sections[index], strings, &console)
      case .versionNeeds: writeNeeds(sections[index], strings, &console)
      case .symbolVersions:
        // Without symbols they are none.
        guard let linked = sections.section(sections.headers[index].link),
          sections.section(linked.header.link) != nil
        else { continue }
        writeNumbers(sections[index], symbols(of: linked, &tables, &console), &console)
      default: continue
      }
      isFound = true
    }
    if !isFound { console.out.append("\nNo version information found in this file.\n") }
  }

  /// What stands above each of these sections.
  private func writeVersionHeading(
    _ what: String, _ section: Section, _ count: UInt64, _ out: inout TextBuffer
  ) {
    out.append("\nVersion \(what) section '")
    out.append(headingName(of: section))
    out.append("' contains \(count) \(count == 1 ? "entry" : "entries"):\n Addr: 0x")
    out.hex(section.header.address, width: 16)
    out.append("  Offset: 0x")
    out.hex(section.header.offset, width: 8)
    out.append("  Link: \(section.header.link) (")
    if let linked = sections.section(section.header.link) {
      out.append(headingName(of: linked))
    } else {
      out.append("<corrupt>")
    }
    out.append(")\n")
  }

  private func writeDefinitions(
    _ section: Section, _ strings: StringTable?, _ console: inout Console
  ) {
    let count = UInt64(section.header.info)
    writeVersionHeading("definition", section, count, &console.out)
    guard let content = bytes(of: section, as: "version definition section", &console),
      !content.isEmpty
    else { return }
    let strings = strings ?? linkedStrings(of: section, &console)
    let table = VersionTables.definitions(content, encoding, count: count)
    for version in table.records where !console.isOverLimit {
      let record = version.record
      console.out.append(version.position == 0 ? "  000000" : "  0x")
      if version.position != 0 { console.out.hex(UInt64(version.position), width: 4) }
      console.out.append(": Rev: \(record.revision)  Flags: \(Self.flagsText(record.flags))  ")
      console.out.append("Index: \(record.index)  Cnt: \(record.nameCount)  ")
      for (number, name) in version.names.enumerated() {
        let offset = name.record.nameOffset
        if number == 0 {
          writeName(strings?[offset], "Name: ", else: "Name index: \(offset)", &console.out)
        } else {
          console.out.append("  0x")
          console.out.hex(UInt64(name.position), width: 4)
          console.out.append(": Parent \(number)")
          writeName(strings?[offset], ": ", else: ", name index: \(offset)", &console.out)
        }
        console.out.newline()
      }
      if let last = version.names.last, version.names.count < Int(record.nameCount), !table.isCut {
        if last.record.next < UInt32(VersionDefinitionName.byteCount) {
          console.warn("Invalid vda_next field of \(hexText(last.record.next))")
        } else {
          console.out.append("  Version def aux past end of section\n")
        }
      }
    }
    if table.isCut { return console.cutRest() }
    if !console.isOverLimit { writeEnd(of: table.records, count, content, &console) }
  }

  /// Says how a table of definitions ends that is damaged.
  private func writeEnd(
    of versions: [DefinedVersion], _ count: UInt64, _ content: ByteSlice, _ console: inout Console
  ) {
    let isComplete = versions.count == count
    if let last = versions.last, !last.names.isEmpty {
      let next = last.record.next
      if next < UInt32(VersionDefinition.byteCount) {
        if !isComplete || next != 0 {
          console.warn("Invalid vd_next field of \(hexText(next))")
        }
        return
      }
      if isComplete, UInt64(next) <= UInt64(content.count - last.position) { return }
    } else if isComplete, versions.isEmpty {
      return
    }
    console.out.append("  Version definition past end of section\n")
  }

  /// A name behind `label`, or what says in its place which it would be.
  private func writeName(
    _ name: ByteSlice?, _ label: String, else missing: @autoclosure () -> String,
    _ out: inout TextBuffer
  ) {
    guard let name else { return out.append(missing()) }
    out.append(label)
    out.untrusted(name, options)
  }

  private func writeNeeds(
    _ section: Section, _ strings: StringTable?, _ console: inout Console
  ) {
    let count = UInt64(section.header.info)
    writeVersionHeading("needs", section, count, &console.out)
    guard let content = bytes(of: section, as: "Version Needs section", &console) else { return }
    let strings = strings ?? linkedStrings(of: section, &console)
    let table = VersionTables.needs(content, encoding, count: count)
    for file in table.records where !console.isOverLimit {
      console.out.append(file.position == 0 ? "  000000" : "  0x")
      if file.position != 0 { console.out.hex(UInt64(file.position), width: 4) }
      let offset = file.record.fileOffset
      console.out.append(": Version: \(file.record.revision)  File: ")
      writeName(strings?[offset], "", else: hexText(offset), &console.out)
      console.out.append("  Cnt: \(file.record.versionCount)\n")
      for version in file.versions {
        console.out.append("  0x")
        console.out.hex(UInt64(version.position), width: 4)
        console.out.append(":   ")
        let offset = version.record.nameOffset
        writeName(
          strings?[offset], "Name: ", else: "Name index: \(hexText(offset))", &console.out)
        console.out.append("  Flags: \(Self.flagsText(version.record.flags))  ")
        console.out.append("Version: \(version.record.index)\n")
      }
    }
    if table.isCut { console.cutRest() }
  }

  /// The strings for dynamic linking, which name versions; `nil` when there are none, and those that a section is
  /// linked to count. Found once: a file may have any number of such sections.
  private var versionStrings: StringTable? {
    if let strings = program?.strings { return strings }
    return sections.first(named: ".dynstr").flatMap { try? image.bytes(of: $0) }.map {
      StringTable($0)
    }
  }

  /// elf.h `VER_FLG_*`.
  private static func flagsText(_ flags: UInt16) -> String {
    var texts = ["BASE", "WEAK", "INFO"].enumerated().filter { flags >> $0.offset & 1 == 1 }.map {
      $0.element
    }
    if flags & ~7 != 0 { texts.append("<unknown>") }
    return texts.isEmpty ? "none" : texts.joined(separator: " | ")
  }

  /// The number of each symbol's version, four a row.
  private func writeNumbers(
    _ section: Section, _ symbols: ReadelfSymbols, _ console: inout Console
  ) {
    let count = section.header.size / UInt64(VersionNumber.byteCount)
    var symbols = symbols
    // Nor without names.
    guard symbols.records.count > 0, symbols.names != nil else { return }
    writeVersionHeading("symbols", section, count, &console.out)
    guard let content = bytes(of: section, as: "version symbol data", &console), count > 0 else {
      return
    }
    if symbols.versions == nil { symbols.versions = versions(of: content) }
    let numbers = RecordTable<VersionNumber>(content, encoding)
    for (position, number) in numbers.enumerated() where !console.isOverLimit {
      if position % 4 == 0 {
        console.out.append(position == 0 ? "" : "\n")
        console.out.append("  ")
        console.out.hex(UInt64(position), width: 3)
        console.out.append(":")
      }
      writeNumber(number, at: position, symbols, &console.out)
    }
    console.out.newline()
  }

  private func writeNumber(
    _ number: VersionNumber, at position: Int, _ symbols: ReadelfSymbols, _ out: inout TextBuffer
  ) {
    switch number.rawValue {
    case 0: return out.append("   0 (*local*)    ")
    case 1: return out.append("   1 (*global*)   ")
    default: break
    }
    var cell = TextBuffer()
    cell.hex(UInt64(number.index), width: 4, fill: UInt8(ascii: " "))
    cell.append(number.isHidden ? "h" : " ")
    let isDefined =
      position < symbols.records.count && symbols.records[position].sectionIndex != .undefined
    if number.index != 1,
      let offset = symbols.versions?.nameOffset(of: number, isDefined: isDefined)
    {
      let name = symbols.names?[offset] ?? "*invalid*"
      cell.append("(")
      cell.untrusted(name, options)
      cell.append(")")
      cell.spaces(Swift.max(abs(12 - name.count), 1) - 1)
    }
    out.append(cell)
    out.spaces(18 - cell.pending.count)
  }
}
