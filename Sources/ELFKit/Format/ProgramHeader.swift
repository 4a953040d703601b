// Program headers (gABI "Program Header", elf(5) `Elf64_Phdr`). Kernel modules have none.

/// One entry of the program header table.
public struct ProgramHeader: ClassedRecord, Hashable {
  /// 32 and 56 bytes.
  @inlinable
  public static var byteCounts: (elf32: Int, elf64: Int) { (32, 56) }

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

  /// Decodes `Elf64_Phdr`.
  public init(elf64 bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    type = SegmentType(rawValue: bytes.u32(base, encoding))
    flags = bytes.u32(base + 4, encoding)
    offset = bytes.u64(base + 8, encoding)
    virtualAddress = bytes.u64(base + 16, encoding)
    physicalAddress = bytes.u64(base + 24, encoding)
    fileSize = bytes.u64(base + 32, encoding)
    memorySize = bytes.u64(base + 40, encoding)
    alignment = bytes.u64(base + 48, encoding)
  }

  /// Decodes `Elf32_Phdr`.
  @inline(never)
  public init(elf32 bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    type = SegmentType(rawValue: bytes.u32(base, encoding))
    offset = UInt64(bytes.u32(base + 4, encoding))
    virtualAddress = UInt64(bytes.u32(base + 8, encoding))
    physicalAddress = UInt64(bytes.u32(base + 12, encoding))
    fileSize = UInt64(bytes.u32(base + 16, encoding))
    memorySize = UInt64(bytes.u32(base + 20, encoding))
    flags = bytes.u32(base + 24, encoding)
    alignment = UInt64(bytes.u32(base + 28, encoding))
  }
}

/// `p_type`: what a segment is.
public struct SegmentType: RawRepresentable, Hashable, Sendable {
  /// The number of the file.
  public let rawValue: UInt32
  /// Any value; unknown ones are kept.
  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Bytes that are loaded (`PT_LOAD`).
  public static var load: Self { Self(rawValue: 1) }
  /// The table for dynamic linking (`PT_DYNAMIC`).
  public static var dynamic: Self { Self(rawValue: 2) }
  /// The name of the program interpreter (`PT_INTERP`).
  public static var interpreter: Self { Self(rawValue: 3) }
  /// Notes (`PT_NOTE`).
  public static var note: Self { Self(rawValue: 4) }
  /// The program headers themselves (`PT_PHDR`).
  public static var headers: Self { Self(rawValue: 6) }
  /// What the variables of a thread begin as (`PT_TLS`).
  public static var threadLocal: Self { Self(rawValue: 7) }
  /// An index of frames for unwinding (`PT_GNU_EH_FRAME`).
  public static var exceptionFrames: Self { Self(rawValue: 0x6474_e550) }
  /// What the stack may do (`PT_GNU_STACK`).
  public static var stack: Self { Self(rawValue: 0x6474_e551) }
  /// What is only read once it is relocated (`PT_GNU_RELRO`).
  public static var readOnlyAfterRelocation: Self { Self(rawValue: 0x6474_e552) }
  /// Frames of the stack (`PT_GNU_SFRAME`).
  public static var stackFrames: Self { Self(rawValue: 0x6474_e554) }
}
