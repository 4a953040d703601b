// Symbol versions: `__versions` (`struct modversion_info`, include/linux/module.h) and the
// extended form of newer kernels (`__version_ext_crcs`, `__version_ext_names`).

/// The version (CRC) of a symbol that the module was built against.
public struct SymbolVersion: Sendable {
  /// The symbol.
  public let name: ByteSlice
  /// The checksum of its type, as genksyms or gendwarfksyms made it.
  public let crc: UInt32
  /// Whether it comes from the extended sections.
  public let isExtended: Bool

  /// The symbol whose version is that of the loader's own structures.
  public static let layoutSymbol: ByteSlice = "module_layout"
}

/// `struct modversion_info`: an `unsigned long` and a name of what is left of 64 bytes.
struct VersionRecord: ClassedRecord {
  static let byteCounts = (elf32: 64, elf64: 64)
  static let byteCount = 64

  let crc: UInt64

  init(elf64 bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    crc = bytes.u64(base, encoding)
  }

  init(elf32 bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    crc = UInt64(bytes.u32(base, encoding))
  }

  /// Where in a table the name of the record at `position` lies.
  static func nameRange(of position: Int, _ encoding: Encoding) -> Range<Int> {
    let start = position &* byteCount
    return start &+ encoding.addressSize..<start &+ byteCount
  }
}

extension KernelModule {
  /// The versions of all symbols the module needs, `module_layout` among them, in file order:
  /// those of `__versions`, then those of the extended sections. Empty for a kernel without
  /// `CONFIG_MODVERSIONS`.
  public func versions() throws(ELFError) -> [SymbolVersion] {
    try basicVersions() + extendedVersions()
  }

  /// The version of `module_layout`, that of the structures which the loader shares with modules; `nil`
  /// when it records none.
  public func layoutVersion() throws(ELFError) -> UInt32? {
    try versions().layoutVersion
  }

  private func basicVersions() throws(ELFError) -> [SymbolVersion] {
    guard let section = image.sections.firstAllocated(named: "__versions") else { return [] }
    return ModversionTable(try image.bytes(of: section), image.encoding).map {
      SymbolVersion(name: $0.name, crc: UInt32(truncatingIfNeeded: $0.crc), isExtended: false)
    }
  }

  private func extendedVersions() throws(ELFError) -> [SymbolVersion] {
    guard let crcSection = image.sections.firstAllocated(named: "__version_ext_crcs"),
      let nameSection = image.sections.firstAllocated(named: "__version_ext_names")
    else { return [] }
    let crcs = RecordTable<UInt32>(try image.bytes(of: crcSection), image.encoding)
    let names = try image.bytes(of: nameSection)
    var versions: [SymbolVersion] = []
    var start = 0
    for crc in crcs {
      guard start < names.count else { break }
      let name = names.suffix(from: start).untilNUL
      versions.append(SymbolVersion(name: name, crc: crc, isExtended: true))
      start += name.count + 1
    }
    return versions
  }
}

extension [SymbolVersion] {
  /// The version of ``SymbolVersion/layoutSymbol``; `nil` when it is not among them.
  var layoutVersion: UInt32? { first { $0.name == SymbolVersion.layoutSymbol }?.crc }
}
