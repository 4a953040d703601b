// readelf -d

import ELFKit

extension ReadelfFile {
  func writeDynamic(_ out: inout TextBuffer) {
    guard let program, let dynamic = program.dynamic else {
      out.append("\nThere is no dynamic section in this file.\n")
      return
    }
    let count = dynamic.entries.count
    out.append("\nDynamic section at offset 0x\(hexText(dynamic.entries.bytes.fileOffset))")
    out.append(" contains \(count) \(count == 1 ? "entry" : "entries"):\n")
    out.append("  Tag        Type                         Name/Value\n")
    for entry in dynamic.entries { writeEntry(entry, program, &out) }
  }

  private func writeEntry(
    _ entry: DynamicEntry, _ program: ProgramTables, _ out: inout TextBuffer
  ) {
    let row = entry.tag.row(on: machine, header.identification.osABI)
    let name = row?.name ?? text(of: entry.tag)
    out.append(" 0x")
    out.hex(entry.tag.rawValue, width: addressDigits)
    out.append(" (\(name))")
    let room = (is64Bit ? 19 : 27) - name.utf8.count
    out.spaces(Swift.max(abs(room), 1))
    writeValue(entry.value, row?.value ?? .address, program, &out)
    out.newline()
  }

  private func text(of tag: DynamicTag) -> String {
    let number = hexText(tag.rawValue)
    let systemTags = (machine.description?.format ?? .common).systemTags
    switch tag.rawValue {
    case 0x7000_0000...0x7fff_ffff: return "Processor Specific: \(number)"
    case systemTags: return "Operating System specific: \(number)"
    default: return "<unknown>: \(number)"
    }
  }

  private func writeValue(
    _ value: UInt64, _ kind: DynamicValue, _ program: ProgramTables, _ out: inout TextBuffer
  ) {
    switch kind {
    case .address: out.append("0x\(hexText(value))")
    case .size: out.append("\(value) (bytes)")
    case .count: out.append("\(value)")
    case .nothing: break
    case .string(let label, let otherwise):
      guard let text = string(at: value, program) else {
        out.append("\(otherwise)0x\(hexText(value))")
        return
      }
      out.append("\(label)[")
      out.untrusted(text, options)
      out.append("]")
      if label == "Shared library: ", let interpreter = program.interpreter, text == interpreter {
        out.append(" program interpreter")
      }
    case .text(let label):
      out.append(label)
      if let text = string(at: value, program) {
        out.untrusted(text, options)
      } else {
        out.append("<corrupt: \(hexText(value))>")
      }
    case .flags(let label, let names, let none, let unknown):
      out.append(label)
      out.append(Self.flagTexts(value, names, none: none, unknown: unknown).joined(separator: " "))
    case .tag:
      let tag = DynamicTag(rawValue: value)
      out.append(tag.row(on: machine, header.identification.osABI)?.name ?? text(of: tag))
    case .time(let label): out.append(label + Self.timeText(value))
    case .reservedWords:
      out.append("0x\(hexText(value)) -- 0x\(hexText(value &+ 24))")
    }
  }

  private func string(at offset: UInt64, _ program: ProgramTables) -> ByteSlice? {
    UInt32(exactly: offset).flatMap { program.strings?[$0] }
  }

  private static func flagTexts(
    _ value: UInt64, _ names: [String], none: String, unknown: DynamicValue.UnknownFlags
  ) -> [String] {
    guard value != 0 else { return [none] }
    var texts: [String] = []
    var rest: UInt64 = 0
    for bit in 0..<64 where value >> UInt64(bit) & 1 == 1 {
      if bit < names.count {
        texts.append(names[bit])
      } else if case .word(let word) = unknown {
        texts.append(word)
      } else {
        rest |= 1 << UInt64(bit)
      }
    }
    if case .number = unknown, rest != 0 { texts.append(hexText(rest)) }
    return texts
  }

  /// `2026-11-26T18:35:00`, of seconds since 1970 in universal time.
  private static func timeText(_ seconds: UInt64) -> String {
    let second = seconds % 86400
    let two = { (number: UInt64) in number < 10 ? "0\(number)" : "\(number)" }
    return day(Int(seconds / 86400)) + "T"
      + [second / 3600, second / 60 % 60, second % 60].map(two).joined(separator: ":")
  }
}
