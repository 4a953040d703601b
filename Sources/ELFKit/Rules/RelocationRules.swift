// Rules about relocations: what the loader of each machine refuses, and references to code that is
// gone. They look at every relocation of every loaded section.

extension Rule {
  static let relocationRules = [
    Rule(
      "unsupported-relocation", .error, "a relocation that the loader cannot do",
      reason: """
        The assembler knows more kinds of relocations than the loader: 'Unknown rela relocation' \
        and its like on other machines (ENOEXEC).
        """,
      remedy: "Build with the kernel's own flags (no PIC, no TLS, the right code model)."
    ) { facts in
      facts.oddRelocations.unsupported.map { odd in
        Observation(
          "relocation type \(odd.relocation.type) at offset 0x\(hex(odd.relocation.offset)) of "
            + "'\(odd.target.name.text)' is none that the loader can do",
          section: odd.section.name.text, offset: odd.section.header.offset)
      }
    },
    Rule(
      "relocation-target-nonzero", .error, "bytes that a relocation changes are not zero",
      reason: """
        The loader of x86-64 wants them to be zero: 'Invalid relocation target, existing value is \
        nonzero' (ENOEXEC). Modules that were relocated before, or damaged, have such bytes.
        """,
      remedy: "Build the module again; do not process it with tools that relocate."
    ) { facts in
      facts.oddRelocations.nonzero.map { odd in
        Observation(
          "the bytes at offset 0x\(hex(odd.relocation.offset)) of '\(odd.target.name.text)' are not "
            + "zero, and a relocation is to change them: ENOEXEC",
          section: odd.section.name.text,
          offset: odd.target.header.offset &+ odd.relocation.offset)
      }
    },
    Rule(
      "relocation-out-of-range", .error, "a relocation lies outside of its section",
      reason:
        "No loader looks: it would write past the section, or use a symbol that is not there.",
      remedy: "The file is damaged or hostile: do not load it."
    ) { facts in
      facts.oddRelocations.outside.map { odd in
        let count = facts.symbols.count
        let message =
          Int(odd.relocation.symbol) >= count
          ? "a relocation of '\(odd.target.name.text)' uses symbol \(odd.relocation.symbol), there "
            + "are \(count)"
          : "a relocation changes offset 0x\(hex(odd.relocation.offset)) of "
            + "'\(odd.target.name.text)', which has \(odd.target.header.size) bytes: the loader "
            + "would write past it"
        return Observation(
          message, section: odd.section.name.text, offset: odd.section.header.offset)
      }
    },
    Rule(
      "section-mismatch", .warning, "code that stays refers to what is freed after init",
      reason: """
        modpost warns of a 'section mismatch': the code would read or jump into memory that was \
        given to somebody else. Kernels with SECTION_MISMATCH_WARN_ONLY=n do not link it.
        """,
      remedy: "Drop __init from what is used later, or add it to the caller."
    ) { facts in
      facts.oddRelocations.mismatched.compactMap { odd in
        let caller = facts.functionName(at: odd.relocation.offset, in: odd.target.index)
        // The compiler's copies of functions for constant arguments are only called from init
        // (modpost, `secref_whitelist`).
        if caller?.contains(".constprop.") == true { return nil }
        let symbol = facts.symbols[Int(odd.relocation.symbol)]
        guard let index = symbol.section, let place = facts.sections.section(index) else {
          return nil
        }
        let name = symbol.name.isEmpty ? place.name : symbol.name
        return Observation(
          "'\(caller?.text ?? odd.target.name.text)' in '\(odd.target.name.text)' refers to "
            + "'\(name.text)' in '\(place.name.text)', which is freed after init",
          subject: name, section: odd.target.name.text,
          offset: odd.target.header.offset &+ odd.relocation.offset)
      }
    },
    Rule(
      "livepatch-format", .error, "relocations of a live patch have a wrong name",
      reason: "klp wants .klp.rela.OBJECT.SECTION with objects of at most 55 characters (EINVAL).",
      remedy: "Build it with kpatch-build or klp-build."
    ) { facts in
      facts.sections.filter { $0.header.flags.contains(.livepatchRelocations) }
        .filter { !RelocationSupport.isLivepatchName($0.name) }
        .map { Observation("section '\($0.name.text)' has an incorrectly formatted name", $0) }
    },
  ]

  private static func hex(_ value: UInt64) -> String { String(value, radix: 16) }
}

extension ModuleFacts {
  /// The function that `offset` of a section lies in, or `nil`. O(number of symbols).
  func functionName(at offset: UInt64, in section: Int) -> ByteSlice? {
    for (position, record) in symbols.records.enumerated()
    where record.type == .function && record.value <= offset && offset - record.value < record.size
    {
      if symbols.section(of: record, at: position) == UInt32(section) {
        return symbols[position].name
      }
    }
    return nil
  }
}
