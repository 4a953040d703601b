// What Linux is like on a machine, as far as modules show it.

/// What Linux is like on one machine.
public struct MachineKernel: Sendable {
  /// The build option that says that a kernel is for this machine; `nil` when there is none.
  public var option: KernelOption?
  /// Whether 64-bit kernels are built for it.
  public var is64Bit = false
  /// Whether 32-bit kernels are built for it beside those of 64 bits.
  var isAlso32Bit = false
  /// Whether 32-bit kernels are built for it.
  public var is32Bit: Bool { !is64Bit || isAlso32Bit }
  /// The class of its kernels; `nil` when there are both.
  var fileClass: ELFClass? { isAlso32Bit ? nil : is64Bit ? .elf64 : .elf32 }
  /// The byte order of its kernels; `nil` when there are both.
  public var byteOrder: ByteOrder?
  /// The sizes that pages may have, in bytes, the smallest first; none when they are not known.
  public var pageSizes: [UInt64] = []
  /// The sizes that releases tell by their end, where it is not the smallest.
  var pageSizesOfReleases: [ReleasePageSize] = []
  /// Whether what modules cost in memory was compared with what its kernels show.
  var isMemoryMeasured = false
  /// What stands at the end of a version magic (`MODULE_ARCH_VERMAGIC`); `nil` when it is not known.
  var vermagic: [VermagicWord]?
  /// Whether modules say that they are guarded against Spectre V2 (`retpoline=` in `.modinfo`).
  public var saysRetpoline = false
  /// Since when an entry of an export table holds distances of 32 bits instead of addresses
  /// (`CONFIG_HAVE_ARCH_PREL32_RELOCATIONS`); `nil` when it never does.
  var relativeExports: KernelChange?
  /// Since when nothing is freed once init has run; `nil` when its code and data always are.
  var keepsInit: KernelChange?
  /// The sizes of entries of tables, where they are not those of other machines; of one table the
  /// newest first.
  var entrySizes: [TableEntrySize] = []
  /// Whether the loader adds code behind a module's that is in no section of the file.
  var addsCode = false
  /// The bits of a function's value that are no part of its address.
  var functionMark: UInt64 = 0
}

extension MachineKernel {
  /// The size of pages, by the `release` where it tells, else the smallest; `nil` when none is known.
  func pageSize(_ release: ByteSlice?) -> UInt64? {
    if let release, let kernel = Kernel(release: release) {
      let row = pageSizesOfReleases.first { row in
        release.ends(with: row.ending) && !(row.until.map(kernel.has) ?? false)
      }
      if let row { return row.bytes }
    }
    return pageSizes.first
  }
}

/// The size of pages in kernels whose releases end in some way.
struct ReleasePageSize: Sendable {
  /// The end of the release.
  let ending: String
  /// The change with which it tells nothing any more, or `nil`.
  let until: KernelChange?
  /// The size in bytes.
  let bytes: UInt64

  init(_ ending: String, until: KernelChange? = nil, _ bytes: UInt64) {
    self.ending = ending
    self.until = until
    self.bytes = bytes
  }
}

/// The size of an entry in a table of the kernel's.
struct TableEntrySize: Sendable {
  /// The section.
  let section: String
  /// The change that brought the size; `nil` when it was always so.
  let since: KernelChange?
  private let number: UInt64
  /// Whether ``number`` counts pointers, not bytes.
  private let isPointers: Bool

  init(_ section: String, since: KernelChange? = nil, _ bytes: UInt64) {
    self.section = section
    self.since = since
    number = bytes
    isPointers = false
  }

  /// Entries that are pointers, or padded to some.
  init(_ section: String, since: KernelChange? = nil, pointers: UInt64) {
    self.section = section
    self.since = since
    number = pointers
    isPointers = true
  }

  /// The size in bytes.
  func bytes(_ encoding: Encoding) -> UInt64 {
    isPointers ? number * UInt64(encoding.addressSize) : number
  }
}

/// A word at the end of a version magic.
struct VermagicWord: Sendable {
  /// The word, with the blank behind it.
  let text: String
  /// The option without which it is not there; `nil` when none decides.
  let option: KernelOption?
  /// The change that brought it; `nil` when it was always there.
  let since: KernelChange?
  /// The change that replaced it, or `nil`.
  let until: KernelChange?
  /// Whether without the option another word stands there that is not known.
  let isOneOfMany: Bool

  init(
    _ text: String, with option: KernelOption? = nil, since: KernelChange? = nil,
    until: KernelChange? = nil, isOneOfMany: Bool = false
  ) {
    self.text = text
    self.option = option
    self.since = since
    self.until = until
    self.isOneOfMany = isOneOfMany
  }
}
