// Where findings stand in the source: what debug information says of the code they are about, else what the
// module's own tables name (Debug/, Trace/).

/// A line of a file of the source.
public struct SourcePlace: Hashable, Sendable {
  /// The path as the compiler was told, with the folder that it ran in before one that is relative, where
  /// the file tells that.
  public let path: [UInt8]
  /// The line, from 1; 0 when only the file is known.
  public let line: UInt64
}

/// The places in the source of one module's findings. Nothing is read before the first is asked for.
public struct FindingSources: Sendable {
  private let module: KernelModule
  private let unpack: SectionUnpacker?
  private var lines: SourceTable?
  private var symbols: SymbolTable?
  private var bugs: [BugEntry] = []
  private var sites: [DebugSite] = []
  /// Where each symbol that the module needs is used first.
  private var uses: [ByteSlice: Place] = [:]
  /// What was found out about functions.
  private var functions: [ByteSlice: [SourcePlace]] = [:]
  private var isRead = false

  /// A place in a section.
  private struct Place: Hashable {
    let section: Int
    let offset: UInt64
  }

  /// The places in `module`; `unpack` unpacks compressed debug sections.
  public init(_ module: KernelModule, _ unpack: SectionUnpacker? = nil) {
    (self.module, self.unpack) = (module, unpack)
  }

  /// Where `finding` is in the source, the function that the code is written in first, then those that it
  /// was built into; none when it is about no place, or nothing names one.
  public mutating func places(of finding: Finding) -> [SourcePlace] {
    let isAboutSection = finding.subject != nil && finding.subject == finding.section
    guard !isAboutSection, finding.offset != nil || finding.subject != nil else { return [] }
    read()
    if let offset = finding.offset {
      return place(at: offset, finding.section).map { places(at: $0) } ?? []
    }
    // A symbol that the module needs: where it is used first.
    guard Rule.named(finding.rule)?.group == "symbol", let subject = finding.subject else {
      return []
    }
    return uses[subject].map { places(at: $0) } ?? []
  }

  private mutating func read() {
    guard !isRead else { return }
    isRead = true
    let image = module.image
    symbols = try? image.symbols()
    lines = (try? SourceTable(image, unpack)) ?? nil
    bugs = (try? module.bugEntries()) ?? []
    sites = (try? module.debugSites()) ?? []
    guard let symbols else { return }
    var first: [Place?] = Array(repeating: nil, count: symbols.records.count)
    for section in image.sections where section.header.flags.contains(.executable) {
      for number in image.sections.relocationSections(of: section.index) {
        guard let table = try? image.relocations(in: image.sections[number]) else { continue }
        for relocation in table {
          let symbol = Int(relocation.symbol.rawValue)
          guard symbol < first.count, first[symbol] == nil else { continue }
          first[symbol] = Place(section: section.index, offset: relocation.offset)
        }
      }
    }
    // Names may overlap: all of them together may be far longer than the file.
    var allowance = Allowance(for: image.source.size)
    for (position, record) in symbols.records.enumerated() where record.sectionIndex == .undefined {
      guard let place = first[position] else { continue }
      let name = symbols[position].name
      guard allowance.take(UInt64(name.count)) else { return }
      if uses[name] == nil { uses[name] = place }
    }
  }

  /// The place that is at `offset` of the file: in code, or in a table that is about code.
  private func place(at offset: UInt64, _ name: ByteSlice?) -> Place? {
    for section in module.image.sections where section.name == name {
      let header = section.header
      guard header.type == .progbits, offset >= header.offset,
        offset - header.offset < header.size
      else { continue }
      return Place(section: section.index, offset: offset - header.offset)
    }
    return nil
  }

  private mutating func places(at place: Place) -> [SourcePlace] {
    let section = module.image.sections[place.section]
    if section.name.equals("__bug_table") {
      let count = UInt64(bugs.count)
      guard count > 0, section.header.size % count == 0 else { return [] }
      return [bugs[Int(place.offset / (section.header.size / count))]].compactMap(Self.source)
    }
    guard section.header.flags.contains(.executable) else { return [] }
    let frames = lines?.frames(at: place.offset, of: place.section) ?? []
    if !frames.isEmpty {
      let folder = lines?.folder(at: place.offset, of: place.section)
      return frames.map { frame in
        let folders = [folder, frame.line.folder, frame.line.file].compactMap { $0 }
        return SourcePlace(path: Self.joined(folders), line: frame.line.line)
      }
    }
    let here = bugs.filter { $0.section == place.section && $0.offset == place.offset }
    if !here.isEmpty { return here.prefix(1).compactMap(Self.source) }
    return function(at: place)
  }

  /// The file of the function that a place is in, where a pr_debug of it names that, and no other function of
  /// the name is there.
  private mutating func function(at place: Place) -> [SourcePlace] {
    guard let symbols, let name = symbols.functionName(at: place.offset, in: place.section) else {
      return []
    }
    if let known = functions[name] { return known }
    let others = symbols.records.indices.count {
      symbols.records[$0].type == .function && symbols[$0].name == name
    }
    let files = Set(sites.lazy.filter { $0.function == name }.map { $0.file })
    let found =
      others == 1 && files.count == 1 ? files.map { SourcePlace(path: $0.bytes, line: 0) } : []
    functions[name] = found
    return found
  }

  private static func source(_ entry: BugEntry) -> SourcePlace? {
    entry.file.map { SourcePlace(path: $0.bytes, line: entry.line) }
  }

  /// The path that `parts` make, of which one that is absolute needs none of those before it.
  private static func joined(_ parts: [ByteSlice]) -> [UInt8] {
    var path: [UInt8] = []
    for part in parts where !part.isEmpty {
      if part.first == UInt8(ascii: "/") {
        path = part.bytes
      } else {
        path += (path.isEmpty ? [] : [UInt8(ascii: "/")]) + part.bytes
      }
    }
    return path
  }
}

extension SymbolTable {
  /// The function that `offset` of a section lies in, or `nil`: of several the innermost, which begins
  /// nearest, as kallsyms names it. O(number of symbols).
  func functionName(at offset: UInt64, in section: Int) -> ByteSlice? {
    var nearest: (position: Int, value: UInt64)?
    for (position, record) in records.enumerated()
    where record.type == .function && record.value <= offset && offset - record.value < record.size
    {
      if let nearest, record.value <= nearest.value { continue }
      if self.section(of: record, at: position) == UInt32(section) {
        nearest = (position, record.value)
      }
    }
    return nearest.map { self[$0.position].name }
  }
}
