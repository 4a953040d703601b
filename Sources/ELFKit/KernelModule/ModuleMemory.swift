// What a module costs in memory: how the loader sorts sections into regions (kernel/module/main.c,
// `layout_sections`; in older ones kernel/module/strict_rwx.c; include/linux/module.h `mod_mem_type`).

/// Where the content of a section goes when the module is loaded.
public enum SectionRegion: String, CaseIterable, Hashable, Sendable {
  /// Code.
  case code = "code"
  /// Constants.
  case readOnlyData = "read-only data"
  /// Variables that become constant once init has run.
  case readOnlyAfterInit = "read-only after init"
  /// Variables.
  case data = "data"
  /// Variables of which every CPU has its own copy.
  case perCPU = "per CPU"
  /// What is freed once init has run.
  case initialization = "freed after init"
  /// What the loader reads or ignores and does not keep.
  case notLoaded = "not loaded"
}

/// What a module costs in memory.
public struct ModuleMemory: Equatable, Sendable {
  /// The bytes of each region, each section aligned as it asks; regions without any are missing.
  public let sizes: [SectionRegion: UInt64]

  /// The size of a page, on which every region begins, in bytes: the smallest that the machine's
  /// kernels may have.
  public let pageSize: UInt64

  /// The bytes that a region takes: whole pages. A kernel with larger pages takes more.
  public func pages(_ region: SectionRegion) -> UInt64 {
    let size = sizes[region] ?? 0
    return size > .max - pageSize ? .max : (size + pageSize - 1) & ~(pageSize - 1)
  }

  /// The bytes that stay as long as the module does: whole pages of code and data.
  public var resident: UInt64 {
    let regions: [SectionRegion] = [.code, .readOnlyData, .readOnlyAfterInit, .data]
    return regions.reduce(0) { $0 &+ pages($1) }
  }
}

extension KernelModule {
  /// Where `section` goes in `kernel`, or in a new one when that is not known. Sections for unloading
  /// stay: kernels without module unloading, which free them, are rare.
  public func region(of section: Section, in kernel: Kernel? = nil) -> SectionRegion {
    let flags = section.header.flags
    // The loader clears SHF_ALLOC of what it needs only while it loads.
    guard flags.contains(.alloc) else { return .notLoaded }
    let name = section.name
    guard !Self.isReadWhileLoading(name) else { return .notLoaded }
    if name.equals(".data..percpu") { return .perCPU }
    if name.starts(with: ".init"), freesInit(kernel) { return .initialization }
    if flags.contains(.executable) { return .code }
    if name.equals(".data..ro_after_init") || name.equals("__jump_table") {
      return .readOnlyAfterInit
    }
    return flags.contains(.write) ? .data : .readOnlyData
  }

  /// Whether what runs on loading is freed.
  private func freesInit(_ kernel: Kernel?) -> Bool {
    guard let keeps = image.header.machine.description?.kernel.keepsInit else { return true }
    return kernel.map { !$0.has(keeps) } ?? false
  }

  private static func isReadWhileLoading(_ name: ByteSlice) -> Bool {
    name.equals(".modinfo") || name.equals("__versions") || name.starts(with: "__version_ext_")
  }

  /// What the module costs in memory, in `kernel` or a new one. O(number of sections).
  public func memory(in kernel: Kernel? = nil) -> ModuleMemory {
    var sizes: [SectionRegion: UInt64] = [:]
    for section in image.sections where section.header.type != .null {
      let region = region(of: section, in: kernel)
      let alignment = region == .notLoaded ? 1 : section.header.alignment
      let start = Self.align(sizes[region] ?? 0, alignment)
      let (end, overflow) = start.addingReportingOverflow(
        region == .notLoaded && section.header.type == .nobits ? 0 : section.header.size)
      sizes[region] = overflow ? .max : end
    }
    return ModuleMemory(
      sizes: sizes.filter { $0.value > 0 },
      pageSize: image.header.machine.description?.kernel.pageSizes.first ?? 4096)
  }

  /// `offset` moved up to a multiple of `alignment`, which a file may claim to be anything.
  private static func align(_ offset: UInt64, _ alignment: UInt64) -> UInt64 {
    guard alignment > 1, alignment & (alignment - 1) == 0, offset <= .max - alignment else {
      return offset
    }
    return (offset + alignment - 1) & ~(alignment - 1)
  }
}
