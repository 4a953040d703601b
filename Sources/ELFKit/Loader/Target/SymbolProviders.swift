// Who offers a symbol: the lists of a kernel and the exports of modules, as one table.

/// The symbols that a kernel and the modules beside it offer.
public struct SymbolProviders: Sendable {
  private var symbols: [ExportedSymbol] = []
  /// Where a name stands in ``symbols``.
  private var positions: [ByteSlice: Int32] = [:]
  /// Whether the list of the kernel's own symbols is among them: only then is a symbol that is not
  /// found really missing.
  public private(set) var isComplete = false

  /// Nobody yet.
  public init() {}

  /// The number of symbols.
  public var count: Int { symbols.count }

  /// Adds the lines of a `Module.symvers`; what is known already stays.
  public mutating func add(_ symvers: ModuleSymvers) {
    symbols.reserveCapacity(symbols.count + symvers.symbols.count)
    positions.reserveCapacity(symbols.count + symvers.symbols.count)
    for symbol in symvers.symbols {
      add(symbol)
      if !isComplete, symbol.provider.equals("vmlinux") { isComplete = true }
    }
  }

  private mutating func add(_ symbol: ExportedSymbol) {
    let next = Int32(clamping: symbols.count)
    if positions[symbol.name] == nil {
      positions[symbol.name] = next
      symbols.append(symbol)
    }
  }

  /// Modules among the providers whose licence the kernel takes as non-free, by their names.
  public private(set) var proprietary: Set<ByteSlice> = []

  /// Notes that the licence of `provider` is non-free: who uses its symbols inherits the taint.
  public mutating func markProprietary(_ provider: ByteSlice) {
    proprietary.insert(ModuleName.ofFile(at: provider))
  }

  /// Whether `provider`, a module's name or a path to it, is one of ``proprietary``.
  public func isProprietary(_ provider: ByteSlice) -> Bool {
    !proprietary.isEmpty && proprietary.contains(ModuleName.ofFile(at: provider))
  }

  /// Adds the exports of a module that is called `provider`; what is known already stays. Names keep
  /// the bytes they are cut from in memory; see ``ModuleExport/copied()``.
  public mutating func add(_ exports: [ModuleExport], of provider: ByteSlice) {
    for export in exports {
      add(
        ExportedSymbol(
          name: export.name, crc: export.crc ?? 0, provider: provider, isGPLOnly: export.isGPLOnly,
          namespace: export.namespace ?? .empty(at: 0)))
    }
  }

  /// Adds what a module offers that is loaded; what is known already stays.
  public mutating func add(_ module: LoadedModule) {
    for symbol in (module.exports ?? [:]).values { add(symbol) }
    if module.isProprietary { markProprietary(module.name) }
  }

  /// Who offers the symbol `name`, or `nil`.
  public subscript(_ name: ByteSlice) -> ExportedSymbol? {
    positions[name].map { symbols[Int($0)] }
  }
}
