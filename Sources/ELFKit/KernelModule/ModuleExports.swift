// What a module offers: `struct kernel_symbol` (include/linux/export.h) in `__ksymtab*`, with the
// CRCs of `__kcrctab*` and, in newer kernels, the flags of `__kflagstab`.

/// A symbol that other modules may use.
public struct ModuleExport: Sendable {
  /// The symbol.
  public let name: ByteSlice
  /// Its version; `nil` when the table of CRCs has none for it.
  public let crc: UInt32?
  /// Whether only GPL-compatible modules may use it.
  public let isGPLOnly: Bool
  /// The namespace that users must import; `nil` for none.
  public let namespace: ByteSlice?
  /// The section it is listed in, such as `__ksymtab_gpl`.
  public let table: String

  /// The same with texts of its own: for lists that outlive the modules they come from, whose
  /// bytes a slice would keep in memory.
  public func copied() -> Self {
    Self(
      name: ByteSlice(name.bytes, fileOffset: name.fileOffset), crc: crc, isGPLOnly: isGPLOnly,
      namespace: namespace.map { ByteSlice($0.bytes, fileOffset: $0.fileOffset) }, table: table)
  }
}

/// The sections that list exports, oldest kernels' last, and what being listed there means.
private struct ExportTable {
  let symbols: String
  let crcs: String
  let isGPLOnly: Bool

  static let all = [
    Self(symbols: "__ksymtab", crcs: "__kcrctab", isGPLOnly: false),
    Self(symbols: "__ksymtab_gpl", crcs: "__kcrctab_gpl", isGPLOnly: true),
    // Of older kernels (`KernelChange.futureExports`):
    Self(symbols: "__ksymtab_gpl_future", crcs: "__kcrctab_gpl_future", isGPLOnly: false),
    Self(symbols: "__ksymtab_unused", crcs: "__kcrctab_unused", isGPLOnly: false),
    Self(symbols: "__ksymtab_unused_gpl", crcs: "__kcrctab_unused_gpl", isGPLOnly: true),
  ]
}

extension KernelModule {
  /// Whether entries of export tables hold distances.
  private var hasRelativeExports: Bool {
    image.header.machine.description?.kernel.relativeExports != nil
  }

  /// The size of one `struct kernel_symbol` in bytes, of kernels that have namespaces.
  var exportEntrySize: UInt64 {
    hasRelativeExports ? 12 : 24
  }

  /// The exports, table by table, in file order.
  ///
  /// Entries are three 32-bit distances on machines with `CONFIG_HAVE_ARCH_PREL32_RELOCATIONS`
  /// and three pointers elsewhere: value, name, namespace.
  public func exports() throws(ELFError) -> [ModuleExport] {
    var exports: [ModuleExport] = []
    let tables = ExportTable.all.compactMap { table in
      image.sections.first(named: table.symbols).map { (table, $0) }
    }
    guard !tables.isEmpty else { return [] }
    var resolver = try PointerResolver(image)
    for (table, section) in tables {
      exports += try self.exports(table, section, &resolver)
    }
    return exports
  }

  private func exports(
    _ table: ExportTable, _ section: Section, _ resolver: inout PointerResolver
  ) throws(ELFError) -> [ModuleExport] {
    let fieldSize = exportEntrySize / 3
    // The bytes are asked for so that a size that the file does not have is an error here.
    let count = try UInt64(image.bytes(of: section).count) / (3 * fieldSize)
    var flags: ByteSlice?
    if table.symbols == "__ksymtab", let section = image.sections.first(named: "__kflagstab") {
      flags = try image.bytes(of: section)
    }
    let crcs = image.sections.first(named: table.crcs)?.index
    var exports: [ModuleExport] = []
    for index in 0..<count {
      let base = index * 3 * fieldSize
      let name = try resolver.pointedString(in: section.index, at: base + fieldSize)
      let namespace = try resolver.pointedString(in: section.index, at: base + 2 * fieldSize)
      let value = try resolver.target(in: section.index, at: base)
      guard let name = name ?? value?.symbol.name else { continue }
      let flag = flags.flatMap { Int(index) < $0.count ? $0[Int(index)] : nil } ?? 0
      var version: UInt32?
      if let crcs { version = try crc(index, in: crcs, &resolver) }
      exports.append(
        ModuleExport(
          name: name, crc: version, isGPLOnly: table.isGPLOnly || flag & 1 != 0,
          namespace: namespace.flatMap { $0.isEmpty ? nil : $0 }, table: table.symbols))
    }
    return exports
  }

  /// The CRC in its three encodings: a literal (``KernelChange/literalCRCs``), an absolute symbol `__crc_NAME`
  /// whose value it is (older kernels of most machines), or the distance to where it is stored (those of
  /// machines with `CONFIG_MODULE_REL_CRCS`). An undefined `__crc_NAME` means that there is none.
  private func crc(
    _ index: UInt64, in section: Int, _ resolver: inout PointerResolver
  ) throws(ELFError) -> UInt32? {
    guard let target = try resolver.target(in: section, at: index * 4) else {
      return try resolver.number(in: section, at: index * 4, byteCount: 4)
        .map { UInt32(truncatingIfNeeded: $0) }
    }
    if let place = target.section {
      return try resolver.number(in: place, at: target.offset, byteCount: 4)
        .map { UInt32(truncatingIfNeeded: $0) }
    }
    return target.symbol.isUndefined ? nil : UInt32(truncatingIfNeeded: target.offset)
  }
}
