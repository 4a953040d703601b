// Relocations (kernel/module/main.c, `apply_relocations`; arch/*/kernel/module*.c,
// `apply_relocate_add`): the first that cannot be done ends the load. What no kernel checks, and
// what makes it write where it must not, is left open.

extension LoadAttempt {
  mutating func relocate() throws(LoadFailure) {
    guard let image = module?.image, let symbols = try? image.symbols() else { return }
    let machine = image.header.machine
    if RelocationSupport.of(machine) == nil {
      assume("relocations of machine \(machine.rawValue) are not known: taken as good")
    }
    let values = SymbolValues(symbols)
    var count = 0
    defer { note("\(count)") }
    for section in image.sections.dropFirst() {
      let header = section.header
      guard let target = image.sections.section(header.info), target.isAllocated else { continue }
      if header.flags.contains(.livepatchRelocations) {
        try relocateLivepatch(section)
      } else if header.type == .rel, machine != .mips {
        say("module \(name): REL relocation unsupported")
        throw LoadFailure(.notExecutable)
      } else if header.type == .rela || header.type == .rel {
        count += Int(clamping: header.size / (header.type == .rela ? 24 : 16))
        try relocate(section, target, image, symbols, values)
      }
    }
  }

  private mutating func relocateLivepatch(_ section: Section) throws(LoadFailure) {
    if RelocationSupport.isLivepatchName(section.name) {
      assume("live patches of other modules are applied when these are loaded")
      return
    }
    say("livepatch: section \(section.name) has an incorrectly formatted name")
    throw LoadFailure(.invalid)
  }

  private mutating func relocate(
    _ section: Section, _ target: Section, _ image: ELFImage, _ symbols: SymbolTable,
    _ values: SymbolValues
  ) throws(LoadFailure) {
    guard let table = try? image.relocations(in: section) else {
      leaveOpen(.unreadable, of: target)
      return
    }
    let machine = image.header.machine
    let support = RelocationSupport.of(machine)
    let bytes = (try? image.bytes(of: target)) ?? .empty(at: 0)
    let place = RelocationPlace(target: target, bytes: bytes, machine: machine)
    var lastType: (type: UInt32, isSupported: Bool)?
    for (index, relocation) in table.enumerated() {
      if lastType?.type != relocation.type {
        let isSupported = support?.accepts(relocation.type, kernel) ?? true
        lastType = (relocation.type, isSupported)
      }
      guard Int(relocation.symbol) < symbols.count else {
        leaveOpen(.symbol(relocation.symbol, count: symbols.count), of: target)
        continue
      }
      if lastType?.isSupported == false {
        try refuse(relocation, machine)
      }
      guard place.holds(relocation) else {
        leaveOpen(.offset(relocation.offset), of: target)
        continue
      }
      if machine == .amd64 {
        try checkAMD64(relocation, place, values, (section.index, index))
      }
    }
  }

  private mutating func refuse(
    _ relocation: Relocation, _ machine: Machine
  ) throws(LoadFailure) {
    let type = relocation.type
    advise("the kernel cannot do relocation type \(type): build with the kernel's own flags")
    switch machine {
    case .amd64:
      say("module: \(name): Unknown rela relocation: \(type)")
    case .aarch64:
      let prefix: ByteText = has(.arm64Prefix) ? "Modules: module" : "module"
      say("\(prefix) \(name): unsupported RELA relocation: \(type)")
    case .riscv:
      say("\(name): Unknown relocation type \(type)")
      throw LoadFailure(.invalid)
    case .s390:
      // Those of dynamic linking are refused without a word.
      if !(9...12).contains(type) { say("module \(name): unknown relocation: \(type)") }
    case .powerPC64:
      say("module_64: \(name): Unknown ADD relocation: \(type)")
    case .loongArch:
      say("kmod: \(name): Unsupport relocation type \(type), please add its support.")
      throw LoadFailure(.invalid)
    case .mips:
      say("\(name): Unknown relocation type \(type)")
      throw LoadFailure(.invalid)
    default: break
    }
    throw LoadFailure(.notExecutable)
  }

  /// What the loader of x86-64 checks: bytes that are zero, and values that fit.
  private mutating func checkAMD64(
    _ relocation: Relocation, _ place: RelocationPlace, _ values: SymbolValues,
    _ entry: (section: Int, index: Int)
  ) throws(LoadFailure) {
    if relocation.type == 0 {
      // objtool makes these of the jumps that it has turned into NOPs: the bytes say so.
      if place.hasBytes(relocation) { return }
      leaveOpen(.undone, of: place.target)
      return
    }
    let value = values[relocation]
    if place.isNonzero(relocation) {
      let type = relocation.type
      let words: ByteText =
        has(.nonzeroTargetWords) ? "Invalid" : "Skipping invalid"
      let place: ByteText =
        has(.relocationPlaces)
        ? "sec \(entry.section), idx \(entry.index), type \(type)" : "type \(type)"
      say(
        "module: x86/modules: \(words) relocation target, existing value is nonzero for \(place), loc (____ptrval____), val \(Self.address)"
      )
      assumeAddresses()
      advise("the module was relocated or damaged: build it again")
      throw LoadFailure(.notExecutable)
    }
    switch value.fits(relocation.type) {
    case .yes: return
    case .no:
      let position: ByteText =
        has(.relocationPlaces) ? " sec \(entry.section) idx \(entry.index)" : ""
      say("module: overflow in relocation type \(relocation.type) val \(Self.address)\(position)")
      say("module: `\(name)' likely not compiled with -mcmodel=kernel")
      assumeAddresses()
      advise("compile with -mcmodel=kernel, as the kernel's own build does")
      throw LoadFailure(.notExecutable)
    case .unknown(let why):
      leaveOpen(.value(why), of: place.target)
    }
  }

  /// Leaves open what is not known about a relocation of `target`. The words are made once, and no more
  /// of them than are kept: a million relocations may be odd, and the name as long as the file.
  private mutating func leaveOpen(_ problem: OpenRelocation.Problem, of target: Section) {
    guard openRelocations.count < Self.mostTexts,
      openRelocations.insert(OpenRelocation(target: target.index, problem: problem)).inserted
    else { return }
    let section = target.name
    switch problem {
    case .unreadable:
      leaveOpen("the relocations of '\(section)' cannot be read")
    case .symbol(let number, let count):
      leaveOpen(
        "a relocation of '\(section)' uses symbol \(number), there are \(count): the kernel reads where it must not"
      )
    case .offset(let offset):
      leaveOpen(
        "a relocation changes offset \(offset) of '\(section)', which has \(target.header.size) bytes: the kernel writes where it must not"
      )
    case .undone:
      leaveOpen(
        "a relocation of '\(section)' is of type R_X86_64_NONE: what it stood for is not done")
    case .value(let why):
      leaveOpen("a relocation of '\(section)' \(why)")
    }
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
