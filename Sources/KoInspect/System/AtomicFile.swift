// Files that are there in full or not at all.

import Glibc

/// A file that is being written and appears under its name only when it is complete. A process that
/// ends before leaves nothing behind: the file has no name until then (`O_TMPFILE`) or, where the file
/// system cannot do that, one that a signal takes away.
final class AtomicFile: OutputSink {
  private let path: [UInt8]
  private let descriptor: Int32
  /// The name under which the file lies while it is written; `nil` when it has none.
  private var temporaryPath: [UInt8]?
  /// Whether the path names something that is no regular file, such as a pipe: it is written to as
  /// it is.
  private let isDirect: Bool
  private let sink: FileDescriptorSink
  private var isFinished = false

  init(_ path: [UInt8]) throws(SystemError) {
    guard !path.isEmpty, !path.contains(0) else { throw SystemError(ENOENT) }
    self.path = path
    isDirect = kind(of: path) != .missing && !isRegularFile(path)
    var temporaryPath: [UInt8]?
    var descriptor: Int32 = -1
    if isDirect {
      descriptor = unsafe withCString(path) { unsafe open($0, O_WRONLY | O_CLOEXEC) }
    } else {
      descriptor = unsafe withCString(Self.folder(of: path)) {
        unsafe open($0, Self.temporaryFile | O_WRONLY | O_CLOEXEC, 0o666)
      }
      if descriptor < 0 {
        let name = Self.temporaryName(path)
        descriptor = unsafe withCString(name) {
          unsafe open($0, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o666)
        }
        if descriptor >= 0 {
          Interruption.remove(name)
          temporaryPath = name
        }
      }
    }
    guard descriptor >= 0 else { throw SystemError(errno) }
    self.descriptor = descriptor
    self.temporaryPath = temporaryPath
    sink = FileDescriptorSink(descriptor)
  }

  deinit {
    if !isFinished, let temporaryPath {
      _ = unsafe withCString(temporaryPath) { unsafe unlink($0) }
    }
    Interruption.removeNothing()
    close(descriptor)
  }

  var failure: String? { sink.failure }

  func write(_ bytes: [UInt8]) { sink.write(bytes) }

  /// Gives the file its name. Throws when something could not be written; then there is no file.
  func finish() throws(SystemError) {
    if let failure { throw SystemError(failure) }
    guard !isDirect else { return }
    let name = temporaryPath ?? Self.temporaryName(path)
    if temporaryPath == nil {
      let source = Array("/proc/self/fd/\(descriptor)".utf8)
      let result = unsafe withCString(source) { source in
        unsafe withCString(name) { name in
          unsafe linkat(AT_FDCWD, source, AT_FDCWD, name, AT_SYMLINK_FOLLOW)
        }
      }
      guard result == 0 else { throw SystemError(errno) }
      Interruption.remove(name)
      temporaryPath = name
    }
    let result = unsafe withCString(name) { name in
      unsafe withCString(path) { path in unsafe rename(name, path) }
    }
    guard result == 0 else { throw SystemError(errno) }
    isFinished = true
  }

  /// `O_TMPFILE` (asm-generic/fcntl.h), which the C library hides from Swift.
  private static let temporaryFile: Int32 = 0o20000000 | O_DIRECTORY

  private static func folder(of path: [UInt8]) -> [UInt8] {
    guard let slash = path.lastIndex(of: 0x2f) else { return [0x2e] }
    return slash == 0 ? [0x2f] : Array(path[..<slash])
  }

  private static func temporaryName(_ path: [UInt8]) -> [UInt8] {
    let start = path.lastIndex(of: 0x2f).map { $0 + 1 } ?? 0
    return path[..<start] + [0x2e] + path[start...] + Array(".\(getpid()).tmp".utf8)
  }
}
