// What `show --sensitive` tells of a module besides: what it could do to a system, and where that shows.

import ELFKit

struct EvidenceReport {
  let evidence: [Evidence]

  func write(to out: inout TextBuffer, _ style: Style) {
    out.newline()
    out.spaces(2)
    out.toned(.heading, style, "what it could do (evidence, no verdict)")
    out.newline()
    guard !evidence.isEmpty else {
      out.append(
        "  nothing of what is looked for: lookups of symbols, hooks, rights, hiding, programs\n")
      return
    }
    var table = Table(indentation: 2)
    var last: Evidence.Kind?
    for item in evidence {
      var text = TextBuffer()
      text.escaped(item.text.bytes)
      if let section = item.section {
        text.append(", at ")
        text.escaped(section)
        if let offset = item.offset {
          text.append("+0x")
          text.hex(offset)
        }
      }
      table.row([Cell(item.kind == last ? "" : item.kind.rawValue, .faint), Cell(text)])
      last = item.kind
    }
    table.write(to: &out, style)
  }
}
