// Versions of a kernel's symbols as its own modules record them: `Module.symvers` is often missing,
// and `/lib/modules/RELEASE` never is (kernel/module/version.c compares the same numbers).

/// Versions (CRCs) of symbols, learnt from modules that were built for a kernel.
///
/// Who offers a symbol they do not tell.
public struct KnownVersions: Sendable {
  /// The versions by symbol; `nil` where two modules have different ones.
  private var crcs: [ByteSlice: UInt32?] = [:]

  /// None is known.
  public init() {}

  /// Whether none is known.
  public var isEmpty: Bool { crcs.isEmpty }

  /// The version of the symbol `name`; `nil` when it is not known, or doubtful.
  public subscript(_ name: ByteSlice) -> UInt32? { crcs[name] ?? nil }

  /// The symbols whose version is known, in ascending order.
  public var symbols: [ByteSlice] { crcs.filter { $0.value != nil }.keys.sorted() }

  /// Adds that `name` has the version `crc`. Where another one is known, the modules were built for
  /// different kernels, and neither counts.
  public mutating func add(_ name: ByteSlice, _ crc: UInt32) {
    guard let known = crcs[name] else {
      crcs[name] = .some(crc)
      return
    }
    if let known, known != crc { crcs[name] = .some(nil) }
  }

  /// Adds what a module records. The names are copied: its file can go.
  public mutating func add(_ versions: [SymbolVersion]) {
    for version in versions {
      add(crcs[version.name] == nil ? ByteSlice(version.name.bytes) : version.name, version.crc)
    }
  }

  /// Adds what the modules of `set` record; nothing when their needs were not read.
  public mutating func add(_ set: ModuleSet) {
    for needs in set.members.lazy.compactMap({ $0.needs }) {
      for symbol in needs.imports { if let crc = symbol.crc { add(symbol.name, crc) } }
      if let crc = needs.layoutVersion { add(SymbolVersion.layoutSymbol, crc) }
    }
  }
}
