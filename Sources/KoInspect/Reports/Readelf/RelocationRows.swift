// The rows of `readelf -r`: a module may have a million, so nothing is allocated for one.

import ELFKit

/// Writes the rows of one relocation section.
struct RelocationRowWriter {
  private let file: ReadelfFile
  private let bytes: ByteSlice
  private let hasAddends: Bool
  private let symbols: ReadelfSymbols
  private let names: ByteSlice
  private let recordSize: Int
  /// The column of types, by number.
  private var types = TextTable(count: 512)

  init(file: ReadelfFile, bytes: ByteSlice, hasAddends: Bool, symbols: ReadelfSymbols) {
    self.file = file
    self.bytes = bytes
    self.hasAddends = hasAddends
    self.symbols = symbols
    names = symbols.names?.bytes ?? .empty(at: 0)
    recordSize = hasAddends ? RelaRecord.byteCount : RelRecord.byteCount
  }

  mutating func write(to console: inout Console) {
    for index in 0..<bytes.count / recordSize { write(index, to: &console) }
  }

  private mutating func write(_ index: Int, to console: inout Console) {
    let (record, addend) = self.record(at: index)
    let info = RelocationInfo(record.info, file.machine, file.encoding)
    let isWide = file.options.isWide
    let width = isWide ? 16 : 12
    let type = info.type
    let name = typeName(type)
    let shown = UInt64(info.symbol) << 32 | UInt64(type)

    let symbolIndex = Int(info.symbol)
    let isKnown = info.symbol != 0 && symbolIndex < symbols.records.count
    var state = RowState.done
    console.out.row(1400) { row in
      row.hex(record.offset, width: width)
      row.spaces(2)
      row.hex(shown, width: width)
      row.append(0x20)
      guard let name else {
        state = .needsType
        return
      }
      row.copy(types.storage.span, name)
      guard isKnown else {
        state = .needsSymbol
        return
      }
      let symbol = symbols.records[symbolIndex]
      guard isWide, symbol.nameOffset != 0, symbol.nameOffset < UInt64(names.count),
        symbol.type != .indirectFunction
      else {
        state = .needsSymbol
        return
      }
      row.append(0x20)
      row.hex(symbol.value, width: 16)
      row.append(0x20)
      let start = names.range.lowerBound &+ Int(symbol.nameOffset)
      guard
        row.copyName(names.storage.span, from: start, to: names.range.upperBound, limit: 1000)
      else {
        row.removeLast(18)
        state = .needsSymbol
        return
      }
      if hasAddends { row.addend(addend, isSpaced: true) }
      state = .done
    }
    if state == .done {
      if file.machine.rawValue == 43 { writeSPARCData(type, &console.out) }
      finish(type, &console.out)
      return
    }
    if state == .needsType { writeType(type, to: &console.out) }
    writeSymbol(info.symbol, addend, &console)
    if isKnown, file.machine.rawValue == 43 { writeSPARCData(type, &console.out) }
    finish(type, &console.out)
  }

  /// The record at `index` and its addend, if it has one.
  @inline(__always)
  private func record(at index: Int) -> (RelRecord, addend: UInt64) {
    let base = bytes.range.lowerBound &+ index &* recordSize
    let span = bytes.storage.span
    let record = RelRecord(decoding: span, at: base, file.encoding)
    return (record, hasAddends ? span.u64(base &+ 16, file.encoding) : 0)
  }

  private enum RowState {
    case done
    case needsType
    case needsSymbol
  }

  /// Where the text of a type is, when it is one of the table.
  @inline(__always)
  private mutating func typeName(_ type: UInt32) -> Range<Int>? {
    let number = Int(Self.tableNumber(type, file.machine))
    guard types.holds(number) else { return nil }
    let file = self.file
    return types.place(of: number) { Self.writeType(type, file, to: &$0) }
  }

  @inline(__always)
  private static func tableNumber(_ type: UInt32, _ machine: Machine) -> UInt32 {
    machine.rawValue == 43 || machine.rawValue == 8 ? type & 0xff : type
  }

  private func writeType(_ type: UInt32, to out: inout TextBuffer) {
    Self.writeType(type, file, to: &out)
  }

