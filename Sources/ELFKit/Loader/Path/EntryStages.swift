// Before the file is looked at: who may load what, and files that the kernel decompresses
// (kernel/module/main.c, `finit_module`; kernel/module/decompress.c).

extension LoadAttempt {
  mutating func checkPermission() throws(LoadFailure) {
    if target.hasModules == false {
      advise(
        "the kernel was built without modules (CONFIG_MODULES is not set): what the module does has to be built in, or another kernel"
      )
      throw LoadFailure(.noSystemCall)
    }
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
      if request.file.size < UInt64(FileHeader.byteCount(in: raw.encoding)) {
        throw LoadFailure(.notExecutable)
      }
    } else if request.file.size == 0 {
      throw LoadFailure(.invalid)
    }
  }

  /// A kernel knows one format at most: that of its own modules.
  mutating func decompress() throws(LoadFailure) {
    guard request.flags.contains(.compressedFile) else { return try decompressByTool() }
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
    let size = min(request.file.size, UInt64(DecompressionObstacle.headSize))
    let head = (try? request.file.slice(0, size, in: .file)) ?? .empty(at: 0)
    guard let format, head.bytes.starts(with: format.magic) else {
      if let format { say("not \(format.article) compressed module") }
      throw LoadFailure(.invalid)
    }
    if let obstacle = DecompressionObstacle(format, head, kernel, target.config) {
      if let line = obstacle.line { say(line) }
      advise("\(obstacle.reason): \(obstacle.remedy)")
      throw LoadFailure(.invalid)
    }
    try replaceSource(.invalid) { load in
      if format.option == .compressXZ { load.say("decompression failed with status 0") }
    }
  }

  /// A compressed file that modprobe or insmod is given: kmod since 31 hands it to the kernel when that
  /// says in `/sys/module/compression` that it takes the format, and decompresses others itself.
  private mutating func decompressByTool() throws(LoadFailure) {
    guard let head = request.packedHead, has(.decompression), option(.decompress) == true,
      let format = CompressedFormat.of(head), option(format.option) == true
    else { return idle() }
    guard let obstacle = DecompressionObstacle(format, head, kernel, target.config) else {
      return note("by the kernel or by kmod")
    }
    switch target.isGivenCompressedFiles {
    case false?: note("by kmod: the kernel could not (\(obstacle.reason))")
    case true?:
      if let line = obstacle.line { say(line) }
      advise("\(obstacle.reason): \(obstacle.remedy)")
      throw LoadFailure(.invalid)
    case nil:
      advise("\(obstacle.reason): \(obstacle.remedy)")
      leaveOpen(
        "who decompresses it: kmod before 31 does so itself, later ones hand it to the kernel, which answers EINVAL: \(obstacle.reason)"
      )
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
