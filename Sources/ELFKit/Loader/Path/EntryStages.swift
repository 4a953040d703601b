// Before the file is looked at: who may load what, and files that the kernel decompresses
// (kernel/module/main.c, `finit_module`; kernel/module/decompress.c).

extension LoadAttempt {
  mutating func checkPermission() throws(LoadFailure) {
    if !request.isPermitted || target.isModulesDisabled || commandLine.forbidsModules {
      advise(
        commandLine.forbidsModules
          ? "'nomodule' on the kernel's command line forbids all modules"
          : target.isModulesDisabled
            ? "kernel.modules_disabled is 1: only a reboot takes that back"
            : "loading modules needs CAP_SYS_MODULE: be root")
      throw LoadFailure(.notPermitted)
    }
    let known: UInt32 = has(.decompression) ? 7 : 3
    if request.flags.rawValue & ~known != 0 { throw LoadFailure(.invalid) }
    if !request.isReadable { throw LoadFailure(.badDescriptor) }
    if request.isInitModule {
      if request.file.size < UInt64(FileHeader.byteCounts.elf64) {
        throw LoadFailure(.notExecutable)
      }
    } else if request.file.size == 0 {
      throw LoadFailure(.invalid)
    }
  }

  /// A kernel knows one format at most: that of its own modules.
  mutating func decompress() throws(LoadFailure) {
    guard request.flags.contains(.compressedFile) else { return idle() }
    guard let canDecompress = option(.decompress) else {
      leaveOpen("CONFIG_MODULE_DECOMPRESS: whether the kernel decompresses modules")
      try replaceSource(.invalid)
      return
    }
    guard canDecompress else {
      advise("the kernel cannot decompress modules itself: let modprobe or insmod do it")
      throw LoadFailure(.notSupported)
    }
    let format = CompressedFormat.all.first { option($0.option) == true }
    let head = (try? request.file.slice(0, min(request.file.size, 16), in: .file)) ?? .empty(at: 0)
    guard let format, head.bytes.starts(with: format.magic) else {
      if let format { say("not \(format.article) compressed module") }
      throw LoadFailure(.invalid)
    }
    if format.option == .compressXZ {
      // Stream flags (xz file format §2.1.1.2): the kernel has no other check than CRC32.
      let check = head.count > 7 ? head[7] : 0
      if check > 1 {
        say("decompression failed with status 6")
        advise("the kernel's xz knows no integrity check but CRC32: use xz --check=crc32")
        throw LoadFailure(.invalid)
      }
    }
    try replaceSource(.invalid) { load in
      if format.option == .compressXZ { load.say("decompression failed with status 0") }
    }
  }

  private mutating func replaceSource(
    _ errno: Errno, _ complain: (inout LoadAttempt) -> Void = { _ in }
  ) throws(LoadFailure) {
    guard let unpacked = request.unpacked else {
      complain(&self)
      throw LoadFailure(errno)
    }
    source = unpacked
    length = unpacked.size
    raw = RawModule(unpacked, length: length, raw.encoding)
  }
}

/// A format that kernels may be built to decompress.
private struct CompressedFormat {
  let option: KernelOption
  let magic: [UInt8]
  let article: String

  static let all = [
    Self(option: .compressGzip, magic: [0x1f, 0x8b, 0x08], article: "a gzip"),
    Self(option: .compressXZ, magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], article: "an xz"),
    Self(option: .compressZstd, magic: [0x28, 0xb5, 0x2f, 0xfd], article: "a zstd"),
  ]
}
