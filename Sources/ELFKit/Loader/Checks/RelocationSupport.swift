// The relocations that the loader of each machine can do (arch/*/kernel/module*.c,
// `apply_relocate_add`). The assembler can make more; those fail when the module is loaded.

/// What the loader of one machine does with relocations.
struct RelocationSupport: Sendable {
  let machine: Machine
  /// The types it takes, and since when.
  private let types: [(range: ClosedRange<UInt32>, since: KernelChange?)]

  private init(
    _ machine: Machine, _ types: [ClosedRange<UInt32>], later: [ClosedRange<UInt32>] = []
  ) {
    self.machine = machine
    self.types = types.map { ($0, nil) } + later.map { ($0, .moreRelocations) }
  }

  /// The rules of `machine`, or `nil` when they are not known.
  static func of(_ machine: Machine) -> Self? { all.first { $0.machine == machine } }

  /// Whether `kernel` takes `type`.
  func accepts(_ type: UInt32, _ kernel: Kernel) -> Bool {
    if machine == .mips {
      // Three types in one number; unused ones are R_MIPS_NONE.
      return [0, 8, 16].allSatisfy { shift in has(type >> UInt32(shift) & 0xff, kernel) }
    }
    return has(type, kernel)
  }

  /// Whether only kernels with a change take `type`.
  func isLater(_ type: UInt32) -> Bool {
    types.contains { $0.range.contains(type) && $0.since != nil }
  }

  private func has(_ type: UInt32, _ kernel: Kernel) -> Bool {
    types.contains { $0.range.contains(type) && ($0.since.map(kernel.has) ?? true) }
  }

  private static let all: [Self] = [
    Self(.amd64, [0...2, 4...4, 10...11, 24...24]),
    Self(.aarch64, [0...0, 256...280, 282...293, 299...299]),
    Self(
      .riscv, [1...2, 16...20, 23...28, 35...36, 39...40, 43...45, 51...51],
      later: [0...0, 33...34, 37...38, 52...57, 59...61]),
    Self(.s390, [0...8, 13...36, 57...59, 62...65]),
    Self(
      .powerPC64,
      [
        1...1, 10...10, 26...26, 38...38, 44...44, 47...48, 50...51, 63...64, 109...109, 118...118,
        250...250, 252...252,
      ], later: [116...116, 132...133]),
    Self(
      .loongArch, [0...2, 20...46, 50...56, 66...66, 71...76], later: [99...99, 109...109]),
    Self(.mips, [0...0, 2...2, 4...6, 10...10, 18...18, 28...29, 60...61]),
  ]

  /// The number of bytes that a relocation of x86-64 changes, which must all be zero before
  /// (arch/x86/kernel/module.c); `nil` for the types that change none.
  static func fieldSizeAMD64(_ type: UInt32) -> UInt64? {
    switch type {
    case 1, 24: 8
    case 2, 4, 10, 11: 4
    default: nil
    }
  }

  /// Whether bytes that a relocation of x86-64 changes are not zero, which they must be.
  static func isNonzero(_ relocation: Relocation, _ bytes: ByteSlice) -> Bool {
    guard let size = RelocationSupport.fieldSizeAMD64(relocation.type),
      relocation.offset <= UInt64(bytes.count), size <= UInt64(bytes.count) - relocation.offset
    else { return false }
    let span = bytes.storage.span
    let start = bytes.range.lowerBound + Int(relocation.offset)
    if size == 4 { return span.u32(start, Encoding(.little)) != 0 }
    return span.u64(start, Encoding(.little)) != 0
  }

  /// Relocations that mark a place and change nothing may stand at the end of a section.
  static func isMarker(_ relocation: Relocation, _ machine: Machine) -> Bool {
    switch machine {
    case .riscv: [0, 43, 51].contains(relocation.type)
    case .loongArch: [0, 20, 21, 100, 102].contains(relocation.type)
    default: relocation.type == 0
    }
  }

  /// Whether a section of a live patch's relocations is called `.klp.rela.OBJECT.SECTION`.
  static func isLivepatchName(_ name: ByteSlice) -> Bool {
    let prefix = ".klp.rela."
    guard name.starts(with: prefix) else { return false }
    let rest = name.suffix(from: prefix.utf8.count)
    guard let dot = rest.firstIndex(of: 0x2e), (1...55).contains(dot) else { return false }
    return dot + 1 < rest.count
  }
}
