// What is known of the values of symbols before the kernel has chosen addresses, for loaders that look
// whether they fit (arch/x86/kernel/module.c).

/// What is known of the values of symbols before addresses are.
struct SymbolValues {
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

  /// Reads the kinds of `symbols`. Where kernel and modules are not in the upper 2 GiB, weak symbols that
  /// nobody may offer are looked at one by one, and all of others where these may be far away; those of
  /// sections that are `loaded` are near, what is not loaded is somewhere else.
  init(
    _ symbols: SymbolTable, isUpper: Bool, othersAreFar: Bool = false, loaded: [Bool] = []
  ) {
    self.symbols = symbols
    kinds = symbols.records.enumerated().map { position, record in
      if position == 0 { return .number }
      switch record.sectionIndex {
      case .absolute, .livepatch: return .number
      case .undefined where !isUpper && (othersAreFar || record.binding == .weak): return .far
      default:
        if !isUpper, let section = symbols.section(of: record, at: position),
          section < loaded.count, !loaded[Int(section)]
        {
          return .far
        }
        return record.value >> 30 == 0 ? .address : .far
      }
    }
  }

  /// Whether a relocation's value is an address not far from where its symbol is.
  func isNear(_ relocation: Relocation) -> Bool {
    Value.isSmall(relocation.addend ?? 0)
      && kinds[Int(relocation.symbol.rawValue)] == .address
  }

  /// What a relocation's value is: symbol and addend.
  subscript(_ relocation: Relocation) -> Value {
    let addend = relocation.addend ?? 0
    switch kinds[Int(relocation.symbol.rawValue)] {
    case .address: return .near(addend)
    case .far: return .far
    case .number:
      let value = symbols.records[relocation.symbol]?.value ?? 0
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

    /// Whether an address stays in the upper 2 GiB when this is added: modules have addresses between
    /// -1 GiB and -16 MiB, the kernel from -2 GiB on.
    static func isSmall(_ addend: Int64) -> Bool { addend >= -(1 << 24) && addend < 1 << 30 }

    /// Whether the value fits a field.
    func fits(_ field: RelocationValue?) -> Fit {
      switch self {
      case .near(let addend):
        let isSmall = Self.isSmall(addend)
        switch field {
        case .unsigned: return .no
        case .signed:
          if isSmall { return .yes }
          return addend < -(1 << 31) || addend >= 1 << 32 ? .no : .unknown(.largeAddend)
        case .distance:
          return isSmall ? .yes : .unknown(.farAway)
        case .range, .code, nil: return .yes
        }
      case .far:
        return .unknown(.outside)
      case .number(let value, let hasSymbol):
        if !hasSymbol { return .unknown(.noSymbol) }
        switch field {
        case .unsigned: return value >> 32 == 0 ? .yes : .no
        case .signed:
          return Int64(bitPattern: value) == Int64(Int32(truncatingIfNeeded: value)) ? .yes : .no
        case .distance: return .unknown(.absolute)
        case .range, .code, nil: return .yes
        }
      }
    }
  }

  enum Fit {
    case yes
    case no
    case unknown(ValueDoubt)
  }
}

/// Why it is not known whether the value of a relocation is what it should be.
enum ValueDoubt: String {
  case largeAddend = "has a large addend"
  case farAway = "leads far away: the kernel does not check distances"
  case outside = "leads to a symbol far outside of its section"
  case noSymbol = "has no symbol: its value is an address near 0"
  case shortReach =
    "has a short reach: whether what it leads to is near enough only the running kernel knows (ENOEXEC when it is not)"
  case unloaded =
    "leads to a section that is not loaded: whether the kernel's copy of the file is near enough only the running kernel knows (ENOEXEC when it is not)"
  case weak = "is against a weak symbol, and it is not known whether somebody offers it"
  case absolute = "leads to an absolute symbol, far from all code"
}
