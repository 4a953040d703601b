// What `struct module` (include/linux/module.h) looks like in kernels that were measured. The size
// and the places of init and exit are the same in every module of one kernel build, and differ from
// build to build with version, machine and configuration.

/// The layout of `struct module` in one kernel build.
public struct ModuleLayout: Hashable, Sendable {
  /// The kernel's release.
  public let release: String
  /// The machine it is for.
  public let machine: Machine
  /// The size in bytes.
  public let size: UInt64
  /// The offset in bytes of the pointer to the function that runs on loading.
  public let initOffset: UInt64
  /// The offset in bytes of the pointer to the function that runs on unloading.
  public let exitOffset: UInt64

  private init(
    _ release: String, _ machine: Machine, size: UInt64, initAt initOffset: UInt64,
    exitAt exitOffset: UInt64
  ) {
    self.release = release
    self.machine = machine
    self.size = size
    self.initOffset = initOffset
    self.exitOffset = exitOffset
  }

  /// Debian's kernels, oldest first; measured on all modules of each.
  public static let known: [Self] = [
    Self("5.10.0-32-amd64", .amd64, size: 960, initAt: 0x150, exitAt: 0x380),
    Self("6.1.0-56-amd64", .amd64, size: 896, initAt: 0x138, exitAt: 0x350),
    Self("6.1.0-50-arm64", .aarch64, size: 896, initAt: 0x138, exitAt: 0x340),
    Self("6.1.0-50-5kc-malta", .mips, size: 832, initAt: 0x138, exitAt: 0x328),
    Self("6.1.0-50-powerpc64le", .powerPC64, size: 1024, initAt: 0x138, exitAt: 0x3b0),
    Self("6.1.0-50-s390x", .s390, size: 1280, initAt: 0x138, exitAt: 0x428),
    Self("6.12.107+deb13-amd64", .amd64, size: 1280, initAt: 0x138, exitAt: 0x4b0),
    Self("6.12.107+deb13-riscv64", .riscv, size: 1216, initAt: 0x138, exitAt: 0x480),
    Self("6.12.107+deb13-s390x", .s390, size: 1536, initAt: 0x138, exitAt: 0x588),
    Self("7.2.13+deb14-amd64", .amd64, size: 1280, initAt: 0x130, exitAt: 0x4c0),
    Self("7.2.13+deb14-loong64", .loongArch, size: 1216, initAt: 0x130, exitAt: 0x498),
    Self("7.2.13+deb14-powerpc64le", .powerPC64, size: 1408, initAt: 0x130, exitAt: 0x4f0),
    Self("7.2.13+deb14-s390x", .s390, size: 1536, initAt: 0x130, exitAt: 0x588),
  ]

  /// The layout in the kernel with this very release, or `nil`.
  static func of(_ release: ByteSlice) -> Self? { known.first { release.equals($0.release) } }

  /// The version of the kernel.
  public var version: KernelVersion? { KernelVersion(release: ByteSlice(Array(release.utf8))) }

  /// What a module that was built for `release`, and has this layout, may be said to share it with:
  /// the very kernel, or others of its version. `nil` for modules of other versions, of which equal
  /// numbers tell nothing.
  public func name(for release: ByteSlice) -> String? {
    if release.equals(self.release) { return "Linux \(self.release)" }
    guard let version, version == KernelVersion(release: release) else { return nil }
    return "Debian's Linux \(version)"
  }
}

extension ThisModule {
  /// The known kernels whose `struct module` this is, as far as it shows: the size must be equal,
  /// and the places of init and exit where the module has them.
  ///
  /// Other kernels may have the same by chance: see ``ModuleLayout/name(for:)``.
  public func knownLayouts(_ machine: Machine) -> [ModuleLayout] {
    ModuleLayout.known.filter { layout in
      layout.machine == machine && layout.size == size
        && (initFunction.map { $0.fieldOffset == layout.initOffset } ?? true)
        && (exitFunction.map { $0.fieldOffset == layout.exitOffset } ?? true)
    }
  }
}
