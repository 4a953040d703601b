// The symbols that stay in memory with a module, for traces and kallsyms (kernel/module/kallsyms.c,
// `layout_symtab`, `is_core_symbol`; in older ones kernel/module.c).

/// The symbols of a module that the kernel keeps, with `CONFIG_KALLSYMS_ALL` as distributions have it.
struct KeptSymbols {
  /// How many, the first, which is none, among them.
  private(set) var count: UInt64 = 0
  /// The bytes of their names, with what ends each.
  private(set) var nameBytes: UInt64 = 0
  /// How the table is aligned.
  let alignment: UInt64

  /// The symbols of `symbols`, whose section is `section`. `keeps` tells of each section of the file
  /// whether what is defined there stays; of a live patch (`isAll`) all symbols do. O(number of symbols
  /// and length of their names).
  init(_ symbols: SymbolTable, in section: Section?, keeps: [Bool], isAll: Bool) {
    alignment = section?.header.alignment ?? 8
    for (position, record) in symbols.records.enumerated() {
      if position > 0, !isAll {
        // The kernel takes the index as it is: it knows no more than 65,279 sections here.
        let index = Int(record.sectionIndex.rawValue)
        guard record.nameOffset != 0, index > 0, index < keeps.count, keeps[index] else { continue }
      }
      count &+= 1
      nameBytes &+= UInt64(symbols.names.range(at: record.nameOffset)?.count ?? 0) &+ 1
    }
  }

  /// The bytes from `start` on that they take: symbols, names, and a byte for the type of each.
  func end(from start: UInt64) -> UInt64 {
    guard count > 0 else { return start }
    let aligned = ModuleMemory.align(start, alignment)
    let (end, overflow) = aligned.addingReportingOverflow(count &* 25 &+ nameBytes)
    return overflow ? .max : end
  }
}
