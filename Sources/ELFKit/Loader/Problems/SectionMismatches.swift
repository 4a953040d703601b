// References from code that stays to what is freed after init, found while relocations are looked at:
// a distribution has millions, and one pass must do.

/// A reference from code that stays to what is freed after init.
struct SectionMismatch: Sendable {
  let relocation: Relocation
  /// The section that it changes.
  let target: Section
}

/// A few of them: the rest says the same.
struct SectionMismatches: Sendable {
  private(set) var list: [SectionMismatch] = []

  /// How many problems of a kind are kept.
  static let most = 4

  mutating func add(_ mismatch: @autoclosure () -> SectionMismatch) {
    if list.count < Self.most { list.append(mismatch()) }
  }
}

/// Which sections stay as long as the module does, and which are freed after init.
struct RelocatedSections {
  /// By the number of the section: code that stays.
  let stays: [Bool]
  /// By the number of the symbol: in a section that is freed after init. Empty when none can matter.
  private let freed: [Bool]

  /// Nothing is looked at unless somebody `asks`.
  init(_ image: ELFImage, _ symbols: SymbolTable, _ kernel: Kernel, asks: Bool) {
    guard asks else {
      (stays, freed) = ([], [])
      return
    }
    let keeps = image.header.machine.description?.kernel.keepsInit
    let frees = keeps.map { !kernel.has($0) } ?? true
    let freedSections = image.sections.map {
      frees && $0.isAllocated && $0.name.starts(with: ".init.")
    }
    // Here, not for each table: many of them may change one section, which may have a long name.
    stays = image.sections.map(Self.stays)
    guard freedSections.contains(true), stays.contains(true) else {
      freed = []
      return
    }
    // Once for a symbol, of which there are fewer than relocations.
    freed = symbols.records.enumerated().map { position, record in
      guard let section = symbols.section(of: record, at: position) else { return false }
      return section < freedSections.count && freedSections[Int(section)]
    }
  }

  /// Whether symbol `index` lies in a section that is freed.
  func isFreed(_ index: SymbolIndex) -> Bool {
    index.rawValue < freed.count && freed[Int(index.rawValue)]
  }

  /// Whether the section is code that is there as long as the module is. Replacements of
  /// instructions and fix-ups belong to the code they are for, which may be init.
  private static func stays(_ target: Section) -> Bool {
    let name = target.name
    return name.equals(".text") || name.starts(with: ".text.") || name.equals(".exit.text")
      || name.equals(".noinstr.text")
  }
}
