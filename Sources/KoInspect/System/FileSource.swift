// Reading files: ranges for scans, everything at once for dumps.

import ELFKit
import Glibc

/// An open file that hands out ranges with `pread`.
///
/// The file may change while it is read: a range that has vanished is an error, never a trap.
final class FileSource: ByteSource {
  private let descriptor: Int32
  let size: UInt64
  /// Whether this is a regular file; others (pipes, devices) must be read to their end.
  let isRegular: Bool

  /// Opens the file at `path`.
  init(path: [UInt8]) throws(SystemError) {
    guard !path.contains(0) else { throw SystemError(ENOENT) }
    let opened = unsafe withCString(path) { unsafe open($0, O_RDONLY | O_CLOEXEC) }
    guard opened >= 0 else { throw SystemError(errno) }
    descriptor = opened
    var status = stat()
    guard unsafe fstat(opened, &status) == 0 else { throw SystemError(errno) }
    if status.st_mode & S_IFMT == S_IFDIR { throw SystemError(EISDIR) }
    isRegular = status.st_mode & S_IFMT == S_IFREG
    size = UInt64(Swift.max(status.st_size, 0))
  }

  deinit { close(descriptor) }

  func slice(
    _ offset: UInt64, _ count: UInt64, in part: ELFError.Part
  ) throws(ELFError) -> ByteSlice {
    guard count <= size, offset <= size - count else {
      throw ELFError(.outOfBounds(count), part, at: offset)
    }
    guard count > 0 else { return .empty(at: offset) }
    let bytes = read(Int(offset), Int(count))
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
    if isRegular { return ByteSlice(try read(0, Int(size)).get()) }
    return ByteSlice(try readToEnd(descriptor).get())
  }

  private func read(_ offset: Int, _ count: Int) -> Result<[UInt8], SystemError> {
    var failure: SystemError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, let start = buffer.baseAddress {
        let got = unsafe pread(
          descriptor, start + filled, count - filled, off_t(offset + filled))
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = SystemError(errno) }
        if got <= 0 { break }
        filled += got
      }
    }
    return failure.map(Result.failure) ?? .success(bytes)
  }
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

/// A failed system call.
struct SystemError: Error {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  /// The system's words for it.
  var message: String { systemMessage(number) }
}
