// Open files, as the system knows them.

import Glibc

/// An open file, closed when it is no longer used.
final class FileDescriptor: Sendable {
  private let number: Int32
  private let isOwned: Bool

  /// Opens the file at `path` for reading.
  init(opening path: [UInt8], _ flags: Int32 = 0) throws(SystemError) {
    guard !path.contains(0) else { throw SystemError(ENOENT) }
    number = unsafe withCString(path) { unsafe open($0, O_RDONLY | O_CLOEXEC | flags) }
    isOwned = number >= 0
    guard number >= 0 else { throw SystemError(errno, at: path) }
  }

  /// Opens the file at `path`, which must be a regular one: a pipe without a writer would be waited
  /// for, and a device has no end.
  convenience init(opening path: [UInt8], mustBeRegular: Bool) throws(SystemError) {
    // O_NONBLOCK (asm-generic/fcntl.h): opening a pipe does not wait.
    try self.init(opening: path, O_NONBLOCK)
    let size = try regularSize()
    guard !mustBeRegular || size != nil else {
      throw SystemError("not a regular file")
    }
  }

  /// Standard input, which stays open.
  static let standardInput = FileDescriptor(borrowing: STDIN_FILENO)

  private init(borrowing number: Int32) {
    self.number = number
    isOwned = false
  }

  deinit {
    if isOwned { close(number) }
  }

  /// Its size when it is a regular file, or `nil` (pipes, devices); directories are an error.
  func regularSize() throws(SystemError) -> UInt64? {
    var status = stat()
    guard unsafe fstat(number, &status) == 0 else { throw SystemError(errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return UInt64(Swift.max(status.st_size, 0))
    case S_IFDIR: throw SystemError(EISDIR)
    default: return nil
    }
  }

  /// Up to `count` bytes from `offset` on; fewer at the end of the file.
  func read(_ offset: UInt64, _ count: Int) throws(SystemError) -> [UInt8] {
    try unsafe Self.fill(count) { start, filled in
      unsafe pread(number, start + filled, count - filled, off_t(offset) + off_t(filled))
    }
  }

  /// Everything that can still be read; more than `limit` bytes are an error.
  /// It ends after the first piece when `isWanted` says no to that.
  func readToEnd(
    _ limits: Input.Limits, while isWanted: ([UInt8]) -> Bool = { _ in true }
  ) throws(SystemError) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let size = 1 << 16
      let chunk = try unsafe Self.fill(size) { start, filled in
        let got = unsafe Glibc.read(number, start + filled, size - filled)
        // Whoever shares the pipe may have made it one that does not wait.
        guard got < 0, errno == EAGAIN, waitUntilReady(number, POLLIN) else { return got }
        errno = EINTR
        return got
      }
      bytes += chunk
      try limits.check(UInt64(bytes.count))
      if chunk.count < size { return bytes }
      if bytes.count == size, !isWanted(bytes) { return bytes }
    }
  }

  /// `count` bytes, fewer when there are no more; `read` is asked until there are.
  @unsafe
  private static func fill(
    _ count: Int, _ read: (UnsafeMutablePointer<UInt8>, Int) -> Int
  ) throws(SystemError) -> [UInt8] {
    var failure: SystemError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, let start = buffer.baseAddress {
        let got = unsafe read(start, filled)
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = SystemError(errno) }
        if got <= 0 { break }
        filled += got
      }
    }
    if let failure { throw failure }
    return bytes
  }
}

/// Waits until an open file that does not wait by itself can be read or written; `false` with the
/// error in `errno` when that cannot be known.
func waitUntilReady(_ number: Int32, _ events: Int32) -> Bool {
  var request = pollfd(fd: number, events: Int16(truncatingIfNeeded: events), revents: 0)
  while unsafe poll(&request, 1, -1) < 0 {
    guard errno == EINTR else { return false }
  }
  return true
}

/// Why a file cannot be had.
struct SystemError: Error {
  /// The reason in words: the system's own, or ours.
  let message: String

  /// A failed system call, by its error number.
  init(_ number: Int32) { message = systemMessage(number) }

  /// A failed system call about what `path` names. Of a link that leads nowhere, 'No such file' would send
  /// people to look for the link.
  init(_ number: Int32, at path: [UInt8]) {
    guard number == ENOENT, let target = linkTarget(path) else {
      self.init(number)
      return
    }
    self.init("a link to \(String(decoding: target, as: UTF8.self)), which is not there")
  }

  /// The same error, of the file at `path`.
  func named(_ path: [UInt8]) -> SystemError {
    SystemError("\(String(decoding: path, as: UTF8.self)): \(message)")
  }

  /// What the tool itself has to say against a file.
  init(_ message: String) { self.message = message }
}

extension SystemError: CustomStringConvertible {
  var description: String { message }
}
