// Rules about the symbols a module offers.

extension Rule {
  static let exportRules = [
    Rule(
      "duplicate-export", .error, "a symbol is exported twice",
      reason: "'exports duplicate symbol … (owned by …)': ENOEXEC.",
      remedy: "Rename it, or export it in one place."
    ) { facts in
      var seen: Set<ByteSlice> = []
      var found = facts.problems("duplicate-export", .error)
      found += facts.exports.filter { !seen.insert($0.name).inserted }.map {
        Observation("'\($0.name)' is exported twice by this module", subject: $0.name)
      }
      guard let providers = facts.providers, let own = facts.thisModule?.name else {
        return found
      }
      let known = Set(found.compactMap { $0.subject })
      found += facts.exports.compactMap { export in
        // The list may call the module as its file is called, whatever name is in the file.
        guard let other = providers[export.name]?.provider, !other.equals("vmlinux"),
          !known.contains(export.name),
          !isSame(other, own), !(facts.context.fileStem.map { isSame(other, $0) } ?? false)
        else { return nil }
        return Observation(
          "'\(export.name)' is exported by '\(other)' already", subject: export.name)
      }
      return found
    },
    Rule(
      "export-table-incomplete", .error, "a table that belongs to the exports is missing or short",
      reason: """
        Since \(KernelChange.exportFlags) exports need __kflagstab ('no flags for exported symbols': ENOEXEC); with \
        CONFIG_MODVERSIONS each table needs its CRCs ('no versions for exported symbols').
        """,
      remedy: "Link it with modpost."
    ) { facts in
      // A kernel that is given decides itself.
      facts.context.target?.hasModversions == nil
        ? incomplete(facts) : facts.problems("export-table-incomplete", .error)
    },
    Rule(
      "ksymtab-unsorted", .error, "exports are not in the order of their names",
      reason: "The kernel searches by halves: users of some of them will not find them.",
      remedy: "Link with module.lds, which sorts them."
    ) { facts in
      var found: [Observation] = []
      var last: ModuleExport?
      for export in facts.exports {
        if let last, last.table == export.table, export.name < last.name, found.count < 4 {
          found.append(
            Observation(
              "'\(export.name)' stands after '\(last.name)' in \(export.table)",
              subject: export.name, section: ByteSlice(Array(export.table.utf8))))
        }
        last = export
      }
      return found
    },
    Rule(
      "obsolete-gpl-ksymtab", .warning, since: .exportFlags,
      "GPL-only exports are in a section that is not read any more",
      reason:
        "'ignoring obsolete section __ksymtab_gpl': since \(KernelChange.exportFlags) its symbols are not exported.",
      remedy: "Build against the newer kernel."
    ) { facts in
      facts.sections.all(named: "__ksymtab_gpl").filter { $0.isAllocated }.map {
        Observation(
          "__ksymtab_gpl is ignored since \(KernelChange.exportFlags): its exports vanish", $0)
      }
    },
  ]

  private static func incomplete(_ facts: ModuleFacts) -> [Observation] {
    let hasVersions = facts.info.first("vermagic")?.contains(" modversions ") == true
    var found: [Observation] = []
    for (table, crcs) in [("__ksymtab", "__kcrctab"), ("__ksymtab_gpl", "__kcrctab_gpl")] {
      guard let section = facts.sections.firstAllocated(named: table), section.header.size > 0
      else { continue }
      // Those that have a name: a table may be padded. Where its layout is not known there are none.
      let count = UInt64(facts.exports.count { $0.table == table })
      if count == 0 { continue }
      let versions = facts.sections.firstAllocated(named: crcs)
      if hasVersions, versions == nil {
        found.append(
          Observation("\(table) has no \(crcs): no versions for exported symbols", section))
      } else if let versions, versions.header.size / 4 < count {
        found.append(
          Observation(
            "\(crcs) has \(versions.header.size / 4) entries for \(count) exports", versions)
        )
      }
      if table == "__ksymtab", facts.allHave(.exportFlags) {
        let flags = facts.sections.firstAllocated(named: "__kflagstab")
        if (flags?.header.size ?? 0) < count {
          found.append(
            Observation(
              "\(table) has no __kflagstab of its length: no flags for exported symbols", section))
        }
      }
    }
    return found
  }

  /// Whether `provider`, a path with or without `.ko`, is the module called `name`.
  private static func isSame(_ provider: ByteSlice, _ name: ByteSlice) -> Bool {
    ModuleName.ofFile(at: provider) == ModuleName.folded(name)
  }
}
