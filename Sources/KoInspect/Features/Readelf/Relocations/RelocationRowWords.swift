// The rows of `readelf -r` that are not usual: cut columns, no symbol, odd names, more lines.

import ELFKit

extension RelocationRowWriter {
  /// One row, whatever is in it, with its column `type`.
  func write(_ relocation: Relocation, type column: TextBuffer, _ console: inout Console) {
    let isWide = file.options.isWide
    // Narrow rows of 64-bit files have the lower 48 bits of both numbers only.
    let width = file.is64Bit ? isWide ? 16 : 12 : 8
    console.out.hex(relocation.offset, width: width)
    console.out.append("  ")
    let shift: UInt64 = file.is64Bit ? 32 : 8
    console.out.hex(
      UInt64(relocation.symbol.rawValue) << shift | UInt64(relocation.type), width: width)
    console.out.append(byte: UInt8(ascii: " "))
    console.out.append(column)
    if let (type, names) = namedAddends, relocation.type == type, let addend = relocation.addend {
      writeNamed(addend, names, &console.out)
    } else {
      writeSymbol(relocation, &console)
      if packing == .data { writeData(relocation.type, &console.out) }
    }
    console.out.newline()
    if packing == .three { writeOtherTypes(relocation.type, &console.out) }
  }

  func write(type number: UInt32, isWide: Bool, to out: inout TextBuffer) {
    guard let name = file.header.relocationMachine.relocationName(number) else {
      out.append("unrecognized: ")
      out.left(hexText(number), 7)
      return
    }
    out.left(isWide ? name : String(name.prefix(17)), isWide ? 22 : 17)
  }

  /// The columns of value, symbol and addend.
  private func writeSymbol(_ relocation: Relocation, _ console: inout Console) {
    let number = relocation.symbol
    let addend = relocation.addend.map { UInt64(bitPattern: $0) }
    guard number != 0 else {
      guard let addend else { return }
      console.out.spaces(file.is64Bit ? 20 : 12)
      if addend >> 63 == 1 { console.out.append("-") }
      console.out.hex(addend >> 63 == 1 ? 0 &- addend : addend)
      return
    }
    guard let symbol = symbols.records[number] else {
      var digits = TextBuffer()
      digits.hex(UInt64(number.rawValue), width: 8)
      console.complain(" bad symbol index: \(digits.text) in reloc")
      return
    }
    console.out.append(byte: UInt8(ascii: " "))
    if symbol.type == .indirectFunction {
      writeFunctionCall(symbol, number, &console.out)
    } else {
      console.out.hex(symbol.value, width: file.addressDigits)
      console.out.spaces(file.is64Bit ? 1 : 3)
    }
    if symbol.nameOffset != 0, symbols.names == nil {
      var number = TextBuffer()
      number.decimal(UInt64(symbol.nameOffset), width: 3)
      console.out.append("<string table index: \(number.text)>")
    } else if symbol.nameOffset != 0,
      symbols.names?.prefix(at: symbol.nameOffset, limit: 0) == nil
    {
      console.complain("<corrupt string table index: \(symbol.nameOffset)>")
    } else {
      let limit = file.options.nameLimit(width: 22)
      let name = name(of: symbol, at: Int(number.rawValue), limit: limit)
      console.out.readelfName(name, width: 22, file.options)
      let position = Int(number.rawValue)
      if let version = symbols.versionText(of: symbol, at: position, isNumbered: false) {
        console.out.append(version)
      }
    }
    guard let addend else { return }
    console.out.append(addend >> 63 == 1 ? " - " : " + ")
    console.out.hex(addend >> 63 == 1 ? 0 &- addend : addend)
  }

  /// In place of a value: the function that finds the function (`STT_GNU_IFUNC`).
  private func writeFunctionCall(
    _ symbol: SymbolRecord, _ number: SymbolIndex, _ out: inout TextBuffer
  ) {
    var text = TextBuffer()
    let columns = file.is64Bit ? 14 : 8
    let limit = file.options.nameLimit(width: columns)
    let name =
      symbol.nameOffset == 0 ? nil : symbols.names?.prefix(at: symbol.nameOffset, limit: limit)
    text.readelfName(name ?? "??", width: columns, file.options)
    let width = text.pending.count
    out.append(text)
    let position = Int(number.rawValue)
    if let version = symbols.versionText(of: symbol, at: position, isNumbered: false) {
      out.append(version)
    }
    out.append("()")
    out.spaces(width <= columns ? columns + 1 - width : 1)
  }

  /// A symbol's name, or at least its first `limit` bytes; a section symbol without one has its
  /// section's.
  private func name(of symbol: SymbolRecord, at position: Int, limit: Int) -> ByteSlice {
    guard symbol.nameOffset == 0 else {
      return symbols.names?.prefix(at: symbol.nameOffset, limit: limit) ?? .empty(at: 0)
    }
    guard symbol.type == .section else { return "<null>" }
    let index = symbol.sectionIndex
    let text: String
    switch index {
    case .extended where position < symbols.extendedIndices.count:
      let number = symbols.extendedIndices[position]
      if let section = file.sections.section(number) {
        return file.displayName(of: section.header, limit: limit)
      }
      text = "<section 0x\(hexText(number))>"
    case _ where index.rawValue < file.sections.count && !index.isReserved:
      return file.displayName(of: file.sections.headers[Int(index.rawValue)], limit: limit)
    case .absolute: text = "ABS"
    case .common: text = "COMMON"
    default:
      let number =
        index.isReserved ? 0xffff_0000 | UInt32(index.rawValue) : UInt32(index.rawValue)
      text = "<section 0x\(hexText(number))>"
    }
    return ByteSlice(Array(text.utf8))
  }

  /// One type may have a second addend in its upper bits.
  private func writeData(_ type: UInt32, _ out: inout TextBuffer) {
    guard type & 0xff == dataAddendType else { return }
    let data = Int64(Int32(bitPattern: type) >> 8)
    out.append(" + \(hexText(UInt64(bitPattern: data)))")
  }

  private func writeNamed(_ addend: Int64, _ names: [String], _ out: inout TextBuffer) {
    let isKnown = (0..<Int64(names.count)).contains(addend)
    out.append(
      isKnown
        ? " (\(names[Int(addend)]))"
        : " <unknown addend: \(hexText(UInt64(bitPattern: addend)))>")
  }

  /// On MIPS64 the second and third type, on rows of their own.
  private func writeOtherTypes(_ type: UInt32, _ out: inout TextBuffer) {
    for (label, number) in [("Type2: ", type >> 8 & 0xff), ("Type3: ", type >> 16 & 0xff)] {
      out.spaces(20)
      out.append(label)
      if let name = file.header.relocationMachine.relocationName(number) {
        out.left(String(name.prefix(17)), 17)
      } else {
        out.append("unrecognized: ")
        out.left(hexText(number), 7)
      }
      out.newline()
    }
  }
}
