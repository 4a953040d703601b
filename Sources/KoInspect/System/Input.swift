// How a file that was named becomes bytes. Every command comes through here.

import ELFKit

enum Input {
  enum Access {
    /// A few ranges will be read: header, tables, the sections of interest.
    case ranges
    /// Most of the file will be read.
    case everything
  }

  /// Enough for the section headers, names and signature of most modules.
  private static let tailSize: UInt64 = 8192

  /// The bytes of the file at `path`. What is no regular file is read to its end at once, or is
  /// an error when it `mustBeRegular`.
  static func open(
    _ path: [UInt8], _ access: Access, mustBeRegular: Bool = false
  ) throws(SystemError) -> any ByteSource {
    let wantsRanges = access == .ranges
    let file = try FileSource(
      path: path, mustBeRegular: mustBeRegular, tail: wantsRanges ? tailSize : 0)
    guard wantsRanges, file.isRegular else { return try file.readAll() }
    return file
  }
}
