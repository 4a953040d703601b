// Whether a module's `vermagic=` is the kernel's (kernel/module/version.c, `same_magic`;
// include/linux/vermagic.h).

/// Version magics.
public enum Vermagic {
  /// Whether a kernel with `kernel` takes a module with `own`.
  ///
  /// A kernel with `CONFIG_MODVERSIONS`, which says so in its own magic, leaves out the release
  /// when the module has versions of its symbols (`hasVersions`): these tell more.
  public static func matches(_ own: ByteSlice, _ kernel: ByteSlice, hasVersions: Bool) -> Bool {
    guard hasVersions, kernel.contains(" modversions ") else { return own == kernel }
    return flags(own) == flags(kernel)
  }

  /// Everything from the first blank on.
  private static func flags(_ magic: ByteSlice) -> ByteSlice {
    magic.suffix(from: magic.firstIndex(of: 0x20) ?? magic.count)
  }

  /// The magic of a kernel with this release and these options; `nil` where it has a part that they
  /// do not tell: the hash of randomised structures, or an unknown machine.
  static func expected(
    _ release: ByteSlice, _ config: KernelConfig, _ kernel: Kernel
  ) -> ByteSlice? {
    guard !config[.randstruct], let machine = machineWords(config, kernel) else { return nil }
    var magic = release.text + " "
    if config[.smp] { magic += "SMP " }
    magic += preemption(config, kernel)
    if config[.moduleUnload] { magic += "mod_unload " }
    if config[.modversions] { magic += "modversions " }
    return ByteSlice(Array((magic + machine).utf8))
  }

  private static func preemption(_ config: KernelConfig, _ kernel: Kernel) -> String {
    let isRealTime = config[.preemptRT]
    let isPreemptible = config[kernel.has(.preemptBuild) ? .preemptBuild : .preempt]
    if kernel.has(.realTimeFirst), isRealTime { return "preempt_rt " }
    return isPreemptible ? "preempt " : isRealTime ? "preempt_rt " : ""
  }

  /// `MODULE_ARCH_VERMAGIC` of arch/*/include/asm/vermagic.h.
  private static func machineWords(
    _ config: KernelConfig, _ kernel: Kernel
  ) -> String? {
    switch config.machine {
    case .amd64, .s390: return ""
    case .aarch64: return "aarch64"
    case .riscv: return "riscv"
    case .loongArch: return "LOONGARCH 64BIT "
    case .mips: return config[.mips64Release2] ? "MIPS64_R2 64BIT " : nil
    case .powerPC64:
      let isPatchable = kernel.has(.patchableEntryMagic)
      let entry = isPatchable ? "patchable-function-entry " : "mprofile-kernel "
      return (config[.mprofileKernel] || isPatchable ? entry : "")
        + (config[.relocatable] ? "relocatable " : "")
    default: return nil
    }
  }
}
