// Relocations (kernel/module/main.c, `apply_relocations`; arch/*/kernel/module*.c,
// `apply_relocate_add`): the first that cannot be done ends the load. What no kernel checks, and
// what makes it write where it must not, is left open.

extension LoadAttempt {
  mutating func relocate() throws(LoadFailure) {
    guard asksRelocations, let image = module?.image, let symbols = try? image.symbols() else {
      return
    }
    let machine = image.header.machine
    if RelocationSupport.of(machine) == nil {
      assume("relocations of machine \(machine.rawValue) are not known: taken as good")
    }
    let values = SymbolValues(symbols)
    let sections = RelocatedSections(image, symbols, isSurvey)
    var count = 0
    defer { note("\(count)") }
    for section in image.sections.dropFirst() {
      let header = section.header
      guard let target = image.sections.section(header.info), target.isAllocated else { continue }
      if header.flags.contains(.livepatchRelocations) {
        try relocateLivepatch(section)
      } else if header.type == .rel, machine != .mips {
        try meet(
          LoadProblem(
            "rel-section", .refuses(.notExecutable),
            "relocations of '\(target.name)' have no addends (SHT_REL), which this machine's loader wants",
            lines: ["module \(name): REL relocation unsupported"], in: section))
      } else if header.type == .rela || header.type == .rel {
        count += Int(clamping: header.size / (header.type == .rela ? 24 : 16))
        try relocate(section, target, image, symbols, values, sections)
      }
    }
  }

  private mutating func relocateLivepatch(_ section: Section) throws(LoadFailure) {
    if RelocationSupport.isLivepatchName(section.name) {
      assume("live patches of other modules are applied when these are loaded")
      return
    }
    try meet(
      LoadProblem(
        "livepatch-format", .refuses(.invalid),
        "section '\(section.name)' has an incorrectly formatted name",
        lines: ["livepatch: section \(section.name) has an incorrectly formatted name"],
        in: section))
  }

  private mutating func relocate(
    _ section: Section, _ target: Section, _ image: ELFImage, _ symbols: SymbolTable,
    _ values: SymbolValues, _ sections: RelocatedSections
  ) throws(LoadFailure) {
    guard let table = try? image.relocations(in: section) else {
      return try meet(.unreadable, of: target, in: section)
    }
    let machine = image.header.machine
    let support = RelocationSupport.of(machine)
    // Of a damaged or NOBITS section there are none.
    let bytes = (try? image.bytes(of: target)) ?? .empty(at: 0)
    let place = RelocationPlace(target: target, bytes: bytes, machine: machine)
    let stays = isSurvey && sections.stays[target.index]
    var lastType: (type: UInt32, isSupported: Bool)?
    for (index, relocation) in table.enumerated() {
      if lastType?.type != relocation.type {
        let isSupported = support?.accepts(relocation.type, kernel) ?? true
        if isSupported, support?.isLater(relocation.type) == true { _ = has(.moreRelocations) }
        lastType = (relocation.type, isSupported)
      }
      guard Int(relocation.symbol) < symbols.count else {
        try meet(.symbol(relocation.symbol, count: symbols.count), of: target, in: section)
        continue
      }
      if lastType?.isSupported == false {
        try refuse(relocation, machine, of: target, in: section)
      }
      guard place.holds(relocation) else {
        try meet(.offset(relocation.offset), of: target, in: section)
        continue
      }
      if machine == .amd64 {
        try checkAMD64(relocation, place, values, (section, index))
      }
      if stays, sections.isFreed(relocation.symbol, symbols) {
        mismatches.add(OddRelocation(relocation: relocation, target: target, section: section))
      }
    }
  }

  private mutating func refuse(
    _ relocation: Relocation, _ machine: Machine, of target: Section, in section: Section
  ) throws(LoadFailure) {
    guard isRoom(for: "unsupported-relocation") else { return }
    let type = relocation.type
    var lines: [ByteText] = []
    var errno = Errno.notExecutable
    switch machine {
    case .amd64:
      lines = ["module: \(name): Unknown rela relocation: \(type)"]
    case .aarch64:
      let prefix: ByteText = has(.arm64Prefix) ? "Modules: module" : "module"
      lines = ["\(prefix) \(name): unsupported RELA relocation: \(type)"]
    case .riscv:
      lines = ["\(name): Unknown relocation type \(type)"]
      errno = .invalid
    case .s390:
      // Those of dynamic linking are refused without a word.
      if !(9...12).contains(type) { lines = ["module \(name): unknown relocation: \(type)"] }
    case .powerPC64:
      lines = ["module_64: \(name): Unknown ADD relocation: \(type)"]
    case .loongArch:
      lines = ["kmod: \(name): Unsupport relocation type \(type), please add its support."]
      errno = .invalid
    case .mips:
      lines = ["\(name): Unknown relocation type \(type)"]
      errno = .invalid
    default: break
    }
    try meet(
      LoadProblem(
        "unsupported-relocation", .refuses(errno),
        "relocation type \(type) at offset \(hex: relocation.offset) of '\(target.name)' is none that the loader can do",
        lines: lines,
        advice:
          "the kernel cannot do relocation type \(type): build with the kernel's own flags",
        section: section.name, offset: section.header.offset))
  }

