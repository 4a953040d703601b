// Rules about `.gnu.linkonce.this_module`, the image of `struct module` that the loader takes over.

extension Rule {
  static let structModuleRules = [
    Rule(
      "this-module-size", .error, "struct module is not that of the kernel",
      reason: """
        The size is the same in every module of one kernel build. Since \(KernelChange.structModuleChecks) another one is ENOEXEC; \
        older kernels take it and write past its end.
        """,
      remedy: "Build against the headers and configuration of the very kernel."
    ) { facts in
      guard let thisModule = facts.thisModule, let (size, whose) = expectedSize(facts),
        size != thisModule.size
      else { return facts.problems("this-module-size", .error) }
      return [
        Observation(
          "struct module has \(thisModule.size) bytes, that of \(whose) has \(size)",
          section: ThisModule.sectionText, offset: thisModule.fileOffset)
      ]
    },
    Rule(
      problem: "this-module-layout", .error, "init or exit is not where the kernel looks for it",
      reason: """
        struct module has init and exit at places that version and configuration decide: the kernel \
        would call something else, or nothing.
        """,
      remedy: "Build against the headers and configuration of the very kernel."
    ),
    Rule(
      problem: "this-module-unusable", .error, "struct module cannot be written or has no bytes",
      reason: "The loader writes into it without a look: it crashes.",
      remedy: "The file is damaged or hostile: do not load it."
    ),
    Rule(
      "this-module-dirty", .warning, "struct module has content besides its name",
      reason: """
        The loader copies the section as it is: state, taints or lists that a file brings along \
        would be trusted. Compilers leave all of it zero but name, init and exit.
        """,
      remedy: "Find out what wrote there: a module as built has nothing."
    ) { facts in
      guard let thisModule = facts.thisModule,
        let bytes = try? facts.module.image.bytes(of: facts.sections[thisModule.section])
      else { return [] }
      let encoding = facts.module.image.encoding
      let start = Int(ThisModule.nameOffset(encoding))
      let name = start..<start + Int(ThisModule.nameSize(encoding))
      let end = name.contains(bytes.count) ? name.lowerBound : min(name.upperBound, bytes.count)
      let inName =
        bytes.count > name.lowerBound
        ? bytes[within: name.lowerBound..<max(end, name.lowerBound)] : .empty(at: 0)
      let padding = inName.suffix(from: inName.untilNUL.count)
      let positions = (0..<bytes.count).lazy.filter { position in
        guard bytes[position] != 0 else { return false }
        return !name.contains(position)
      }
      if let first = positions.first {
        return [
          Observation(
            "struct module has \(positions.count) bytes that are not zero, the first at offset "
              + "0x\(String(first, radix: 16)): the kernel would trust them",
            section: ThisModule.sectionText, offset: bytes.fileOffset + UInt64(first))
        ]
      }
      guard padding.contains(where: { $0 != 0 }) else { return [] }
      return [
        Observation(
          "the name in struct module is followed by bytes that are not zero",
          section: ThisModule.sectionText, offset: padding.fileOffset)
      ]
    },
    Rule(
      "this-module-relocations", .warning, "struct module has other pointers than init and exit",
      reason: "The loader would put addresses into fields that it believes to be its own.",
      remedy: "Find out what made them: a module as built has none."
    ) { facts in
      guard let thisModule = facts.thisModule else { return [] }
      let known = [thisModule.initFunction?.fieldOffset, thisModule.exitFunction?.fieldOffset]
      return relocationSections(facts).flatMap { section -> [Observation] in
        guard section.header.info == UInt32(thisModule.section),
          let table = try? facts.module.image.relocations(in: section)
        else { return [] }
        return table.filter { $0.type != 0 && !known.contains($0.offset) }.prefix(4).map {
          Observation(
            "a relocation at offset 0x\(String($0.offset, radix: 16)) of struct module is neither "
              + "init nor exit", section: section.name, offset: section.header.offset)
        }
      }
    },
  ]

  /// The size that is known for the kernel: of the one given, else of the very release the module
  /// was built for.
  private static func expectedSize(_ facts: ModuleFacts) -> (UInt64, String)? {
    if let size = facts.context.target?.structModule?.size { return (size, "the kernel given") }
    guard let layout = facts.info.release.flatMap(ModuleLayout.of),
      layout.machine == facts.module.image.header.machine
    else { return nil }
    return (layout.size, layout.release)
  }

  /// The relocation sections.
  static func relocationSections(_ facts: ModuleFacts) -> [Section] {
    facts.sections.filter { $0.header.type.isRelocations }
  }
}
