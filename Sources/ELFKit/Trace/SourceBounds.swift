// Without lines of the source: between the code of which two pr_debugs a place is, by the module's own tables. The
// branch of a pr_debug stands where the source has it; compilers put what a WARN does at the end of the function,
// so that WARNs bound nothing.

/// Two lines between whose code a place is. Compilers move code: its own line may be another (of 54 places in
/// Debian's btrfs and amdgpu 49 had it in between).
public struct SourceBounds: Hashable, Sendable {
  /// The file of both.
  public let file: ByteSlice
  /// The line whose code comes before the place.
  public let first: UInt64
  /// The line whose code comes behind it.
  public let last: UInt64
}

/// The places in code of which a module tells the line: those of its pr_debugs.
struct CodeSites: Sendable {
  private struct Site {
    let section: Int
    let offset: UInt64
    let file: ByteSlice
    let line: UInt64
    /// The function in the source.
    let function: ByteSlice
  }

  /// In the order of their places.
  private let sites: [Site]

  init(_ module: KernelModule) throws(ELFError) {
    var sites: [Site] = []
    let known = try module.debugSites()
    for (place, number) in try module.debugSitePlaces() where number < known.count {
      guard let section = place.section else { continue }
      let site = known[number]
      sites.append(
        Site(
          section: section, offset: place.offset, file: site.file, line: site.line,
          function: site.function))
    }
    self.sites = sites.sorted { ($0.section, $0.offset) < ($1.section, $1.offset) }
  }

  /// The lines next to `offset` of `section` in the code of `function`, which is at `range`: both of one file,
  /// and in ascending order.
  func bounds(
    at offset: UInt64, of section: Int, in range: Range<UInt64>, of function: ByteSlice
  ) -> SourceBounds? {
    let next = Halving.firstIndex(sites.count) {
      (sites[$0].section, sites[$0].offset) > (section, offset)
    }
    guard next > 0, next < sites.count else { return nil }
    let (before, behind) = (sites[next - 1], sites[next])
    for site in [before, behind] {
      guard site.section == section, range.contains(site.offset), site.function == function else {
        return nil
      }
    }
    guard before.file == behind.file, before.line < behind.line else { return nil }
    return SourceBounds(file: before.file, first: before.line, last: behind.line)
  }
}

extension KernelModule {
  /// Where the code of pr_debugs stands, and which of them it is: each has a static branch, whose key is in its
  /// record (include/linux/jump_label.h, `struct jump_entry`: code, target, key).
  func debugSitePlaces() throws(ELFError) -> [(place: PointerTarget, number: Int)] {
    guard let table = image.sections.firstAllocated(named: "__jump_table"), table.header.size > 0,
      let records = image.sections.firstAllocated(named: "__dyndbg"),
      let recordBytes = try debugSiteBytes(records), recordBytes > 0
    else { return [] }
    let pointer = UInt64(image.encoding.addressSize)
    let evidence = try TableStride.evident(
      in: table, among: pointer == 8 ? [16, 24] : [12], byImports: false, image)
    guard case .size(let stride) = evidence else { return [] }
    var resolver = try PointerResolver(image)
    var found: [(place: PointerTarget, number: Int)] = []
    for start in Swift.stride(from: 0, to: table.header.size, by: Int(stride)) {
      guard let key = try resolver.target(in: table.index, at: start + stride - pointer),
        key.section == records.index, let place = try resolver.target(in: table.index, at: start)
      else { continue }
      found.append((place, Int(clamping: key.offset / recordBytes)))
    }
    return found
  }
}
