// How a file that was named becomes bytes. Every command comes through here.

import ELFKit

enum Input {
  enum Access {
    /// A few ranges will be read: header, tables, the sections of interest.
    case ranges
    /// Most of the file will be read.
    case everything
  }

  /// The bytes of the file at `path`. What is no regular file is read to its end at once.
  static func open(_ path: [UInt8], _ access: Access) throws(SystemError) -> any ByteSource {
    let file = try FileSource(path: path)
    guard access == .ranges, file.isRegular else { return try file.readAll() }
    return file
  }
}
