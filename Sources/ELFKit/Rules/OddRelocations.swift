// Relocations that rules have something to say about, found in one pass: a distribution has millions.

/// A relocation with its place.
struct OddRelocation: Sendable {
  let relocation: Relocation
  /// The section that it changes.
  let target: Section
  /// The section that it stands in.
  let section: Section
}

/// The relocations of the sections that are loaded about which there is something to say, a few of
/// each kind: the rest says the same.
struct OddRelocations: Sendable {
  /// Of a type that the loader cannot do.
  private(set) var unsupported: [OddRelocation] = []
  /// Of bytes that are not zero, where that matters.
  private(set) var nonzero: [OddRelocation] = []
  /// Outside of their section, or with a symbol that is not there.
  private(set) var outside: [OddRelocation] = []
  /// From code that stays to what is freed after init.
  private(set) var mismatched: [OddRelocation] = []

  /// How many are kept of each kind.
  private static let most = 4

  init(_ image: ELFImage, _ symbols: SymbolTable, _ kernel: Kernel) {
    let machine = image.header.machine
    let support = RelocationSupport.of(machine)
    // On 64-bit PowerPC init stays.
    let freed = image.sections.map {
      $0.isAllocated && machine != .powerPC64 && $0.name.starts(with: ".init.")
    }
    // Here, not for each table: many of them may change one section, which may have a long name.
    let stays = image.sections.map(Self.stays)
    for section in image.sections where section.header.type == .rela || section.header.type == .rel
    {
      guard !section.header.flags.contains(.livepatchRelocations),
        let target = image.sections.section(section.header.info), target.isAllocated,
        let table = try? image.relocations(in: section)
      else { continue }
      // Of a damaged or NOBITS section there are none.
      let bytes = (try? image.bytes(of: target)) ?? .empty(at: 0)
      var lastType: (type: UInt32, isSupported: Bool)?
      for relocation in table {
        if lastType?.type != relocation.type {
          let isSupported = support?.accepts(relocation.type, kernel) ?? true
          lastType = (relocation.type, isSupported)
        }
        let odd = { OddRelocation(relocation: relocation, target: target, section: section) }
        if lastType?.isSupported == false { Self.add(odd(), to: &unsupported) }
        if Int(relocation.symbol) >= symbols.count
          || relocation.offset >= target.header.size
            && !RelocationSupport.isMarker(relocation, machine)
        {
          Self.add(odd(), to: &outside)
          continue
        }
        if machine == .amd64, RelocationSupport.isNonzero(relocation, bytes) {
          Self.add(odd(), to: &nonzero)
        }
        if stays[target.index] {
          let record = symbols.records[Int(relocation.symbol)]
          if let index = symbols.section(of: record, at: Int(relocation.symbol)),
            index < freed.count, freed[Int(index)]
          {
            Self.add(odd(), to: &mismatched)
          }
        }
      }
    }
  }

  private static func add(_ odd: OddRelocation, to list: inout [OddRelocation]) {
    if list.count < most { list.append(odd) }
  }

  /// Whether the section is code that is there as long as the module is. Replacements of
  /// instructions and fix-ups belong to the code they are for, which may be init.
  private static func stays(_ target: Section) -> Bool {
    let name = target.name
    return name.equals(".text") || name.starts(with: ".text.") || name.equals(".exit.text")
      || name.equals(".noinstr.text")
  }
}
