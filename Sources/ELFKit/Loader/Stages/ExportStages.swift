// What the module offers (kernel/module/main.c, `check_export_symbol_versions`,
// `verify_exported_symbols`), and the namespaces that it asks for (`setup_modinfo`).

extension LoadAttempt {
  mutating func checkExportVersions() throws(LoadFailure) {
    if !has(.lateTaints) {
      try taintByName(wasProprietary: state.taints.contains(.proprietaryModule))
    }
    guard let module else { return }
    let sections = module.image.sections
    func isUsed(_ name: String) -> Bool {
      (sections.firstAllocated(named: name)?.header.size ?? 0) >= module.exportEntrySize
    }
    let isFlagged = has(.exportFlags)
    if isFlagged, isUsed("__ksymtab"), sections.firstAllocated(named: "__kflagstab") == nil {
      say("\(name): no flags for exported symbols")
      advise("link the module with this kernel's modpost and module.lds")
      throw LoadFailure(.notExecutable)
    }
    if target.hasModversions == true {
      var tables = ["", "_gpl"]
      if isFlagged { tables = [""] }
      if has(.futureExports) { tables.append("_gpl_future") }
      for table in tables
      where isUsed("__ksymtab\(table)")
        && sections.firstAllocated(named: "__kcrctab\(table)") == nil
      {
        try forceLoad("no versions for exported symbols", .notExecutable)
        break
      }
    }
    do throws(ELFError) {
      exports = try module.exports().filter { !isFlagged || $0.table == "__ksymtab" }
    } catch {
      leaveOpen("what the module exports cannot be read: \(error.description)")
    }
    if exports.isEmpty { idle() }
  }

  mutating func checkNamespaces() throws(LoadFailure) {
    guard let namespace = info.all("import_ns").first(where: { $0.starts(with: "module:") }) else {
      return idle()
    }
    say("\(name): module tries to import module namespace: \(namespace)")
    advise("drop MODULE_IMPORT_NS(\"\(namespace)\"): the kernel knows modules by their names")
    throw LoadFailure(.notPermitted)
  }

  mutating func checkDuplicateExports() throws(LoadFailure) {
    if exports.isEmpty { return idle() }
    for export in exports {
      let owner: ByteSlice
      if let kernel = target.symbols[export.name], kernel.provider.equals("vmlinux") {
        owner = ByteSlice(Array("kernel".utf8))
      } else if let other = loadedProvider(of: export.name) {
        owner = other.module.name
      } else {
        continue
      }
      say("\(name): exports duplicate symbol \(export.name) (owned by \(owner))")
      advise("'\(export.name)' is exported by \(owner) already: rename it")
      throw LoadFailure(.notExecutable)
    }
  }

  /// The loaded module that offers `symbol`, and what it says about it.
  func loadedProvider(of symbol: ByteSlice) -> (module: LoadedModule, symbol: ExportedSymbol)? {
    let listed = target.symbols[symbol]
    let owner = listed?.moduleName
    for module in state.modules {
      if let exports = module.exports {
        if let found = exports[symbol] { return (module, found) }
      } else if let listed, owner == module.name {
        return (module, listed)
      }
    }
    return nil
  }
}

extension ExportedSymbol {
  /// The name of the module that offers it: the last part of the path, dashes as the kernel has
  /// them.
  var moduleName: ByteSlice {
    let start = provider.lastIndex(of: 0x2f).map { $0 + 1 } ?? 0
    var stem = provider.suffix(from: start)
    if let dot = stem.firstPosition(of: ".ko") { stem = stem[within: 0..<dot] }
    guard stem.firstIndex(of: 0x2d) != nil else { return stem }
    return ByteSlice(stem.bytes.map { $0 == 0x2d ? 0x5f : $0 }, fileOffset: stem.fileOffset)
  }
}
