// Reading files: ranges for scans, everything at once for dumps.

import ELFKit
import Glibc

/// An open file that hands out ranges with `pread`.
///
/// The file may change while it is read: a range that has vanished is an error, never a trap.
final class FileSource: ByteSource {
  private let descriptor: FileDescriptor
  let size: UInt64
  /// Whether this is a regular file; others (pipes, devices) must be read to their end.
  let isRegular: Bool
  /// The end of a regular file, read when it was opened.
  private let tail: ByteSlice

  /// Opens the file at `path`, without waiting for a pipe's writer when it must be `regular`.
  ///
  /// The last `tail` bytes of a regular file are read at once: a module's section headers, their
  /// names and its signature are there, so one system call saves three.
  init(path: [UInt8], mustBeRegular: Bool = false, tail tailSize: UInt64 = 0) throws(SystemError) {
    descriptor = try FileDescriptor(opening: path, mustBeRegular ? O_NONBLOCK : 0)
    var status = stat()
    guard unsafe fstat(descriptor.number, &status) == 0 else { throw SystemError(errno) }
    if status.st_mode & S_IFMT == S_IFDIR { throw SystemError(EISDIR) }
    isRegular = status.st_mode & S_IFMT == S_IFREG
    if mustBeRegular, !isRegular { throw SystemError(EINVAL) }
    size = UInt64(Swift.max(status.st_size, 0))
    let start = size - (isRegular ? Swift.min(size, tailSize) : 0)
    tail = ByteSlice(
      try descriptor.read(Int(start), Int(size - start)).get(), fileOffset: start)
  }

  func slice(
    _ offset: UInt64, _ count: UInt64, in part: ELFError.Part
  ) throws(ELFError) -> ByteSlice {
    guard count <= size, offset <= size - count else {
      throw ELFError(.outOfBounds(count), part, at: offset)
    }
    guard count > 0 else { return .empty(at: offset) }
    if offset >= tail.fileOffset, tail.count > 0 {
      return try tail.slice(offset - tail.fileOffset, count, in: part)
    }
    let bytes = descriptor.read(Int(offset), Int(count))
    switch bytes {
    case .success(let bytes) where bytes.count == Int(count):
      return ByteSlice(bytes, fileOffset: offset)
    case .success:
      throw ELFError(.unreadable("the file shrank while it was read"), part, at: offset)
    case .failure(let error):
      throw ELFError(.unreadable(error.message), part, at: offset)
    }
  }

  /// The whole file, in memory.
  func readAll() throws(SystemError) -> ByteSlice {
    if isRegular { return ByteSlice(try descriptor.read(0, Int(size)).get()) }
    return ByteSlice(try descriptor.readToEnd().get())
  }
}

/// An open file, closed when it is no longer used.
final class FileDescriptor: Sendable {
  let number: Int32

  init(opening path: [UInt8], _ flags: Int32 = 0) throws(SystemError) {
    guard !path.contains(0) else { throw SystemError(ENOENT) }
    number = unsafe withCString(path) { unsafe open($0, O_RDONLY | O_CLOEXEC | flags) }
    guard number >= 0 else { throw SystemError(errno) }
  }

  deinit {
    if number >= 0 { close(number) }
  }

  /// Up to `count` bytes from `offset` on; fewer at the end of the file.
  func read(_ offset: Int, _ count: Int) -> Result<[UInt8], SystemError> {
    var failure: SystemError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, let start = buffer.baseAddress {
        let got = unsafe pread(
          number, start + filled, count - filled, off_t(offset + filled))
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = SystemError(errno) }
        if got <= 0 { break }
        filled += got
      }
    }
    return failure.map(Result.failure) ?? .success(bytes)
  }

  /// Everything that can still be read.
  func readToEnd() -> Result<[UInt8], SystemError> { KoInspect.readToEnd(number) }
}

/// Everything that can still be read from `descriptor`.
func readToEnd(_ descriptor: Int32) -> Result<[UInt8], SystemError> {
  var bytes: [UInt8] = []
  let chunkSize = 1 << 16
  while true {
    var failure: SystemError?
    let chunk = unsafe [UInt8](unsafeUninitializedCapacity: chunkSize) { buffer, filled in
      var got = 0
      repeat {
        got = unsafe Glibc.read(descriptor, buffer.baseAddress, chunkSize)
      } while got < 0 && errno == EINTR
      if got < 0 { failure = SystemError(errno) }
      filled = Swift.max(got, 0)
    }
    if let failure { return .failure(failure) }
    if chunk.isEmpty { return .success(bytes) }
    bytes += chunk
  }
}

/// Why a file cannot be had.
struct SystemError: Error {
  /// The reason in words: the system's own, or ours.
  let message: String

  /// A failed system call, by its error number.
  init(_ number: Int32) { message = systemMessage(number) }

  /// What the tool itself has to say against a file.
  init(_ message: String) { self.message = message }
}
