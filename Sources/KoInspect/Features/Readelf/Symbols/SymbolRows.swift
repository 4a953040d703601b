// The rows of `readelf -s`: a module may have a hundred thousand, so nothing is allocated for one.

import ELFKit

/// Writes the rows of one symbol table.
struct SymbolRowWriter {
  private let file: ReadelfFile
  private let symbols: ReadelfSymbols
  /// Type and binding, by `st_info`.
  private var kinds = TextTable(count: 256)
  /// Visibility and what processors add to it, by `st_other`.
  private var visibilities = TextTable(count: 256)

  init(file: ReadelfFile, symbols: ReadelfSymbols) {
    self.file = file
    self.symbols = symbols
  }

  mutating func write(to console: inout Console) {
    let count = symbols.records.count
    let isPlain =
      file.options.isWide && file.options.symbolBase == .mixed && !file.options.demangles
      && symbols.versions == nil
    var index = 0
    while index < count, !console.isOverLimit {
      if isPlain {
        if file.is64Bit {
          writeUsual(LongRows.self, &index, &console.out)
        } else {
          writeUsual(ShortRows.self, &index, &console.out)
        }
      }
      guard index < count else { break }
      let record = symbols.records[index]
      if kinds.place(of: Int(record.info)) == nil {
        kinds.add(Int(record.info), kindText(of: record))
      }
      if visibilities.place(of: Int(record.other)) == nil {
        visibilities.add(Int(record.other), visibilityText(of: record))
      }
      write(record, at: index, &console.out)
      index += 1
    }
  }

  private static let longestName = 1000
  private static let longestRow = longestName + 200

  /// Writes usual rows from `index` on, and stops at the first that needs more words.
  private func writeUsual<Width: RowWidth>(
    _ width: Width.Type, _ index: inout Int, _ out: inout TextBuffer
  ) {
    let count = symbols.records.count
    var isUsual = true
    while index < count, isUsual {
      out.rows(minimum: Self.longestRow) { rows in
        let names = symbols.names?.bytes ?? .empty(at: 0)
        let nameBytes = names.storage.span
        let kindTexts = kinds.storage.span
        let visibilityTexts = visibilities.storage.span
        while index < count, rows.freeCapacity >= Self.longestRow {
          let mark = rows.count
          isUsual = writeUsual(
            width, index, names.range, nameBytes, kindTexts, visibilityTexts, &rows)
          guard isUsual else {
            rows.rewind(to: mark)
            return
          }
          index &+= 1
        }
      }
    }
  }

  /// One row, if the symbol is in a section, not large, and has a plain name.
  @inline(__always)
  private func writeUsual<Width: RowWidth>(
    _ width: Width.Type, _ index: Int, _ names: Range<Int>, _ nameBytes: Span<UInt8>,
    _ kindTexts: Span<UInt8>, _ visibilityTexts: Span<UInt8>, _ row: inout OutputSpan<UInt8>
  ) -> Bool {
    let record = symbols.records[index]
    let section = record.sectionIndex.rawValue
    guard record.nameOffset < UInt64(names.count), record.size <= 99_999,
      section < file.image.sections.headers.count, section < 0xff00,
      let kind = kinds.place(of: Int(record.info)),
      let visibility = visibilities.place(of: Int(record.other))
    else { return false }
    row.decimal(UInt32(truncatingIfNeeded: index), width: 6)
    row.append(UInt8(ascii: ":"))
    row.append(UInt8(ascii: " "))
    row.address(record.value, width)
    row.append(UInt8(ascii: " "))
    row.decimal(UInt32(truncatingIfNeeded: record.size), width: 5)
    row.append(UInt8(ascii: " "))
    row.copy(kindTexts, kind)
    row.append(UInt8(ascii: " "))
    row.copy(visibilityTexts, visibility)
    row.append(UInt8(ascii: " "))
    if section == 0 {
      row.append(UInt8(ascii: " "))
      row.append(UInt8(ascii: "U"))
      row.append(UInt8(ascii: "N"))
      row.append(UInt8(ascii: "D"))
    } else {
      row.decimal(UInt32(section), width: 4)
    }
    row.append(UInt8(ascii: " "))
    var start = names.lowerBound &+ Int(record.nameOffset)
    if record.nameOffset == 0, record.type == .section {
      let table = file.image.sections
      let offset = table.headers[Int(section)].nameOffset
      guard offset < UInt64(table.names.bytes.count) else { return false }
      start = table.names.bytes.range.lowerBound &+ Int(offset)
      guard
        row.copyName(
          table.names.bytes.storage.span, from: start, to: table.names.bytes.range.upperBound,
          limit: Self.longestName)
      else { return false }
    } else {
      guard
        row.copyName(nameBytes, from: start, to: names.upperBound, limit: Self.longestName)
      else { return false }
    }
    row.append(UInt8(ascii: "\n"))
    return true
  }

