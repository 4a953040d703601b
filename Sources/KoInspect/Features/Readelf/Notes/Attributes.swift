// Object attributes: what an object demands of those it is linked with (Addenda to the ABI for the
// Arm Architecture, "Representing build attributes"; RISC-V ELF psABI, "Attributes").

import ELFKit

extension ReadelfFile {
  /// One section: a version byte, then a subsection for each vendor; false when it is damaged.
  func writeAttributes(
    _ content: ByteSlice, _ format: AttributeFormat, _ console: inout Console
  ) -> Bool {
    guard content[0] == UInt8(ascii: "A") else {
      console.out.append("Unknown attributes version '")
      console.out.append(byte: content[0])
      console.out.append("'(\(content[0])) - expecting 'A'\n")
      return false
    }
    var rest = content.suffix(from: 1)
    while rest.count >= 4, !console.isOverLimit {
      var size = UInt64(RecordTable<UInt32>(rest, encoding)[0])
      var isGood = true
      if size > UInt64(rest.count) {
        console.complain("Bad attribute length (\(size) > \(rest.count))")
        size = UInt64(rest.count)
        isGood = false
      } else if size < 5 {
        console.complain("Attribute length of \(size) is too small")
        return false
      }
      let subsection = rest[within: 4..<Int(size)]
      guard let end = subsection.firstIndex(of: 0) else {
        console.complain("Corrupt attribute section name")
        return false
      }
      writeVendor(
        subsection[within: 0..<end], subsection.suffix(from: end + 1), format, &console)
      guard isGood else { return false }
      rest = rest.suffix(from: Int(size))
    }
    return true
  }

  /// The attributes of one vendor: of the file, of sections or of symbols.
  private func writeVendor(
    _ vendor: ByteSlice, _ content: ByteSlice, _ format: AttributeFormat,
    _ console: inout Console
  ) {
    let known = attributes(of: vendor, format)
    console.out.append("Attribute Section: ")
    console.out.readelfName(vendor, options)
    console.out.newline()
    var rest = content
    while rest.count > 5, !console.isOverLimit {
      let tag = rest[0]
      var size = UInt64(RecordTable<UInt32>(rest.suffix(from: 1), encoding)[0])
      if size > UInt64(rest.count) {
        console.complain("Bad subsection length (\(size) > \(rest.count))")
        size = UInt64(rest.count)
      }
      guard size >= 6 else {
        console.complain("Bad subsection length (\(size) < 6)")
        break
      }
      var body = rest[within: 5..<Int(size)]
      rest = rest.suffix(from: Int(size))
      switch tag {
      case 1: console.out.append("File Attributes\n")
      case 2, 3:
        console.out.append(tag == 2 ? "Section Attributes:" : "Symbol Attributes:")
        while let number = body.takeLEB(), number != 0 { console.out.append(" \(number)") }
        console.out.newline()
      default: console.out.append("Unknown tag: \(tag)\n")
      }
      writeAttributeList(vendor, tag > 3 ? nil : known, &body, &console)
    }
  }

  private func writeAttributeList(
    _ vendor: ByteSlice, _ known: AttributeNames?, _ body: inout ByteSlice,
    _ console: inout Console
  ) {
    guard let known else {
      guard !body.isEmpty else { return }
      console.out.append("  Unknown attribute:\n")
      writeHex(body, at: 0, &console.out)
      console.out.newline()
      return
    }
    while !body.isEmpty, !console.isOverLimit { known.write(&body, &console) }
  }
}

extension ByteSlice {
  /// Takes a number in LEB128 (DWARF 5, 7.6) from the front; `nil` when there is nothing left.
  mutating func takeLEB() -> UInt64? {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    for position in 0..<count {
      let byte = self[position]
      if shift < 64 { value |= UInt64(byte & 0x7f) << shift }
      shift += 7
      if byte & 0x80 == 0 {
        self = suffix(from: position + 1)
        return value
      }
    }
    self = suffix(from: count)
    return nil
  }

  /// Takes a NUL-ended string from the front.
  mutating func takeString() -> ByteSlice {
    let text = untilNUL
    self = suffix(from: text.count + 1)
    return text
  }
}
