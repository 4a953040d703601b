// `.gnu_debuglink`: the name of the file that has a file's debug information, and the CRC of its bytes
// (gdb's manual, "Separate Debug Files").

/// Where a file says that its debug information is.
public struct DebugLink: Hashable, Sendable {
  /// The name of the file, without a folder.
  public let name: ByteSlice
  /// The CRC-32 of the whole file.
  public let checksum: UInt32

  /// The link of `image`; `nil` when there is none, or it names what is no file's name.
  public init?(_ image: ELFImage) {
    guard let section = image.sections.first(named: ".gnu_debuglink"),
      let bytes = try? image.bytes(of: section), let end = bytes.firstIndex(of: 0), end > 0
    else { return nil }
    let name = bytes[within: 0..<end]
    // The name comes from the file: it must not lead into another folder.
    guard !name.contains(UInt8(ascii: "/")), !name.equals("."), !name.equals("..") else {
      return nil
    }
    var cursor = DebugCursor(bytes, image.encoding, at: (end + 4) & ~3)
    let checksum = UInt32(truncatingIfNeeded: cursor.number(4))
    guard cursor.isValid else { return nil }
    (self.name, self.checksum) = (name, checksum)
  }

  /// Whether `source` is the file that is meant: reads all of it, a part at a time.
  public func leads(to source: some ByteSource) -> Bool {
    var sum = CRC32()
    var offset: UInt64 = 0
    while offset < source.size {
      let count = Swift.min(1 << 20, source.size - offset)
      guard let part = try? source.slice(offset, count, in: .file) else { return false }
      sum.add(part)
      offset += count
    }
    return sum.value == checksum
  }
}

/// The checksum of zlib and Ethernet (reflected polynomial 0xedb88320).
struct CRC32 {
  private static let table: [UInt32] = (0..<256).map { byte in
    var remainder = UInt32(byte)
    for _ in 0..<8 {
      remainder = remainder & 1 == 0 ? remainder >> 1 : remainder >> 1 ^ 0xedb8_8320
    }
    return remainder
  }

  private var state: UInt32 = .max

  mutating func add(_ bytes: ByteSlice) {
    let span = bytes.storage.span
    for position in bytes.range {
      state = state >> 8 ^ Self.table[Int((state ^ UInt32(span[position])) & 0xff)]
    }
  }

  var value: UInt32 { ~state }
}
