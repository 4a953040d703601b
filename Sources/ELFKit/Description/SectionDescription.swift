// What is known of each section of a module: what its header says, what it is for, and what becomes of it
// in memory.

/// One section.
public struct SectionDescription: Equatable, Sendable {
  /// Its number.
  public let index: Int
  /// Its name.
  public let name: ByteSlice
  /// Its type (`sh_type`).
  public let type: SectionType
  /// Its flags (`sh_flags`).
  public let flags: SectionFlags
  /// Where it is in the file (`sh_offset`), in bytes.
  public let offset: UInt64
  /// Its size (`sh_size`), in bytes.
  public let size: UInt64
  /// Where it goes when the module is loaded.
  public let region: SectionRegion
  /// What it is for, without its name; `nil` when that is not known.
  public let purpose: String?
  /// What its entries are, singular, such as `WARN or BUG site`; `nil` when it is no table.
  public let entryNoun: String?
  /// The number of its entries; `nil` when it is no table, or the size of one is not known.
  public let entryCount: UInt64?

  /// Whether it tells how other sections are to be changed.
  public var isRelocations: Bool { type.isRelocations }
}

/// The sections of a module and the memory they take.
public struct SectionsDescription: Equatable, Sendable {
  /// All sections, in the order of the file.
  public let list: [SectionDescription]
  /// The bytes of each region.
  public let memory: ModuleMemory

  /// Describes the sections of `module`, which was built for `kernel`; when that is not known, what a new
  /// kernel would do. Reads the headers, and relocations of tables whose entries have had several sizes.
  /// `release` and `isLivepatch` are what its `.modinfo` says.
  public init(
    _ module: KernelModule, _ kernel: Kernel?, release: ByteSlice?, isLivepatch: Bool,
    _ symbols: SymbolTable?
  ) {
    memory = module.memory(in: kernel, symbols, release: release, isLivepatch: isLivepatch)
    list = module.image.sections.map { section in
      let header = section.header
      let purpose = section.purpose
      return SectionDescription(
        index: section.index, name: section.name, type: header.type, flags: header.flags,
        offset: header.offset, size: header.size, region: module.region(of: section, in: kernel),
        purpose: purpose?.words, entryNoun: purpose?.entry,
        entryCount: module.entryCount(of: section, purpose, kernel))
    }
  }

  /// What the tables of the module tell about its code, in the order of the file: how many of what.
  public var contents: [(count: UInt64, noun: String)] {
    // On x86 both are there, and what can be traced is in the first.
    let isTraced = list.contains { $0.name.equals("__mcount_loc") }
    return list.compactMap { section in
      guard let noun = section.entryNoun, let count = section.entryCount, count > 0,
        Self.telling.contains(where: { section.name.equals($0) }),
        !(isTraced && section.name.equals("__patchable_function_entries"))
      else { return nil }
      return (count, noun)
    }
  }

  /// The tables that say something about the module, not about how it is built.
  private static let telling = [
    "__bug_table", "__mcount_loc", "__patchable_function_entries", "__jump_table",
    ".static_call_sites", "__tracepoints_ptrs", "__dyndbg", ".kunit_test_suites",
  ]
}
