// Rules about the file as such: one for each check of the loader
// (Loader/Checks/ELFValidity.swift), and for what it takes without a look.

extension Rule {
  /// A check that has a rule with more to say elsewhere.
  private static let explainedElsewhere = "this-module-size"

  static let fileRules: [Rule] = {
    var rules: [Rule] = []
    for check in ELFValidity.checks
    where check.id != explainedElsewhere && !rules.contains(where: { $0.id == check.id }) {
      rules.append(rule(check))
    }
    return rules + [symbolTable]
  }()

  private static let symbolTable = Rule(
    problem: "elf-symbol-table", .error, "the symbol table is empty or cannot be read",
    reason: "The loader reads it without a look: it reads what is behind it.",
    remedy: "Build the module again; strip only with 'strip --strip-debug'."
  )

  private static func rule(_ check: ELFValidityCheck) -> Rule {
    // A check may have several forms; it concerns the kernels that have the first.
    let forms = ELFValidity.checks.filter { $0.id == check.id }
    let since = forms.contains { $0.since == nil } ? nil : forms.compactMap { $0.since }.first
    return Rule(
      problem: check.id, .error, since: since, check.summary,
      reason: "The loader looks for this before anything else and refuses the file (ENOEXEC).",
      remedy: "Build the module again; strip only with 'strip --strip-debug'."
    )
  }
}
