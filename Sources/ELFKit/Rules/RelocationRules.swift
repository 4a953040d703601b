// Rules about relocations: what the loader of each machine refuses, and references to code that is
// gone. They look at every relocation of every loaded section.

extension Rule {
  static let relocationRules = [
    Rule(
      problem: "unsupported-relocation", .error, "a relocation that the loader cannot do",
      reason: """
        The assembler knows more kinds of relocations than the loader: 'Unknown rela relocation' \
        and its like on other machines (ENOEXEC).
        """,
      remedy: """
        Build with the kernel's own flags (no PIC, no TLS, the right code model), and with a compiler and \
        binutils that are not newer than the kernel knows.
        """
    ),
    Rule(
      problem: "relocation-target-nonzero", .error, "bytes that a relocation changes are not zero",
      reason: """
        The loader of x86-64 wants them to be zero: 'Invalid relocation target, existing value is \
        nonzero' (ENOEXEC). Modules that were relocated before, or damaged, have such bytes. Where they are \
        zero in the file, and the line says type 1: struct module is laid out otherwise in that kernel, \
        which has written where the module has init or exit.
        """,
      remedy: """
        Build the module again, with that kernel's own headers and configuration; do not process it with \
        tools that relocate. 'koinspect check --reference M.ko', M.ko being a module of that kernel, compares \
        the places of init and exit.
        """
    ),
    Rule(
      problem: "relocation-out-of-range", .error, "a relocation lies outside of its section",
      reason:
        "No loader looks: it would write past the section, or use a symbol that is not there.",
      remedy: "The file is damaged or hostile: do not load it."
    ),
    Rule(
      problem: "relocation-overflow", .error, "the value of a relocation does not fit",
      reason: "'overflow in relocation type …': ENOEXEC.",
      remedy: "Compile with the code model of the kernel's own build (x86-64: -mcmodel=kernel)."
    ),
    Rule(
      problem: "relocation-value", .warning, "a relocation leads to where nothing is",
      reason: "The loader does not look at distances: the code would read or jump elsewhere.",
      remedy: "The file is damaged or hostile: do not load it."
    ),
    Rule(
      problem: "rel-section", .error, "relocations without addends",
      reason: "'REL relocation unsupported': ENOEXEC.",
      remedy: "Build for the machine with its own assembler."
    ),
    Rule(
      "section-mismatch", .warning, "code that stays refers to what is freed after init",
      reason: """
        modpost warns of a 'section mismatch': the code would read or jump into memory that was \
        given to somebody else. Kernels with SECTION_MISMATCH_WARN_ONLY=n do not link it.
        """,
      remedy: "Drop __init from what is used later, or add it to the caller."
    ) { facts in
      facts.survey.mismatches.list.compactMap { mismatch in
        let caller = facts.symbols.functionName(
          at: mismatch.relocation.offset, in: mismatch.target.index)
        // The compiler's copies of functions for constant arguments are only called from init
        // (modpost, `secref_whitelist`).
        if caller?.contains(".constprop.") == true { return nil }
        // Entries of a jump table that clang makes for control flow integrity: whoever jumps there has
        // the address of what it leads to.
        if let caller, caller.ends(with: ".cfi_jt") { return nil }
        guard let symbol = facts.symbols[mismatch.relocation.symbol], let index = symbol.section,
          let place = facts.sections.section(index)
        else { return nil }
        let name = symbol.name.isEmpty ? place.name : symbol.name
        return Observation(
          "'\(caller ?? mismatch.target.name)' in '\(mismatch.target.name)' refers to "
            + "'\(name)' in '\(place.name)', which is freed after init",
          subject: name, section: mismatch.target.name,
          offset: mismatch.target.header.offset &+ mismatch.relocation.offset)
      }
    },
    Rule(
      "ibt-endbr-missing", .error, "a function that is called through a pointer must not be",
      reason: """
        Kernels with CONFIG_X86_KERNEL_IBT, on processors that have it, take calls through pointers \
        only at endbr64 (AArch64 with CONFIG_ARM64_BTI_KERNEL: bti c). 'Missing ENDBR: init_module' \
        and a BUG when the module is loaded, or later when the function is called.
        """,
      remedy: """
        Build every object, those that come ready-made too, with the kernel's own flags \
        (-fcf-protection=branch; AArch64: -mbranch-protection=pac-ret+bti).
        """
    ) { facts in facts.problems("ibt-endbr-missing", .error, open: .note) },
    Rule(
      "return-sites-incomplete", .warning, "a return that the kernel does not patch",
      reason: """
        Returns are jumps to __x86_return_thunk, and .return_sites lists them for the kernel to patch. \
        From \(KernelChange.returnThunkWarning) on it warns of one that is not: 'Unpatched return thunk in use' (taint W); \
        older ones leave it to attackers.
        """,
      remedy: "Let objtool see every object: no OBJECT_FILES_NON_STANDARD, no ready-made ones."
    ) { facts in facts.problems("return-sites-incomplete", .warning, open: .note) },
    Rule(
      "retpoline-sites-incomplete", .note, "an indirect jump that the kernel does not patch",
      reason: """
        .retpoline_sites lists the jumps to __x86_indirect_thunk_*, which the kernel makes plain or \
        safer ones, as the processor needs; one that is not listed stays what it is.
        """,
      remedy: "Let objtool see every object: no OBJECT_FILES_NON_STANDARD, no ready-made ones."
    ) { facts in facts.notes("retpoline-sites-incomplete") },
    Rule(
      "cfi-missing", .note, "the kernel checks types of functions, and the module has none",
      reason: """
        Kernels with CONFIG_CFI_CLANG or CONFIG_CFI look at the type of a function before they call it \
        through a pointer: 'CFI failure at …' and an oops when init is called.
        """,
      remedy: "Build with the kernel's own compiler: make LLVM=1."
    ) { facts in facts.notes("cfi-missing") },
    Rule(
      problem: "livepatch-format", .error, "relocations of a live patch have a wrong name",
      reason: "klp wants .klp.rela.OBJECT.SECTION with objects of at most 55 characters (EINVAL).",
      remedy: "Build it with kpatch-build or klp-build."
    ),
  ]

  private static func hex(_ value: UInt64) -> String { String(value, radix: 16) }
}
