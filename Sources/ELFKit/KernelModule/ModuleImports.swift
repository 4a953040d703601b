// What a module needs: its undefined symbols, with the versions it was built against.

/// A symbol that has to be found in the kernel or in another module.
public struct ModuleImport: Equatable, Sendable {
  /// The symbol.
  public let name: ByteSlice
  /// The version it was built against; `nil` when none is recorded.
  public let crc: UInt32?
  /// Whether the module also loads without it (`STB_WEAK`).
  public let isWeak: Bool
}

extension KernelModule {
  /// The undefined symbols in the order of the symbol table.
  public func imports() throws(ELFError) -> [ModuleImport] {
    let symbols = try image.symbols()
    var crcs: [ByteSlice: UInt32] = [:]
    // Of repeats the first counts; the extended form, which comes last, decides where both are.
    for version in try versions() where version.isExtended || crcs[version.name] == nil {
      crcs[version.name] = version.crc
    }
    var imports: [ModuleImport] = []
    for (position, record) in symbols.records.enumerated()
    where position > 0 && record.sectionIndex == .undefined {
      let name = symbols[position].name
      guard !name.isEmpty else { continue }
      imports.append(
        ModuleImport(name: name, crc: crcs[name], isWeak: record.binding == .weak))
    }
    return imports
  }
}
