// Tables that stand for places in code belong to the functions that these lie in; other sections without names
// are compared as a whole.

extension PieceBuilder {
  /// What is compared as itself elsewhere, or says nothing about code and data: strings of the build, records
  /// of the contract, layouts of the stack, and what only others refer to.
  static func isIgnored(_ name: ByteSlice) -> Bool {
    if ["__versions", ".modinfo", "__version_ext_names", "__version_ext_crcs"].contains(where: {
      name.equals($0)
    }) {
      return true
    }
    return [".note", ".orc_", "__ksymtab", "__kcrctab", "__kflagstab", ".gnu.linkonce", ".BTF"]
      .contains { name.starts(with: $0) }
  }

  /// Tables whose entries stand for places in code, and the sizes that an entry may have.
  static let tables: [(name: String, sizes: [UInt64])] = [
    (".altinstructions", [14, 12, 13]), ("__bug_table", [12, 16, 24]), ("__jump_table", [16]),
    (".static_call_sites", [8]), (".return_sites", [4]), (".retpoline_sites", [4]),
    (".call_sites", [4]), (".ibt_endbr_seal", [4]), (".smp_locks", [4]),
    ("__ex_table", [12, 16, 8]),
    ("__mcount_loc", [8]), ("__patchable_function_entries", [8]), (".parainstructions", [16]),
  ]

  mutating func addTables(_ pieces: inout [NormalizedPiece]) throws(ELFError) {
    for section in image.sections where section.isAllocated && places[section.index].isEmpty {
      let name = section.name
      guard let table = Self.tables.first(where: { name.equals($0.name) }) else {
        try addWhole(section, &pieces)
        continue
      }
      let list = relocations[section.index]
      let starts = Set(list.map { $0.offset })
      let size = section.header.size
      let stride = table.sizes.first { stride in
        size % stride == 0 && size / stride <= UInt64(list.count)
          && (0..<size / stride).allSatisfy { starts.contains($0 * stride) }
      }
      guard let stride else {
        try addWhole(section, &pieces)
        continue
      }
      for start in Swift.stride(from: 0, to: size, by: Int(stride)) {
        try addEntry(section, start, stride, &pieces)
      }
    }
  }

  /// Hands an entry to the function that its first place lies in.
  mutating func addEntry(
    _ section: Section, _ start: UInt64, _ size: UInt64, _ pieces: inout [NormalizedPiece]
  ) throws(ELFError) {
    let list = relocations[section.index]
    let index = Halving.firstIndex(list.count) { list[$0].offset >= start }
    guard index < list.count, let spot = spot(of: list[index], isCode: false),
      let place = place(at: spot)
    else { return }
    var bytes = bytes(in: section.index, start, size)
    var line: UInt16?
    // struct bug_entry: two distances, then the line (include/asm-generic/bug.h).
    if section.name.equals("__bug_table"), size == 12, bytes.count == 12 {
      line = UInt16(bytes[8]) | UInt16(bytes[9]) << 8
      bytes = ByteSlice(bytes[within: 0..<8].bytes + [0, 0] + bytes[within: 10..<12].bytes)
    }
    let references = try references(in: section.index, start, size).dropFirst()
    pieces[place.number].entries.append(
      TableEntry(
        table: section.name, offset: Int64(bitPattern: spot.offset &- place.offset), bytes: bytes,
        references: Array(references), line: line))
  }

  /// A section without names that nothing leads to is a piece of its own: a list of pointers.
  mutating func addWhole(
    _ section: Section, _ pieces: inout [NormalizedPiece]
  ) throws(ELFError) {
    let size = section.header.size
    guard size > 0, !Self.isIgnored(section.name), starts[section.index].isEmpty || !hasLocals,
      !section.header.flags.contains(.strings)
    else { return }
    var piece = NormalizedPiece(
      name: section.name, key: section.name,
      isFunction: section.header.flags.contains(.executable), section: section.name, size: size,
      bytes: bytes(in: section.index, 0, size))
    piece.references = try references(in: section.index, 0, size)
    pieces.append(piece)
  }
}
