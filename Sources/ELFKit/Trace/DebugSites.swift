// `__dyndbg`: where pr_debug and its like stand in the source (include/linux/dynamic_debug.h,
// `struct _ddebug`).

/// One pr_debug of a module.
public struct DebugSite: Hashable, Sendable {
  /// The function that it is in.
  public let function: ByteSlice
  /// The file, as the compiler was told.
  public let file: ByteSlice
  /// The line.
  public let line: UInt64
}

extension KernelModule {
  /// The pr_debug sites, in the order of the file; none when the table is missing or has a form that is
  /// not known: four pointers (module, function, file, format), then the line in 18 bits.
  public func debugSites() throws(ELFError) -> [DebugSite] {
    guard let section = image.sections.firstAllocated(named: "__dyndbg"), section.header.size > 0
    else { return [] }
    let pointer = UInt64(image.encoding.addressSize)
    guard let stride = try debugSiteBytes(section) else { return [] }
    var resolver = try PointerResolver(image)
    var sites: [DebugSite] = []
    for start in Swift.stride(from: 0, to: section.header.size, by: Int(stride)) {
      guard let function = try resolver.pointedString(in: section.index, at: start + pointer),
        let file = try resolver.pointedString(in: section.index, at: start + 2 * pointer),
        let word = try resolver.number(in: section.index, at: start + 4 * pointer, byteCount: 4)
      else { return [] }
      let line = image.encoding.byteOrder == .little ? word & 0x3_ffff : word >> 14
      sites.append(DebugSite(function: function, file: file, line: line))
    }
    return sites
  }

  /// The bytes of a record of `section`, `nil` when they are not known.
  func debugSiteBytes(_ section: Section) throws(ELFError) -> UInt64? {
    // With and without the key of a static branch; each at a multiple of 8.
    let evidence = try TableStride.evident(
      in: section, among: image.encoding.addressSize == 8 ? [56, 40] : [32, 24], byImports: false,
      image)
    if case .size(let stride) = evidence { return stride }
    return nil
  }
}
