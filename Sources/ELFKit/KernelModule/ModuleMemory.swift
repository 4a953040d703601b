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
  /// The bytes of the symbols and names that are kept with the module, for traces.
  public let symbols: UInt64
  /// The size of a page, on which every region begins, in bytes: where the machine's kernels have
  /// several and the release does not tell, the smallest.
  public let pageSize: UInt64
  /// The bytes that stay as long as the module does: what `/sys/module/NAME/coresize` and lsmod show.
  public let resident: UInt64
  /// Whether each region is allocated by itself (``KernelChange/memoryKinds``): then the symbols are part
  /// of the data, and otherwise they follow all regions.
  public let isByKind: Bool
  /// Whether the sum was compared with what such kernels show; otherwise it is a model: what the loader
  /// of another machine adds of its own, such as tables of far jumps, is not in it.
  public let isMeasured: Bool

  /// The regions that stay, in the order in which they are laid out.
  static let kept: [SectionRegion] = [.code, .readOnlyData, .readOnlyAfterInit, .data]

  /// The bytes that a region takes: whole pages.
  public func pages(_ region: SectionRegion) -> UInt64 {
    let size = sizes[region] ?? 0
    return Self.align(region == .data && isByKind ? size &+ symbols : size, pageSize, or: .max)
  }

  /// The bytes that symbols and names take besides the regions: none where they are part of the data.
  public var symbolPages: UInt64 {
    isByKind ? 0 : resident &- Self.kept.reduce(0) { $0 &+ pages($1) }
  }

  /// `offset` moved up to a multiple of `alignment`, which a file may claim to be anything. What cannot be
  /// moved stays where it is, or becomes `limit`.
  static func align(_ offset: UInt64, _ alignment: UInt64, or limit: UInt64? = nil) -> UInt64 {
    guard alignment > 1, alignment & (alignment - 1) == 0 else { return offset }
    guard offset <= .max - alignment else { return limit ?? offset }
    return (offset + alignment - 1) & ~(alignment - 1)
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
    if name.starts(with: ".init") || isInitUnwind(name), freesInit(kernel) {
      return .initialization
    }
    if flags.contains(.executable) { return .code }
    if name.equals(".data..ro_after_init") || name.equals("__jump_table")
      || name.equals(".static_call_sites") && kernel.map({ $0.has(.readOnlyCallSites) }) ?? true
    {
      return .readOnlyAfterInit
    }
    return flags.contains(.write) ? .data : .readOnlyData
  }

  /// Whether a section tells how to walk the stack of code that is freed (arch/arm/kernel/module.c,
  /// `module_init_section`); only 32-bit ARM has such.
  private func isInitUnwind(_ name: ByteSlice) -> Bool {
    image.encoding.fileClass == .elf32
      && (name.starts(with: ".ARM.exidx.init") || name.starts(with: ".ARM.extab.init"))
  }

  /// Whether what runs on loading is freed.
  private func freesInit(_ kernel: Kernel?) -> Bool {
    guard let keeps = image.header.machine.description?.kernel.keepsInit else { return true }
    return kernel.map { !$0.has(keeps) } ?? false
  }

  private static func isReadWhileLoading(_ name: ByteSlice) -> Bool {
    name.equals(".modinfo") || name.equals("__versions") || name.starts(with: "__version_ext_")
  }

  /// What the module costs in memory, in `kernel` or a new one. `symbols` are its symbols, of which
  /// some stay; without them only the sections count. O(number of sections, and of symbols).
  public func memory(
    in kernel: Kernel? = nil, _ symbols: SymbolTable? = nil, release: ByteSlice? = nil,
    isLivepatch: Bool = false
  ) -> ModuleMemory {
    var sizes: [SectionRegion: UInt64] = [:]
    var regions: [SectionRegion] = []
    for section in image.sections {
      let region = section.header.type == .null ? .notLoaded : self.region(of: section, in: kernel)
      regions.append(region)
      if section.header.type != .null { Self.add(section.header, to: &sizes[region], region) }
    }
    let machine = image.header.machine.description?.kernel
    let page = machine?.pageSize(release) ?? 4096
    let kept = symbols.map { symbols in
      KeptSymbols(
        symbols, in: image.sections.first(where: { $0.header.type == .symtab }),
        keeps: regions.map { $0 != .initialization && $0 != .notLoaded }, isAll: isLivepatch)
    }
    let isByKind = kernel.map { $0.has(.memoryKinds) } ?? true
    let data = sizes[.data] ?? 0
    var end: UInt64 = 0
    var resident: UInt64 = 0
    if isByKind {
      for region in ModuleMemory.kept {
        let size = sizes[region] ?? 0
        let whole = region == .data ? kept?.end(from: size) ?? size : size
        resident &+= ModuleMemory.align(whole, page, or: .max)
      }
      end = kept?.end(from: data) ?? data
    } else {
      resident = together(regions, page)
      end = kept?.end(from: resident) ?? resident
    }
    let symbolBytes = end &- (isByKind ? data : resident)
    if !isByKind { resident = ModuleMemory.align(end, page, or: .max) }
    return ModuleMemory(
      sizes: sizes.filter { $0.value > 0 }, symbols: symbolBytes, pageSize: page,
      resident: resident, isByKind: isByKind,
      isMeasured: machine?.isMemoryMeasured == true && kernel?.isMeasured == true)
  }

  private static func add(_ header: SectionHeader, to size: inout UInt64?, _ region: SectionRegion)
  {
    let start = ModuleMemory.align(size ?? 0, region == .notLoaded ? 1 : header.alignment)
    let (end, overflow) = start.addingReportingOverflow(
      region == .notLoaded && header.type == .nobits ? 0 : header.size)
    size = overflow ? .max : end
  }

  /// The bytes that all regions take one behind the other in one allocation.
  private func together(_ regions: [SectionRegion], _ page: UInt64) -> UInt64 {
    var size: UInt64? = 0
    for region in ModuleMemory.kept {
      for section in image.sections where regions[section.index] == region {
        Self.add(section.header, to: &size, region)
      }
      size = ModuleMemory.align(size ?? 0, page, or: .max)
    }
    return size ?? 0
  }
}