  /// What the loader of x86-64 checks: bytes that are zero, and values that fit.
  private mutating func checkAMD64(
    _ relocation: Relocation, _ place: RelocationPlace, _ values: SymbolValues,
    _ entry: (section: Section, index: Int)
  ) throws(LoadFailure) {
    if relocation.type == 0 {
      // objtool makes these of the jumps that it has turned into NOPs: the bytes say so.
      if place.hasBytes(relocation) { return }
      return try meet(.undone, of: place.target, in: entry.section)
    }
    if place.isNonzero(relocation) {
      try refuseNonzero(relocation, place, entry)
    }
    switch values[relocation].fits(relocation.type) {
    case .yes: return
    case .no: try refuseOverflow(relocation, place, entry)
    case .unknown(let why): try meet(.value(why), of: place.target, in: entry.section)
    }
  }

  private mutating func refuseNonzero(
    _ relocation: Relocation, _ place: RelocationPlace, _ entry: (section: Section, index: Int)
  ) throws(LoadFailure) {
    guard isRoom(for: "relocation-target-nonzero") else { return }
    let type = relocation.type
    let words: ByteText = has(.nonzeroTargetWords) ? "Invalid" : "Skipping invalid"
    let position: ByteText =
      has(.relocationPlaces)
      ? "sec \(entry.section.index), idx \(entry.index), type \(type)" : "type \(type)"
    assumeAddresses()
    let target = place.target
    try meet(
      LoadProblem(
        "relocation-target-nonzero", .refuses(.notExecutable),
        "the bytes at offset \(hex: relocation.offset) of '\(target.name)' are not zero, and a relocation is to change them: ENOEXEC",
        lines: [
          "module: x86/modules: \(words) relocation target, existing value is nonzero for \(position), loc (____ptrval____), val \(Self.address)"
        ], advice: "the module was relocated or damaged: build it again",
        section: entry.section.name, offset: target.header.offset &+ relocation.offset))
  }

  private mutating func refuseOverflow(
    _ relocation: Relocation, _ place: RelocationPlace, _ entry: (section: Section, index: Int)
  ) throws(LoadFailure) {
    guard isRoom(for: "relocation-overflow") else { return }
    let type = relocation.type
    let position: ByteText =
      has(.relocationPlaces) ? " sec \(entry.section.index) idx \(entry.index)" : ""
    assumeAddresses()
    let target = place.target
    try meet(
      LoadProblem(
        "relocation-overflow", .refuses(.notExecutable),
        "the value of the relocation at offset \(hex: relocation.offset) of '\(target.name)' does not fit (type \(type)): ENOEXEC",
        lines: [
          "module: overflow in relocation type \(type) val \(Self.address)\(position)",
          "module: `\(name)' likely not compiled with -mcmodel=kernel",
        ], advice: "compile with -mcmodel=kernel, as the kernel's own build does",
        section: entry.section.name, offset: target.header.offset &+ relocation.offset))
  }

  /// Meets what no kernel looks at. The words are made once, and no more of them than are kept: a
  /// million relocations may be odd, and the name as long as the file.
  private mutating func meet(
    _ problem: OpenRelocation.Problem, of target: Section, in section: Section
  ) throws(LoadFailure) {
    let id = problem.rule
    guard openRelocations.count < Self.mostTexts, isRoom(for: id),
      openRelocations.insert(OpenRelocation(target: target.index, problem: problem)).inserted
    else { return }
    try meet(
      LoadProblem(
        id, .corrupts, problem.text(of: target), section: section.name,
        offset: section.header.offset))
  }

  /// Whether a survey still wants problems of this kind: the rest says the same.
  private func isRoom(for id: String) -> Bool {
    !isSurvey || problems.count { $0.id == id } < OddRelocations.most
  }

  /// Where modules begin on x86-64 (Documentation/arch/x86/x86_64/mm.rst): stands for an address
  /// that only the running kernel knows.
  private static let address = "ffffffffc0000000"

  private mutating func assumeAddresses() {
    assume("addresses in messages stand for those that the kernel will choose")
  }
}

/// Something about a relocation that is not known and decides.
struct OpenRelocation: Hashable {
  /// The number of the section that is changed.
  let target: Int
  let problem: Problem

