// The GNU property note (Linux Extensions to gABI, "Program Property"; x86-64 and AArch64 psABI).

import ELFKit

extension ReadelfFile {
  /// The properties: type, size and padded data, one after the other.
  func writeProperties(_ content: ByteSlice, _ out: inout TextBuffer) {
    out.append("      Properties: ")
    let unit = encoding.addressSize
    guard content.count >= 8, content.count % unit == 0 else {
      let size = content.isEmpty ? "0" : "0x\(hexText(content.count))"
      out.append("<corrupt GNU_PROPERTY_TYPE, size = \(size)>\n")
      return
    }
    var position = 0
    while position < content.count {
      if position > 0 { out.append(options.isWide ? ", " : "\n\t") }
      guard content.count - position >= 8 else {
        out.append("<corrupt descsz: 0x\(hexText(content.count))>\n")
        break
      }
      let words = RecordTable<UInt32>(content.suffix(from: position), encoding)
      let (type, size) = (words[0], UInt64(words[1]))
      position += 8
      guard size <= UInt64(content.count - position) else {
        out.append("<corrupt type (0x\(hexText(type))) datasz: 0x\(hexText(size))>\n")
        break
      }
      let data = content[within: position..<position + Int(size)]
      out.append(propertyText(type, data))
      position += (Int(size) + unit - 1) & ~(unit - 1)
    }
    out.newline()
  }

  private func propertyText(_ type: UInt32, _ data: ByteSlice) -> String {
    let known = machine.description?.format.properties() ?? []
    if let property = known.first(where: { $0.type == type }) {
      let label = "\(property.label): "
      guard data.count == 4 else { return label + Self.corruptLength(data) }
      return label + Self.text(word(data), property.bits, none: property.none)
    }
    switch type {
    case 1:
      guard data.count == encoding.addressSize else {
        return "stack size: " + Self.corruptLength(data)
      }
      let size = data.storage.span.address(data.range.lowerBound, encoding)
      return "stack size: 0x\(hexText(size))"
    case 2:
      return "no copy on protected " + (data.isEmpty ? "" : Self.corruptLength(data))
    case 0xb000_0000...0xb000_7fff where data.count == 4:
      return "UINT32_AND (0x\(hexText(type))): 0x\(hexText(word(data)))"
    case 0xb000_8000:
      return "1_needed: "
        + (data.count == 4 ? Self.text(word(data), Self.needed) : Self.corruptLength(data))
    case 0xb000_8000...0xb000_ffff where data.count == 4:
      return "UINT32_OR (0x\(hexText(type))): 0x\(hexText(word(data)))"
    case 0xc000_0000...0xdfff_ffff: return Self.unknown("processor-specific", type, data)
    case 0xe000_0000...: return Self.unknown("application-specific", type, data)
    default: return Self.unknown("unknown", type, data)
    }
  }

  private func word(_ data: ByteSlice) -> UInt32 { RecordTable<UInt32>(data, encoding)[0] }

  private static func corruptLength(_ data: ByteSlice) -> String {
    "<corrupt length: \(data.isEmpty ? "0" : "0x\(hexText(data.count))")> "
  }

  private static func unknown(_ kind: String, _ type: UInt32, _ data: ByteSlice) -> String {
    var text = TextBuffer()
    text.append("<\(kind) type \(type == 0 ? "0" : "0x\(hexText(type))") data: ")
    for position in 0..<data.count {
      text.hex(UInt64(data[position]), width: 2)
      text.append(" ")
    }
    text.append(">")
    return text.text
  }

  private static let needed = ["indirect external access"]

  /// The names of the bits that are set.
  private static func text(_ word: UInt32, _ names: [String], none: String = "") -> String {
    guard word != 0 else { return none }
    return (0..<32).filter { word >> UInt32($0) & 1 == 1 }.map { bit in
      bit < names.count ? names[bit] : "<unknown: \(hexText(UInt32(1) << UInt32(bit)))>"
    }.joined(separator: ", ")
  }
}
