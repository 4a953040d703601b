// Rules about the file as such: one for each check of the loader (Loader/ELFValidity.swift). Files
// whose header or section table is damaged never get here: reading them is an error.

extension Rule {
  /// Checks that have a rule with more to say elsewhere, or that no image fails which could be read.
  private static let toldElsewhere = [
    "this-module-size", "elf-header-length", "elf-magic", "elf-type", "elf-machine",
    "elf-section-header-size", "elf-section-headers",
  ]

  static let fileRules: [Rule] = {
    var rules: [Rule] = []
    for check in ELFValidity.checks
    where !toldElsewhere.contains(check.id) && !rules.contains(where: { $0.id == check.id }) {
      rules.append(rule(check))
    }
    return rules
  }()

  private static func rule(_ check: ELFValidityCheck) -> Rule {
    // A check may have several forms; it concerns the kernels that have the first.
    let forms = ELFValidity.checks.filter { $0.id == check.id }
    let since = forms.contains { $0.since == nil } ? nil : forms.compactMap(\.since).first
    return Rule(
      check.id, .error, since: since, check.summary,
      reason: "The loader looks for this before anything else and refuses the file (ENOEXEC).",
      remedy: "Build the module again; strip only with 'strip --strip-debug'."
    ) { facts in
      var told: Set<String> = []
      return facts.validityFailures.compactMap { version, failure in
        guard failure.id == check.id, let message = failure.message, told.insert(message).inserted
        else { return nil }
        return Observation("Linux \(version) refuses it: \(message)")
      }
    }
  }
}

extension ELFValidity {
  /// What `kernels` stop at: the first failure of the oldest and of each that checks something else;
  /// the first, since others may follow from it.
  static func failures(
    _ module: KernelModule, _ kernels: [Kernel]
  ) -> [(KernelVersion, ELFValidityFailure)] {
    kernels.compactMap { kernel in
      firstFailure(module, kernel).map { (kernel.version, $0) }
    }
  }

  /// The first failure of `module` in a kernel for its own machine whose `struct module` is not
  /// known.
  static func firstFailure(
    _ module: KernelModule, _ kernel: Kernel
  ) -> ELFValidityFailure? {
    let image = module.image
    let signature = try? module.signature()
    let raw = RawModule(
      image.source, length: signature?.signedSize ?? image.source.size, image.encoding)
    let name = (try? module.info().first("name"))?.text
    let target = ValidityTarget(
      machine: image.header.machine, structSize: nil, name: name ?? ELFValidity.missingName)
    return firstFailure(raw, target, kernel)
  }
}
