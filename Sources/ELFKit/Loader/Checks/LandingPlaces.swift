// Functions that are called through a pointer, and whether such calls may arrive there.

/// Functions whose address is taken, and whether calls through a pointer may arrive there.
struct LandingPlaces {
  private let image: ELFImage
  private let pads: LandingPads

  init(_ image: ELFImage, _ pads: LandingPads) {
    self.image = image
    self.pads = pads
  }

  /// Whether the code says that it was built for them.
  func areClaimed(by module: KernelModule) -> Bool {
    if let seals = pads.seals, image.sections.first(named: seals) != nil { return true }
    return module.buildNotes().protections.contains(pads.property)
  }

  /// Whether a function of the module's own does not begin as it should.
  func lacks(_ entry: ThisModule.EntryPoint) -> Bool {
    guard let number = entry.section else { return false }
    let section = image.sections[number]
    guard let bytes = try? image.bytes(of: section) else { return false }
    return !isLandingPad(bytes, entry.offset, orOutside: true)
  }

  /// Whether the four bytes at `offset` are one; of what lies outside others speak.
  private func isLandingPad(_ bytes: ByteSlice, _ offset: UInt64, orOutside: Bool) -> Bool {
    guard bytes.count >= 4, offset <= UInt64(bytes.count - 4) else { return orOutside }
    let word = bytes.storage.span.u32(bytes.range.lowerBound + Int(offset), image.encoding)
    return pads.instructions.contains(word)
  }

  /// A function whose address is taken and that does not begin as it should.
  struct Missing {
    let name: ByteSlice
    let section: Section
    let offset: UInt64
    /// Whether nothing but an export leads there.
    let isExport: Bool
    /// The section that points to it.
    let user: Section

    /// How it is reached, as a clause: made for the few that are told, as names may be long.
    var clause: ByteText {
      isExport
        ? "is exported"
        : user.name.equals(ThisModule.sectionName)
          ? "struct module points to" : "'\(user.name)' points to"
    }
  }

  /// The functions that exit and data point to and that lack it, each once; `init` is said elsewhere.
  func missing(besides start: ThisModule.EntryPoint?, _ symbols: SymbolTable) -> [Missing] {
    var found: [Missing] = []
    var seen: Set<Place> = []
    if let start, let section = start.section {
      seen.insert(Place(section: section, offset: start.offset))
    }
    var functions: [Place: Int]?
    var contents: [Int: ByteSlice] = [:]
    let tables = image.sections.filter { $0.header.type == .rela }
    // What is exported and pointed to is told as the latter.
    for isExport in [false, true] {
      for table in tables {
        guard let target = image.sections.section(table.header.info),
          isExport ? target.name.starts(with: "__ksymtab") : Self.isData(target),
          let relocations = try? image.relocations(in: table)
        else { continue }
        for relocation in relocations where isExport || relocation.type == pads.pointer {
          guard let record = symbols.records[relocation.symbol],
            let number = symbols.section(of: record, at: Int(relocation.symbol.rawValue)),
            let section = image.sections.section(number), section.isAllocated,
            section.header.flags.contains(.executable), section.header.type != .nobits
          else { continue }
          let offset = record.value &+ UInt64(bitPattern: relocation.addend ?? 0)
          let bytes = contents[section.index] ?? (try? image.bytes(of: section)) ?? .empty(at: 0)
          contents[section.index] = bytes
          // Most are: those that are not are looked for among the functions, once each.
          if isLandingPad(bytes, offset, orOutside: true) { continue }
          let place = Place(section: section.index, offset: offset)
          guard seen.insert(place).inserted else { continue }
          let index = functions ?? Self.functions(symbols)
          functions = index
          guard let position = index[place] else { continue }
          let name = symbols[position].name
          // A trampoline that code jumps to, and nobody calls (include/linux/static_call.h).
          if isExport, name.starts(with: "__SCT__") { continue }
          found.append(
            Missing(
              name: name, section: section, offset: offset, isExport: isExport,
              user: target))
        }
      }
    }
    return found
  }

  private struct Place: Hashable {
    let section: Int
    let offset: UInt64
  }

  /// The functions by where they begin, the first of each place.
  private static func functions(_ symbols: SymbolTable) -> [Place: Int] {
    var places: [Place: Int] = [:]
    for (position, record) in symbols.records.enumerated() where record.type == .function {
      guard let section = symbols.section(of: record, at: position) else { continue }
      let place = Place(section: Int(section), offset: record.value)
      if places[place] == nil { places[place] = position }
    }
    return places
  }

  /// Whether a section holds data of the module's own: tables of the kernel's build have addresses, too,
  /// that nobody calls.
  private static func isData(_ target: Section) -> Bool {
    let name = target.name
    return target.isAllocated
      && (name.equals(ThisModule.sectionName) || name.starts(with: ".data")
        || name.starts(with: ".rodata") || name.starts(with: ".init.data")
        || name.starts(with: ".init.rodata"))
  }
}
