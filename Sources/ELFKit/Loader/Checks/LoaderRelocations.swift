// What a machine's loader does with each relocation of a module, ready for a million of them.

/// What the loader of a module's machine does with relocations.
struct LoaderRelocations: Sendable {
  /// The loader.
  let loader: MachineLoader
  /// What the machine packs into a type.
  private let packing: RelocationPacking

  /// The rules of `machine`, or `nil` when its loader is not known.
  init?(_ machine: Machine) {
    guard let description = machine.description, let loader = description.loader else { return nil }
    self.loader = loader
    packing = description.format.packing
  }

  /// What is done with one type.
  struct Rule: Sendable {
    let type: UInt32
    /// Whether some kernels take it.
    var isKnown: Bool
    /// The change that brought it, or `nil`.
    var since: KernelChange?
    /// How many bytes it changes at least.
    var bytes: UInt64
    /// Which values fit, where that can be told.
    var value: RelocationValue?
    /// Whether it marks a place, changes nothing and may stand at a section's end.
    var isMarker: Bool
  }

  /// What is done with `type`. O(number of rows of the loader).
  func rule(_ type: UInt32) -> Rule {
    guard packing == .three else { return single(type, of: type) }
    // Three types in one number; what is not used is the type of nothing.
    var rule = single(type & 0xff, of: type)
    for shift in [8, 16] as [UInt32] {
      let more = single(type >> shift & 0xff, of: type)
      rule.isKnown = rule.isKnown && more.isKnown
      rule.since = rule.since ?? more.since
      rule.bytes = max(rule.bytes, more.bytes)
    }
    return rule
  }

  private func single(_ number: UInt32, of type: UInt32) -> Rule {
    let rows = loader.relocations
    let isMarker = loader.markers.contains(type)
    guard let index = rows.firstIndex(where: { $0.types.contains(number) }) else {
      return Rule(type: type, isKnown: false, bytes: 0, isMarker: isMarker)
    }
    return Rule(
      type: type, isKnown: true, since: rows[index].since, bytes: rows[index].bytes,
      value: rows[index].value, isMarker: isMarker)
  }

  /// Whether the loader takes sections of this type, `SHT_RELA` or `SHT_REL`.
  func takes(_ type: SectionType) -> Bool {
    switch loader.entries {
    case .withAddends: type == .rela
    case .withoutAddends: type == .rel
    case .both: true
    }
  }

  /// Whether a section of a live patch's relocations is called `.klp.rela.OBJECT.SECTION`.
  static func isLivepatchName(_ name: ByteSlice) -> Bool {
    let prefix = ".klp.rela."
    guard name.starts(with: prefix) else { return false }
    let rest = name.suffix(from: prefix.utf8.count)
    guard let dot = rest.firstIndex(of: 0x2e), (1...55).contains(dot) else { return false }
    return dot + 1 < rest.count
  }
}
