// Names of sections and symbols as readelf prints them.

import ELFKit

extension TextBuffer {
  /// Text that readelf prints as it is, and that is made harmless on a terminal.
  mutating func untrusted(_ text: ByteSlice, _ options: ReadelfOptions) {
    options.escapes ? escaped(text) : append(raw: text.storage[text.range])
  }

  /// A name in a table. Control characters become `^A`; other bytes stay as they are.
  ///
  /// A name longer than `width` is cut and ends in `[...]`, unless `isWide`; `pads` fills a
  /// shorter one with blanks.
  mutating func readelfName(
    _ name: ByteSlice, width: Int = .max, pads: Bool = false, _ options: ReadelfOptions
  ) {
    var name = name
    if options.demangles, let written = RustName.readable(name) { name = written }
    if options.escapes, name.contains(where: { $0 >= 0x80 }) {
      var text = TextBuffer()
      text.escaped(name)
      name = ByteSlice(text.pending)
    }
    let bytes = name.storage.span
    var room = options.isWide ? Int.max : width
    var isCut = false
    if !options.isWide, !options.cutsSilently, name.count > width {
      room = Swift.max(width - 5, 0)
      isCut = true
    }
    var printed = 0
    var position = name.range.lowerBound
    while position < name.range.upperBound {
      let byte = bytes[position]
      if byte >= 0x80, options.unicode != .locale {
        guard printed < room else { break }
        let length = Self.sequenceLength(bytes, position, name.range.upperBound)
        if length <= room - printed {
          readelfSequence(
            name.storage[position..<position + length], length == 1 ? .invalid : options.unicode)
        }
        position += length
        continue
      }
      let columns = byte < 0x20 || byte == 0x7f ? 2 : 1
      guard columns <= room - printed else { break }
      readelfByte(byte)
      printed += columns
      position += 1
    }
    if isCut {
      append("[...]")
      printed += 5
    }
    if pads { spaces(width - printed) }
  }

  /// The number of bytes of the UTF-8 sequence at `position`; 1 when it is none. Like binutils,
  /// this takes longer forms than needed, surrogates and lead bytes above 0xf7.
  private static func sequenceLength(_ bytes: Span<UInt8>, _ position: Int, _ end: Int) -> Int {
    let lead = bytes[position]
    guard lead >= 0xc0 else { return 1 }
    let length = lead & 0x20 == 0 ? 2 : lead & 0x10 == 0 ? 3 : 4
    guard length <= end - position else { return 1 }
    for index in 1..<length where bytes[position + index] & 0xc0 != 0x80 { return 1 }
    return length
  }

  /// A character beyond ASCII, as `-U` asks for. It counts for no columns.
  private mutating func readelfSequence(_ bytes: ArraySlice<UInt8>, _ display: UnicodeDisplay) {
    switch display {
    case .escape, .highlight:
      append("\\u")
      // Six bits from each byte but the first; a fourth byte makes it six digits.
      let lead = UInt32(bytes[bytes.startIndex])
      var scalar = lead & (bytes.count == 2 ? 0x1f : bytes.count == 3 ? 0x0f : 0x07)
      for byte in bytes.dropFirst() { scalar = scalar << 6 | UInt32(byte & 0x3f) }
      if bytes.count == 4 {
        // Three pairs of digits, each from eight neighbouring bits: binutils 2.40 leaves out bits.
        let tail = bytes.dropFirst().map { UInt64($0) }
        hex(UInt64(lead & 7) << 6 | (tail[0] & 0x3c) >> 2, width: 2)
        hex((tail[0] & 3) << 6 | (tail[1] & 0x3c) >> 2, width: 2)
        hex((tail[1] & 3) << 6 | tail[2] & 0x3f, width: 2)
      } else {
        hex(UInt64(scalar), width: 4)
      }
    default:
      append(display == .hex ? "<0x" : "{0x")
      for byte in bytes { hex(UInt64(byte), width: 2) }
      append(display == .hex ? ">" : "}")
    }
  }

  /// A byte of a name: `^A` for a control character. `0x7f` becomes `^` and the byte 0xbf, as
  /// binutils has it.
  @inline(__always)
  mutating func readelfByte(_ byte: UInt8) {
    if byte < 0x20 || byte == 0x7f {
      append(byte: UInt8(ascii: "^"))
      append(byte: byte &+ 0x40)
    } else {
      append(byte: byte)
    }
  }
}

extension ReadelfFile {
  /// The name of a section in tables, or at least its first `limit` bytes; readelf's words when it
  /// cannot be had.
  func displayName(of header: SectionHeader, limit: Int = .max) -> ByteSlice {
    guard !sections.names.bytes.isEmpty else { return "<no-strings>" }
    return sections.names.prefix(at: header.nameOffset, limit: limit)
      ?? "<corrupt>"
  }

  /// The name of a section in a sentence: control characters become `^A`, bytes beyond ASCII
  /// `<C3>`. What goes beyond 256 characters is left out, as binutils does.
  func headingName(of section: Section) -> TextBuffer {
    var room = 256
    let name = displayName(of: section.header, limit: room)
    var text = TextBuffer()
    for position in 0..<name.count {
      let byte = name[position]
      room -= (0x20..<0x7f).contains(byte) ? 1 : byte < 0x80 ? 2 : 4
      guard room >= 0 else { break }
      if byte < 0x80 {
        text.readelfByte(byte)
      } else {
        text.append("<")
        text.upperHex(byte)
        text.append(">")
      }
    }
    return text
  }
}

extension ReadelfOptions {
  /// How many bytes of a name decide what `readelfName` writes into a column of this width: where
  /// names are cut, rows that share a long one must not each read all of it. The first byte too many
  /// says that it is cut; the rest completes a character.
  func nameLimit(width: Int) -> Int {
    // Characters that -U rewrites count for no columns.
    isWide || unicode != .locale || demangles ? .max : width + 4
  }
}

extension TextBuffer {
  /// Two upper-case hexadecimal digits.
  mutating func upperHex(_ byte: UInt8) {
    for digit in [byte >> 4, byte & 0xf] {
      append(byte: digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") - 10 + digit)
    }
  }
}
