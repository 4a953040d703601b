// Which symbol, with which size, a kernel names for an address in a module (kernel/module/kallsyms.c,
// `find_kallsyms_symbol`), computed from the file: how the loader lays out code, and what kallsyms sees.

/// The code of a module as kallsyms knows it.
public struct ModuleCode: Sendable {
  /// Where a name that kallsyms prints begins, and what the size after it is.
  public struct Place: Hashable, Sendable {
    /// The name.
    public let name: ByteSlice
    /// The number of the section.
    public let section: Int
    /// The offset in the section at which the name begins.
    public let start: UInt64
    /// What is printed as its size.
    public let extent: Extent
    /// Whether kallsyms prints another name, which comes before this one in the table, for the place.
    public let isAlias: Bool
    /// Whether the place is freed once init has run.
    public let isInit: Bool
    /// Where it is in its region of memory.
    let address: UInt64
  }

  /// What kallsyms takes for the size of a name: the distance to the next one, wherever that is, or to
  /// the end of the region, which is made of whole pages.
  public enum Extent: Hashable, Sendable {
    /// So many bytes.
    case exact(UInt64)
    /// At least so many bytes, and then up to a boundary of pages of `page` bytes; a kernel that does
    /// not protect pages of modules prints `least`.
    case toPage(least: UInt64, start: UInt64, page: UInt64)
    /// At least so many bytes: what the loader puts into the region is not in the file.
    case atLeast(UInt64)

    /// Whether a kernel may print `size`.
    public func allows(_ size: UInt64) -> Bool {
      switch self {
      case .exact(let bytes): size == bytes
      case .atLeast(let least): size >= least
      case .toPage(let least, let start, let page):
        // No page is larger than 64 KiB, and nothing else follows in the region.
        size == least
          || size >= least && size - least < 1 << 16 && (start &+ size) & (page - 1) == 0
      }
    }

    /// The bytes that are there in any case.
    var least: UInt64 {
      switch self {
      case .exact(let bytes), .atLeast(let bytes), .toPage(let bytes, _, _): bytes
      }
    }
  }

  /// The first of the names of a place.
  struct Head {
    let address: UInt64
    let symbol: Int
    let section: Int
    let start: UInt64
  }

  /// A part of memory with code: that which stays, or that which is freed.
  struct Region {
    var size: UInt64 = 0
    var heads: [Head] = []
    /// The offsets at which the loader puts what is not in the file.
    var grownAt: [UInt64] = []
  }

  private let symbols: SymbolTable
  private let headers: RecordTable<SectionHeader>
  /// Where the sections with code are.
  private var sections: [UInt32: (region: Int, address: UInt64)] = [:]
  private(set) var regions = [Region(), Region()]
  private let pageSize: UInt64
  /// The bits of a function's value that kallsyms takes off.
  let functionMark: UInt64
  /// What has a name, in the order of the file; the last of each name by that name.
  private var named: [Named] = []
  private var byName: [ByteSlice: Int] = [:]

  /// Something with a name.
  private struct Named {
    let region: Int
    let head: Head
    /// The one before it that is called so.
    let other: Int?
    /// How many are called so up to here.
    let count: Int
  }

  /// A name that more places have tells nothing of any.
  private static let mostOfOneName = 64

  /// No section with code is so large; what claims to be is not laid out.
  private static let largest: UInt64 = 1 << 32

  /// Sections with code that the loader makes room in (module_frob_arch_sections of arm64, arm, riscv,
  /// loongarch, powerpc).
  private static let grown = [
    ".plt", ".init.plt", ".text.ftrace_trampoline", ".init.text.ftrace_trampoline", ".stubs",
    ".init.stubs",
  ]

  /// The code of `module` in `kernel`, or a new one when that is not known. O(n log n) of the number of
  /// symbols.
  public init(_ module: KernelModule, in kernel: Kernel? = nil) throws(ELFError) {
    try self.init(module, try module.image.symbols(), in: kernel)
  }

  /// The same with symbols that have been read.
  init(
    _ module: KernelModule, _ symbols: SymbolTable, in kernel: Kernel?
  ) throws(ELFError) {
    let image = module.image
    self.symbols = symbols
    headers = image.sections.headers
    let machine = image.header.machine.description?.kernel
    pageSize = machine?.pageSizes.first ?? 4096
    functionMark = machine?.functionMark ?? 0
    for section in image.sections where section.isAllocated {
      let header = section.header
      let isGrown = Self.grown.contains { section.name.equals($0) }
      guard header.flags.contains(.executable) || isGrown else { continue }
      let region = module.region(of: section, in: kernel) == .initialization ? 1 : 0
      guard header.size < Self.largest, header.alignment <= Self.largest,
        regions[region].size < Self.largest
      else {
        throw ELFError(
          .malformed("code of more than 4 GiB"), .section(section.index),
          at: image.sections.headers.fileOffset(of: .size, at: section.index))
      }
      let start = ModuleMemory.align(regions[region].size, header.alignment)
      sections[UInt32(section.index)] = (region, start)
      regions[region].size = start + header.size
      if isGrown { regions[region].grownAt.append(start) }
    }
    if machine?.addsCode ?? false { regions[0].grownAt.append(regions[0].size) }
    collect(kernel)
  }

