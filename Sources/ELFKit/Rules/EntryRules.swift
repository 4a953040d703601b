// Rules about init and exit.

extension Rule {
  static let entryRules = [
    Rule(
      "missing-init", .note, "there is no init function",
      reason: "That is fine for a library of symbols; a module without exports then does nothing.",
      remedy: "Add module_init(…), or remove the module."
    ) { facts in
      guard let thisModule = facts.thisModule, thisModule.initFunction == nil,
        thisModule.exitFunction == nil
      else { return [] }
      return facts.exports.isEmpty
        ? [
          Observation(
            "no init function and no exports: loading it does nothing",
            section: ThisModule.sectionText)
        ] : []
    },
    Rule(
      "init-without-exit", .warning, "the module cannot be unloaded",
      reason:
        "With init but no exit the kernel refuses to unload it (EBUSY, shown as [permanent]).",
      remedy: "Add module_exit(…), if only an empty one, or say why it has to stay."
    ) { facts in
      guard let thisModule = facts.thisModule, thisModule.initFunction != nil,
        thisModule.exitFunction == nil
      else { return [] }
      return [
        Observation(
          "an init function but no exit: once loaded, it cannot be unloaded (EBUSY)",
          section: ThisModule.sectionText)
      ]
    },
    Rule(
      "exit-without-init", .note, isDefault: false, "there is an exit function, but no init",
      reason: "Legal and odd: what is to be undone was done somewhere else.",
      remedy: "Add module_init(…), or remove module_exit(…)."
    ) { facts in
      guard let thisModule = facts.thisModule, thisModule.initFunction == nil,
        thisModule.exitFunction != nil
      else { return [] }
      return [
        Observation("an exit function but no init: odd but legal", section: ThisModule.sectionText)
      ]
    },
    Rule(
      problem: "init-unusable", .warning, "the kernel would call init where there is no code",
      reason: "The kernel jumps to the address that struct module has, whatever is there.",
      remedy: "The file is damaged or hostile: do not load it."
    ),
    Rule(
      problem: "weak-call", .warning, "a function that nothing exports is called without a look",
      reason: "A weak symbol that nothing exports has address 0: the call jumps there.",
      remedy: "Ask for the address before the call, or enable what exports the symbol."
    ),
    Rule(
      "init-wrong-section", .note, isDefault: false, "init or exit is in an unusual section",
      reason: """
        An init function outside of .init.text stays in memory. An exit function inside of .init.* \
        is gone when it is called.
        """,
      remedy: "Mark init with __init and exit with __exit."
    ) { facts in
      var found: [Observation] = []
      if let exit = facts.thisModule?.exitFunction, let section = exit.section,
        facts.sections[section].name.starts(with: ".init")
      {
        found.append(
          Observation(
            "the exit function '\(exit.symbol)' is in '\(facts.sections[section].name)', "
              + "which is freed after init: unloading jumps into nowhere", subject: exit.symbol,
            severity: .warning))
      }
      if let start = facts.thisModule?.initFunction, let section = start.section,
        !facts.sections[section].name.starts(with: ".init")
      {
        found.append(
          Observation(
            "the init function '\(start.symbol)' is in "
              + "'\(facts.sections[section].name)': it is not freed after init",
            subject: start.symbol))
      }
      return found
    },
  ]
}
