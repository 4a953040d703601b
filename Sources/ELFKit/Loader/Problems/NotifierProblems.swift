// The module is complete, and others hear of it: live patching, BTF
// (kernel/module/main.c, `prepare_coming_module`; kernel/bpf/btf.c, `btf_module_notify`).

extension LoadAttempt {
  mutating func notify() throws(LoadFailure) {
    if name.equals("vmlinux"), option(.livepatch, usually: true) {
      try meet(
        LoadProblem(
          "builtin-clash", .refuses(.invalid), "a module cannot be called 'vmlinux' (EINVAL)",
          lines: ["livepatch: vmlinux.ko: invalid module name"], subject: name))
    }
    try checkTypes()
  }

  private mutating func checkTypes() throws(LoadFailure) {
    guard let image = module?.image, let section = image.sections.first(named: ".BTF"),
      section.header.size > 0, option(.btfModules) == true
    else { return }
    guard let problem = typesProblem(image, section) else {
      try assumeTypesFit()
      return
    }
    let mayMismatch = option(.allowBTFMismatch) == true
    let errno = problem.errno
    try meet(
      LoadProblem(
        "btf-damaged", mayMismatch ? .warns : .refuses(errno),
        "the module's types are damaged: \(problem.text)",
        lines: problem.lines + [
          !has(.btfMismatchOnce) || !mayMismatch
            ? "failed to validate module [\(name)] BTF: -\(errno.number)"
            : "Kernel module BTF mismatch detected, BTF debug info may be unavailable for some modules"
        ],
        advice:
          "the module's types are damaged (\(problem.text), at \(hex: problem.offset) of the file): strip them (objcopy --remove-section .BTF), or build the module against this kernel's vmlinux",
        subject: section.name, section: section.name, offset: problem.offset))
  }

  private typealias TypesProblem = (
    text: ByteText, errno: Errno, lines: [ByteText], offset: UInt64
  )

  /// What this kernel finds wrong with the types in `section`.
  private mutating func typesProblem(_ image: ELFImage, _ section: Section) -> TypesProblem? {
    // Those that they are differences to are looked at first; without them they are the kernel's own.
    var baseNames: UInt64?
    if has(.baseTypes), let base = image.sections.first(named: ".BTF.base"), base.header.size > 0 {
      let (header, problem) = header(of: base, image)
      if let problem { return problem }
      baseNames = header?.place(.strings).size
    }
    let (header, problem) = header(of: section, image)
    if let problem { return problem }
    // One that lets them pass takes the module all the same, and walks over them for its log.
    guard let header, option(.allowBTFMismatch) != true else { return nil }
    // The line begins with the type's number, for which those of the kernel's own types count.
    return BTFTypes.problem(header, isWide: has(.wideTypes), baseNames: baseNames).map {
      ("\($0.text)", .invalid, [], $0.offset)
    }
  }

  private mutating func header(
    of section: Section, _ image: ELFImage
  ) -> (header: BTFHeader?, problem: TypesProblem?) {
    // Whatever its type.
    let bytes = (try? image.content(of: section)) ?? .empty(at: section.header.offset)
    let (header, problem) = BTFHeader.read(bytes, image.encoding, hasLayout: has(.typesLayout))
    return (
      header,
      problem.map { ("\($0.text)", $0.errno, ["BPF: \($0.text)"], section.header.offset) }
    )
  }

  /// Types are written as differences to those of one kernel's build.
  private mutating func assumeTypesFit() throws(LoadFailure) {
    let isStrict = option(.allowBTFMismatch) == false
    let hasBase = module?.image.sections.first(named: ".BTF.base") != nil
    // A module that is built out of tree brings the types that its own are differences to.
    if has(.baseTypes), !info.contains("intree"), !hasBase {
      let words: ByteText =
        "whether the module's types (.BTF without .BTF.base) fit this kernel's"
      if isStrict { leaveOpen(words) } else { assume(words) }
      return
    }
    guard isStrict else { return }
    if let release = target.release, let own = info.release, own != release {
      leaveOpen(
        "whether the module's types (.BTF), made for \(own), fit this kernel: a mismatch is refused (EINVAL)"
      )
    } else if !isSigned || option(.moduleSignature) == false {
      // A signature of the kernel's own build would tell that they do.
      assume(
        "the module's types (.BTF) fit this kernel's: that their records are whole is all that the file shows"
      )
    }
  }
}