  private mutating func collect(_ kernel: Kernel?) {
    byName.reserveCapacity(symbols.records.count)
    for (position, record) in symbols.records.enumerated() {
      guard let section = symbols.section(of: record, at: position), let place = sections[section],
        record.value < Self.largest, let name = symbols.names[record.nameOffset], !name.isEmpty,
        !Self.isMapping(name, kernel)
      else { continue }
      let start = record.type == .function ? record.value & ~functionMark : record.value
      let head = Head(
        address: place.address + start, symbol: position, section: Int(section), start: start)
      regions[place.region].heads.append(head)
      let other = byName[name]
      let count = other.map { named[$0].count } ?? 0
      guard count < Self.mostOfOneName else { continue }
      byName[name] = named.count
      named.append(Named(region: place.region, head: head, other: other, count: count + 1))
    }
    // Of equals the first in the table is named.
    for region in regions.indices {
      regions[region].heads.sort { ($0.address, $0.symbol) < ($1.address, $1.symbol) }
      var last: UInt64?
      regions[region].heads.removeAll { head in
        defer { last = head.address }
        return head.address == last
      }
    }
  }

  /// Symbols that assemblers make (include/linux/module_symbol.h, `is_mapping_symbol`).
  private static func isMapping(_ name: ByteSlice, _ kernel: Kernel?) -> Bool {
    if name.starts(with: ".L") { return true }
    guard kernel.map({ $0.has(.allMappingSymbols) }) ?? true else {
      guard name.count > 1, name[0] == UInt8(ascii: "$") else { return false }
      let isKind = "axtd".utf8.contains(name[1])
      return isKind && (name.count == 2 || name[2] == UInt8(ascii: "."))
    }
    return name.starts(with: "L0") || name.starts(with: "$")
  }

  /// The places that are called `name`: those that kallsyms names so, or, where there is none, those that
  /// have the name as well.
  public func places(named name: ByteSlice) -> [Place] {
    var all: [Place] = []
    var next = byName[name]
    while let index = next {
      all.append(place(named[index].region, named[index].head))
      next = named[index].other
    }
    all.reverse()
    let named = all.filter { !$0.isAlias }
    return named.isEmpty ? all : named
  }

  /// What kallsyms calls the place `offset` of `section`, when a name begins there.
  func name(in section: Int, at offset: UInt64) -> ByteSlice? {
    guard let start = sections[UInt32(truncatingIfNeeded: section)], offset < Self.largest else {
      return nil
    }
    let heads = regions[start.region].heads
    let first = Halving.firstIndex(heads.count) { heads[$0].address >= start.address + offset }
    guard first < heads.count, heads[first].address == start.address + offset,
      heads[first].section == section
    else { return nil }
    return symbols[heads[first].symbol].name
  }

  /// The bytes of a section.
  func sectionSize(_ section: Int) -> UInt64 { headers[section].size }

  /// What is known of a name.
  func place(_ region: Int, _ head: Head) -> Place {
    let heads = regions[region].heads
    let next = Halving.firstIndex(heads.count) { heads[$0].address > head.address }
    let first = Halving.firstIndex(heads.count) { heads[$0].address >= head.address }
    return Place(
      name: symbols[head.symbol].name, section: head.section, start: head.start,
      extent: extent(region, head.address, next < heads.count ? heads[next].address : nil),
      isAlias: first < heads.count && heads[first].symbol != head.symbol, isInit: region == 1,
      address: head.address)
  }

  private func extent(_ region: Int, _ start: UInt64, _ next: UInt64?) -> Extent {
    let region = regions[region]
    if let next {
      // What grows between the two moves the second.
      let isMoved = region.grownAt.contains { start < $0 && $0 <= next }
      return isMoved ? .atLeast(next - start) : .exact(next - start)
    }
    let least = region.size > start ? region.size - start : 0
    return region.grownAt.isEmpty
      ? .toPage(least: least, start: start, page: pageSize) : .atLeast(least)
  }
}

extension ModuleCode.Place {
  /// The function that this is the unlikely part of, which compilers put elsewhere (`f.cold`), or `nil`.
  public var coldPartOf: ByteSlice? {
    guard let dot = name.firstPosition(of: ".cold"), dot > 0 else { return nil }
    return name[within: 0..<dot]
  }
}

extension ModuleCode.Extent {
  /// Whether the file alone tells the size.
  var isKnown: Bool {
    if case .atLeast = self { false } else { true }
  }

  /// Whether `offset` lies within what is there, or may.
  func reaches(_ offset: UInt64) -> Bool {
    if case .exact(let bytes) = self { offset <= bytes } else { offset < 1 << 32 }
  }

  /// The size, as it is printed.
  var words: ByteText {
    switch self {
    case .exact(let bytes): "\(hex: bytes)"
    case .atLeast(let least): "at least \(hex: least)"
    case .toPage(let least, let start, let page):
      "\(hex: ((start &+ least &+ page &- 1) & ~(page &- 1)) &- start)"
    }
  }
}
