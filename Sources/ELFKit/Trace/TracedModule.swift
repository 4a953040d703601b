// Whether a file is the module that a log tells of, and where the places of the log are in it.

/// A module's file that places of a log are looked up in.
public struct TracedModule: Sendable {
  /// The module.
  public let module: KernelModule
  /// Its code as kallsyms knows it.
  public let code: ModuleCode
  /// Its build id.
  public let buildID: ByteSlice?

  /// Functions whose printed sizes are those of the file.
  private var sizes: Set<ByteSlice> = []
  /// `Code:` lines that have been compared, and how many of their bytes are those of the file.
  private var listings: [Listing: Int] = [:]
  /// WARNs that stand in the source where the log says.
  private var sites: Set<BugSite> = []
  let symbols: SymbolTable
  private let calls: TraceCalls
  private var resolver: PointerResolver
  /// What is read when a log first asks for it.
  private var bytes: CodeBytes?
  private var bugs: [CodePlace: BugEntry]?
  /// Lines of the source, and the file that they come from.
  private var lines: SourceTable?
  private var debug: ELFImage
  /// Whether the log has the file's build id.
  private var hasBuildID = false
  /// The first thing of the log that is not so in the file.
  public private(set) var contradiction: ByteText?

  private let unpack: SectionUnpacker?
  let kernel: Kernel?
  var addresses = LoadAddresses()
  var sitesInCode: CodeSites?
  /// Variables by name, once the log names one.
  private var objects: [ByteSlice: CodePlace]?

  /// `module`, run by `kernel` when that is known. `unpack` unpacks compressed debug sections.
  public init(
    _ module: KernelModule, in kernel: Kernel? = nil, _ unpack: SectionUnpacker? = nil
  ) throws(ELFError) {
    self.module = module
    self.unpack = unpack
    self.kernel = kernel
    symbols = try module.image.symbols()
    code = try ModuleCode(module, symbols, in: kernel)
    buildID = module.buildNotes().buildID
    calls = TraceCalls(module.image, symbols)
    resolver = try PointerResolver(module.image, symbols)
    debug = module.image
    lines = try? SourceTable(module.image, unpack)
  }

  /// A `Code:` line at a place.
  private struct Listing: Hashable, Sendable {
    let place: CodePlace
    let units: CodeListing
  }

  /// A place in a section.
  struct CodePlace: Hashable, Sendable {
    let section: Int
    let offset: UInt64
  }

  /// The places that `symbol` may be, or why there is none.
  public func places(_ symbol: TraceSymbol) -> Places {
    let named = code.places(named: symbol.function)
    guard let first = named.first else {
      guard let object = objects?[symbol.function] else {
        return .none("it has no function \(symbol.function)")
      }
      return .data(section: object.section, offset: object.offset &+ symbol.offset)
    }
    guard let size = symbol.size else {
      let reached = named.filter { $0.isAlias || $0.extent.reaches(symbol.offset) }
      guard reached.isEmpty else { return .some(reached) }
      return .none("\(symbol.function) is not so long: \(first.extent.words)")
    }
    guard symbol.offset <= size else {
      return .none("the place lies behind the end of \(symbol.function)")
    }
    let fitting = named.filter { $0.extent.allows(size) }
    guard fitting.isEmpty else { return .some(fitting) }
    return .none(
      "\(symbol.function) has size \(hex: size) in the log, \(first.extent.words) in the file")
  }

  /// What came of looking for a place.
  public enum Places: Sendable {
    /// Where it may be; more than one when functions of one name have one size.
    case some([ModuleCode.Place])
    /// It is a variable, of whose size kallsyms has no idea.
    case data(section: Int, offset: UInt64)
    /// Why it is nowhere.
    case none(ByteText)
  }

  /// Takes a place of the log into account.
  public mutating func add(_ mention: TraceMention) {
    let symbol = mention.symbol
    if let printed = symbol.buildID, let buildID {
      if Self.isEqual(printed, buildID) {
        hasBuildID = true
      } else {
        contradict("the log has build id \(printed)")
      }
    }
    // What lies on the stack by chance proves nothing; its name and size do, since they were looked up.
    var found = places(symbol)
    if case .none = found, objects == nil, code.places(named: symbol.function).isEmpty {
      objects = symbols.objects(ofSections: module.image.sections.count)
      found = places(symbol)
    }
    switch found {
    case .data: return
    case .some(let places):
      if symbol.size != nil, places.allSatisfy({ $0.extent.isKnown }) {
        sizes.insert(symbol.function)
      }
    case .none(let reason): contradict(reason)
    }
  }

  /// The place of `mention`, when there is exactly one.
  func place(_ mention: TraceMention) -> CodePlace? {
    guard case .some(let places) = places(mention.symbol), places.count == 1,
      let place = places.first
    else { return nil }
    let (offset, overflow) = place.start.addingReportingOverflow(mention.symbol.offset)
    // A place that Thumb code returns to has the mark of its functions.
    return overflow ? nil : CodePlace(section: place.section, offset: offset & ~code.functionMark)
  }

  /// Compares a `Code:` line whose marked instruction `mention` names with the file, and takes what
  /// comes of it into account.
  @discardableResult
  public mutating func add(
    _ listing: CodeListing, at mention: TraceMention
  ) throws(ELFError) -> CodeComparison {
    guard let place = place(mention) else { return .unknown }
    let bytes: CodeBytes
    if let known = self.bytes {
      bytes = known
    } else {
      bytes = try CodeBytes(module.image, symbols)
      self.bytes = bytes
    }
    let result = try bytes.compare(listing, at: place.offset, of: place.section, &resolver)
    switch result {
    case .equal(let count): listings[Listing(place: place, units: listing)] = count
    case .different(let offset, let log, let file):
      contradict(
        "the byte at \(module.image.sections[place.section].name)+\(hex: offset) is \(hex: UInt64(log)) in the log, \(hex: UInt64(file)) in the file"
      )
    case .unknown: break
    }
    return result
  }

