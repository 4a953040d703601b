// One screen about a module, for a person: what it is first, then what would happen, then details.

import ELFKit

struct SummaryReport {
  let summary: ModuleSummary
  let facts: ModuleDescription
  /// What a kernel would answer; `nil` when none is known.
  private let answer: PreflightReport?

  init(_ summary: ModuleSummary, _ answer: PreflightReport? = nil) {
    self.summary = summary
    self.answer = answer
    facts = summary.facts
  }

  func write(to out: inout TextBuffer, _ style: Style) {
    title(&out, style)
    findings(&out, style)
    table().write(to: &out, style)
    parameters(&out, style)
  }

  /// What is known, a row each: what it is about, where that begins, and the fact.
  func table() -> Table {
    var table = Table(indentation: 2)
    license(&table)
    taints(&table)
    built(&table)
    kernel(&table)
    entry("init", facts.thisModule?.initFunction, &table)
    entry("exit", facts.thisModule?.exitFunction, &table)
    signature(&table)
    patches(&table)
    relations(&table)
    claims(&table)
    contents(&table)
    identity(&table)
    return table
  }

  /// `hello 1.0: A friendly module` and the file it is in.
  private func title(_ out: inout TextBuffer, _ style: Style) {
    var title = Paragraph()
    title.add(.heading) { text in
      if let name = facts.name { text.escaped(name) } else { text.append("(no name)") }
      if let version = facts.info.first("version") {
        text.append(" ")
        text.escaped(version)
      }
    }
    if let description = facts.info.first("description") {
      title.add { text in
        text.append(": ")
        text.escaped(description)
      }
    }
    title.write(to: &out, style)
    var file = Paragraph()
    file.add(.faint) { text in
      text.escaped(summary.path)
      text.append(", \(Quantity.size(facts.size)), for \(machine)")
    }
    file.write(to: &out, style, indentation: 2)
    answer?.writeAnswer(to: &out, style)
  }

  private func findings(_ out: inout TextBuffer, _ style: Style) {
    FindingsReport.write(summary.findings, to: &out, style, indentation: 2)
  }

  private func license(_ table: inout Table) {
    let licenses = facts.info.all("license")
    guard let first = licenses.first else {
      return table.row([Cell("license", .faint), Cell("none declared", .bad)])
    }
    var text = TextBuffer()
    text.escaped(first)
    let isAccepted = License.isGPLCompatible(first)
    text.append(isAccepted ? " (accepted as GPL-compatible)" : " (not GPL-compatible)")
    let others = Set(licenses.dropFirst()).subtracting([first])
    for other in others.sorted() {
      text.append("; also declared: ")
      text.escaped(other)
    }
    table.row([Cell("license", .faint), Cell(text, isAccepted ? .good : .bad)])
  }

  private func taints(_ table: inout Table) {
    guard let taints = facts.taints else {
      return table.row([Cell("taints", .faint), Cell("not known: see the errors", .bad)])
    }
    guard !taints.isEmpty else {
      return table.row([Cell("taints", .faint), Cell("nothing that the file decides", .good)])
    }
    let letters = String(taints.map { $0.taint.letter })
    table.row([Cell("taints", .faint), Cell(letters, .warning)])
    for taint in taints {
      var text = TextBuffer()
      text.append("\(taint.taint.letter)  \(taint.reason)")
      if let subject = taint.subject {
        text.append(": '")
        text.escaped(subject)
        text.append("'")
      }
      table.row([Cell(), Cell(text)])
    }
  }

  private func built(_ table: inout Table) {
    if let vermagic = facts.info.first("vermagic") {
      // Its last blank means something to the kernel and nothing to a person.
      let end = vermagic.count - (vermagic.last == UInt8(ascii: " ") ? 1 : 0)
      table.row([Cell("built for", .faint), Cell(escaping: vermagic[within: 0..<end])])
    } else {
      table.row([
        Cell("built for", .faint), Cell("no vermagic: loading it means forcing it", .bad),
      ])
    }
  }

