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
      guard let support = RelocationSupport.of(facts.module.image.header.machine) else { return [] }
      let generation = LoaderGeneration(facts.kernels.upperBound)
      return each(facts) { relocation, target, section, _ in
        guard !support.accepts(relocation.type, generation) else { return nil }
        return Observation(
          "relocation type \(relocation.type) at offset 0x\(hex(relocation.offset)) of "
            + "'\(target.name.text)' is none that the loader can do",
          section: section.name.text, offset: section.header.offset)
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
      guard facts.module.image.header.machine == .amd64 else { return [] }
      return each(facts) { relocation, target, section, bytes in
        guard let size = RelocationSupport.fieldSizeAMD64(relocation.type),
          relocation.offset <= UInt64(bytes.count), size <= UInt64(bytes.count) - relocation.offset
        else { return nil }
        let start = Int(relocation.offset)
        let span = bytes.storage.span
        let first = bytes.range.lowerBound + start
        guard (first..<first + Int(size)).contains(where: { span[$0] != 0 }) else { return nil }
        return Observation(
          "the bytes at offset 0x\(hex(relocation.offset)) of '\(target.name.text)' are not zero, "
            + "and a relocation is to change them: ENOEXEC",
          section: section.name.text, offset: bytes.fileOffset + relocation.offset)
      }
    },
    Rule(
      "relocation-out-of-range", .error, "a relocation lies outside of its section",
      reason:
        "No loader looks: it would write past the section, or use a symbol that is not there.",
      remedy: "The file is damaged or hostile: do not load it."
    ) { facts in
      let count = facts.symbols.count
      return each(facts) { relocation, target, section, _ in
        if Int(relocation.symbol) >= count {
          return Observation(
            "a relocation of '\(target.name.text)' uses symbol \(relocation.symbol), there are "
              + "\(count)", section: section.name.text, offset: section.header.offset)
        }
        guard relocation.offset >= target.header.size, !isMarker(relocation, facts) else {
          return nil
        }
        return Observation(
          "a relocation changes offset 0x\(hex(relocation.offset)) of '\(target.name.text)', which "
            + "has \(target.header.size) bytes: the loader would write past it",
          section: section.name.text, offset: section.header.offset)
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
      // On 64-bit PowerPC init stays.
      guard facts.module.image.header.machine != .powerPC64 else { return [] }
      let freed = facts.sections.map { $0.name.starts(with: ".init.") && $0.isAllocated }
      // Replacements of instructions and fix-ups belong to the code they are for, which may be init.
      let stays = { (target: Section) in
        target.name.equals(".text") || target.name.starts(with: ".text.")
          || target.name.equals(".exit.text") || target.name.equals(".noinstr.text")
      }
      return each(facts, in: stays) { relocation, target, section, _ in
        guard Int(relocation.symbol) < facts.symbols.count else { return nil }
        let record = facts.symbols.records[Int(relocation.symbol)]
        guard
          let index = facts.symbols.section(of: record, at: Int(relocation.symbol)),
          index < freed.count, freed[Int(index)]
        else { return nil }
        let place = facts.sections[Int(index)]
        let caller = facts.functionName(at: relocation.offset, in: target.index)
        // The compiler's copies of functions for constant arguments are only called from init
        // (modpost, `secref_whitelist`).
        if caller?.contains(".constprop.") == true { return nil }
        let symbol = facts.symbols[Int(relocation.symbol)].name
        let name = symbol.isEmpty ? place.name : symbol
        return Observation(
          "'\(caller?.text ?? target.name.text)' in '\(target.name.text)' refers to "
            + "'\(name.text)' in '\(place.name.text)', which is freed after init",
          subject: name, section: target.name.text,
          offset: target.header.offset &+ relocation.offset)
      }
    },
    Rule(
      "livepatch-format", .error, isDefault: false, "relocations of a live patch have a wrong name",
      reason: "klp wants .klp.rela.OBJECT.SECTION with objects of at most 55 characters (EINVAL).",
      remedy: "Build it with kpatch-build or klp-build."
    ) { facts in
      facts.sections.filter { $0.header.flags.contains(.livepatchRelocations) }
        .filter { !isLivepatchName($0.name) }
        .map { Observation("section '\($0.name.text)' has an incorrectly formatted name", $0) }
    },
  ]

  /// How many findings of one rule a module may have: the rest says the same.
  private static let most = 4

  /// Calls `body` with every relocation that the loader applies, its target, its section and the
  /// target's bytes, until there are enough observations.
  private static func each(
    _ facts: ModuleFacts, in isWanted: (Section) -> Bool = { _ in true },
    _ body: (Relocation, Section, Section, ByteSlice) -> Observation?
  ) -> [Observation] {
    var found: [Observation] = []
    for section in relocationSections(facts)
    where !section.header.flags.contains(.livepatchRelocations) {
      guard let target = facts.sections.section(section.header.info), target.isAllocated,
        isWanted(target), let table = try? facts.module.image.relocations(in: section)
      else { continue }
      // Of a damaged or NOBITS section there are none.
      let bytes = (try? facts.module.image.bytes(of: target)) ?? .empty(at: 0)
      for relocation in table {
        guard let observation = body(relocation, target, section, bytes) else { continue }
        found.append(observation)
        if found.count == most { return found }
      }
    }
    return found
  }

  /// Relocations that mark a place and change nothing may stand at the end of a section.
  private static func isMarker(_ relocation: Relocation, _ facts: ModuleFacts) -> Bool {
    switch facts.module.image.header.machine {
    case .riscv: [0, 43, 51].contains(relocation.type)
    case .loongArch: [0, 20, 21, 100, 102].contains(relocation.type)
    default: relocation.type == 0
    }
  }

  private static func hex(_ value: UInt64) -> String { String(value, radix: 16) }

  private static func isLivepatchName(_ name: ByteSlice) -> Bool {
    let prefix = ".klp.rela."
    guard name.starts(with: prefix) else { return false }
    let rest = name.suffix(from: prefix.utf8.count)
    guard let dot = rest.firstIndex(of: 0x2e), (1...55).contains(dot) else { return false }
    return dot + 1 < rest.count
  }
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
