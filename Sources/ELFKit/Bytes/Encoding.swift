// How numbers are written in one file. Nothing here knows what the numbers mean.

/// The order in which the bytes of a number are stored (gABI `EI_DATA`).
public enum ByteOrder: Hashable, Sendable {
  /// Least significant byte first (`ELFDATA2LSB`).
  case little
  /// Most significant byte first (`ELFDATA2MSB`).
  case big
}

/// The size of addresses and of the records that hold them (gABI `EI_CLASS`).
public enum ELFClass: Hashable, Sendable {
  /// 32-bit objects (`ELFCLASS32`).
  case elf32
  /// 64-bit objects (`ELFCLASS64`).
  case elf64
}

/// Byte order and class of one file, as one value that every decoder takes.
public struct Encoding: Hashable, Sendable {
  /// The order of the bytes of every number.
  public let byteOrder: ByteOrder
  /// The size of addresses.
  public let fileClass: ELFClass

  /// An encoding made of its two parts.
  @inlinable
  public init(_ byteOrder: ByteOrder, _ fileClass: ELFClass = .elf64) {
    self.byteOrder = byteOrder
    self.fileClass = fileClass
  }

  /// The size of an address in bytes: in Linux that of a pointer and of a `long`, too.
  @inlinable
  public var addressSize: Int { fileClass == .elf64 ? 8 : 4 }
}

/// Integers at a byte offset. The shifts are written out because LLVM merges them into one load;
/// a loop over the bytes stays a loop. Sums that must not overflow let it leave out every check that a
/// caller's own check of the whole record implies. An offset outside the span is a programming error:
/// ranges that come from a file are checked once, by ``ByteSlice``.
extension Span where Element == UInt8 {
  /// The 16-bit number whose first byte is at `offset`.
  @inlinable
  @inline(__always)
  public func u16(_ offset: Int, _ encoding: Encoding) -> UInt16 {
    let raw = UInt16(self[offset]) | UInt16(self[offset + 1]) &<< 8
    return encoding.byteOrder == .little ? raw : raw.byteSwapped
  }

  /// The 32-bit number whose first byte is at `offset`.
  @inlinable
  @inline(__always)
  public func u32(_ offset: Int, _ encoding: Encoding) -> UInt32 {
    let low = UInt32(self[offset]) | UInt32(self[offset + 1]) &<< 8
    let raw = low | UInt32(self[offset + 2]) &<< 16 | UInt32(self[offset + 3]) &<< 24
    return encoding.byteOrder == .little ? raw : raw.byteSwapped
  }

  /// The 64-bit number whose first byte is at `offset`.
  @inlinable
  @inline(__always)
  public func u64(_ offset: Int, _ encoding: Encoding) -> UInt64 {
    let a = UInt64(self[offset]) | UInt64(self[offset + 1]) &<< 8
    let b = a | UInt64(self[offset + 2]) &<< 16 | UInt64(self[offset + 3]) &<< 24
    let c = b | UInt64(self[offset + 4]) &<< 32 | UInt64(self[offset + 5]) &<< 40
    let raw = c | UInt64(self[offset + 6]) &<< 48 | UInt64(self[offset + 7]) &<< 56
    return encoding.byteOrder == .little ? raw : raw.byteSwapped
  }

  /// The address whose first byte is at `offset`, as wide as the class has them.
  @inlinable
  public func address(_ offset: Int, _ encoding: Encoding) -> UInt64 {
    encoding.fileClass == .elf64 ? u64(offset, encoding) : UInt64(u32(offset, encoding))
  }

  /// Whether the bytes from `start` on are those of `other`. All of them must be there; where they are not,
  /// that is a programming error.
  func holds(_ other: Span<UInt8>, at start: Int) -> Bool {
    precondition(start >= 0 && start <= count && other.count <= count - start)
    var position = 0
    while other.count &- position >= 8 {
      // Always true; said once here, it need not be asked for each byte.
      precondition(position >= 0 && position <= other.count - 8 && start + position <= count - 8)
      if u64(start &+ position, Encoding(.little)) != other.u64(position, Encoding(.little)) {
        return false
      }
      position &+= 8
    }
    while position < other.count {
      if self[start &+ position] != other[position] { return false }
      position &+= 1
    }
    return true
  }
}
