// Rules about sections: what the loader refuses, what it ignores, what should not have been shipped.

extension Rule {
  static let sectionRules = [
    Rule(
      problem: "wx-section", .error, "a section is writable and executable",
      reason: """
        With CONFIG_STRICT_MODULE_RWX, which all but small machines have, the loader refuses the \
        module (ENOEXEC): 'section … has invalid WRITE|EXEC flags'.
        """,
      remedy: "Mend the section's flags where it is declared (assembler, linker script)."
    ),
    Rule(
      "exec-stack", .note, isDefault: false, ".note.GNU-stack asks for an executable stack",
      reason: "The kernel does not look at it; it is a sign of an old assembler file.",
      remedy: "End assembler files with .section .note.GNU-stack,\"\",@progbits."
    ) { facts in
      facts.sections.filter {
        $0.name.equals(".note.GNU-stack") && $0.header.flags.contains(.executable)
      }.map { Observation("asks for an executable stack: the kernel ignores it", $0) }
    },
    Rule(
      problem: "duplicate-alloc-section", .error, "two loaded sections have the same name",
      reason: """
        The kernel shows sections in sysfs. Since \(KernelChange.duplicateSectionFails) two that are not empty and have one name make \
        the load fail (EEXIST); older kernels only warn.
        """,
      remedy: "Link with module.lds, which merges them."
    ),
    Rule(
      "overlapping-sections", .warning, "two sections share bytes of the file",
      reason: """
        No linker does that. The kernel takes both as they are, and what one tool shows of the first \
        may be what the kernel uses as the second.
        """,
      remedy: "The file is damaged or made to mislead: do not load it."
    ) { facts in
      let fileSize = facts.module.image.source.size
      var last: Section?
      var overlaps: [(Section, Section)] = []
      let inFile = facts.sections.filter { section in
        let header = section.header
        return header.fileSize > 0 && header.fileSize <= fileSize
          && header.offset <= fileSize - header.fileSize
      }
      for section in inFile.sorted(by: { $0.header.offset < $1.header.offset }) {
        let distance = section.header.offset - (last?.header.offset ?? 0)
        if let last, distance < last.header.fileSize {
          overlaps.append((last, section))
          // The one that reaches further may overlap the next ones too.
          if section.header.fileSize <= last.header.fileSize - distance { continue }
        }
        last = section
      }
      // The rest says the same.
      return overlaps.prefix(8).map { first, second in
        Observation(
          "section '\(second.name)' (index \(second.index)) begins within "
            + "'\(first.name)' (index \(first.index)): they share bytes", second)
      }
    },
    Rule(
      "nonalloc-section", .warning,
      "a section is not loaded and has no known use",
      reason:
        "modpost warns: 'unexpected non-allocatable section'. Its content is lost on loading.",
      remedy: "Declare it with the flag \"a\", or not at all."
    ) { facts in
      facts.sections.filter { section in
        guard section.header.type == .progbits, !section.isAllocated, section.header.size > 0 else {
          return false
        }
        let name = section.name
        return !unloaded.contains { name.starts(with: $0) }
      }.map { Observation("'\($0.name)' is not loaded: is its flag \"a\" missing?", $0) }
    },
    Rule(
      "discard-left", .note, isDefault: false, "a section that the link should have discarded",
      reason: "module.lds discards it; a module that has it was linked without.",
      remedy: "Link with kbuild."
    ) { facts in
      facts.sections.filter { section in
        let name = section.name
        return discarded.contains { name.starts(with: $0) }
      }.map { Observation("'\($0.name)' is left: was it linked with module.lds?", $0) }
    },
    Rule(
      "debug-info", .note, "debug information was left in",
      reason: "It is never loaded, but shipped, compressed and signed.",
      remedy: "strip --strip-debug before signing; keep it in a file of its own."
    ) { facts in
      let sections = facts.sections.filter {
        $0.name.starts(with: ".debug_") || $0.name.starts(with: ".zdebug_")
      }
      guard let first = sections.first else { return [] }
      let size = sections.reduce(UInt64(0)) { $0 &+ $1.header.size }
      return [
        Observation(
          "\(counted(size, "byte")) of debug information in \(counted(sections.count, "section"))",
          first)
      ]
    },
    Rule(
      "huge-init", .note, isDefault: false, "most of the module is freed after init",
      reason: "In 95 of 100 modules of a distribution init is less than 3 % of what is loaded.",
      remedy: "Look for tables that are marked __initdata and could be smaller."
    ) { facts in
      let memory = facts.module.memory()
      let initial = memory.sizes[.initialization] ?? 0
      let rest = [SectionRegion.code, .readOnlyData, .readOnlyAfterInit, .data]
        .reduce(UInt64(0)) { $0 &+ (memory.sizes[$1] ?? 0) }
      guard initial > 64 << 10, initial > rest else { return [] }
      return [Observation("\(initial) bytes of init against \(rest) that stay")]
    },
    Rule(
      problem: "ctors-and-init-array", .error, "two kinds of constructors",
      reason: "With CONFIG_CONSTRUCTORS the loader refuses it: 'has both .ctors and .init_array.'",
      remedy: "Build all objects with one compiler."
    ),
    Rule(
      "obsolete-params", .warning, "parameters in a form of before 2.6",
      reason: "The loader warns: 'Ignoring obsolete parameters'.",
      remedy: "Use module_param."
    ) { facts in
      facts.sections.all(named: "__obsparm").map {
        Observation("__obsparm: 'Ignoring obsolete parameters'", $0)
      }
    },
    Rule(
      "percpu-large", .warning, "a large area for each CPU",
      reason: """
        Modules share a reserve of 8 KiB for static per-CPU data; beyond it loading may fail with \
        ENOMEM. More than a page of alignment cannot be had.
        """,
      remedy: "Allocate with alloc_percpu."
    ) { facts in
      let refused = facts.problems("percpu-large", .warning)
      if !refused.isEmpty { return refused }
      return facts.sections.all(named: ".data..percpu").filter {
        $0.header.size > 8 << 10 || $0.header.alignment > 4096
      }.map {
        Observation(
          "\($0.header.size) bytes for each CPU, aligned to \($0.header.alignment): may be ENOMEM",
          $0)
      }
    },
    Rule(
      "arch-sections", .error,
      "a section that the machine's loader needs is missing",
      reason: "The machine's part of the loader refuses the module (ENOEXEC).",
      remedy: "Link with kbuild: module.lds makes the section."
    ) { facts in
      // Without a .config nobody knows whether the kernel looks.
      facts.thisModule == nil ? [] : facts.problems("arch-sections", .error, open: .note)
    },
    Rule(
      problem: "module-memory", .error, "the module does not fit into memory",
      reason: "Modules share an area of about 1 GiB, and sizes are counted in 32 bits (ENOMEM).",
      remedy: "Look at the sizes and alignments of its sections ('koinspect sections')."
    ),
    Rule(
      problem: "btf-damaged", .error, "the module's types are damaged",
      reason: """
        'failed to validate module … BTF': EINVAL, or E2BIG and ENOTSUPP for a header of another version, unless \
        the kernel lets mismatches pass.
        """,
      remedy: "Strip them: objcopy --remove-section .BTF."
    ),
    Rule(
      "tracepoints-disabled", .note, isDefault: false, "tracepoints of a non-free module",
      reason: "Modules that taint the kernel with P or F silently lose their tracepoints.",
      remedy: "Declare a licence that the kernel accepts."
    ) { facts in
      guard facts.isProprietary, let table = facts.sections.first(named: "__tracepoints_ptrs")
      else { return [] }
      return [Observation("its tracepoints will not be registered: the licence is non-free", table)]
    },
  ]

  /// Sections that need not be loaded (scripts/mod/modpost.c, `section_white_list`).
  private static let unloaded = [
    ".comment", ".debug", ".zdebug", ".note", ".stab", ".gnu.lto", ".BTF", ".discard", ".mdebug",
    ".pdr", ".gptab", ".got", ".plt", ".toc", ".cranges", ".llvm.call-graph-profile", ".gnu",
    ".modinfo", ".GCC.command.line", ".llvmbc", ".llvmcmd", ".gnu_debuglink", ".export_symbol",
    ".no_trim_symbol", ".riscv.attributes", ".ARM.attributes", ".gnu.attributes", ".MIPS",
  ]

  private static let discarded = [".discard", ".export_symbol", ".no_trim_symbol"]
}
