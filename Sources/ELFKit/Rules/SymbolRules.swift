// Rules about the symbols a module needs: versions, namespaces, licences of others. Those that need
// a kernel's list of symbols say nothing without one.

extension Rule {
  static let symbolRules = [
    Rule(
      "missing-modversions", .warning, "the module has no versions of its symbols",
      reason: """
        Its vermagic says that the kernel has CONFIG_MODVERSIONS: that one loads it by force (taint \
        F), or not at all where CONFIG_MODULE_FORCE_LOAD is off.
        """,
      remedy: "Link it with modpost against the kernel's Module.symvers."
    ) { facts in
      let refused = facts.problems("missing-modversions", .warning)
      guard refused.isEmpty else { return refused }
      guard facts.versions.isEmpty, let magic = facts.info.first("vermagic"),
        magic.contains(" modversions ")
      else { return [] }
      return [
        Observation(
          "no symbol versions, and the kernel has CONFIG_MODVERSIONS: it loads only by force",
          info: magic)
      ]
    },
    Rule(
      problem: "crc-mismatch", .error, "a symbol has another version in the kernel",
      reason: "'disagrees about version of symbol …': EINVAL, and ENOEXEC for module_layout.",
      remedy: "Build against the kernel's own Module.symvers."
    ),
    Rule(
      "crc-missing", .error, "a symbol is needed and has no version",
      reason: """
        'no symbol version for …': Debian's kernels refuse it (EINVAL), and those before \
        \(KernelChange.missingVersionsPass); others warn.
        """,
      remedy: """
        Link with modpost and a Module.symvers that has CRCs for all symbols: of those that another \
        module offers, KBUILD_EXTRA_SYMBOLS names the Module.symvers that its build has written.
        """
    ) { facts in
      // A kernel that is given decides itself.
      if facts.providers != nil { return facts.problems("crc-missing", .error) }
      guard !facts.versions.isEmpty else { return [] }
      // Not all kernels refuse it.
      var own = TargetKernel()
      own.release = facts.info.release
      let refuses = own.refusesMissingVersions
      return facts.imports.filter {
        $0.crc == nil && !$0.isWeak && !SymbolList.isProvidedByLoader($0.name)
      }.map {
        Observation(
          "no version for symbol '\($0.name)'", subject: $0.name,
          severity: refuses ? .error : .warning)
      }
    },
    Rule(
      "stale-version-entry", .note, isDefault: false, "a version of a symbol that is not needed",
      reason: "It does no harm: nobody looks it up.",
      remedy: "Link again."
    ) { facts in
      guard !facts.versions.isEmpty else { return [] }
      let needed = Set(facts.imports.map { $0.name })
      return facts.versions.filter { version in
        !needed.contains(version.name) && !version.name.equals("module_layout")
      }.map {
        Observation("a version for '\($0.name)', which is not needed", subject: $0.name)
      }
    },
    Rule(
      problem: "unresolved-symbol", .error, "nothing exports a symbol that is needed",
      reason: "'Unknown symbol … (err -2)': ENOENT. Only with --symvers.",
      remedy: """
        Load, or enable in the kernel, what exports it; build with headers of the very kernel; or do without \
        it. For symbols that compilers and other kernels' headers bring in the finding says so.
        """
    ),
    Rule(
      "weak-unresolved", .note, isDefault: false, "nothing exports a weak symbol",
      reason: "Its address will be 0; the code has to ask before it uses it.",
      remedy: "Nothing, if that is meant."
    ) { facts in
      guard let providers = facts.providers, providers.isComplete else { return [] }
      return facts.imports.filter { $0.isWeak && providers[$0.name] == nil }.map {
        Observation("nothing exports the weak symbol '\($0.name)'", subject: $0.name)
      }
    },
    Rule(
      "outside-kabi-list", .warning,
      "a symbol is used that the kernel's vendor does not keep stable",
      reason: """
        The next release of the kernel may do without it, or have it with another version: the module \
        then fails to load. Only with --kabi-list.
        """,
      remedy: "Do without it, or build the module for each release."
    ) { facts in
      guard let list = facts.context.target?.stableSymbols else { return [] }
      return facts.imports.filter { !list.contains($0.name) }
        .map {
          Observation(
            "'\($0.name)' is not in the list of stable symbols", subject: $0.name)
        }
    },
    Rule(
      problem: "gpl-only-in-proprietary", .error, "a non-free module uses a GPL-only symbol",
      reason: """
        The symbol is hidden from it: 'Unknown symbol …' (ENOENT). So are GPL-only symbols from a module \
        that uses symbols of a non-free one.
        """,
      remedy: "Do without the symbol, or change the licence of which the finding speaks."
    ),
    Rule(
      "proprietary-dependency", .warning, "a symbol of a non-free module is used",
      reason: """
        The module inherits taint P, and fails to load when it uses GPL-only symbols as well. Only \
        with --modules.
        """,
      remedy: "Do not depend on non-free modules."
    ) { facts in
      guard let providers = facts.providers else { return [] }
      return facts.imports.compactMap { symbol in
        guard let provider = providers[symbol.name]?.provider,
          providers.isProprietary(provider)
        else { return nil }
        return Observation(
          "'\(symbol.name)' belongs to '\(provider)', which is non-free: taint P",
          subject: symbol.name)
      }
    },
    Rule(
      problem: "namespace-not-imported", .error, "a symbol's namespace is not imported",
      reason: """
        'module uses symbol … from namespace …, but does not import it.': EINVAL, or a warning with \
        CONFIG_MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS.
        """,
      remedy: "Add MODULE_IMPORT_NS(\"…\")."
    ),
    Rule(
      "namespace-unused-import", .note, isDefault: false, "a namespace is imported for nothing",
      reason: "It does no harm.",
      remedy: "Remove MODULE_IMPORT_NS."
    ) { facts in
      guard let providers = facts.providers, providers.isComplete else { return [] }
      let used = Set(facts.imports.compactMap { providers[$0.name]?.namespace })
      return facts.info.all("import_ns").filter { !used.contains($0) }.map {
        Observation("no symbol of namespace '\($0)' is used", info: $0)
      }
    },
    Rule(
      problem: "namespace-module-import", .error, since: .moduleNamespaces,
      "a namespace that is meant for named modules is imported",
      reason:
        "'module tries to import module namespace': EPERM since \(KernelChange.moduleNamespaces).",
      remedy: "Remove MODULE_IMPORT_NS: the names of modules are matched without it."
    ),
    Rule(
      problem: "namespace-not-allowed", .error, since: .moduleNamespaces,
      "a symbol is for other modules only",
      reason: "EXPORT_SYMBOL_FOR_MODULES names the modules that may use it: EINVAL for the others.",
      remedy: "Do without the symbol."
    ),
    Rule(
      "common-symbol", .error, "a symbol is in a common block",
      reason: "'please compile with -fno-common': ENOEXEC.",
      remedy: "Compile with -fno-common."
    ) { facts in
      Array(facts.problems("common-symbol", .error).prefix(8))
    },
    Rule(
      "bad-symbol-index", .error, "a symbol is in a section that is not there",
      reason:
        "'has an invalid section index' since \(KernelChange.symbolIndexCheck) (ENOEXEC); before, the loader read outside.",
      remedy: "The file is damaged or hostile: do not load it."
    ) { facts in
      Array(facts.problems("bad-symbol-index", .error).prefix(8))
    },
  ]
}
