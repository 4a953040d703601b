// What one module of a tree tells the others: read from a few of its sections, kept without the rest.

/// A module of a ``ModuleSet``. Nothing of its file is kept in memory but what is said here.
public struct ModuleMember: Sendable {
  /// What is read of a module: who only asks for symbols need not pay for tables of imports.
  public struct Parts: OptionSet, Sendable {
    /// The bits.
    public let rawValue: UInt8
    /// Any bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// What it offers, and whether it is free.
    public static let offers = Self(rawValue: 1)
    /// What it needs.
    public static let needs = Self(rawValue: 2)
    /// What it is also called, and what it wants beside symbols.
    public static let words = Self(rawValue: 4)
    /// What its code asks for while it runs.
    public static let requests = Self(rawValue: 8)
  }

  /// What a module needs.
  public struct Needs: Sendable {
    /// The modules that `depends=` names, as they are compared.
    public let dependencies: [ByteSlice]
    /// The symbols, with the versions it was built against.
    public let imports: [ModuleImport]
    /// The version of `module_layout`, that of the structures which the loader shares with modules;
    /// `nil` when it records none.
    public let layoutVersion: UInt32?
  }

  /// Its name by its file, as names are compared.
  public let name: ByteSlice
  /// The file, as the caller calls it.
  public let path: ByteSlice
  /// Whether its licence is non-free; `nil` when that was not asked: of modules that offer nothing it
  /// does not matter to others.
  public let isProprietary: Bool?
  /// What it offers; empty when that was not asked.
  public let exports: [ModuleExport]
  /// What it needs; `nil` when that was not asked.
  public let needs: Needs?
  /// What it says in its own words; `nil` when that was not asked.
  public let words: ModuleWords?
  /// What its code asks for while it runs; empty when that was not asked.
  public let requests: [ModuleRequest]

  /// Reads `parts` of `module`, which is in the file at `path`. Costs as much as its lists are long.
  ///
  /// Throws when a part cannot be read.
  public init(
    _ module: KernelModule, path: ByteSlice, _ parts: Parts
  ) throws(ELFError) {
    name = ModuleName.ofFile(at: path)
    self.path = path
    exports = try parts.contains(.offers) ? module.exports().map { $0.copied() } : []
    let isAsked = !parts.isDisjoint(with: [.needs, .words]) || !exports.isEmpty
    let info = isAsked ? try module.info() : ModuleInfo(.empty(at: 0))
    isProprietary =
      exports.isEmpty ? nil : !(info.first("license").map(License.isGPLCompatible) ?? false)
    needs = parts.contains(.needs) ? try Needs(module, info) : nil
    words = parts.contains(.words) ? ModuleWords(info) : nil
    requests = parts.contains(.requests) ? try module.requests().map { $0.copied() } : []
  }
}

extension ModuleMember.Needs {
  fileprivate init(_ module: KernelModule, _ info: ModuleInfo) throws(ELFError) {
    dependencies = Self.names(in: info)
    let symbols = try module.imports()
    imports = zip(symbols, ByteSlice.packed(symbols.map { $0.name })).map { symbol, name in
      ModuleImport(name: name, crc: symbol.crc, isWeak: symbol.isWeak)
    }
    layoutVersion = try module.layoutVersion()
  }

  /// What the first `depends=` names.
  private static func names(in info: ModuleInfo) -> [ByteSlice] {
    (info.first("depends")?.bytes ?? []).split(separator: UInt8(ascii: ",")).map {
      ByteSlice(ModuleName.folded($0))
    }
  }
}