  /// What had been called at a place that a call returns to; `nil` when the file does not tell.
  public mutating func call(before mention: TraceMention) throws(ELFError) -> TraceCall? {
    guard !mention.kind.isExact, mention.symbol.offset > 0, let place = place(mention) else {
      return nil
    }
    let code = code
    return try calls.call(returningTo: place.offset, of: place.section, &resolver) {
      code.name(in: $0, at: $1)
    }
  }

  /// The WARN or BUG whose instruction is at a place.
  public mutating func bug(at mention: TraceMention) throws(ELFError) -> BugEntry? {
    guard let place = place(mention) else { return nil }
    if bugs == nil {
      var found: [CodePlace: BugEntry] = [:]
      for entry in try module.bugEntries().reversed() {
        found[CodePlace(section: entry.section, offset: entry.offset)] = entry
      }
      bugs = found
    }
    return bugs?[place]
  }

  private static func lastPart(_ path: ByteSlice) -> ByteSlice {
    path.suffix(from: (path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)
  }

  /// Whether lines of the source are known.
  public var hasLines: Bool { lines != nil }

  /// Takes lines of the source from `image`, which must have the module's build id unless it `isProven`
  /// to belong to it; false when it has another, or no lines.
  public mutating func addDebug(
    _ image: ELFImage, isProven: Bool = false
  ) throws(ELFError) -> Bool {
    let isOwn = buildID != nil && KernelModule(image).buildNotes().buildID == buildID
    guard isOwn || isProven, let table = try SourceTable(image, unpack) else { return false }
    (lines, debug) = (table, image)
    return true
  }

  /// Where a place is in the source, innermost first; of a place that a call returns to, where the call
  /// is.
  public mutating func source(at mention: TraceMention) -> [SourceFrame] {
    guard lines != nil, let place = place(mention), place.offset < 1 << 48 else { return [] }
    var section = place.section
    if debug.sections.count != module.image.sections.count
      || debug.source.size != module.image.source.size
    {
      // A file of its own numbers its sections in its own way.
      guard let own = debug.sections.first(named: module.image.sections[section].name.text) else {
        return []
      }
      section = own.index
    }
    let isCall = !mention.kind.isExact && mention.symbol.offset > 0
    return lines?.frames(at: isCall ? place.offset &- 1 : place.offset, of: section) ?? []
  }

  /// What the debug information has in other files, which are not read; `nil` when it has all.
  public var unreadDebug: SourceTable.Elsewhere? { lines?.elsewhere }

  /// What begins exactly at a place, as kallsyms calls it.
  public func name(at mention: TraceMention) -> ByteSlice? {
    place(mention).flatMap { code.name(in: $0.section, at: $0.offset) }
  }

  /// Compares where a log says that a WARN stands in the source with the file's own table.
  public mutating func add(_ site: BugSite, at mention: TraceMention) throws(ELFError) {
    guard let entry = try bug(at: mention), let file = entry.file else { return }
    // Whoever handed the log on may have taken folders off.
    if Self.lastPart(file) == Self.lastPart(site.file), entry.line == site.line {
      sites.insert(site)
    } else {
      contradict(
        "a WARN is at \(site.file):\(site.line) in the log, at \(file):\(entry.line) in the file")
    }
  }

  /// What the instruction at a place is, where that means something to who reads a trace.
  public mutating func meaning(of mention: TraceMention) throws(ELFError) -> String? {
    guard mention.kind.isExact, let place = place(mention) else { return nil }
    let known = module.image.header.machine.description?.code.words ?? []
    let bytes = try resolver.bytes(of: place.section)
    guard place.offset < UInt64(bytes.count) else { return nil }
    let rest = bytes.suffix(from: Int(place.offset))
    return known.first { rest.prefix($0.bytes.count).elementsEqual($0.bytes) }?.meaning
  }

  /// Remembers a contradiction; the first counts.
  mutating func contradict(_ reason: ByteText) {
    if contradiction == nil { contradiction = reason }
  }

  private static func isEqual(_ digits: ByteSlice, _ bytes: ByteSlice) -> Bool {
    guard digits.count == 2 * bytes.count else { return false }
    for (position, byte) in bytes.enumerated() {
      guard let high = digits[2 * position].hexadecimalDigit,
        let low = digits[2 * position + 1].hexadecimalDigit, UInt64(byte) == high << 4 | low
      else { return false }
    }
    return true
  }

  /// Whether the file is the build that ran, as far as the log shows.
  public var verdict: BuildVerdict {
    if contradiction != nil { return .different }
    if hasBuildID { return .same }
    return sizes.isEmpty && equalBytes == 0 && sites.isEmpty ? .unknown : .consistent
  }

  /// How many bytes of `Code:` lines are those of the file.
  private var equalBytes: Int { listings.values.reduce(0, +) }

  /// What the verdict rests on.
  public var evidence: [ByteText] {
    if let contradiction { return [contradiction] }
    var evidence: [ByteText] = hasBuildID ? ["the log has its build id"] : []
    if !sizes.isEmpty { evidence.append("\(counted(sizes.count, "size"))") }
    if equalBytes > 0 { evidence.append("\(counted(equalBytes, "byte")) of code") }
    if !sites.isEmpty {
      evidence.append(sites.count == 1 ? "1 place of a WARN" : "\(sites.count) places of WARNs")
    }
    return evidence
  }
}
