// `.gnu.linkonce.this_module`: the image of `struct module` (include/linux/module.h). Its size and
// most offsets depend on the kernel's configuration; only the name has a fixed place.

/// What a module's `struct module` says before the kernel has filled it in.
public struct ThisModule: Equatable, Sendable {
  /// The section's name.
  public static let sectionName = ".gnu.linkonce.this_module"
  /// The same as bytes.
  static let sectionText = ByteSlice(Array(sectionName.utf8))

  /// The offset of `name` in `struct module`: after `state`, which is padded to a pointer, and `list`,
  /// which is two.
  static func nameOffset(_ encoding: Encoding) -> UInt64 { 3 * UInt64(encoding.addressSize) }
  /// The size of `name`: `MODULE_NAME_LEN`, 64 bytes less one `long`.
  static func nameSize(_ encoding: Encoding) -> UInt64 { 64 - UInt64(encoding.addressSize) }

  /// The number of the section.
  public let section: Int
  /// `sizeof(struct module)` of the kernel it was built for, in bytes.
  public let size: UInt64
  /// The file offset of the structure.
  public let fileOffset: UInt64
  /// The name; `nil` when the structure is too short to hold one.
  public let name: ByteSlice?
  /// The function that runs when the module is loaded; `nil` when there is none.
  public let initFunction: EntryPoint?
  /// The function that runs when it is unloaded; `nil` when there is none.
  public let exitFunction: EntryPoint?

  /// A function that `struct module` points to.
  public struct EntryPoint: Equatable, Sendable {
    /// The offset of the pointer within `struct module`, in bytes.
    public let fieldOffset: UInt64
    /// The symbol of the pointer's relocation, normally `init_module` or `cleanup_module`.
    public let alias: ByteSlice
    /// The function's own name, as the source has it; the alias when there is no other.
    public let symbol: ByteSlice
    /// The number of the section it lies in; `nil` when it is not defined in this file.
    public let section: Int?
    /// Its offset within that section, in bytes.
    public let offset: UInt64
    /// Its size in bytes; 0 when the symbol table does not say.
    public let size: UInt64
  }
}

extension ThisModule {
  /// The name in the image of a `struct module`; `nil` when it is too short to hold one.
  static func name(in bytes: ByteSlice, _ encoding: Encoding) -> ByteSlice? {
    try? bytes.slice(nameOffset(encoding), nameSize(encoding), in: .file).untilNUL
  }
}

extension KernelModule {
  /// The module's `struct module`; `nil` when the section is missing.
  ///
  /// init and exit are found through the relocations of the section: by the names `init_module`
  /// and `cleanup_module`, or else by their order, since init comes first in the structure.
  public func thisModule() throws(ELFError) -> ThisModule? { try thisModule(nil) }

  /// The same, with the module's symbols when they have been read already.
  func thisModule(_ symbols: SymbolTable?) throws(ELFError) -> ThisModule? {
    guard let section = image.sections.first(named: ThisModule.sectionName) else { return nil }
    let bytes = try image.bytes(of: section)
    let size = section.header.size
    let name = ThisModule.name(in: bytes, image.encoding)
    var resolver = try PointerResolver(image, symbols)
    let pointers = try resolver.relocations(of: section.index).all.filter { $0.offset < size }
    var entries: [ThisModule.EntryPoint] = []
    for pointer in pointers.sorted(by: { $0.offset < $1.offset }).prefix(16) {
      if let entry = try entryPoint(pointer.offset, in: section.index, &resolver) {
        entries.append(entry)
      }
    }
    let (initFunction, exitFunction) = sortOut(entries, structureSize: size)
    return ThisModule(
      section: section.index, size: size, fileOffset: section.header.offset, name: name,
      initFunction: initFunction, exitFunction: exitFunction)
  }

  private func entryPoint(
    _ fieldOffset: UInt64, in section: Int, _ resolver: inout PointerResolver
  ) throws(ELFError) -> ThisModule.EntryPoint? {
    guard let target = try resolver.target(in: section, at: fieldOffset) else { return nil }
    let real = target.section.flatMap { resolver.symbol(in: $0, at: target.offset) }
    let alias = target.symbol.name.isEmpty ? (real?.name ?? target.symbol.name) : target.symbol.name
    return ThisModule.EntryPoint(
      fieldOffset: fieldOffset, alias: alias, symbol: real?.name ?? alias,
      section: target.section, offset: target.offset,
      size: real?.record.size ?? target.symbol.record.size)
  }

  private func sortOut(
    _ entries: [ThisModule.EntryPoint], structureSize: UInt64
  ) -> (ThisModule.EntryPoint?, ThisModule.EntryPoint?) {
    let named = (
      entries.first { $0.alias.equals("init_module") },
      entries.first { $0.alias.equals("cleanup_module") }
    )
    if named.0 != nil || named.1 != nil { return named }
    guard let first = entries.first else { return (nil, nil) }
    if entries.count > 1 { return (first, entries[1]) }
    return first.fieldOffset < structureSize / 2 ? (first, nil) : (nil, first)
  }
}
