// Imports and exports as tables, and as JSON.

import ELFKit

struct SymbolsReport {
  /// `nil` when they are not asked for.
  var imports: [ModuleImport]?
  /// The version of `module_layout` that it was built against.
  var layoutVersion: UInt32?
  /// The namespaces that the module imports.
  var namespaces: [ByteSlice]?
  /// The modules that it says to need, with commas between; `nil` when it does not say.
  var depends: ByteSlice?
  /// How imports are sorted for people.
  var order = ImportOrder.name
  var exports: [ModuleExport]?
  /// Who offers what is needed, as far as it is known; `nil` when no offer is.
  let providers: SymbolProviders?
  /// The symbols that the kernel's vendor keeps stable; `nil` when no list is known.
  let stable: SymbolList?
  /// The kernel's version of `module_layout`; `nil` when it is not known.
  private let kernels: UInt32?

  init(_ kernel: TargetKernel?, namespaces: [ByteSlice]? = nil) {
    self.namespaces = namespaces
    providers = kernel.flatMap { $0.symbols.count > 0 ? $0.symbols : nil }
    stable = kernel?.stableSymbols
    kernels = kernel?.version(of: SymbolVersion.layoutSymbol).flatMap { $0 == 0 ? nil : $0 }
  }

  func write(to out: inout TextBuffer, _ style: Style) {
    if let imports { write(imports, to: &out, style) }
    if let exports { write(exports, to: &out, style) }
  }

  private func write(_ imports: [ModuleImport], to out: inout TextBuffer, _ style: Style) {
    out.toned(.heading, style, "needs \(Quantity.count(imports.count, "symbol"))")
    out.newline()
    if order == .provider {
      writeByProvider(imports, to: &out, style)
    } else {
      writeByName(imports, to: &out, style)
    }
    if let layoutVersion { layout(layoutVersion, to: &out, style) }
    if let stable {
      let count = imports.count { !stable.contains($0.name) }
      out.append("  \(count) of \(imports.count) not in the list of stable symbols\n")
    }
    for namespace in namespaces ?? [] {
      out.append("  imports namespace ")
      out.escaped(namespace)
      out.newline()
    }
  }

  private func writeByName(
    _ imports: [ModuleImport], to out: inout TextBuffer, _ style: Style
  ) {
    var table = Table(indentation: 2)
    for symbol in imports.sorted(by: { $0.name < $1.name }) {
      var cells = [Self.crc(symbol.crc), Cell(escaping: symbol.name)]
      if let providers { cells.append(Self.provider(symbol, providers)) }
      cells.append(remarks(symbol))
      table.row(cells)
    }
    table.write(to: &out, style)
  }

  /// `module_layout` is not among the symbols: nothing uses it, and the kernel compares it first.
  private func layout(_ crc: UInt32, to out: inout TextBuffer, _ style: Style) {
    out.append("  built against module_layout 0x")
    out.hex(UInt64(crc), width: 8)
    if let kernels, kernels != crc {
      out.toned(.bad, style) { out in
        out.append(", the kernel has 0x")
        out.hex(UInt64(kernels), width: 8)
      }
    }
    out.newline()
  }

  /// Who offers an import.
  static func provider(_ symbol: ModuleImport, _ providers: SymbolProviders) -> Cell {
    if let provider = providers[symbol.name]?.provider { return Cell(escaping: provider) }
    guard providers.isComplete else { return Cell("not in these modules", .faint) }
    return Cell("nobody", symbol.isWeak ? .faint : .bad)
  }

  /// What matters about an import besides who offers it.
  func remarks(_ symbol: ModuleImport) -> Cell {
    var text = TextBuffer()
    var isBad = false
    if symbol.isWeak { text.append("weak: may be missing") }
    if let stable, !stable.contains(symbol.name) {
      text.append(text.pending.isEmpty ? "not stable" : ", not stable")
      isBad = true
    }
    if let offered = providers?[symbol.name] {
      if offered.isGPLOnly { text.append(text.pending.isEmpty ? "GPL only" : ", GPL only") }
      if !offered.namespace.isEmpty {
        text.append(text.pending.isEmpty ? "namespace " : ", namespace ")
        text.escaped(offered.namespace)
        if let namespaces, !namespaces.contains(offered.namespace) {
          text.append(" (not imported)")
          isBad = true
        }
      }
      if let crc = symbol.crc, offered.crc != 0, offered.crc != crc {
        text.append(text.pending.isEmpty ? "offered as 0x" : ", offered as 0x")
        text.hex(UInt64(offered.crc), width: 8)
        isBad = true
      }
    }
    Self.addReadable(symbol.name, to: &text)
    return Cell(text, isBad ? .bad : .faint)
  }

  /// What Rust's source calls the symbol, where it is one of Rust's.
  private static func addReadable(_ name: ByteSlice, to text: inout TextBuffer) {
    guard let readable = RustName.readable(name) else { return }
    if !text.pending.isEmpty { text.append(", ") }
    text.escaped(readable)
  }

  private func write(_ exports: [ModuleExport], to out: inout TextBuffer, _ style: Style) {
    out.toned(.heading, style, "offers \(Quantity.count(exports.count, "symbol"))")
    out.newline()
    var table = Table(indentation: 2)
    for symbol in exports {
      table.row([Self.crc(symbol.crc), Cell(escaping: symbol.name), Self.terms(symbol)])
    }
    table.write(to: &out, style)
  }

  /// To whom an export is offered, and what Rust's source calls it.
  static func terms(_ symbol: ModuleExport) -> Cell {
    var terms = TextBuffer()
    if symbol.isGPLOnly { terms.append("GPL only") }
    if let name = symbol.namespace {
      terms.append(terms.pending.isEmpty ? "namespace " : ", namespace ")
      terms.escaped(name)
    }
    addReadable(symbol.name, to: &terms)
    return Cell(terms)
  }

  /// A version of a symbol.
  static func crc(_ value: UInt32?) -> Cell {
    guard let value else { return Cell("no CRC", .faint) }
    var text = TextBuffer()
    text.append("0x")
    text.hex(UInt64(value), width: 8)
    return Cell(text, .faint)
  }
}

/// `symbols --json`: the keys are documented in Docs/json.md.
extension SymbolsReport {
  func writeJSON(_ path: [UInt8], to out: inout TextBuffer) {
    var json = JSONWriter()
    json.object { json in
      json.key("schemaVersion")
      json.number(UInt64(1))
      json.key("path")
      json.bytes(path)
      if let imports {
        json.key("imports")
        json.array(imports) { json, symbol in
          let needed = ProvidedImport(
            symbol: symbol, isAnswered: providers != nil, offer: providers?[symbol.name],
            isStable: stable?.contains(symbol.name))
          Forms.providedImport.write(needed, &json)
        }
        json.key("layoutVersion")
        json.optional(layoutVersion) { $0.crc($1) }
        json.key("importedNamespaces")
        json.array(namespaces ?? []) { $0.bytes($1) }
      }
      if let exports {
        json.key("exports")
        Forms.export.list.write(exports, &json)
      }
    }
    out.append(json.out)
    out.newline()
  }
}
