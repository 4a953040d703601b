// What a module offers: `struct kernel_symbol` (include/linux/export.h) in `__ksymtab*`, with the
// CRCs of `__kcrctab*` and, in newer kernels, the flags of `__kflagstab`.

/// A symbol that other modules may use.
public struct ModuleExport: Equatable, Sendable {
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
  /// The layout of the entries of an export table: by the file, else by the kernel that it was built
  /// for; `nil` when neither tells.
  func exportLayout(
    of section: Section, _ resolver: inout PointerResolver, _ kernel: Kernel? = nil
  ) throws(ELFError) -> ExportLayout? {
    if let evident = try ExportLayout.evident(in: section, &resolver) { return evident }
    let own = kernel == nil ? try info().release : nil
    guard let kernel = kernel ?? own.flatMap({ Kernel(release: $0) }) else { return nil }
    let since = image.header.machine.description?.kernel.relativeExports
    return ExportLayout(kernel, isRelative: since.map(kernel.has) ?? false, image.encoding)
  }

  /// How many exports `section` lists; `nil` when the layout of its entries is not known.
  func exportCount(of section: Section, _ kernel: Kernel? = nil) -> UInt64? {
    guard section.header.size > 0 else { return 0 }
    guard var resolver = try? PointerResolver(image) else { return nil }
    return (try? exportLayout(of: section, &resolver, kernel)).map { section.header.size / $0.size }
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
    // The bytes are asked for so that a size that the file does not have is an error here.
    let size = try UInt64(image.bytes(of: section).count)
    guard size > 0 else { return [] }
    guard let layout = try exportLayout(of: section, &resolver) else {
      throw ELFError(
        .malformed("the layout of struct kernel_symbol is not known for this kernel"),
        .section(section.index), at: section.header.offset)
    }
    let count = size / layout.size
    var flags: ByteSlice?
    if table.symbols == "__ksymtab", let section = image.sections.first(named: "__kflagstab") {
      flags = try image.bytes(of: section)
    }
    let crcs = image.sections.first(named: table.crcs).flatMap { section in
      CRCTable(section, count).map { (section.index, $0) }
    }
    var exports: [ModuleExport] = []
    for index in 0..<count {
      let base = index * layout.size
      let name = try resolver.pointedString(in: section.index, at: base + layout.nameOffset)
      var namespace: ByteSlice?
      if let offset = layout.namespaceOffset {
        namespace = try resolver.pointedString(in: section.index, at: base + offset)
      }
      let value = try resolver.target(in: section.index, at: base)
      guard let name = name ?? value?.symbol.name else { continue }
      let flag = flags.flatMap { Int(index) < $0.count ? $0[Int(index)] : nil } ?? 0
      var version: UInt32?
      if let (section, table) = crcs {
        version = try crc(at: index * table.size, in: section, table, &resolver)
      }
      exports.append(
        ModuleExport(
          name: name, crc: version, isGPLOnly: table.isGPLOnly || flag & 1 != 0,
          namespace: namespace.flatMap { $0.isEmpty ? nil : $0 }, table: table.symbols))
    }
    return exports
  }

  /// The CRC in its three encodings: a literal (``KernelChange/literalCRCs``), an absolute symbol
  /// `__crc_NAME` whose value it is (before, on most machines), or the distance to where it is stored
  /// (before, with `CONFIG_MODULE_REL_CRCS`). An undefined `__crc_NAME` means that there is none.
  private func crc(
    at offset: UInt64, in section: Int, _ table: CRCTable, _ resolver: inout PointerResolver
  ) throws(ELFError) -> UInt32? {
    guard let target = try resolver.target(in: section, at: offset) else {
      return try resolver.number(in: section, at: offset, byteCount: Int(table.size))
        .map { UInt32(truncatingIfNeeded: $0) }
    }
    if let place = target.section {
      return try resolver.number(in: place, at: target.offset, byteCount: 4)
        .map { UInt32(truncatingIfNeeded: $0) }
    }
    return target.symbol.isUndefined ? nil : UInt32(truncatingIfNeeded: target.offset)
  }
}

/// A table of CRCs beside an export table.
private struct CRCTable {
  /// The size of an entry in bytes: a number of 32 bits, or an `unsigned long` as before
  /// ``KernelChange/relativeExports``, which on 64-bit machines is twice as large.
  let size: UInt64

  /// The table in `section` beside `count` exports; `nil` when there are none.
  init?(_ section: Section, _ count: UInt64) {
    guard count > 0 else { return nil }
    let bytes = section.header.size
    // A table that is short has CRCs for the first exports.
    size = bytes / count == 8 && bytes % count == 0 ? 8 : 4
  }
}
