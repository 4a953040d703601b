// Reading folders: an error on the way is reported, as it would look like the folder's end.

import Glibc

/// An open folder, closed when it is no longer used.
@safe
final class FolderReader {
  /// What a folder says about one of its names.
  struct Entry {
    let name: [UInt8]
    /// `DT_REG`, `DT_DIR` …; `DT_UNKNOWN` where the file system does not tell.
    let type: UInt8
  }

  private let stream: OpaquePointer

  init(_ path: [UInt8]) throws(SystemError) {
    guard let stream = unsafe withCString(path, { unsafe opendir($0) }) else {
      throw SystemError(errno)
    }
    unsafe self.stream = stream
  }

  deinit { unsafe closedir(stream) }

  /// The number of the open file behind it.
  var descriptor: Int32 { unsafe dirfd(stream) }

  /// The next name but `.` and `..`; `nil` at the end.
  func next() throws(SystemError) -> Entry? {
    while true {
      // readdir(3): the end and an error differ in errno only.
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        guard errno == 0 else { throw SystemError(errno) }
        return nil
      }
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { buffer in
        unsafe Array(buffer.prefix { $0 != 0 })
      }
      if name != [UInt8(ascii: ".")], name != [UInt8(ascii: "."), UInt8(ascii: ".")] {
        return unsafe Entry(name: name, type: entry.pointee.d_type)
      }
    }
  }
}

/// What an entry of a folder is. Some file systems do not say; then it is asked for.
func entryKind(_ type: UInt8, at path: [UInt8]) throws(SystemError) -> Int {
  guard type == DT_UNKNOWN else { return Int(type) }
  var status = stat()
  guard unsafe withCString(path, { unsafe lstat($0, &status) }) == 0 else {
    throw SystemError(errno)
  }
  switch status.st_mode & S_IFMT {
  case S_IFDIR: return DT_DIR
  case S_IFREG: return DT_REG
  case S_IFLNK: return DT_LNK
  default: return DT_UNKNOWN
  }
}
