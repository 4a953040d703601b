// The GNU property note (Linux Extensions to gABI, "Program Property"; x86-64 and AArch64 psABI).

import ELFKit

extension ReadelfFile {
  /// The properties: type, size and padded data, one after the other.
  func writeProperties(_ content: ByteSlice, _ console: inout Console) {
    console.out.append("      Properties: ")
    guard content.count >= 8, content.count % 8 == 0 else {
      console.out.append("<corrupt GNU_PROPERTY_TYPE, size = 0x\(hexText(content.count))>\n")
      return
    }
    var position = 0
    var isFirst = true
    while content.count - position >= 8 {
      if !isFirst { console.out.append(options.isWide ? ", " : ", \n\t") }
      isFirst = false
      let words = RecordTable<UInt32>(content.suffix(from: position), encoding)
      let type = words[0]
      let size = Int(words[1])
      position += 8
      guard size <= content.count - position else {
        console.out.append("<corrupt type (0x\(hexText(type))) datasz: 0x\(hexText(size))>")
        break
      }
      let data = content[within: position..<position + size]
      console.out.append(propertyText(type, data))
      position += (size + 7) & ~7
    }
    console.out.newline()
  }

  private func propertyText(_ type: UInt32, _ data: ByteSlice) -> String {
    let word = data.count == 4 ? RecordTable<UInt32>(data, encoding)[0] : nil
    switch (type, machine) {
    case (1, _): return "stack size: 0x\(hexText(data))"
    case (2, _): return "no copy on protected "
    case (0xc000_0002, .amd64):
      guard let word else { break }
      return "x86 feature: " + Self.bitsText(word, ["IBT", "SHSTK", "LAM_U48", "LAM_U57"])
    case (0xc000_0000, .aarch64):
      guard let word else { break }
      return "AArch64 feature: " + Self.bitsText(word, ["BTI", "PAC"])
    default: break
    }
    let bytes = (0..<data.count).map { String(data[$0], radix: 16) }.joined(separator: " ")
    return "<unknown type 0x\(hexText(type)) data: \(bytes)>"
  }

  private static func bitsText(_ word: UInt32, _ names: [String]) -> String {
    guard word != 0 else { return "<None>" }
    return (0..<32).filter { word >> UInt32($0) & 1 == 1 }.map { bit in
      bit < names.count ? names[bit] : "<unknown: \(hexText(UInt32(1) << UInt32(bit)))>"
    }.joined(separator: ", ")
  }
}

/// The bytes in base 16, one after the other.
private func hexText(_ data: ByteSlice) -> String {
  var text = TextBuffer()
  for position in 0..<data.count { text.hex(UInt64(data[position]), width: 2) }
  return text.text
}
