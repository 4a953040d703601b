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
    // Whatever its type.
    let bytes = (try? image.content(of: section)) ?? .empty(at: 0)
    guard let problem = BTFHeader.problem(bytes, image.encoding) else {
      try assumeTypesFit()
      return
    }
    let mayMismatch = option(.allowBTFMismatch) == true
    try meet(
      LoadProblem(
        "btf-damaged", mayMismatch ? .warns : .refuses(.invalid),
        "the module's types are damaged: \(problem)",
        lines: [
          "BPF: \(problem)",
          !has(.btfMismatchOnce) || !mayMismatch
            ? "failed to validate module [\(name)] BTF: -22"
            : "Kernel module BTF mismatch detected, BTF debug info may be unavailable for some modules",
        ], advice: "strip the damaged section: objcopy --remove-section .BTF", in: section))
  }

  /// Types are written as differences to those of one kernel's build.
  private mutating func assumeTypesFit() throws(LoadFailure) {
    let isStrict = option(.allowBTFMismatch) == false
    // A module that is built out of tree brings the types that its own are differences to.
    if has(.baseTypes), !info.contains("intree"),
      module?.image.sections.first(named: ".BTF.base") == nil
    {
      let words: ByteText =
        "whether the module's types (.BTF without .BTF.base) fit this kernel's"
      if isStrict { leaveOpen(words) } else { assume(words) }
      return
    }
    guard isStrict, let release = target.release, let own = info.release, own != release else {
      return
    }
    leaveOpen(
      "whether the module's types (.BTF), made for \(own), fit this kernel: a mismatch is refused (EINVAL)"
    )
  }
}
