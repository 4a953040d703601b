// Taints in every form: number, letters, the kernel's lines, and what each means.

import ELFKit

struct TaintReport {
  let mask: TaintMask
  /// The modules that caused them, as an oops lists them.
  let modules: [TaintingModule]
  /// Flags that no taint known here has.
  var unknownFlags: [String] = []

  func write(to out: inout TextBuffer, _ style: Style) {
    guard mask.rawValue != 0 || !unknownFlags.isEmpty else { return out.append("0: not tainted\n") }
    out.toned(.heading, style) { out in
      out.append("\(mask.rawValue) (0x")
      out.hex(mask.rawValue)
      out.append("): \(mask.letters.isEmpty ? "no letters" : mask.letters)")
    }
    out.newline()
    var table = Table(indentation: 2)
    for taint in mask.taints {
      table.row([
        Cell(String(taint.letter), .warning), Cell(String(UInt64(1) << UInt64(taint.bit))),
        Cell(taint.name), Cell(taint.meaning),
      ])
    }
    for bit in mask.unknownBits {
      table.row([
        Cell("?", .warning), Cell(String(UInt64(1) << UInt64(bit))), Cell("bit \(bit)"),
        Cell("unknown here"),
      ])
    }
    for flag in unknownFlags {
      var text = TextBuffer()
      text.escaped(flag)
      table.row([Cell("?", .warning), Cell(""), Cell(text.text), Cell("unknown here")])
    }
    table.write(to: &out, style)
    out.append("  an oops of Linux 6.1 says    Tainted: \(mask.fixedText(width: 19))\n")
    out.append(
      "  and that of \(KernelChange.verboseTaints) adds         Tainted: \(mask.verboseText)\n")
    for module in modules {
      out.append("  caused by ")
      out.escaped(module.name)
      out.append(" (\(module.taints.letters))\n")
    }
  }

  func writeJSON(to out: inout TextBuffer) {
    var json = JSONWriter()
    json.object { json in
      json.key("schemaVersion")
      json.number(UInt64(1))
      json.key("mask")
      json.number(mask.rawValue)
      json.key("letters")
      json.string(mask.letters)
      json.key("taints")
      json.array(mask.taints) { json, taint in
        json.object { json in
          json.key("bit")
          json.number(UInt64(taint.bit))
          json.key("letter")
          json.string(String(taint.letter))
          json.key("name")
          json.string(taint.name)
          json.key("meaning")
          json.string(taint.meaning)
          json.key("byModule")
          json.bool(taint.isByModule)
        }
      }
      json.key("unknownBits")
      json.array(mask.unknownBits) { $0.number(UInt64($1)) }
      if !unknownFlags.isEmpty {
        json.key("unknownFlags")
        json.array(unknownFlags) { $0.string($1) }
      }
      json.key("modules")
      json.array(modules) { json, module in
        json.object { json in
          json.field("name", module.name)
          json.key("letters")
          json.string(module.taints.letters)
        }
      }
    }
    out.append(json.out)
    out.newline()
  }
}
