// Taints in every form: number, letters, the kernel's lines, and what each means.

import ELFKit

struct TaintReport {
  let mask: TaintMask
  /// The modules that caused them, as an oops lists them.
  let modules: [TaintingModule]
  /// Flags that no taint known here has.
  var unknownFlags: [String] = []
  /// Whose kernel it is; `nil` for kernel.org's.
  var vendor: KernelVendor?

  /// The taints that are set: those of everybody, and those of the vendor in place of them.
  private var rows: [(bit: Int, letter: Character?, name: String, meaning: String)] {
    let own = vendor.map(mask.taints(of:)) ?? []
    let common = mask.taints.filter { taint in !own.contains { $0.bit == taint.bit } }
    let all =
      common.map { (bit: $0.bit, letter: Optional($0.letter), name: $0.name, meaning: $0.meaning) }
      + own.map { (bit: $0.bit, letter: $0.letter, name: $0.name, meaning: $0.meaning) }
    return all.sorted { $0.bit < $1.bit }
  }

  private var letters: String { String(rows.compactMap { $0.letter }) }

  private var unknownBits: [Int] {
    let known = rows.map { $0.bit }
    return mask.unknownBits.filter { !known.contains($0) }
  }

  func write(to out: inout TextBuffer, _ style: Style) {
    guard mask.rawValue != 0 || !unknownFlags.isEmpty else { return out.append("0: not tainted\n") }
    out.toned(.heading, style) { out in
      out.append("\(mask.rawValue) (0x")
      out.hex(mask.rawValue)
      out.append("): \(letters.isEmpty ? "no letters" : letters)")
    }
    out.newline()
    var table = Table(indentation: 2)
    for taint in rows {
      table.row([
        Cell(taint.letter.map(String.init) ?? "?", .warning),
        Cell(String(UInt64(1) << UInt64(taint.bit))),
        Cell(taint.name), Cell(taint.meaning),
      ])
    }
    for bit in unknownBits {
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
    if let vendor {
      // Where its own letters stand in an oops was not read.
      if vendor.taints.isEmpty {
        out.append("  of taints of \(vendor.rawValue)'s own nothing is known here\n")
      }
    } else {
      out.append("  an oops of Linux 6.1 says    Tainted: \(mask.fixedText(width: 19))\n")
      out.append(
        "  and that of \(KernelChange.verboseTaints) adds         Tainted: \(mask.verboseText)\n")
    }
    for module in modules {
      out.append("  caused by ")
      out.escaped(module.name)
      out.append(" (\(Self(mask: module.taints, modules: [], vendor: vendor).letters))\n")
    }
  }

  func writeJSON(to out: inout TextBuffer) {
    var json = JSONWriter()
    json.object { json in
      json.key("schemaVersion")
      json.number(UInt64(1))
      json.key("mask")
      json.number(mask.rawValue)
      if let vendor {
        json.key("vendor")
        json.string(vendor.rawValue)
      }
      json.key("letters")
      json.string(letters)
      json.key("taints")
      json.array(rows) { json, taint in
        json.object { json in
          json.key("bit")
          json.number(UInt64(taint.bit))
          json.key("letter")
          json.optional(taint.letter) { $0.string(String($1)) }
          json.key("name")
          json.string(taint.name)
          json.key("meaning")
          json.string(taint.meaning)
          json.key("byModule")
          json.bool(Taint.all.contains { $0.bit == taint.bit && $0.isByModule })
        }
      }
      json.key("unknownBits")
      json.array(unknownBits) { $0.number(UInt64($1)) }
      if !unknownFlags.isEmpty {
        json.key("unknownFlags")
        json.array(unknownFlags) { $0.string($1) }
      }
      json.key("modules")
      json.array(modules) { json, module in
        json.object { json in
          json.field("name", module.name)
          json.key("letters")
          json.string(Self(mask: module.taints, modules: [], vendor: vendor).letters)
        }
      }
    }
    out.append(json.out)
    out.newline()
  }
}
