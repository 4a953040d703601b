// How large an entry of a table is, by the file itself. Records of the kernel have grown and shrunk, and
// modules do not say so; but each entry has its pointers at the same places, and in a relocatable file
// a pointer is a relocation.

enum TableStride {
  /// What the relocations of a table tell.
  enum Evidence: Equatable {
    /// There are none.
    case none
    /// Entries of this many bytes.
    case size(UInt64)
    /// There are some, and they fit none of the sizes.
    case contradiction
  }

  /// A pointer of an entry: where, and whether what it leads to is a symbol of the kernel's, as far as
  /// that was asked.
  private struct Field: Equatable {
    let offset: UInt64
    var isImport = false
  }

  /// The size of the entries of `section`: the first of `sizes` with which all entries have
  /// their pointers at the same places. Where pointers follow each other without a gap, as in old entries
  /// of `__jump_table`, smaller sizes fit too: their own come first.
  ///
  /// With `byImports`, where several sizes fit, their pointers also agree about leading out of the
  /// module. That tells entries of `__ex_table` which name a handler of the kernel's from those that
  /// do not; elsewhere, as in `.altinstructions` of arm64, some entries do and others do not.
  static func evident(
    in section: Section, among sizes: [UInt64], byImports: Bool, _ image: ELFImage
  ) throws(ELFError) -> Evidence {
    let relocations = try SortedRelocations(image, of: section.index).all
      .sorted { $0.offset < $1.offset }
    guard !relocations.isEmpty, section.header.size > 0 else { return .none }
    let places = relocations.map { Field(offset: $0.offset) }
    let fitting = sizes.filter { isRegular(places, $0, in: section) }
    guard fitting.count > 1, byImports else {
      return fitting.first.map(Evidence.size) ?? .contradiction
    }
    // Symbols are read for one section of the name: there may be thousands.
    guard image.sections.first(where: { $0.name == section.name })?.index == section.index else {
      return .none
    }
    let symbols = try image.symbols()
    let fields = relocations.map {
      Field(offset: $0.offset, isImport: symbols[$0.symbol]?.isUndefined == true)
    }
    return fitting.first { isRegular(fields, $0, in: section) }.map(Evidence.size)
      ?? .contradiction
  }

  /// Whether `fields` are the pointers of entries of `size` bytes.
  private static func isRegular(_ fields: [Field], _ size: UInt64, in section: Section) -> Bool {
    guard section.header.size % size == 0 else { return false }
    let first = fields.prefix { $0.offset < size }
    // The first pointer of all these records stands at their beginning.
    guard first.first?.offset == 0, fields.count % first.count == 0,
      UInt64(fields.count / first.count) == section.header.size / size
    else { return false }
    return fields.indices.allSatisfy { index in
      let base = UInt64(index / first.count) * size
      let field = fields[index]
      return field.offset >= base
        && Field(offset: field.offset - base, isImport: field.isImport)
          == first[index % first.count]
    }
  }
}
