// Writing to a file descriptor.

import Glibc

/// A sink that writes to an open file descriptor, which it does not close.
///
/// `print` ignores a failed write; this remembers it, so that `> /dev/full` can be exit status 2.
/// A closed pipe ends the process by SIGPIPE, as for any Unix tool.
final class FileDescriptorSink: OutputSink {
  private let descriptor: Int32
  private(set) var failure: String?

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Makes a pipe sixteen times as large as usual, so that its reader need not be woken so often.
  /// What is no pipe, or may not be made larger, stays as it is.
  func expectMuch() { _ = fcntl(descriptor, Self.setPipeSize, 1 << 20) }

  /// `F_SETPIPE_SZ` (linux/fcntl.h), which the C library hides from Swift.
  private static let setPipeSize: Int32 = 1024 + 7

  func write(_ bytes: [UInt8]) {
    guard failure == nil else { return }
    var sent = 0
    while sent < bytes.count {
      let written = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(
          descriptor, UnsafeRawBufferPointer(rebasing: buffer[sent...]).baseAddress,
          buffer.count - sent)
      }
      if written < 0, errno == EINTR { continue }
      // A terminal or pipe that somebody who shares it made one that does not wait.
      if written < 0, errno == EAGAIN, waitUntilReady(descriptor, POLLOUT) { continue }
      if written < 0 {
        failure = systemMessage(errno)
        return
      }
      sent += written
    }
  }
}

/// The system's words for an error number, as `strerror` in the C locale gives them.
func systemMessage(_ number: Int32) -> String {
  unsafe String(cString: strerror(number))
}
