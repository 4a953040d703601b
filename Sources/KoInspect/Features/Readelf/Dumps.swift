// readelf -x, -p and -R: sections as bytes and as strings

import ELFKit

extension ReadelfFile {
  /// The dumps in section order; of one section bytes, relocated bytes, strings.
  ///
  /// Each is shown once however often it is asked for, so three times the file is all that sections
  /// have which do not overlap. Many that share one place may show little, zeros as strings nothing at
  /// all: the limit of the output alone would not stop them.
  func writeDumps(_ console: inout Console) -> Bool {
    var isGood = true
    var tables: [Int: ReadelfSymbols] = [:]
    var allowance = Allowance(for: image.source.size)
    for index in 0..<sections.count where !console.isOverLimit {
      let section = sections[index]
      let kinds = options.dumps.filter { isMeant($0, section) }.map { $0.kind }
      for kind in [ReadelfOptions.Dump.Kind.hex, .relocated, .strings] where kinds.contains(kind) {
        guard allowance.take(dumpSize(of: section.header)) else {
          console.cutRest()
          break
        }
        if !writeDump(kind, section, &tables, &console) { isGood = false }
      }
    }
    for dump in options.dumps {
      guard let number = dump.number else {
        if !(0..<sections.count).contains(where: { isMeant(dump, sections[$0]) }) {
          let name = String(decoding: dump.section, as: UTF8.self)
          console.warn("Section '\(name)' was not dumped because it does not exist")
        }
        continue
      }
      if number >= UInt64(sections.count) {
        console.warn("Section \(number) was not dumped because it does not exist!")
        isGood = false
      }
    }
    return isGood
  }

  /// How many bytes of a section are dumped, as far as its header says.
  private func dumpSize(of header: SectionHeader) -> UInt64 {
    // What is not in the file is said in one line.
    header.type == .nobits || header.size > image.source.size ? 0 : header.size
  }

  private func isMeant(_ dump: ReadelfOptions.Dump, _ section: Section) -> Bool {
    if let number = dump.number { return number == UInt64(section.index) }
    let name = displayName(of: section.header)
    return name.elementsEqual(dump.section)
  }

  private func writeDump(
    _ kind: ReadelfOptions.Dump.Kind, _ section: Section,
    _ tables: inout [Int: ReadelfSymbols], _ console: inout Console
  ) -> Bool {
    let header = section.header
    guard header.size > 0, header.type != .nobits else {
      console.out.append("Section '")
      console.out.append(headingName(of: section))
      console.out.append("' has no data to dump.\n")
      return true
    }
    guard let content = bytes(of: section, as: "section contents", &console) else { return false }
    console.out.append(kind == .strings ? "\nString dump of section '" : "\nHex dump of section '")
    console.out.append(headingName(of: section))
    console.out.append("':\n")
    var bytes = content
    if kind == .relocated {
      guard let changed = relocated(content, of: section, &tables, &console) else { return false }
      bytes = changed
    } else if relocationSection(of: section) != nil {
      console.out.append(kind == .hex ? " NOTE:" : "  Note:")
      console.out.append(" This section has relocations against it, ")
      console.out.append("but these have NOT been applied to this dump.\n")
    }
    switch kind {
    case .strings: writeStrings(bytes, &console.out)
    default: writeHex(bytes, at: header.address, &console.out)
    }
    console.out.newline()
    return true
  }

  /// The first relocation section that changes `section`.
  func relocationSection(of section: Section) -> Section? {
    let found = sections.relocationSections(of: section.index).first { index in
      let header = sections.headers[index]
      return header.size > 0 && header.link < sections.count
    }
    return found.map { sections[$0] }
  }

  /// Sixteen bytes a row: address, four words, the same as characters.
  func writeHex(_ bytes: ByteSlice, at address: UInt64, _ out: inout TextBuffer) {
    var position = 0
    while position < bytes.count {
      let count = Swift.min(16, bytes.count - position)
      out.append("  0x")
      out.hex(address &+ UInt64(position), width: 8)
      out.append(byte: UInt8(ascii: " "))
      for column in 0..<16 {
        if column < count {
          out.hex(UInt64(bytes[position + column]), width: 2)
        } else {
          out.spaces(2)
        }
        if column % 4 == 3 { out.append(byte: UInt8(ascii: " ")) }
      }
      for column in 0..<count {
        let byte = bytes[position + column]
        out.append(byte: byte >= 0x20 && byte < 0x7f ? byte : UInt8(ascii: "."))
      }
      out.newline()
      position += count
    }
  }

  /// One row a string. Only printable ASCII begins one; line feeds continue on a row of their own.
  private func writeStrings(_ bytes: ByteSlice, _ out: inout TextBuffer) {
    var position = 0
    var isEmpty = true
    while true {
      Self.skipUnprintable(bytes, &position)
      guard position < bytes.count else { break }
      isEmpty = false
      out.append("  [")
      let digits = hexText(position)
      out.right(digits, 6)
      out.append("]  ")
      writeString(bytes, from: &position, &out)
      out.newline()
    }
    if isEmpty { out.append("  No strings found in this section.") }
  }

  private static func skipUnprintable(_ bytes: ByteSlice, _ position: inout Int) {
    while position < bytes.count, !(0x20..<0x7f).contains(bytes[position]) { position += 1 }
  }

  /// One string; `position` is behind its NUL afterwards.
  private func writeString(
    _ bytes: ByteSlice, from position: inout Int, _ out: inout TextBuffer
  ) {
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == 0 { return }
      guard byte == UInt8(ascii: "\n") else {
        if options.escapes, byte >= 0x80 {
          let rest = bytes.storage[bytes.range].dropFirst(position - 1)
          let length = TextBuffer.decodeScalar(rest)?.length ?? 1
          out.escaped(rest.prefix(length))
          position += length - 1
        } else {
          out.readelfByte(byte)
        }
        continue
      }
      out.append("\\n")
      if position < bytes.count, bytes[position] == 0 { return }
      Self.skipUnprintable(bytes, &position)
      guard position < bytes.count else { return }
      out.append("\n            ")
    }
  }
}

extension ReadelfOptions.Dump {
  /// The section's number, when a number was typed (decimal, `0x…` or `0…`), else `nil`.
  var number: UInt64? {
    var text = String(decoding: section, as: UTF8.self)[...]
    if text.isEmpty { return 0 }
    var radix = 10
    if text.hasPrefix("0x") || text.hasPrefix("0X") {
      radix = 16
      text = text.dropFirst(2)
    } else if text.hasPrefix("0") {
      radix = 8
    }
    guard text.utf8.first != UInt8(ascii: "+"), text.utf8.first != UInt8(ascii: "-") else {
      return nil
    }
    return UInt64(text, radix: radix)
  }
}
