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
    let line: ByteText = "BPF: \(problem.text)"
    if problem.isOfType {
      assume(
        "before its last line the kernel says '\(line)', with the type's number, for which its own types count"
      )
    }
    try meet(
      LoadProblem(
        "btf-damaged", mayMismatch ? .warns : .refuses(problem.errno),
        "the module's types are damaged: \(problem.text)",
        lines: (problem.isOfType ? [] : [line]) + [
          !has(.btfMismatchOnce) || !mayMismatch
            ? "failed to validate module [\(name)] BTF: -\(problem.errno.number)"
            : "Kernel module BTF mismatch detected, BTF debug info may be unavailable for some modules"
        ],
        advice:
          "the module's types are damaged (\(problem.text), at \(hex: problem.offset) of the file): strip them (objcopy --remove-section .BTF), or build the module against this kernel's vmlinux",
        subject: problem.section, section: problem.section, offset: problem.offset))
  }

  /// What is wrong with the types in a section, and where.
  private struct TypesProblem {
    let section: ByteSlice
    let text: String
    var errno = Errno.invalid
    /// Whether it is about one type, with whose number its line begins.
    var isOfType = false
    let offset: UInt64
  }

  /// What this kernel finds wrong with the types in `section`.
  private mutating func typesProblem(_ image: ELFImage, _ section: Section) -> TypesProblem? {
    // Types that they are differences to are taken first; without them those are the kernel's own.
    var baseNames: UInt32?
    if has(.baseTypes), let base = image.sections.first(named: ".BTF.base") {
      let (header, problem) = types(in: base, image, isBase: true, baseNames: 0)
      if let problem { return problem }
      baseNames = header?.place(.strings).size
    }
    return types(in: section, image, isBase: false, baseNames: baseNames).problem
  }

  private mutating func types(
    in section: Section, _ image: ELFImage, isBase: Bool, baseNames: UInt32?
  ) -> (header: BTFHeader?, problem: TypesProblem?) {
    // Whatever the section's type.
    let bytes = (try? image.content(of: section)) ?? .empty(at: section.header.offset)
    let (header, problem) = BTFHeader.read(
      bytes, image.encoding, hasLayout: has(.typesLayout), isBase: isBase)
    if let problem {
      return (
        nil,
        TypesProblem(
          section: section.name, text: problem.text, errno: problem.errno,
          offset: section.header.offset)
      )
    }
    let found = header.flatMap {
      BTFTypes.problem($0, isWide: has(.wideTypes), baseNames: baseNames)
    }
    return (
      header,
      found.map {
        TypesProblem(section: section.name, text: $0.text, isOfType: true, offset: $0.offset)
      }
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
    } else if !isSigned || !info.contains("intree") || option(.moduleSignature) == false {
      // The signature of the kernel's own build would tell that they do.
      assume(
        "the module's types (.BTF) fit this kernel's: that their records are whole is all that the file shows"
      )
    }
  }
}
