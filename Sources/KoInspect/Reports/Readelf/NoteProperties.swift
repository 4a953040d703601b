// The GNU property note (Linux Extensions to gABI, "Program Property"; x86-64 and AArch64 psABI).

import ELFKit

extension ReadelfFile {
  /// The properties: type, size and padded data, one after the other.
  func writeProperties(_ content: ByteSlice, _ out: inout TextBuffer) {
    out.append("      Properties: ")
    guard content.count >= 8, content.count % 8 == 0 else {
      let size = content.isEmpty ? "0" : "0x\(hexText(content.count))"
      out.append("<corrupt GNU_PROPERTY_TYPE, size = \(size)>\n")
      return
    }
    var position = 0
    while content.count - position >= 8 {
      if position > 0 { out.append(options.isWide ? ", " : "\n\t") }
      let words = RecordTable<UInt32>(content.suffix(from: position), encoding)
      let (type, size) = (words[0], UInt64(words[1]))
      position += 8
      guard size <= UInt64(content.count - position) else {
        out.append("<corrupt type (0x\(hexText(type))) datasz: 0x\(hexText(size))>\n")
        break
      }
      let data = content[within: position..<position + Int(size)]
      out.append(propertyText(type, data))
      position += (Int(size) + 7) & ~7
    }
    out.newline()
  }

  private func propertyText(_ type: UInt32, _ data: ByteSlice) -> String {
    if let property = Self.property(type, machine) {
      let label = "\(property.label): "
      guard data.count == 4 else { return label + Self.corruptLength(data) }
      return label + property.text(RecordTable<UInt32>(data, encoding)[0])
    }
    switch type {
    case 1:
      guard data.count == 8 else { return "stack size: " + Self.corruptLength(data) }
      let size = data.storage.span.u64(data.range.lowerBound, encoding)
      return "stack size: 0x\(hexText(size))"
    case 2:
      return "no copy on protected " + (data.isEmpty ? "" : Self.corruptLength(data))
    case 0xb000_0000...0xb000_7fff where data.count == 4:
      return "UINT32_AND (0x\(hexText(type))): 0x\(hexText(word(data)))"
    case 0xb000_8000 where data.count == 4:
      return "1_needed: " + Self.needed.text(word(data))
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

  /// A property that is a word of bits.
  private struct BitsProperty: Sendable {
    let label: String
    let bits: [String]
    /// What stands for no bits at all.
    let none: String

    func text(_ word: UInt32) -> String {
      guard word != 0 else { return none }
      return (0..<32).filter { word >> UInt32($0) & 1 == 1 }.map { bit in
        bit < bits.count ? bits[bit] : "<unknown: \(hexText(UInt32(1) << UInt32(bit)))>"
      }.joined(separator: ", ")
    }
  }

  private static let needed = BitsProperty(
    label: "1_needed", bits: ["indirect external access"], none: "")

  private static func property(_ type: UInt32, _ machine: Machine) -> BitsProperty? {
    switch machine {
    case .amd64, .l1OM, .k1OM: amd64[type]
    case .aarch64: aarch64[type]
    default: nil
    }
  }

  private static let aarch64: [UInt32: BitsProperty] = [
    0xc000_0000: BitsProperty(label: "AArch64 feature", bits: ["BTI", "PAC"], none: "")
  ]

  private static let amd64: [UInt32: BitsProperty] = [
    0xc000_0000: BitsProperty(label: "x86 ISA used", bits: oldISA, none: ""),
    0xc000_0001: BitsProperty(label: "x86 ISA needed", bits: oldISA, none: ""),
    0xc000_0002: BitsProperty(
      label: "x86 feature", bits: ["IBT", "SHSTK", "LAM_U48", "LAM_U57"], none: "<None>"),
    0xc000_8000: BitsProperty(label: "x86 ISA needed", bits: isa, none: "<None>"),
    0xc000_8001: BitsProperty(label: "x86 feature needed", bits: features, none: "<None>"),
    0xc000_8002: BitsProperty(label: "x86 ISA needed", bits: levels, none: ""),
    0xc001_0000: BitsProperty(label: "x86 ISA used", bits: isa, none: "<None>"),
    0xc001_0001: BitsProperty(label: "x86 feature used", bits: features, none: "<None>"),
    0xc001_0002: BitsProperty(label: "x86 ISA used", bits: levels, none: ""),
  ]

  private static let oldISA = [
    "i486", "586", "686", "SSE", "SSE2", "SSE3", "SSSE3", "SSE4_1", "SSE4_2", "AVX", "AVX2",
    "AVX512F", "AVX512CD", "AVX512ER", "AVX512PF", "AVX512VL", "AVX512DQ", "AVX512BW",
  ]

  private static let isa = [
    "CMOV", "SSE", "SSE2", "SSE3", "SSSE3", "SSE4_1", "SSE4_2", "AVX", "AVX2", "FMA", "AVX512F",
    "AVX512CD", "AVX512ER", "AVX512PF", "AVX512VL", "AVX512DQ", "AVX512BW", "AVX512_4FMAPS",
    "AVX512_4VNNIW", "AVX512_BITALG", "AVX512_IFMA", "AVX512_VBMI", "AVX512_VBMI2",
    "AVX512_VNNI", "AVX512_BF16",
  ]

  private static let features = [
    "x86", "x87", "MMX", "XMM", "YMM", "ZMM", "FXSR", "XSAVE", "XSAVEOPT", "XSAVEC", "TMM",
    "MASK",
  ]

  private static let levels = ["x86-64-baseline", "x86-64-v2", "x86-64-v3", "x86-64-v4"]
}
