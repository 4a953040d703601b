// What a machine's loader does with each relocation of a module, ready for a million of them.

/// What a loader does with one type of relocations.
struct RelocationRule: Sendable {
  let type: UInt32
  /// Whether the kernel takes it.
  var isTaken: Bool
  /// How many bytes it changes at least.
  var bytes: UInt64
  /// Which values fit, where that is known.
  var value: RelocationValue?
  /// Whether it marks a place, changes nothing and may stand at a section's end.
  var isMarker: Bool

  /// Whether the kernel takes every address that is not far from its symbol.
  var takesNear: Bool
  /// Whether it does only because code has a table of far jumps.
  var needsTable = false

  /// That of a loader that nobody knows.
  static func unknown(_ type: UInt32) -> Self {
    Self(
      type: type, isTaken: true, bytes: 1, value: nil, isMarker: type == 0, takesNear: type != 0)
  }
}

/// What the loader of a module's machine does with relocations.
struct LoaderRelocations: Sendable {
  /// The loader.
  let loader: MachineLoader
  /// What the machine packs into a type.
  private let packing: RelocationPacking

  /// The version magic of the kernel, as far as it decides what is taken.
  private let magic: ByteSlice?

  /// The rules of `machine`, or `nil` when its loader is not known. `magic` is the version magic of the
  /// module, which is that of its kernel.
  init?(_ machine: Machine, magic: ByteSlice? = nil) {
    self.magic = magic
    guard let description = machine.description, let loader = description.loader else { return nil }
    self.loader = loader
    packing = description.format.packing
  }

  /// The rules of the types that were asked for, the first few: modules have a handful, which take
  /// turns.
  private var known: [(rule: RelocationRule, since: KernelChange?)] = []
  private static let most = 16

  /// What a loader of `kernel` does with `type`, and the change that decides, if one does. O(1) for a
  /// type that was asked for before.
  mutating func rule(_ type: UInt32, _ kernel: Kernel) -> (RelocationRule, KernelChange?) {
    if let index = known.firstIndex(where: { $0.rule.type == type }) {
      // What decides was said the first time.
      return (known[index].rule, nil)
    }
    let found = rule(of: type, kernel)
    if known.count < Self.most { known.append(found) }
    return found
  }

  private func rule(of type: UInt32, _ kernel: Kernel) -> (
    rule: RelocationRule, since: KernelChange?
  ) {
    var (rule, since) = single(packing == .three ? type & 0xff : type, of: type)
    if packing == .three {
      // Three types in one number; what is not used is the type of nothing.
      for shift in [8, 16] as [UInt32] {
        let (more, change) = single(type >> shift & 0xff, of: type)
        rule.isTaken = rule.isTaken && more.isTaken
        rule.bytes = max(rule.bytes, more.bytes)
        since = since ?? change
      }
    }
    rule.isTaken = rule.isTaken && (since.map(kernel.has) ?? true)
    return (rule, since)
  }

  private func single(_ number: UInt32, of type: UInt32) -> (RelocationRule, KernelChange?) {
    let rows = loader.relocations
    var rule = RelocationRule.unknown(type)
    rule.isMarker = loader.markers.contains(type)
    rule.takesNear = !rule.isMarker
    let index = rows.firstIndex { row in
      row.types.contains(number) && row.word.map { magic?.contains($0) == true } ?? true
    }
    guard let index else {
      (rule.isTaken, rule.bytes) = (false, 0)
      return (rule, nil)
    }
    (rule.bytes, rule.value) = (rows[index].bytes, rows[index].value)
    rule.takesNear = !rule.isMarker && takesNear(rows[index].value)
    if case .range(let field) = rule.value { rule.needsTable = field.hasTable }
    return (rule, rows[index].since)
  }

  /// The change that has brought a type which older kernels do not take; `nil` when there is none.
  func change(bringing type: UInt32) -> KernelChange? {
    loader.relocations.first { $0.types.contains(type) }?.since
  }

  /// Whether kernel and modules are near enough to each other for a field.
  private func takesNear(_ value: RelocationValue?) -> Bool {
    switch value {
    case .unsigned, .code: false
    // The addend has to be looked for.
    case .range where loader.entries == .withoutAddends: false
    case .range(let field): loader.ranges.map { field.takesAll(within: $0.reach) } ?? true
    case .signed, .distance, nil: true
    }
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
    guard let dot = rest.firstIndex(of: UInt8(ascii: ".")), (1...55).contains(dot) else {
      return false
    }
    return dot + 1 < rest.count
  }
}
