// One section of debug information. Those of large modules are read by ranges: what an address needs of
// 50 MB is a unit of some hundred KB.

/// A debug section.
struct DebugSection: Sendable {
  /// The number of the section.
  let number: Int
  /// Its size when it is unpacked.
  let size: UInt64
  /// The relocations that change it.
  let relocations: DebugRelocations
  private let whole: ByteSlice?
  private let source: AnyByteSource
  private let start: UInt64

  /// Up to so many bytes are read at once.
  static let smallSize: UInt64 = 1 << 20

  /// A section that is stored as it is.
  init?(_ section: Section, _ relocations: DebugRelocations, _ source: AnyByteSource) {
    let header = section.header
    guard header.size <= source.size, header.offset <= source.size - header.size else { return nil }
    number = section.index
    size = header.size
    self.relocations = relocations
    self.source = source
    start = header.offset
    whole =
      size <= Self.smallSize
      ? try? source.slice(header.offset, header.size, in: .section(number)) : nil
  }

  /// A section that has been unpacked.
  init(_ number: Int, _ relocations: DebugRelocations, _ bytes: ByteSlice) {
    self.number = number
    self.relocations = relocations
    size = UInt64(bytes.count)
    (whole, source, start) = (bytes, bytes.erased, 0)
  }

  /// Up to `count` bytes from `offset` on, fewer at the end; `nil` past the end.
  func bytes(_ offset: UInt64, atMost count: UInt64) -> ByteSlice? {
    guard offset <= size else { return nil }
    let count = Swift.min(count, size - offset)
    if let whole { return whole[within: Int(offset)..<Int(offset + count)] }
    return try? source.slice(start + offset, count, in: .section(number))
  }

  /// All bytes.
  var bytes: ByteSlice? { bytes(0, atMost: size) }

  /// The text at `offset`, up to its NUL. What has no end soon is none.
  func text(at offset: UInt64) -> ByteSlice? {
    guard let head = bytes(offset, atMost: 256) else { return nil }
    if let end = head.firstIndex(of: 0) { return head[within: 0..<end] }
    guard let more = bytes(offset, atMost: 4096) else { return nil }
    return more.firstIndex(of: 0).map { more[within: 0..<$0] }
  }
}
