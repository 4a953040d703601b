// What a file tells of addresses of a log, and of places of which no line is known.

extension TracedModule {
  /// Takes into account where a place was in memory.
  public mutating func add(_ address: UInt64, of mention: TraceMention) {
    guard case .some(let places) = places(mention.symbol), places.count == 1,
      let place = places.first, let distance = code.distance(to: place)
    else { return }
    let (sum, overflow) = distance.addingReportingOverflow(mention.symbol.offset)
    guard !overflow else { return }
    addresses.add(
      address & ~code.functionMark, sum & ~code.functionMark, isInit: place.isInit)
  }

  /// Takes a line of /proc/modules into account, where the size in it is that of the file.
  public mutating func add(_ loaded: ListedModule) {
    guard module.memory(in: kernel, symbols).resident == loaded.size else { return }
    addresses.add(loaded.address, 0, isInit: false)
  }

  /// Whether it is known where the module was in memory.
  public var isLocated: Bool { !addresses.isEmpty }

  /// What of the module's code lies at `address`.
  public func place(at address: UInt64) -> AddressedPlace? {
    addresses.place(at: address & ~code.functionMark, in: code)
  }

  /// Between the code of which lines a place is, where nothing tells its line.
  public mutating func bounds(at mention: TraceMention) throws(ELFError) -> SourceBounds? {
    guard let place = place(mention), case .some(let places) = places(mention.symbol),
      let named = places.first
    else { return nil }
    let sites: CodeSites
    if let known = sitesInCode {
      sites = known
    } else {
      sites = try CodeSites(module)
      sitesInCode = sites
    }
    let isCall = !mention.kind.isExact && mention.symbol.offset > 0
    let name = named.name
    return sites.bounds(
      at: isCall ? place.offset &- 1 : place.offset, of: place.section,
      in: named.start..<named.start &+ named.extent.least,
      of: name[within: 0..<(name.firstIndex(of: UInt8(ascii: ".")) ?? name.count)])
  }
}

extension SymbolTable {
  /// Variables by name, the first of each, in sections below `count`.
  func objects(ofSections count: Int) -> [ByteSlice: TracedModule.CodePlace] {
    var found: [ByteSlice: TracedModule.CodePlace] = [:]
    for (position, record) in records.enumerated() where record.type == .object {
      guard let section = section(of: record, at: position), let name = names[record.nameOffset],
        !name.isEmpty, section < count, found[name] == nil
      else { continue }
      found[name] = TracedModule.CodePlace(section: Int(section), offset: record.value)
    }
    return found
  }
}