  /// Which kernel's `struct module` this is, where that agrees with what vermagic says.
  private func kernel(_ table: inout Table) {
    guard let thisModule = facts.thisModule else { return }
    var text = TextBuffer()
    text.append("struct module of \(thisModule.size) bytes")
    let names = thisModule.knownLayouts(facts.header.machine).compactMap { layout in
      facts.info.release.flatMap(layout.name)
    }
    if let name = names.first { text.append(", as in \(name)") }
    if let crc = facts.layoutVersion {
      text.append("; module_layout 0x")
      text.hex(UInt64(crc), width: 8)
    }
    table.row([Cell("", .faint), Cell(text)])
  }

  private func entry(_ label: String, _ entry: ThisModule.EntryPoint?, _ table: inout Table) {
    guard facts.thisModule != nil else {
      if label == "init" {
        table.row([
          Cell(label, .faint), Cell("no \(ThisModule.sectionName): it cannot be loaded", .bad),
        ])
      }
      return
    }
    guard let entry else { return table.row([Cell(label, .faint), Cell(missing(label), .faint)]) }
    var text = TextBuffer()
    if entry.symbol.isEmpty { text.append("a function") } else { text.escaped(entry.symbol) }
    if let section = facts.section(of: entry)?.name {
      text.append(" at ")
      text.escaped(section)
      text.append("+0x")
      text.hex(entry.offset)
    }
    if entry.size > 0 { text.append(", \(Quantity.count(entry.size, "byte"))") }
    if label == "init", facts.section(of: entry)?.region == .initialization {
      text.append(", freed once it has run")
    }
    table.row([Cell(label, .faint), Cell(text)])
    pointer(to: entry, label, &table)
  }

  private func missing(_ label: String) -> String {
    let hasInit = facts.thisModule?.initFunction != nil
    if label == "init" {
      let isLibrary = facts.thisModule?.exitFunction == nil && !facts.exports.isEmpty
      return isLibrary
        ? "none: a library module, it only offers symbols" : "none: nothing runs when it is loaded"
    }
    return hasInit ? "none: it cannot be unloaded" : "none: it can be unloaded"
  }

  private func signature(_ table: inout Table) {
    if let signature = facts.signature { self.signature(signature, &table) }
    for (position, oddity) in facts.signatureOddities.enumerated() {
      var text = TextBuffer()
      text.escaped(oddity.description)
      let isLabelled = position == 0 && facts.signature == nil
      table.row([Cell(isLabelled ? "signature" : "", .faint), Cell(text, .warning)])
    }
  }

  private func signature(_ signature: SignatureDescription, _ table: inout Table) {
    var text = TextBuffer()
    if let signer = signature.signer {
      text.append("by ")
      if let name = signer.name, !name.isEmpty {
        text.escaped(name)
      } else {
        text.append("key ")
        text.hexPairs(signer.keyID)
      }
      text.append(" (\(signer.digestAlgorithm), \(signer.signatureAlgorithm); not verified)")
    } else {
      let type = signature.idType.name ?? "type \(signature.idType.rawValue)"
      text.append("\(type), \(Quantity.count(signature.byteCount, "byte")), not readable")
    }
    table.row([Cell("signature", .faint), Cell(text)])
  }

  private func relations(_ table: inout Table) {
    if let depends = facts.info.first("depends"), !depends.isEmpty {
      table.row([Cell("depends", .faint), Cell(escaping: depends)])
    }
    list("softdep", facts.info.all("softdep"), each: "entry", field: "softdep", &table)
    list("weakdep", facts.info.all("weakdep"), each: "entry", field: "weakdep", &table)
    list("firmware", facts.info.all("firmware"), each: "file", field: "firmware", &table)
    table.row([
      Cell("needs", .faint),
      Cell(
        Quantity.count(facts.imports.count, "symbol") + " of the kernel and other modules"),
    ])
    if !facts.exports.isEmpty {
      let count = facts.exports.count { $0.isGPLOnly }
      let terms =
        count == 0 ? "" : count == facts.exports.count ? ", GPL only" : ", \(count) GPL only"
      table.row([
        Cell("offers", .faint),
        Cell(Quantity.count(facts.exports.count, "symbol") + terms),
      ])
      for export in facts.exports.prefix(Self.shownObjects)
      where facts.exports.count <= Self.shownObjects {
        var text = TextBuffer()
        text.escaped(export.name)
        if export.isGPLOnly, count < facts.exports.count { text.append(" (GPL only)") }
        table.row([Cell(), Cell(text)])
      }
    }
  }

