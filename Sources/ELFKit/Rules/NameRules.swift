// Rules about the module's name: three places have one, and the loader looks at different ones.

extension Rule {
  static let nameRules = [
    Rule(
      "name-mismatch", .warning, "the names of the module do not agree",
      reason: """
        module_blacklist= looks at name= of .modinfo, sysfs and messages at that of struct module, \
        modprobe at the name of the file ('-' and '_' being the same).
        """,
      remedy: "Rename the file back, or build the module under the name that is wanted."
    ) { facts in
      let inside = facts.thisModule?.name
      var found: [Observation] = []
      if let info = facts.info.first("name"), let inside, info != inside {
        found.append(
          Observation(
            "name= says '\(info)', struct module '\(inside)': a blacklist looks at the "
              + "first, everything else at the second", info: info))
      }
      if let stem = facts.context.fileStem, let inside, !stem.isEmpty,
        ModuleName.folded(stem) != ModuleName.folded(inside)
      {
        found.append(
          Observation(
            "the file is called '\(stem)', the module '\(inside)': modprobe would look "
              + "for another file", subject: inside, severity: .note))
      }
      return found
    },
    Rule(
      "name-too-long", .error, "the name does not fit into struct module",
      reason: "It has room for 55 bytes and a NUL on 64-bit machines; modpost refuses longer ones.",
      remedy: "Choose a shorter name."
    ) { facts in
      let endless = facts.problems("name-too-long", .error)
      if !endless.isEmpty { return endless }
      if let name = facts.thisModule?.name, name.count >= 56 {
        return [
          Observation(
            "the name in struct module has no NUL within 56 bytes", subject: name,
            section: ThisModule.sectionText)
        ]
      }
      guard let name = facts.info.first("name"), name.count >= 56 else { return [] }
      return [Observation("the name has \(name.count) bytes, 55 fit", info: name)]
    },
    Rule(
      problem: "builtin-clash", .error, "a module of this name is already there",
      reason: """
        A module called vmlinux is refused where live patching is configured (EINVAL), and one whose \
        name a built-in module has in /sys/module, too: 'module is already loaded'.
        """,
      remedy: "Choose another name."
    ),
    Rule(
      problem: "name-empty", .error, "the module has no name",
      reason: "There would be a directory in sysfs without a name: EINVAL, after a warning.",
      remedy: "Build it with kbuild, which names it after its file."
    ),
    Rule(
      problem: "already-loaded", .error, "a module of this name is loaded",
      reason: "The kernel loads no two modules of one name (EEXIST). Only with --loaded.",
      remedy: "Unload the other one first (rmmod)."
    ),
    Rule(
      problem: "blacklisted", .error, "the kernel's command line forbids the module",
      reason: "module_blacklist= names it: 'Module … is blacklisted' (EPERM).",
      remedy: "Change the kernel's command line."
    ),
    Rule(
      problem: "panic-on-taint", .error, "the kernel would panic on a taint",
      reason: "panic_on_taint= of its command line names a taint that loading the module sets.",
      remedy: "Change the kernel's command line, or what taints."
    ),
    Rule(
      "name-license-offender", .warning, "the kernel lists this name as non-free",
      reason: "ndiswrapper, driverloader and lve taint the kernel (P) whatever their licence says.",
      remedy: "Choose another name."
    ) { facts in
      guard let name = facts.thisModule?.name, KernelModule.isOffender(name) else { return [] }
      return [
        Observation("'\(name)' is non-free by name: taints the kernel (P)", subject: name)
      ]
    },
  ]
}
