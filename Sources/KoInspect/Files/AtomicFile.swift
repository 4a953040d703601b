// Files that are there in full or not at all.

import Glibc

/// A file that is being written and appears under its name only when it is complete. A process that
/// ends before leaves nothing behind: the file has no name until then (`O_TMPFILE`) or, where the file
/// system cannot do that, one that a signal takes away.
///
/// What is there already stays the same file to everyone else: mode and owner are kept, a link is
/// followed, and where only writing into the old file keeps all of that, its content is exchanged.
final class AtomicFile: OutputSink {
  /// What the path means, links followed.
  private let path: [UInt8]
  private let descriptor: Int32
  /// The name under which the file lies while it is written; `nil` when it has none.
  private var temporaryPath: [UInt8]?
  private let way: Way
  /// What is to be written into the old file at the end.
  private var held: [UInt8] = []
  private let sink: FileDescriptorSink
  private var isFinished = false

  private enum Way {
    /// A pipe, a device or an open file: written to as it is.
    case direct
    /// A new file takes the name at the end; `old` is what has it now.
    case exchange(old: stat?)
    /// The old file's content is exchanged at the end.
    case rewrite
  }

  init(_ name: [UInt8]) throws(SystemError) {
    guard !name.isEmpty, !name.contains(0) else { throw SystemError(ENOENT) }
    if let open = openFile(named: name) {
      // Opened anew it would be written from its start again, whatever it has already.
      descriptor = fcntl(open, F_DUPFD_CLOEXEC, 3)
      (path, way) = (name, .direct)
    } else {
      path = try resolved(name)
      let old = status(of: path)
      if let old, old.st_mode & S_IFMT != S_IFREG {
        descriptor = unsafe withCString(path) { unsafe open($0, O_WRONLY | O_CLOEXEC) }
        way = .direct
      } else {
        // Who may not write the file may not put another one in its place either.
        if old != nil, unsafe withCString(path, { unsafe access($0, W_OK) }) != 0 {
          throw SystemError(errno)
        }
        let new = (old?.st_nlink ?? 1) > 1 ? nil : Self.temporary(beside: path, like: old)
        if let new {
          (descriptor, temporaryPath) = new
          way = .exchange(old: old)
        } else if old != nil {
          descriptor = unsafe withCString(path) { unsafe open($0, O_WRONLY | O_CLOEXEC) }
          way = .rewrite
        } else {
          descriptor = -1
          way = .direct
        }
      }
    }
    guard descriptor >= 0 else { throw SystemError(errno) }
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

  func write(_ bytes: [UInt8]) {
    if case .rewrite = way { held += bytes } else { sink.write(bytes) }
  }

  /// Whether the file at `other` is the one that would be written.
  func isSame(as other: [UInt8]) -> Bool {
    guard let own = status(of: path), let other = status(of: other) else { return false }
    return own.st_mode & S_IFMT == S_IFREG && own.st_dev == other.st_dev
      && own.st_ino == other.st_ino
  }

  /// Throws when it would be written over one of `others`.
  func refuse(_ others: [[UInt8]]) throws(SystemError) {
    guard !others.contains(where: isSame) else {
      throw SystemError("not written: it is one of the files that the run reads or writes")
    }
  }

  /// Whether there is something that would be lost.
  var replacesFile: Bool {
    switch way {
    case .direct: false
    case .exchange(let old): (old?.st_size ?? 0) > 0
    case .rewrite: true
    }
  }

  /// Gives the file its name. Throws when something could not be written; then there is no file, or
  /// the old one.
  func finish() throws(SystemError) {
    if let failure { throw SystemError(failure) }
    switch way {
    case .direct: break
    case .rewrite: try rewrite()
    case .exchange:
      try giveName()
      guard let temporaryPath else { return }
      let result = unsafe withCString(temporaryPath) { name in
        unsafe withCString(path) { path in unsafe rename(name, path) }
      }
      guard result == 0 else {
        let problem = errno
        // A file that is mounted by itself, as containers do, cannot be replaced.
        guard problem == EBUSY else { throw SystemError(problem) }
        try copyOver(temporaryPath)
        _ = unsafe withCString(temporaryPath) { unsafe unlink($0) }
        isFinished = true
        return
      }
    }
    isFinished = true
  }

  /// Exchanges the old file's content. The room for it is asked for first, so that a full disk is met
  /// before anything is lost.
  private func rewrite() throws(SystemError) {
    try Self.exchange(descriptor, held)
    if let failure = sink.failure { throw SystemError(failure) }
  }

  private static func exchange(_ descriptor: Int32, _ bytes: [UInt8]) throws(SystemError) {
    var old = stat()
    guard unsafe fstat(descriptor, &old) == 0 else { throw SystemError(errno) }
    if !bytes.isEmpty {
      let result = posix_fallocate(descriptor, 0, off_t(bytes.count))
      if result != 0, result != EOPNOTSUPP, result != EINVAL {
        _ = ftruncate(descriptor, old.st_size)
        throw SystemError(result)
      }
    }
    let sink = FileDescriptorSink(descriptor)
    sink.write(bytes)
    if let failure = sink.failure { throw SystemError(failure) }
    guard ftruncate(descriptor, off_t(bytes.count)) == 0 else { throw SystemError(errno) }
  }

  private func copyOver(_ source: [UInt8]) throws(SystemError) {
    let bytes = try FileDescriptor(opening: source).readToEnd(Input.Limits(maxSize: .max))
    let target = unsafe withCString(path) { unsafe open($0, O_WRONLY | O_CLOEXEC) }
    guard target >= 0 else { throw SystemError(errno) }
    defer { close(target) }
    try Self.exchange(target, bytes)
  }

  /// Gives a file without a name one beside the place where it belongs.
  private func giveName() throws(SystemError) {
    guard temporaryPath == nil else { return }
    let source = Array("/proc/self/fd/\(descriptor)".utf8)
    for name in Self.temporaryNames(path) {
      let result = unsafe withCString(source) { source in
        unsafe withCString(name) { name in
          unsafe linkat(AT_FDCWD, source, AT_FDCWD, name, AT_SYMLINK_FOLLOW)
        }
      }
      if result == 0 {
        Interruption.remove(name)
        temporaryPath = name
        return
      }
      guard errno == EEXIST else { throw SystemError(errno) }
    }
    throw SystemError(EEXIST)
  }

  /// A new file in the folder of `path` with mode and owner of the `old` one; `nil` when that cannot
  /// be, `errno` says why.
  private static func temporary(
    beside path: [UInt8], like old: stat?
  ) -> (descriptor: Int32, name: [UInt8]?)? {
    var descriptor: Int32 = -1
    var name: [UInt8]?
    // Its name comes from /proc later.
    if unsafe access("/proc/self/fd", X_OK) == 0 {
      descriptor = unsafe withCString(folder(of: path)) {
        unsafe open($0, temporaryFile | O_WRONLY | O_CLOEXEC, 0o666)
      }
    }
    if descriptor < 0 {
      for candidate in temporaryNames(path) {
        descriptor = unsafe withCString(candidate) {
          unsafe open($0, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o666)
        }
        if descriptor >= 0 {
          Interruption.remove(candidate)
          name = candidate
        }
        if descriptor >= 0 || errno != EEXIST { break }
      }
    }
    guard descriptor >= 0 else { return nil }
    guard let old else { return (descriptor, name) }
    var new = stat()
    let isOwned =
      unsafe fstat(descriptor, &new) == 0
      && (new.st_uid == old.st_uid && new.st_gid == old.st_gid
        || fchown(descriptor, old.st_uid, old.st_gid) == 0)
    if isOwned, fchmod(descriptor, old.st_mode & 0o7777) == 0 { return (descriptor, name) }
    if let name { _ = unsafe withCString(name) { unsafe unlink($0) } }
    close(descriptor)
    return nil
  }

  /// `O_TMPFILE` (asm-generic/fcntl.h), which the C library hides from Swift.
  private static let temporaryFile: Int32 = 0o20000000 | O_DIRECTORY

  /// Names for the time being: short ones, whatever the file is called, and more than one, as
  /// another process of the same number may have left its own.
  private static func temporaryNames(_ path: [UInt8]) -> LazyMapSequence<Range<Int>, [UInt8]> {
    let start = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    let prefix = path[..<start] + Array(".koinspect.\(getpid()).".utf8)
    return (0..<100).lazy.map { prefix + Array("\($0).tmp".utf8) }
  }
}
