// Imports and exports as tables.

import ELFKit

struct SymbolsReport {
  /// `nil` when they are not asked for.
  let imports: [ModuleImport]?
  let exports: [ModuleExport]?

  func write(to out: inout TextBuffer, _ style: Style) {
    if let imports { write(imports, to: &out, style) }
    if let exports { write(exports, to: &out, style) }
  }

  private func write(_ imports: [ModuleImport], to out: inout TextBuffer, _ style: Style) {
    out.toned(.heading, style, "needs \(Self.count(imports.count, "symbol"))")
    out.newline()
    var table = Table(indentation: 2)
    for symbol in imports {
      table.row([
        Self.crc(symbol.crc), Cell(escaping: symbol.name),
        Cell(symbol.isWeak ? "weak: may be missing" : "", .faint),
      ])
    }
    table.write(to: &out, style)
  }

  private func write(_ exports: [ModuleExport], to out: inout TextBuffer, _ style: Style) {
    out.toned(.heading, style, "offers \(Self.count(exports.count, "symbol"))")
    out.newline()
    var table = Table(indentation: 2)
    for symbol in exports {
      var namespace = TextBuffer()
      if let name = symbol.namespace {
        namespace.append("namespace ")
        namespace.escaped(name)
      }
      table.row([
        Self.crc(symbol.crc), Cell(escaping: symbol.name), Cell(symbol.isGPLOnly ? "GPL only" : ""),
        Cell(namespace),
      ])
    }
    table.write(to: &out, style)
  }

  private static func crc(_ value: UInt32?) -> Cell {
    guard let value else { return Cell("no CRC", .faint) }
    var text = TextBuffer()
    text.append("0x")
    text.hex(UInt64(value), width: 8)
    return Cell(text, .faint)
  }

  /// `no symbols`, `1 symbol`, `2 symbols`.
  static func count(_ number: Int, _ noun: String) -> String {
    number == 0 ? "no \(noun)s" : number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
  }
}
