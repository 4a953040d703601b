// The file header without a look at what it says of itself: which machines there are decides.

extension FileHeader {
  /// The header of `source` as the kernel's loader takes it: class and byte order in `e_ident` are
  /// not looked at (kernel/module/main.c, `elf_validity_check`). What they announce counts unless
  /// the rest of the header makes sense only in another way.
  public static func readAsLoaded(from source: some ByteSource) throws(ELFError) -> (Self, Encoding)
  {
    let byteCount = UInt64(byteCounts.elf64)
    guard source.size >= byteCount else { return try read(from: source) }
    let bytes = try source.slice(0, byteCount, in: .fileHeader)
    let identification = Identification(decoding: bytes.storage.span, at: bytes.range.lowerBound)
    guard identification.hasMagic else { return try read(from: source) }
    let announced = (try? identification.encoding()).map { [$0] } ?? []
    for encoding in announced + Self.encodings {
      let header = Self(decoding: bytes.storage.span, at: bytes.range.lowerBound, encoding)
      if header.isLoaded(as: encoding) { return (header, encoding) }
    }
    return try read(from: source)
  }

  /// All that there are, those of most kernels first.
  private static let encodings = [
    Encoding(.little), Encoding(.big), Encoding(.little, .elf32), Encoding(.big, .elf32),
  ]

  /// Whether the header makes sense to a kernel whose structures are those of `encoding`.
  private func isLoaded(as encoding: Encoding) -> Bool {
    guard sectionHeaderEntrySize == SectionHeader.byteCount(in: encoding),
      let kernel = machine.description?.kernel
    else { return false }
    guard encoding.fileClass == .elf32 else { return kernel.is64Bit }
    // Half of the offset of a 64-bit file's section table lies where a shorter header has the size of
    // an entry, and might be equal to it: the size of the header must fit, too.
    return kernel.is32Bit && headerSize == Self.byteCount(in: encoding)
  }
}
