// Rows of a module's screen that few modules have, or that say one thing more.

import ELFKit

extension SummaryReport {
  /// What a live patch changes.
  func patches(_ table: inout Table) {
    for (position, object) in facts.patchedObjects.prefix(Self.shownObjects).enumerated() {
      var text = TextBuffer()
      if let name = object.name { text.escaped(name) } else { text.append("vmlinux") }
      text.append(": ")
      for (index, function) in object.functions.prefix(Self.shownObjects).enumerated() {
        if index > 0 { text.append(", ") }
        text.escaped(function.old)
        if function.position > 0 { text.append(" (\(function.position) of its name)") }
      }
      let more = object.functions.count - Self.shownObjects
      if more > 0 { text.append(" and \(more) more") }
      table.row([Cell(position == 0 ? "patches" : "", .faint), Cell(text)])
      if let name = object.name, Self.isFileName(name) {
        table.row([
          Cell(),
          Cell("this is a file's name: no module is called so, and nothing changes", .warning),
        ])
      }
    }
    let more = facts.patchedObjects.count - Self.shownObjects
    if more > 0 { table.row([Cell(), Cell("and \(Quantity.count(more, "other object"))")]) }
  }

  /// More objects, or functions of one, than this are a matter for `--json`.
  static let shownObjects = 8

  /// klp waits for a module of exactly this name (kernel/livepatch/core.c, `klp_find_object_module`).
  private static func isFileName(_ name: ByteSlice) -> Bool {
    name.count > 3 && name.suffix(from: name.count - 3).equals(".ko")
  }

  /// A row for each, or, of many, the first few and how many there are.
  func list(
    _ label: String, _ texts: [ByteSlice], each noun: String, field: String, _ table: inout Table
  ) {
    for (position, text) in texts.prefix(Self.shownAliases).enumerated() {
      table.row([Cell(position == 0 ? label : "", .faint), Cell(escaping: text)])
    }
    let more = texts.count - Self.shownAliases
    guard more > 0 else { return }
    table.row([
      Cell(), Cell("and \(Quantity.count(more, noun)) more: koinspect modinfo -F \(field)", .faint),
    ])
  }

  func types(_ table: inout Table) {
    guard let types = facts.types else { return }
    let base =
      types.hasBase
      ? "with what they build on (.BTF.base)" : "on top of its own kernel's"
    let size = Quantity.size(types.size)
    table.row([Cell("types", .faint), Cell("\(size) of BTF, \(base)")])
    if let problem = types.problem {
      table.row([Cell(), Cell("they are damaged: \(problem)", .bad)])
    }
  }

  /// How the kernel gets there: `module_init(hello_init)` makes `init_module` another name of the function,
  /// and the field of struct module points to it.
  func pointer(
    to entry: ThisModule.EntryPoint, _ label: String, _ table: inout Table
  ) {
    var text = TextBuffer()
    if entry.alias != entry.symbol, !entry.alias.isEmpty {
      text.append("alias ")
      text.escaped(entry.alias)
      text.append(", ")
    }
    text.append("from struct module's \(label) at 0x")
    text.hex(entry.fieldOffset)
    table.row([Cell(), Cell(text, .faint)])
  }

  func compiler(_ toolchain: Toolchain, _ table: inout Table) {
    var text = TextBuffer()
    if toolchain.isRust { text.append("Rust module") }
    for compiler in toolchain.compilers {
      if !text.pending.isEmpty { text.append(", ") }
      text.escaped(compiler)
    }
    if facts.notes.isLTO == true { text.append(", link-time optimisation") }
    if !facts.notes.protections.isEmpty {
      let protections = facts.notes.protections.joined(separator: " and ")
      text.append("\(text.pending.isEmpty ? "" : ", ")with \(protections)")
    }
    guard !text.pending.isEmpty else { return }
    table.row([Cell("compiler", .faint), Cell(text)])
  }
}
