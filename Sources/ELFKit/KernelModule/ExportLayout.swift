// How an entry of an export table is laid out. It has changed three times, and modules do not say so:
// the relocations of the first entry do (include/linux/export.h of the kernels named).

/// The layout of one `struct kernel_symbol`, in bytes: pointers to the symbol itself, to its name and, with
/// namespaces, to the name of its namespace, in this order.
struct ExportLayout: Hashable, Sendable {
  /// The size of a field: a pointer, or a distance of 32 bits.
  let field: UInt64
  /// How many fields there are: value, name and, with namespaces, that of the namespace.
  let fields: UInt64

  var size: UInt64 { field * fields }
  /// Where the name is pointed to.
  var nameOffset: UInt64 { field }
  /// Where the namespace is pointed to; `nil` when there is none.
  var namespaceOffset: UInt64? { fields > 2 ? 2 * field : nil }

  /// The layout of the entries of `section`, by the file itself; `nil` when it does not tell.
  ///
  /// The second field of an entry points to its name. What follows is a namespace when it points to a
  /// name again or to nothing, and the next entry when it points to a symbol, or when the field behind it
  /// points to a name: what is exported may be at address 0, to which nothing points.
  static func evident(
    in section: Section, _ resolver: inout PointerResolver
  ) throws(ELFError) -> Self? {
    let index = section.index
    let size = section.header.size
    // Where pointers have 32 bits, too, distances cannot be told from them by their size; nor need they.
    for field: UInt64 in resolver.image.encoding.fileClass == .elf64 ? [4, 8] : [4] {
      guard let name = try resolver.target(in: index, at: field),
        isName(name, resolver.image)
      else { continue }
      let two = Self(field: field, fields: 2)
      let three = Self(field: field, fields: 3)
      if let next = try resolver.target(in: index, at: 2 * field) {
        return isName(next, resolver.image) ? three : two
      }
      if let next = try resolver.target(in: index, at: 3 * field) {
        return isName(next, resolver.image) ? two : three
      }
      if try resolver.target(in: index, at: 4 * field) != nil { return three }
      // One entry, and nothing behind its name.
      if size / two.size == 1 { return size < three.size ? two : three }
      return nil
    }
    return nil
  }

  /// Whether what is pointed to is the name of an export.
  private static func isName(_ target: PointerTarget, _ image: ELFImage) -> Bool {
    if let section = target.section {
      return image.sections[section].name.equals("__ksymtab_strings")
    }
    return target.symbol.name.starts(with: "__kstrtab")
  }

  /// The layout that kernels of a version have on a machine.
  init(_ kernel: Kernel, isRelative: Bool, _ encoding: Encoding) {
    let field = isRelative ? 4 : UInt64(encoding.addressSize)
    self.init(field: field, fields: kernel.has(.exportNamespaces) ? 3 : 2)
  }

  private init(field: UInt64, fields: UInt64) {
    self.field = field
    self.fields = fields
  }
}
