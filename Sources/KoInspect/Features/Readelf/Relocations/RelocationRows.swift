// The rows of `readelf -r`. A module may have a million, so the usual row is written in place;
// `RelocationRowWords.swift` has the words for the others.

import ELFKit

/// Writes the rows of one relocation section.
struct RelocationRowWriter {
  let file: ReadelfFile
  let relocations: RelocationTable
  let symbols: ReadelfSymbols
  /// What the machine packs into a type.
  let packing: RelocationPacking
  /// The type whose addend is a number with a name, and these names.
  let namedAddends: (type: UInt32, names: [String])?
  /// The type that has a second addend in its upper bits.
  let dataAddendType: UInt32?
  /// The column of types, by number.
  private var types = TextTable(count: 512)
  /// The column of the last row that was not usual: a table may have nothing but these, of one type.
  private var last: (number: UInt32?, text: TextBuffer) = (nil, TextBuffer())

  init(file: ReadelfFile, _ relocations: RelocationTable, _ symbols: ReadelfSymbols) {
    self.file = file
    self.relocations = relocations
    self.symbols = symbols
    let format = file.machine.description?.format
    packing = relocations.packing
    namedAddends = format?.namedAddends
    dataAddendType = format?.dataAddendType
  }

  mutating func write(to console: inout Console) {
    let count = relocations.count
    var index = 0
    while index < count, !console.isOverLimit {
      if file.options.isWide {
        if file.is64Bit {
          writeUsual(LongRows.self, &index, &console.out)
        } else {
          writeUsual(ShortRows.self, &index, &console.out)
        }
      }
      guard index < count else { break }
      let relocation = relocations[index]
      let number = packing.primaryType(relocation.type)
      if last.number != number {
        last = (number, TextBuffer())
        write(type: number, isWide: file.options.isWide, to: &last.text)
        if types.place(of: Int(number)) == nil { types.add(Int(number), last.text) }
      }
      write(relocation, type: last.text, &console)
      index += 1
    }
  }

  /// Writes usual rows from `index` on, and stops at the first that needs more words.
  private func writeUsual<Width: RowWidth>(
    _ width: Width.Type, _ index: inout Int, _ out: inout TextBuffer
  ) {
    let count = relocations.count
    var isUsual = true
    // Some machines have more lines a row or words in place of symbols.
    guard packing == .one, namedAddends == nil, !file.options.demangles, symbols.versions == nil
    else { return }
    while index < count, isUsual {
      out.rows(minimum: Self.longestRow) { rows in
        let names = symbols.names?.bytes ?? .empty(at: 0)
        let nameBytes = names.storage.span
        let typeTexts = types.storage.span
        while index < count, rows.freeCapacity >= Self.longestRow {
          let mark = rows.count
          isUsual = writeUsual(
            width, relocations[index], names.range, nameBytes, typeTexts, &rows)
          guard isUsual else {
            rows.rewind(to: mark)
            return
          }
          index &+= 1
        }
      }
    }
  }

  private static let longestName = 1000
  private static let longestRow = longestName + 200

  /// One row, if its type is in the table and its symbol has a plain name.
  @inline(__always)
  private func writeUsual<Width: RowWidth>(
    _ width: Width.Type, _ relocation: Relocation, _ names: Range<Int>,
    _ nameBytes: Span<UInt8>, _ typeTexts: Span<UInt8>, _ row: inout OutputSpan<UInt8>
  ) -> Bool {
    guard let type = types.place(of: Int(relocation.type)), relocation.symbol != 0,
      let symbol = symbols.records[relocation.symbol], symbol.type != .indirectFunction
    else { return false }
    if !Width.isLong {
      guard let type = types.words(of: Int(relocation.type), width: 22) else { return false }
      row.columns(53) { columns in
        columns.hex8(UInt32(truncatingIfNeeded: relocation.offset), at: 0)
        columns.hex8(relocation.symbol.rawValue &<< 8 | relocation.type, at: 10)
        columns.word(type.0, at: 19)
        columns.word(type.1, at: 27)
        columns.word(type.2, at: 35)
        columns.hex8(UInt32(truncatingIfNeeded: symbol.value), at: 42)
      }
    } else if let type = types.words(of: Int(relocation.type), width: 22) {
      row.columns(75) { columns in
        columns.hex16(relocation.offset, at: 0)
        columns.hex8(relocation.symbol.rawValue, at: 18)
        columns.hex8(relocation.type, at: 26)
        columns.word(type.0, at: 35)
        columns.word(type.1, at: 43)
        // The last two bytes are blanks, and the value begins in the second.
        columns.word(type.2, at: 51)
        columns.hex16(symbol.value, at: 58)
      }
    } else {
      row.columns(35) { columns in
        columns.hex16(relocation.offset, at: 0)
        columns.hex8(relocation.symbol.rawValue, at: 18)
        columns.hex8(relocation.type, at: 26)
      }
      row.copy(typeTexts, type)
      row.append(UInt8(ascii: " "))
      row.hex16(symbol.value)
      row.append(UInt8(ascii: " "))
    }
    if symbol.nameOffset != 0 {
      guard symbol.nameOffset < UInt64(names.count),
        row.copyName(
          nameBytes, from: names.lowerBound &+ Int(symbol.nameOffset), to: names.upperBound,
          limit: Self.longestName)
      else { return false }
    } else {
      guard symbol.type == .section, writeSectionName(symbol.sectionIndex, &row) else {
        return false
      }
    }
    if let addend = relocation.addend { row.addend(UInt64(bitPattern: addend), isSpaced: true) }
    row.append(UInt8(ascii: "\n"))
    return true
  }

  /// The name of the section that a section symbol stands for, when it is a plain one.
  @inline(__always)
  private func writeSectionName(_ index: SectionIndex, _ row: inout OutputSpan<UInt8>) -> Bool {
    let headers = file.image.sections.headers
    guard Int(index.rawValue) < headers.count, !index.isReserved else { return false }
    let offset = headers.nameOffset(of: Int(index.rawValue))
    let names = file.image.sections.names.bytes
    guard offset < UInt64(names.count) else { return false }
    return row.copyName(
      names.storage.span, from: names.range.lowerBound &+ Int(offset), to: names.range.upperBound,
      limit: Self.longestName)
  }
}

extension OutputSpan where Element == UInt8 {
  /// `+ 4` or `- 4`, in base 16; without blanks (and without a plus) when there is no symbol.
  @inline(__always)
  mutating func addend(_ value: UInt64, isSpaced: Bool) {
    let isNegative = value >> 63 == 1
    if isSpaced {
      append(UInt8(ascii: " "))
      append(isNegative ? UInt8(ascii: "-") : UInt8(ascii: "+"))
      append(UInt8(ascii: " "))
    } else if isNegative {
      append(UInt8(ascii: "-"))
    }
    hex(isNegative ? 0 &- value : value)
  }
}
