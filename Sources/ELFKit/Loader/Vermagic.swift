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

  /// What differs between the magic of a module and that of a kernel, in words: `'preempt' is not the
  /// kernel's, 'modversions' is missing`.
  static func difference(_ own: ByteSlice, _ kernel: ByteSlice) -> ByteText {
    let (ours, theirs) = (
      own.split(separator: UInt8(ascii: " ")), kernel.split(separator: UInt8(ascii: " "))
    )
    let extra = ours.filter { !theirs.contains($0) }
    let missing = theirs.filter { !ours.contains($0) }
    switch (extra.isEmpty, missing.isEmpty) {
    case (false, false): return "it has \(list(extra)) where the kernel has \(list(missing))"
    case (false, true): return "it has \(list(extra)), which the kernel has not"
    case (true, false): return "it lacks \(list(missing)), which the kernel has"
    case (true, true):
      return "the words are the same, their order or the blanks between them are not"
    }
  }

  private static func list(_ words: [ByteSlice]) -> ByteText {
    words.prefix(8).dropFirst().reduce("'\(words[0])'") { "\($0) '\($1)'" }
  }

  /// Everything from the first blank on.
  private static func flags(_ magic: ByteSlice) -> ByteSlice {
    magic.suffix(from: magic.firstIndex(of: UInt8(ascii: " ")) ?? magic.count)
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

  /// What the machine has to say (`MODULE_ARCH_VERMAGIC` of arch/*/include/asm/vermagic.h).
  private static func machineWords(_ config: KernelConfig, _ kernel: Kernel) -> String? {
    guard let words = config.description?.kernel.vermagic else { return nil }
    var text = ""
    for word in words {
      guard word.since.map(kernel.has) ?? true, !(word.until.map(kernel.has) ?? false) else {
        continue
      }
      if word.option.map({ config[$0] }) ?? true {
        text += word.text
      } else if word.isOneOfMany {
        return nil
      }
    }
    return text
  }
}
