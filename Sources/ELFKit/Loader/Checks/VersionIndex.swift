// The versions of symbols as the loader looks them up (kernel/module/version.c, `check_version`).

/// The versions that a module records, by symbol.
struct VersionIndex {
  /// Whether the sections of 6.14 decide.
  let isExtended: Bool
  /// The whole CRC field, of which mainline's tools use 32 bits and the kernel compares all.
  private var crcs: [ByteSlice: UInt64] = [:]

  /// The versions in `image`, whatever type the section has; `nil` when it has none. `isExtendedKnown` says whether the kernel
  /// knows the extended sections.
  init?(_ image: ELFImage, isExtendedKnown: Bool) {
    if isExtendedKnown, let names = image.sections.firstAllocated(named: "__version_ext_names"),
      let table = image.sections.firstAllocated(named: "__version_ext_crcs"),
      let bytes = try? image.content(of: table), let text = try? image.content(of: names)
    {
      isExtended = true
      var start = 0
      for crc in RecordTable<UInt32>(bytes, image.encoding) where start < text.count {
        let name = text.suffix(from: start).untilNUL
        if crcs[name] == nil { crcs[name] = UInt64(crc) }
        start += name.count + 1
      }
      return
    }
    guard let section = image.sections.firstAllocated(named: "__versions"),
      let bytes = try? image.content(of: section)
    else { return nil }
    isExtended = false
    let table = ModversionTable(bytes, image.encoding)
    crcs.reserveCapacity(table.count)
    // Of repeats the first counts.
    for (name, crc) in table where crcs[name] == nil { crcs[name] = crc }
  }

  /// The version of a symbol; `nil` when none is recorded.
  subscript(_ name: ByteSlice) -> UInt64? { crcs[name] }

  /// The version of a symbol of the kernel's own.
  subscript(_ name: String) -> UInt64? { crcs[ByteSlice(Array(name.utf8))] }
}

extension SymbolProviders {
  /// Who offers a symbol of the kernel's own.
  subscript(_ name: String) -> ExportedSymbol? { self[ByteSlice(Array(name.utf8))] }
}
