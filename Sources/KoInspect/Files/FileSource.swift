// Reading ranges of files, for scans over thousands of them.

import ELFKit
import Glibc

/// A regular file that hands out ranges with `pread`.
///
/// The file may change while it is read: a range that has vanished is an error, never a trap.
/// No range is larger than the limit, whatever size a sparse file claims to have.
final class FileSource: ByteSource {
  private let descriptor: FileDescriptor
  private let limits: Input.Limits
  let size: UInt64
  /// The first bytes: an ELF header, or what tells that the file is compressed.
  let head: ByteSlice
  /// The last bytes.
  private let tail: ByteSlice

  private static let headSize: UInt64 = 64
  /// Enough for the section headers, their names and the signature of most modules: these are at
  /// the end, so one system call saves three.
  private static let tailSize: UInt64 = 8192

  /// Takes over an open file of this size and reads its two ends.
  init(
    _ descriptor: FileDescriptor, size: UInt64, _ limits: Input.Limits
  ) throws(SystemError) {
    self.descriptor = descriptor
    self.size = size
    self.limits = limits
    let start = size - Swift.min(size, Self.tailSize)
    tail = ByteSlice(try descriptor.read(start, Int(size - start)), fileOffset: start)
    head =
      start == 0
      ? tail[within: 0..<Swift.min(tail.count, Int(Self.headSize))]
      : ByteSlice(try descriptor.read(0, Int(Self.headSize)))
  }

  func slice(
    _ offset: UInt64, _ count: UInt64, in part: ELFError.Part
  ) throws(ELFError) -> ByteSlice {
    guard count <= size, offset <= size - count else {
      throw ELFError(.outOfBounds(count), part, at: offset)
    }
    if offset >= tail.fileOffset {
      return try tail.slice(offset - tail.fileOffset, count, in: part)
    }
    if count <= head.count, offset <= UInt64(head.count) - count {
      return try head.slice(offset, count, in: part)
    }
    do throws(SystemError) {
      try limits.check(count)
      let bytes = try descriptor.read(offset, Int(count))
      guard bytes.count == Int(count) else {
        throw SystemError("the file shrank while it was read")
      }
      return ByteSlice(bytes, fileOffset: offset)
    } catch {
      throw ELFError(.unreadable(error.message), part, at: offset)
    }
  }
}
