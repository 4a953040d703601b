// Program headers (gABI "Program Header", elf(5) `Elf64_Phdr`). Kernel modules have none.

/// One entry of the program header table.
public struct ProgramHeader: Record, Hashable {
  /// 56 bytes.
  public static let byteCount = 56

  /// `p_type`: what the segment is.
  public let type: SegmentType
  /// `p_flags`: execute 1, write 2, read 4.
  public let flags: UInt32
  /// `p_offset`: the file offset of its bytes.
  public let offset: UInt64
  /// `p_vaddr`: its virtual address.
  public let virtualAddress: UInt64
  /// `p_paddr`: its physical address.
  public let physicalAddress: UInt64
  /// `p_filesz`: its size in the file in bytes.
  public let fileSize: UInt64
  /// `p_memsz`: its size in memory in bytes.
  public let memorySize: UInt64
  /// `p_align`: its alignment.
  public let alignment: UInt64

  /// Decodes the 56 bytes from `base` on.
  public init(decoding bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    type = SegmentType(rawValue: bytes.u32(base, encoding))
    flags = bytes.u32(base + 4, encoding)
    offset = bytes.u64(base + 8, encoding)
    virtualAddress = bytes.u64(base + 16, encoding)
    physicalAddress = bytes.u64(base + 24, encoding)
    fileSize = bytes.u64(base + 32, encoding)
    memorySize = bytes.u64(base + 40, encoding)
    alignment = bytes.u64(base + 48, encoding)
  }
}

/// `p_type`: what a segment is.
public struct SegmentType: RawRepresentable, Hashable, Sendable {
  /// The number of the file.
  public let rawValue: UInt32
  /// Any value; unknown ones are kept.
  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The table for dynamic linking (`PT_DYNAMIC`).
  public static var dynamic: Self { Self(rawValue: 2) }
  /// The name of the program interpreter (`PT_INTERP`).
  public static var interpreter: Self { Self(rawValue: 3) }
}
