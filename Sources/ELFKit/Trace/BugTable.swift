// `__bug_table`: where WARN and BUG stand in the code and in the source (include/asm-generic/bug.h,
// `struct bug_entry`). The compiler's names of files, so no debug information is needed.

/// One WARN or BUG of a module.
public struct BugEntry: Hashable, Sendable {
  /// The number of the section that its instruction is in.
  public let section: Int
  /// Where it is in it.
  public let offset: UInt64
  /// The file, as the compiler was told; `nil` when the entry leads to no name.
  public let file: ByteSlice?
  /// The line.
  public let line: UInt64
  /// Whether it is a WARN; else a BUG.
  public let isWarning: Bool
}

extension KernelModule {
  /// The WARN and BUG sites, in the order of the file; none when the table is missing or has a form that
  /// is not known.
  public func bugEntries() throws(ELFError) -> [BugEntry] {
    guard let section = image.sections.firstAllocated(named: "__bug_table"),
      section.header.size > 0
    else { return [] }
    // x86 and most others since long; with the text of the warning; with addresses.
    let evidence = try TableStride.evident(
      in: section, among: [12, 16, 24, 32], byImports: false, image)
    guard case .size(let stride) = evidence else { return [] }
    var resolver = try PointerResolver(image)
    let fields = try resolver.relocations(of: section.index).all.map { $0.offset }
      .filter { $0 < stride }.sorted()
    guard let last = fields.last, last > 0, let pointerBytes = Self.pointerBytes(image, section)
    else {
      return []
    }
    var entries: [BugEntry] = []
    for start in Swift.stride(from: 0, to: section.header.size, by: Int(stride)) {
      guard let place = try resolver.target(in: section.index, at: start),
        let number = place.section,
        let line = try resolver.number(
          in: section.index, at: start + last + pointerBytes, byteCount: 2),
        let flags = try resolver.number(
          in: section.index, at: start + last + pointerBytes + 2, byteCount: 2)
      else { return [] }
      let file = try Self.file(in: section.index, at: start + last, distance: last, &resolver)
      entries.append(
        BugEntry(
          section: number, offset: place.offset, file: file, line: line,
          // BUGFLAG_WARNING
          isWarning: flags & 1 != 0))
    }
    return entries
  }

  /// How many bytes the pointers of `section` have, by their relocations.
  private static func pointerBytes(_ image: ELFImage, _ section: Section) -> UInt64? {
    for number in image.sections.relocationSections(of: section.index) {
      guard let first = (try? image.relocations(in: image.sections[number]))?.first,
        let effect = image.header.machine.relocationEffects[first.type]
      else { continue }
      return UInt64(effect.byteCount)
    }
    return nil
  }

  /// The name that the field at `offset` points to. Older kernels count distances from the beginning of
  /// the entry, which is `distance` before the field.
  private static func file(
    in section: Int, at offset: UInt64, distance: UInt64, _ resolver: inout PointerResolver
  ) throws(ELFError) -> ByteSlice? {
    guard let target = try resolver.target(in: section, at: offset), let own = target.section else {
      return nil
    }
    for start in [target.offset, target.offset &- distance] {
      guard start > 0 else { return try resolver.string(in: own, at: start) }
      if try resolver.number(in: own, at: start - 1, byteCount: 1) == 0 {
        return try resolver.string(in: own, at: start)
      }
    }
    return nil
  }
}
