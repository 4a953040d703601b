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
      sections.firstAllocated(named: name).flatMap { module.exportCount(of: $0) } ?? 0 > 0
    }
    let isFlagged = has(.exportFlags)
    if isFlagged, sections.firstAllocated(named: "__kflagstab") == nil, isUsed("__ksymtab") {
      try meet(
        LoadProblem(
          "export-table-incomplete", .refuses(.notExecutable),
          "__ksymtab has no __kflagstab of its length: no flags for exported symbols",
          lines: ["\(name): no flags for exported symbols"],
          advice: "link the module with this kernel's modpost and module.lds", subject: "__ksymtab",
          section: "__ksymtab", offset: sections.firstAllocated(named: "__ksymtab")?.header.offset))
    }
    if hasModversions == true {
      var tables = ["", "_gpl"]
      if isFlagged { tables = [""] }
      if has(.futureExports) { tables.append("_gpl_future") }
      for table in tables
      where sections.firstAllocated(named: "__kcrctab\(table)") == nil
        && isUsed("__ksymtab\(table)")
      {
        let table = ByteText("__ksymtab\(table)")
        try forceLoad(
          "no versions for exported symbols",
          LoadProblem(
            "export-table-incomplete", .refuses(.notExecutable),
            "\(table) has no CRCs: no versions for exported symbols",
            section: ByteSlice(table.bytes)))
        break
      }
    }
    do throws(ELFError) {
      let all = if let parts { parts.exports } else { try module.exports() }
      exports = all.filter { !isFlagged || $0.table == "__ksymtab" }
    } catch {
      leaveOpen("what the module exports cannot be read: \(error.description)")
    }
    if exports.isEmpty { idle() }
  }

  mutating func checkNamespaces() throws(LoadFailure) {
    let namespaces = info.all("import_ns").filter { $0.starts(with: "module:") }
    if namespaces.isEmpty { return idle() }
    for namespace in namespaces {
      try meet(
        LoadProblem(
          "namespace-module-import", .refuses(.notPermitted),
          "imports '\(namespace)': EPERM since \(KernelChange.moduleNamespaces)",
          lines: ["\(name): module tries to import module namespace: \(namespace)"],
          advice:
            "drop MODULE_IMPORT_NS(\"\(namespace)\"): the kernel knows modules by their names",
          subject: namespace, section: ".modinfo", offset: namespace.fileOffset))
    }
  }

  mutating func checkDuplicateExports() throws(LoadFailure) {
    if exports.isEmpty { return idle() }
    if !isSigned, has(.protectedSymbols), option(.moduleSignatureProtect) != false {
      leaveOpen(
        "which exports the kernel protects (MODULE_SIG_PROTECT): a module without its signature that has one is refused (EACCES)"
      )
    }
    for export in exports {
      let owner: ByteSlice
      if let kernel = target.symbols[export.name], kernel.provider.equals("vmlinux") {
        owner = "kernel"
      } else if let other = loadedProvider(of: export.name) {
        owner = other.module.name
      } else {
        continue
      }
      try meet(
        LoadProblem(
          "duplicate-export", .refuses(.notExecutable),
          "'\(export.name)' is exported by '\(owner)' already",
          lines: ["\(name): exports duplicate symbol \(export.name) (owned by \(owner))"],
          advice: "'\(export.name)' is exported by \(owner) already: rename it",
          subject: export.name))
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
  var moduleName: ByteSlice { ModuleName.ofFile(at: provider) }
}
