// Numbers of lines in the kernel's messages, where reports have them.

extension Kernel {
  /// The line of arch/x86/kernel/cet.c at which a kernel ends that misses an endbr64; `nil` when no report of
  /// its version was read (6.12.31 and 6.12.48: Xilinx-CNS/onload issue 299, NVIDIA/open-gpu-kernel-modules
  /// issue 256).
  var lineOfMissingPad: Int? { version == KernelVersion(6, 12) ? 132 : nil }
}