  enum Problem: Hashable {
    /// There is a table that cannot be read.
    case unreadable
    /// It uses a symbol that is not there.
    case symbol(UInt32, count: Int)
    /// It changes what lies outside of the section.
    case offset(UInt64)
    /// It is of the type that does nothing.
    case undone
    /// Its value may not be what it should be, and why.
    case value(String)

    /// The rule that explains it.
    var rule: String {
      switch self {
      case .unreadable, .symbol, .offset: "relocation-out-of-range"
      case .undone, .value: "relocation-value"
      }
    }

    /// What is wrong, in words.
    func text(of target: Section) -> ByteText {
      let section = target.name
      switch self {
      case .unreadable: return "the relocations of '\(section)' cannot be read"
      case .symbol(let number, let count):
        return
          "a relocation of '\(section)' uses symbol \(number), there are \(count): the kernel reads where it must not"
      case .offset(let offset):
        return
          "a relocation changes offset \(offset) of '\(section)', which has \(target.header.size) bytes: the kernel writes where it must not"
      case .undone:
        return
          "a relocation of '\(section)' is of type R_X86_64_NONE: what it stood for is not done"
      case .value(let why): return "a relocation of '\(section)' \(why)"
      }
    }
  }
}

/// The section that relocations change.
private struct RelocationPlace {
  let target: Section
  let bytes: ByteSlice
  let machine: Machine

  /// Whether what is changed lies within the section.
  func holds(_ relocation: Relocation) -> Bool {
    let size = machine == .amd64 ? RelocationSupport.fieldSizeAMD64(relocation.type) ?? 0 : 1
    let end = target.header.size
    if RelocationSupport.isMarker(relocation, machine) { return relocation.offset <= end }
    return size <= end && relocation.offset <= end - size
  }

  /// Whether there is something other than zeros where four bytes would be changed.
  func hasBytes(_ relocation: Relocation) -> Bool {
    guard relocation.offset <= UInt64(bytes.count), bytes.count - Int(relocation.offset) >= 4 else {
      return false
    }
    let start = Int(relocation.offset)
    return (start..<start + 4).contains { bytes[$0] != 0 }
  }

  /// Whether the bytes that are changed are not zero.
  func isNonzero(_ relocation: Relocation) -> Bool {
    RelocationSupport.isNonzero(relocation, bytes)
  }
}

/// What is known of the values of symbols before addresses are.
private struct SymbolValues {
  /// The kind of every symbol's value.
  private let kinds: [Kind]
  private let symbols: SymbolTable

  private enum Kind: UInt8 {
    /// In a section or in the kernel: an address in the upper 2 GiB, not far from its beginning.
    case address
    /// A number that is known.
    case number
    /// An address that lies far outside.
    case far
  }

  init(_ symbols: SymbolTable) {
    self.symbols = symbols
    kinds = symbols.records.enumerated().map { position, record in
      if position == 0 { return .number }
      switch record.sectionIndex {
      case .absolute, .livepatch: return .number
      default: return record.value >> 30 == 0 ? .address : .far
      }
    }
  }

  /// What a relocation's value is: symbol and addend.
  subscript(_ relocation: Relocation) -> Value {
    let addend = relocation.addend ?? 0
    switch kinds[Int(relocation.symbol)] {
    case .address: return .near(addend)
    case .far: return .far
    case .number:
      let value = symbols.records[Int(relocation.symbol)].value
      return .number(value &+ UInt64(bitPattern: addend), hasSymbol: relocation.symbol != 0)
    }
  }

  enum Value {
    /// An address in the upper 2 GiB, and what is added to it.
    case near(Int64)
    /// An address far from where it should be.
    case far
    /// A number.
    case number(UInt64, hasSymbol: Bool)

    /// Whether the value fits the field of a relocation of x86-64.
    func fits(_ type: UInt32) -> Fit {
      switch self {
      case .near(let addend):
        // Modules have addresses between -1 GiB and -16 MiB, the kernel from -2 GiB on.
        let isSmall = addend >= -(1 << 24) && addend < 1 << 30
        switch type {
        case 10: return .no
        case 11:
          if isSmall { return .yes }
          return addend < -(1 << 31) || addend >= 1 << 32 ? .no : .unknown("has a large addend")
        case 2, 4:
          return isSmall ? .yes : .unknown("leads far away: the kernel does not check distances")
        default: return .yes
        }
      case .far:
        return .unknown("leads to a symbol far outside of its section")
      case .number(let value, let hasSymbol):
        if !hasSymbol { return .unknown("has no symbol: its value is an address near 0") }
        switch type {
        case 10: return value >> 32 == 0 ? .yes : .no
        case 11:
          return Int64(bitPattern: value) == Int64(Int32(truncatingIfNeeded: value)) ? .yes : .no
        case 2, 4: return .unknown("leads to an absolute symbol, far from all code")
        default: return .yes
        }
      }
    }
  }

  enum Fit {
    case yes
    case no
    case unknown(String)
  }
}
