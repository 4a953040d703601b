// The header in front of compressed content (gABI "Section Compression", elf(5) `Elf64_Chdr`).

/// What stands before the bytes of a section with `SHF_COMPRESSED`.
public struct CompressionHeader: ClassedRecord, Hashable {
  /// 12 and 24 bytes.
  @inlinable
  public static var byteCounts: (elf32: Int, elf64: Int) { (12, 24) }

  /// `ELFCOMPRESS_ZLIB`.
  @inlinable
  public static var zlib: UInt32 { 1 }
  /// `ELFCOMPRESS_ZSTD`.
  @inlinable
  public static var zstandard: UInt32 { 2 }

  /// `ch_type`: the method, such as ``zlib``.
  public let method: UInt32
  /// `ch_size`: the size in bytes once it is unpacked.
  public let size: UInt64
  /// `ch_addralign`: the alignment once it is unpacked.
  public let alignment: UInt64

  /// Decodes `Elf64_Chdr`.
  public init(elf64 bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    method = bytes.u32(base, encoding)
    size = bytes.u64(base + 8, encoding)
    alignment = bytes.u64(base + 16, encoding)
  }

  /// Decodes `Elf32_Chdr`, which has no gap.
  public init(elf32 bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    method = bytes.u32(base, encoding)
    size = UInt64(bytes.u32(base + 4, encoding))
    alignment = UInt64(bytes.u32(base + 8, encoding))
  }
}