  /// One row, whatever is in it.
  private func write(_ record: SymbolRecord, at index: Int, _ out: inout TextBuffer) {
    out.decimal(index, width: 6)
    out.append(": ")
    out.hex(record.value, width: file.addressDigits)
    out.append(byte: UInt8(ascii: " "))
    out.append(file.sizeText(record.size))
    out.append(byte: UInt8(ascii: " "))
    out.append(kindText(of: record))
    out.append(byte: UInt8(ascii: " "))
    out.append(visibilityText(of: record))
    out.append(byte: UInt8(ascii: " "))
    out.right(sectionText(of: record, at: index), 4)
    out.append(byte: UInt8(ascii: " "))
    let version = symbols.versionText(of: record, at: index, isNumbered: true)
    // A version that is longer than the column leaves the name as much room as it is longer.
    let room = 21 - (version?.pending.count ?? 0)
    if room != 0 || file.options.isWide {
      let name = name(
        of: record, at: index, limit: file.options.nameLimit(width: abs(room)))
      let pads = room < 0 && !file.options.isWide
      out.readelfName(name, width: abs(room), pads: pads, file.options)
    }
    if let version { out.append(version) }
    out.newline()
  }

  private func kindText(of record: SymbolRecord) -> TextBuffer {
    var text = TextBuffer()
    text.left(file.text(of: record.type), 7)
    text.append(" ")
    text.left(file.text(of: record.binding), 6)
    return text
  }

  private func visibilityText(of record: SymbolRecord) -> TextBuffer {
    var text = TextBuffer()
    text.left(SymbolRecord.visibilityName(record.other), 7)
    let abi = file.header.identification.osABI
    if let other = SymbolRecord.otherText(record.other, on: file.machine, abi) {
      text.append(" [\(other)] ")
    }
    return text
  }

  func sectionText(of record: SymbolRecord, at index: Int) -> String {
    let section = record.sectionIndex
    if let name = section.name(on: file.machine, file.header.identification.osABI) {
      return name
    }
    let number = sectionNumber(of: record, at: index)
    if section.isReserved, section != .extended || index >= symbols.extendedIndices.count {
      let word =
        switch section.rawValue {
        case 0xff00...0xff1f: "PRC"
        case 0xff20...0xff3f: "OS "
        default: "RSV"
        }
      return "\(word)[0x\(hexText(section.rawValue))]"
    }
    var text = TextBuffer()
    text.decimal(UInt64(number), width: 3)
    let isKnown = number < file.sections.count || file.sections.isEmpty
    return isKnown ? text.text : "bad section index[\(text.text)]"
  }

  /// The number of the symbol's section, wherever it stands.
  private func sectionNumber(of record: SymbolRecord, at index: Int) -> UInt32 {
    record.sectionIndex == .extended && index < symbols.extendedIndices.count
      ? symbols.extendedIndices[index] : UInt32(record.sectionIndex.rawValue)
  }

  /// A symbol's name, or at least its first `limit` bytes.
  private func name(of record: SymbolRecord, at index: Int, limit: Int) -> ByteSlice {
    if record.type == .section, record.nameOffset == 0 {
      let number = sectionNumber(of: record, at: index)
      guard number < file.sections.count else { return tableName(of: record, limit) }
      guard !file.sections.names.bytes.isEmpty else { return "<corrupt>" }
      return file.displayName(of: file.sections.headers[Int(number)], limit: limit)
    }
    return tableName(of: record, limit)
  }

  private func tableName(of record: SymbolRecord, _ limit: Int) -> ByteSlice {
    symbols.names?.prefix(at: record.nameOffset, limit: limit)
      ?? "<corrupt>"
  }
}

extension ReadelfFile {
  func text(of type: SymbolType) -> String {
    if let name = type.name(on: machine, header.identification.osABI) { return name }
    return Self.unnamedText(type.rawValue)
  }

  func text(of binding: SymbolBinding) -> String {
    if let name = binding.name(header.identification.osABI) { return name }
    return Self.unnamedText(binding.rawValue)
  }

  /// Types and bindings from 10 on belong to systems, from 13 on to processors.
  private static func unnamedText(_ value: UInt8) -> String {
    switch value {
    case 13...: "<processor specific>: \(value)"
    case 10...: "<OS specific>: \(value)"
    default: "<unknown>: \(value)"
    }
  }

  /// A symbol's size in the base that was asked for.
  func sizeText(_ size: UInt64) -> String {
    var text = TextBuffer()
    switch options.symbolBase {
    case .mixed where size > 99_999: text.append("0x\(hexText(size))")
    case .mixed, .decimal: text.decimal(size, width: 5)
    case .octal: text.right(String(size, radix: 8), 5)
    case .hexadecimal:
      text.append("0x")
      text.hex(size, width: 5)
    }
    return text.text
  }
}
