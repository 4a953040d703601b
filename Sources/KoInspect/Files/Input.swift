// How a file that was named becomes bytes. Every command comes through here.

import ELFKit
import Glibc

/// A file that has been opened: its bytes, unpacked when it is compressed.
struct Input {
  /// The bytes of the module.
  let source: AnyByteSource
  /// The format that the file was compressed with, or `nil`.
  let compression: Compression?
  /// The first bytes of the compressed file, in storage of their own; `nil` when it is none.
  let packedHead: ByteSlice?

  enum Access {
    /// A few ranges will be read: header, tables, the sections of interest.
    case ranges
    /// Most of the file will be read.
    case everything
  }

  /// What a hostile file may cost.
  struct Limits: Sendable {
    /// The number of bytes that a file may have in memory, decompressed.
    var maxSize: UInt64 = 1 << 30
    /// Whether what is compressed may become many times larger, as long as it keeps to ``maxSize``.
    var allowsBombs = false

    /// The limits for what `count` bytes are decompressed to. Modules shrink to a third, at best to a
    /// tenth; a bomb of a kilobyte would become many megabytes.
    func decompressing(_ count: Int) -> Self {
      guard !allowsBombs else { return self }
      let (most, overflow) = UInt64(count).multipliedReportingOverflow(by: 256)
      var limits = self
      limits.maxSize = Swift.min(maxSize, overflow ? .max : Swift.max(most, 1 << 20))
      return limits
    }

    /// What a command that can set the size says about it.
    var hint = ""

    /// Throws when `count` bytes are too many.
    func check(_ count: UInt64) throws(SystemError) {
      guard count <= maxSize else {
        throw SystemError("more than \(maxSize) bytes\(hint)")
      }
    }
  }

  /// Files above this size are looked at before they are read.
  private static let largeSize: UInt64 = 1 << 20

  /// Opens the file at `path`. What is no regular file is read to its end at once, or is an error
  /// when it `mustBeRegular`; what is compressed is decompressed.
  init(
    _ path: [UInt8], _ access: Access, mustBeRegular: Bool = false, needsMagic: Bool = false,
    limits: Limits = Limits()
  ) throws(SystemError) {
    // A pipe without a writer would be waited for.
    let file = try FileDescriptor(opening: path, mustBeRegular ? O_NONBLOCK : 0)
    guard let size = try file.regularSize() else {
      guard !mustBeRegular else { throw SystemError(EINVAL) }
      try self.init(ByteSlice(try Self.all(of: file, needsMagic, limits)), limits)
      return
    }
    // What is no module costs nothing, whatever size a sparse file claims to have.
    if access == .ranges || needsMagic && size > Self.largeSize {
      let ranges = try FileSource(file, size: size, limits)
      if access == .ranges
        ? Compression(magic: ranges.head) == nil : !Self.hasMagic(ranges.head)
      {
        self.init(source: ranges, compression: nil)
        return
      }
    }
    try limits.check(size)
    try self.init(ByteSlice(try file.read(0, Int(size))), limits)
  }

  /// Reads standard input to its end.
  init(standardInput limits: Limits) throws(SystemError) {
    try self.init(ByteSlice(try Self.all(of: .standardInput, true, limits)), limits)
  }

  /// Everything that a pipe or a device gives; when it has to be a module and is none, its first
  /// bytes, which say so.
  private static func all(
    of file: FileDescriptor, _ needsMagic: Bool, _ limits: Limits
  ) throws(SystemError) -> [UInt8] {
    guard needsMagic else { return try file.readToEnd(limits) }
    return try file.readToEnd(limits) { hasMagic(ByteSlice($0)) }
  }

  /// Whether an ELF file or a compressed one begins with these bytes.
  private static func hasMagic(_ head: ByteSlice) -> Bool {
    head.starts(with: "\u{7f}ELF") || Compression(magic: head) != nil
  }

  /// A file that is in memory.
  private init(_ bytes: ByteSlice, _ limits: Limits) throws(SystemError) {
    let compression = Compression(magic: bytes)
    let unpacked = try compression?.decompress(bytes, limits)
    self.init(
      source: unpacked.map { ByteSlice($0) } ?? bytes, compression: compression,
      head: compression == nil ? nil : ByteSlice(Array(bytes.prefix(Compression.headSize))))
  }

  private init(source: some ByteSource, compression: Compression?, head: ByteSlice? = nil) {
    self.source = source.erased
    self.compression = compression
    packedHead = head
  }

  /// The bytes of the file at `path`, with the usual limits.
  static func open(_ path: [UInt8], _ access: Access) throws(SystemError) -> AnyByteSource {
    try Input(path, access).source
  }
}
