// Whether a module's `vermagic=` is the kernel's (kernel/module/version.c, `same_magic`;
// include/linux/vermagic.h).

/// The comparison of version magics.
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
}
