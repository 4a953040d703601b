// Names of sections and symbols as readelf prints them.

import ELFKit

extension TextBuffer {
  /// A name in a table. Control characters become `^A`; other bytes stay as they are.
  ///
  /// A name longer than `width` is cut and ends in `[...]`, unless `isWide`; `pads` fills a
  /// shorter one with blanks.
  mutating func readelfName(
    _ name: ByteSlice, width: Int = .max, pads: Bool = false, _ options: ReadelfOptions
  ) {
    let bytes = name.storage.span
    var room = options.isWide ? Int.max : width
    var isCut = false
    if !options.isWide, !options.cutsSilently, name.count > width {
      room = Swift.max(width - 5, 0)
      isCut = true
    }
    var printed = 0
    for position in name.range {
      let byte = bytes[position]
      let columns = byte < 0x20 || byte == 0x7f ? 2 : 1
      guard columns <= room - printed else { break }
      readelfByte(byte)
      printed += columns
    }
    if isCut {
      append("[...]")
      printed += 5
    }
    if pads { spaces(width - printed) }
  }

  /// A byte of a name: `^A` for a control character. `0x7f` becomes `^` and the byte 0xbf, as
  /// binutils has it.
  @inline(__always)
  mutating func readelfByte(_ byte: UInt8) {
    if byte < 0x20 || byte == 0x7f {
      append(byte: 0x5e)
      append(byte: byte &+ 0x40)
    } else {
      append(byte: byte)
    }
  }
}

extension ReadelfFile {
  /// The name of a section in tables; readelf's words when it cannot be had.
  func displayName(of header: SectionHeader) -> ByteSlice {
    guard !sections.names.bytes.isEmpty else { return ByteSlice(Array("<no-strings>".utf8)) }
    return sections.names[header.nameOffset] ?? ByteSlice(Array("<corrupt>".utf8))
  }

  /// The name of a section in a sentence: control characters become `^A`, bytes beyond ASCII
  /// `<C3>`.
  func headingName(of section: Section) -> TextBuffer {
    let name = displayName(of: section.header)
    var text = TextBuffer()
    for position in 0..<name.count {
      let byte = name[position]
      switch byte {
      case 0x20..<0x7f: text.append(byte: byte)
      case 0x80...:
        text.append("<")
        text.upperHex(byte)
        text.append(">")
      default: text.readelfByte(byte)
      }
    }
    return text
  }
}

extension TextBuffer {
  /// Two upper-case hexadecimal digits.
  mutating func upperHex(_ byte: UInt8) {
    for digit in [byte >> 4, byte & 0xf] {
      append(byte: digit < 10 ? 0x30 + digit : 0x37 + digit)
    }
  }
}
