// The arguments of the process, as the kernel handed them over.

import Glibc

/// What the process was called with. `CommandLine` reads it from /proc, and has nothing where that is
/// not mounted: in an initramfs, a chroot, a container of few parts.
enum ProcessArguments {
  nonisolated(unsafe) fileprivate static var count: Int32 = 0
  nonisolated(unsafe) fileprivate static var values:
    UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?

  /// The arguments without the program's name, as the bytes they are: `CommandLine.arguments` repairs
  /// what is not UTF-8 and then names other files.
  static func all() -> [[UInt8]] {
    #if compiler(<6.3)
      unsafe (count, values) = (CommandLine.argc, CommandLine.unsafeArgv)
    #endif
    guard let values = unsafe values else { return [] }
    return unsafe (1..<Swift.max(1, Int(count))).compactMap { index in
      guard let value = unsafe values[index] else { return nil }
      return unsafe Array(UnsafeRawBufferPointer(start: value, count: strlen(value)))
    }
  }
}

#if compiler(>=6.3)
  /// Runs before `main`: the C library calls what stands in this section with what `main` is called with
  /// (glibc, csu/libc-start.c `call_init` and elf/dl-init.c).
  @section(".init_array")
  @used
  private let takeArguments:
    @convention(c) (Int32, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Void = {
      unsafe ProcessArguments.count = $0
      unsafe ProcessArguments.values = $1
    }
#endif