  private func claims(_ table: inout Table) {
    for namespace in facts.info.all("import_ns") {
      var text = TextBuffer()
      text.append("namespace ")
      text.escaped(namespace)
      table.row([Cell("imports", .faint), Cell(text)])
    }
    let aliases = facts.info.all("alias").map { ModuleAlias($0) }
    guard !aliases.isEmpty else { return }
    table.row([Cell("claims", .faint), Cell(AliasesReport.totals(aliases))])
    for alias in aliases.prefix(Self.shownAliases) where aliases.count <= Self.shownAliases {
      table.row([Cell(), Cell(AliasesReport.words(alias, facts.header.machine))])
    }
  }

  /// More aliases than this are a matter for `koinspect aliases`.
  static let shownAliases = 4

  private func contents(_ table: inout Table) {
    let memory = facts.sections.memory
    let kept: [SectionRegion] = [.code, .readOnlyData, .readOnlyAfterInit, .data]
    var parts = kept.compactMap { region -> String? in
      guard memory.pages(region) > 0 else { return nil }
      return "\(region.rawValue) \(Quantity.size(memory.pages(region)))"
    }
    if memory.symbolPages > 0 { parts.append("symbols \(Quantity.size(memory.symbolPages))") }
    if let perCPU = memory.sizes[.perCPU] { parts.append("\(Quantity.size(perCPU)) for each CPU") }
    let basis = memory.isMeasured ? "" : " (modelled)"
    var text = "\(Quantity.size(memory.resident)) stay\(basis): \(parts.joined(separator: ", "))"
    if memory.sizes[.initialization] != nil {
      text += "; \(Quantity.size(memory.pages(.initialization))) freed after init"
    }
    table.row([Cell("memory", .faint), Cell(text)])
    let contents = facts.sections.contents.map { Quantity.count($0.count, $0.noun) }
    if !contents.isEmpty {
      table.row([Cell("contains", .faint), Cell(contents.joined(separator: ", "))])
    }
    guard let toolchain = facts.toolchain else { return }
    if toolchain.debugInfoSize > 0 {
      table.row([
        Cell("debug info", .faint),
        Cell(
          "\(Quantity.size(toolchain.debugInfoSize)), never loaded: strip --strip-debug drops it"
            + (facts.signature != nil ? ", and the signature with it: sign again afterwards" : "")),
      ])
    }
    types(&table)
    compiler(toolchain, &table)
  }

  private func identity(_ table: inout Table) {
    for author in facts.info.all("author") {
      table.row([Cell("author", .faint), Cell(escaping: author)])
    }
    if let version = facts.info.first("srcversion") {
      var text = TextBuffer()
      text.escaped(version)
      text.append(" (srcversion)")
      table.row([Cell("sources", .faint), Cell(text)])
    }
    if let buildID = facts.notes.buildID {
      var text = TextBuffer()
      for byte in buildID { text.hex(UInt64(byte), width: 2) }
      table.row([Cell("build id", .faint), Cell(text)])
    }
  }

  private func parameters(_ out: inout TextBuffer, _ style: Style) {
    guard !facts.parameters.isEmpty else { return }
    out.newline()
    out.spaces(2)
    out.toned(.heading, style, "parameters")
    out.newline()
    ParametersReport(parameters: facts.parameters).write(to: &out, style, indentation: 2)
  }

  /// What it was built for, in a word.
  var machine: String {
    let machine = facts.header.machine
    let name = machine.shortName ?? "machine \(machine.rawValue)"
    return facts.encoding.byteOrder == .big ? "\(name) (big-endian)" : name
  }
}
