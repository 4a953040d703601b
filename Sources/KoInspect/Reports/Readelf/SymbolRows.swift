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
  private let names: ByteSlice

  init(file: ReadelfFile, symbols: ReadelfSymbols) {
    self.file = file
    self.symbols = symbols
    names = symbols.names?.bytes ?? .empty(at: 0)
  }

  mutating func write(to out: inout TextBuffer) {
    for index in 0..<symbols.records.count { write(index, to: &out) }
  }

  private mutating func write(_ index: Int, to out: inout TextBuffer) {
    let record = symbols.records[index]
    let file = self.file
    let abi = file.header.identification.osABI
    let kind = kinds.place(of: Int(record.info)) { text in
      text.left(file.text(of: record.type), 7)
      text.append(" ")
      text.left(file.text(of: record.binding), 6)
    }
    let visibility = visibilities.place(of: Int(record.other)) { text in
      text.left(SymbolRecord.visibilityName(record.other), 7)
      if let other = SymbolRecord.otherText(record.other, on: file.machine, abi) {
        text.append(" [\(other)] ")
      }
    }
    let isPlain = file.options.symbolBase == .mixed
    let sectionNumber = plainSection(of: record, at: index)
    var isDone = false
    out.row(1200) { row in
      row.decimal(UInt64(index), width: 6)
      row.append(0x3a)
      row.append(0x20)
      row.hex(record.value, width: 16)
      row.append(0x20)
      guard isPlain, record.size <= 99_999, let sectionNumber else { return }
      row.decimal(record.size, width: 5)
      row.append(0x20)
      row.copy(kinds.storage.span, kind)
      row.append(0x20)
      row.copy(visibilities.storage.span, visibility)
      row.append(0x20)
      if sectionNumber == 0 {
        row.append(0x20)
        row.append(0x55)
        row.append(0x4e)
        row.append(0x44)
      } else {
        row.decimal(UInt64(sectionNumber), width: 4)
      }
      row.append(0x20)
      guard file.options.isWide, record.nameOffset != 0, record.nameOffset < UInt64(names.count)
      else { return }
      let start = names.range.lowerBound &+ Int(record.nameOffset)
      if row.copyName(names.storage.span, from: start, to: names.range.upperBound, limit: 1000) {
        row.append(0x0a)
        isDone = true
      }
    }
    if isDone { return }
    if !(isPlain && record.size <= 99_999 && sectionNumber != nil) {
      out.append(file.sizeText(record.size))
      out.append(byte: 0x20)
      out.append(raw: kinds.storage[kind])
      out.append(byte: 0x20)
      out.append(raw: visibilities.storage[visibility])
      out.append(byte: 0x20)
      out.right(sectionText(of: record, at: index), 4)
      out.append(byte: 0x20)
    }
    out.readelfName(name(of: record), width: 21, file.options)
    out.newline()
  }

  /// The number of the section that a symbol is in, 0 for an undefined one; `nil` when it needs
  /// more words.
  @inline(__always)
  private func plainSection(of record: SymbolRecord, at index: Int) -> UInt16? {
    let number = record.sectionIndex.rawValue
    return number < file.sections.count && number < 0xff00 ? number : nil
  }

  private func sectionText(of record: SymbolRecord, at index: Int) -> String {
    let section = record.sectionIndex
    if let name = section.name(on: file.machine, file.header.identification.osABI) {
      return name
    }
    var number = UInt32(section.rawValue)
    if section == .extended, index < symbols.extendedIndices.count {
      number = symbols.extendedIndices[index]
    } else if section.isReserved {
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
    return number < file.sections.count ? text.text : "bad section index[\(text.text)]"
  }

  private func name(of record: SymbolRecord) -> ByteSlice {
    if record.type == .section, record.nameOffset == 0 {
      let number = record.sectionIndex.rawValue
      guard number < file.sections.count else { return .empty(at: 0) }
      return file.displayName(of: file.sections.headers[Int(number)])
    }
    return symbols.names?[record.nameOffset] ?? ByteSlice(Array("<corrupt>".utf8))
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