  private static func writeType(_ type: UInt32, _ file: ReadelfFile, to out: inout TextBuffer) {
    let number = tableNumber(type, file.machine)
    guard let name = file.machine.relocationName(number) else {
      out.append("unrecognized: ")
      out.left(hexText(number), 7)
      return
    }
    out.left(file.options.isWide ? name : String(name.prefix(17)), file.options.isWide ? 22 : 17)
  }

  /// The columns of value, symbol and addend for everything but the usual case.
  private func writeSymbol(_ number: UInt32, _ addend: UInt64, _ console: inout Console) {
    guard number != 0 else {
      guard hasAddends else { return }
      console.out.spaces(20)
      console.out.row(24) { $0.addend(addend, isSpaced: false) }
      return
    }
    guard number < symbols.records.count else {
      console.complain(" bad symbol index: \(Self.eightDigits(number)) in reloc")
      return
    }
    let symbol = symbols.records[Int(number)]
    let out = { (console: inout Console, text: String) in console.out.append(text) }
    out(&console, " ")
    let isIndirect =
      file.text(of: symbol.type) == "IFUNC" || symbol.type == .indirectFunction
    if isIndirect {
      var text = TextBuffer()
      text.readelfName(name(of: symbol), width: 14, file.options)
      console.out.append(text)
      console.out.append("()")
      let width = text.pending.count
      console.out.spaces(width <= 14 ? 15 - width : 1)
    } else {
      console.out.hex(symbol.value, width: 16)
      console.out.append(byte: 0x20)
    }
    if symbol.nameOffset != 0, let names = symbols.names, names[symbol.nameOffset] == nil {
      console.complain("<corrupt string table index: \(symbol.nameOffset)>")
    } else {
      console.out.readelfName(name(of: symbol), width: 22, file.options)
    }
    if hasAddends { console.out.row(24) { $0.addend(addend, isSpaced: true) } }
  }

  private static func eightDigits(_ number: UInt32) -> String {
    let digits = hexText(number)
    return String(repeating: "0", count: 8 - digits.utf8.count) + digits
  }

  /// A symbol's name; a section symbol without one has its section's.
  private func name(of symbol: SymbolRecord) -> ByteSlice {
    guard symbol.nameOffset == 0 else {
      return symbols.names?[symbol.nameOffset] ?? .empty(at: 0)
    }
    guard symbol.type == .section else { return ByteSlice(Array("<null>".utf8)) }
    let index = symbol.sectionIndex
    let text: String
    switch index {
    case _ where index.rawValue < file.sections.count && !index.isReserved:
      return file.displayName(of: file.sections.headers[Int(index.rawValue)])
    case .absolute: text = "ABS"
    case .common: text = "COMMON"
    default:
      let number = index.isReserved ? 0xffff_0000 | UInt32(index.rawValue) : UInt32(index.rawValue)
      text = "<section 0x\(hexText(number))>"
    }
    return ByteSlice(Array(text.utf8))
  }

  /// `R_SPARC_OLO10` has a second addend in the upper bits of its type.
  private func writeSPARCData(_ type: UInt32, _ out: inout TextBuffer) {
    guard type & 0xff == 33 else { return }
    let data = Int64(Int32(bitPattern: type) >> 8)
    out.append(" + \(hexText(UInt64(bitPattern: data)))")
  }

  /// The end of the row; on MIPS64 two more rows for the second and third type.
  private func finish(_ type: UInt32, _ out: inout TextBuffer) {
    out.newline()
    guard file.machine == .mips else { return }
    for (label, number) in [("Type2: ", type >> 8 & 0xff), ("Type3: ", type >> 16 & 0xff)] {
      out.spaces(20)
      out.append(label)
      if let name = file.machine.relocationName(number) {
        out.left(name, 17)
      } else {
        out.append("unrecognized: ")
        out.left(hexText(number), 7)
      }
      out.newline()
    }
  }
}

extension OutputSpan where Element == UInt8 {
  /// `+ 4` or `- 4`, in base 16; without blanks (and without a plus) when there is no symbol.
  @inline(__always)
  mutating func addend(_ value: UInt64, isSpaced: Bool) {
    let isNegative = value >> 63 == 1
    if isSpaced {
      append(0x20)
      append(isNegative ? 0x2d : 0x2b)
      append(0x20)
    } else if isNegative {
      append(0x2d)
    }
    hex(isNegative ? 0 &- value : value)
  }
}
