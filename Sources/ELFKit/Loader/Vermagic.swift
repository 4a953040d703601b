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
    _ release: ByteSlice, _ config: KernelConfig, _ generation: LoaderGeneration
  ) -> ByteSlice? {
    guard !config[.randstruct], let machine = machineWords(config, generation) else { return nil }
    var magic = release.text + " "
    if config[.smp] { magic += "SMP " }
    magic += preemption(config, generation)
    if config[.moduleUnload] { magic += "mod_unload " }
    if config[.modversions] { magic += "modversions " }
    return ByteSlice(Array((magic + machine).utf8))
  }

  private static func preemption(_ config: KernelConfig, _ generation: LoaderGeneration) -> String {
    let isRealTime = config[.preemptRT]
    switch generation {
    case .linux510: return config[.preempt] ? "preempt " : isRealTime ? "preempt_rt " : ""
    // With a choice at boot, PREEMPT_BUILD stands for it.
    case .linux61, .linux612:
      return config[.preemptBuild] ? "preempt " : isRealTime ? "preempt_rt " : ""
    case .linux72: return isRealTime ? "preempt_rt " : config[.preemptBuild] ? "preempt " : ""
    }
  }

  /// `MODULE_ARCH_VERMAGIC` of arch/*/include/asm/vermagic.h.
  private static func machineWords(
    _ config: KernelConfig, _ generation: LoaderGeneration
  ) -> String? {
    switch config.machine {
    case .amd64, .s390: return ""
    case .aarch64: return "aarch64"
    case .riscv: return "riscv"
    case .loongArch: return "LOONGARCH 64BIT "
    case .mips: return config[.mips64Release2] ? "MIPS64_R2 64BIT " : nil
    case .powerPC64:
      let entry = generation >= .linux612 ? "patchable-function-entry " : "mprofile-kernel "
      return (config[.mprofileKernel] || generation >= .linux612 ? entry : "")
        + (config[.relocatable] ? "relocatable " : "")
    default: return nil
    }
  }
}
