// The usual row of `readelf -SW`, written in place: a scan of a tree prints very many.

import ELFKit

/// The columns of types and flags, made once a file.
struct SectionTexts {
  private(set) var types = TextTable(count: 32)
  private(set) var flags = TextTable(count: 256)

  mutating func add(_ header: SectionHeader, _ file: ReadelfFile) {
    if header.type.rawValue < 32, types.place(of: Int(header.type.rawValue)) == nil {
      var text = TextBuffer()
      text.left(file.typeText(of: header.type), 15)
      types.add(Int(header.type.rawValue), text)
    }
    if header.flags.rawValue < 256, flags.place(of: Int(header.flags.rawValue)) == nil {
      var text = TextBuffer()
      text.right(file.flagLetters(of: header.flags), 3)
      flags.add(Int(header.flags.rawValue), text)
    }
  }
}

extension ReadelfFile {
  /// One wide row, if type and flags are among `texts` and the name is a plain one; else nothing.
  func writeUsual(
    _ index: Int, _ header: SectionHeader, _ texts: SectionTexts, _ out: inout TextBuffer
  ) -> Bool {
    let names = sections.names.bytes
    guard header.type.rawValue < 32, header.flags.rawValue < 256,
      header.nameOffset < UInt64(names.count),
      let type = texts.types.place(of: Int(header.type.rawValue)),
      let flags = texts.flags.place(of: Int(header.flags.rawValue))
    else { return false }
    var isWritten = false
    out.rows(minimum: 1200) { row in
      let mark = row.count
      row.append(UInt8(ascii: " "))
      row.append(UInt8(ascii: " "))
      row.append(UInt8(ascii: "["))
      row.decimal(UInt32(truncatingIfNeeded: index), width: 2)
      row.append(UInt8(ascii: "]"))
      row.append(UInt8(ascii: " "))
      let nameStart = row.count
      guard
        row.copyName(
          names.storage.span, from: names.range.lowerBound &+ Int(header.nameOffset),
          to: names.range.upperBound, limit: 1000)
      else { return row.rewind(to: mark) }
      row.spaces(17 &- (row.count &- nameStart))
      row.append(UInt8(ascii: " "))
      row.copy(texts.types.storage.span, type)
      row.append(UInt8(ascii: " "))
      if is64Bit {
        row.hex16(header.address)
      } else {
        row.hex8(UInt32(truncatingIfNeeded: header.address))
      }
      row.append(UInt8(ascii: " "))
      row.hex(header.offset, width: 6)
      row.append(UInt8(ascii: " "))
      row.hex(header.size, width: 6)
      row.append(UInt8(ascii: " "))
      row.hex(entrySize(of: header), width: 2)
      row.append(UInt8(ascii: " "))
      row.copy(texts.flags.storage.span, flags)
      row.append(UInt8(ascii: " "))
      row.decimal(header.link, width: 2)
      row.append(UInt8(ascii: " "))
      row.decimal(header.info, width: 3)
      row.append(UInt8(ascii: " "))
      guard header.alignment <= 0xffff_ffff else { return row.rewind(to: mark) }
      row.decimal(UInt32(truncatingIfNeeded: header.alignment), width: 2)
      row.append(UInt8(ascii: "\n"))
      isWritten = true
    }
    return isWritten
  }
}
