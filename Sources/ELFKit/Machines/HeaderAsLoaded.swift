// The file header without a look at what it says of itself: which machines there are decides.

extension FileHeader {
  /// The header of `source` as the kernel's loader takes it: class and byte order in `e_ident` are
  /// not looked at (kernel/module/main.c, `elf_validity_check`). What they announce counts unless
  /// the rest of the header makes sense only in another way.
  public static func readAsLoaded(from source: some ByteSource) throws(ELFError) -> (Self, Encoding)
  {
    // The kernels that are known take 64-bit modules.
    let byteCount = UInt64(byteCounts.elf64)
    guard source.size >= byteCount else { return try read(from: source) }
    let bytes = try source.slice(0, byteCount, in: .fileHeader)
    let identification = Identification(decoding: bytes.storage.span, at: bytes.range.lowerBound)
    guard identification.hasMagic else { return try read(from: source) }
    let announced = (try? identification.encoding()).map { [$0] } ?? []
    for encoding in announced + [Encoding(.little), Encoding(.big)]
    where encoding.fileClass == .elf64 {
      let header = Self(decoding: bytes.storage.span, at: bytes.range.lowerBound, encoding)
      if header.machine.description?.kernel.is64Bit == true,
        header.sectionHeaderEntrySize == SectionHeader.byteCount(in: encoding)
      {
        return (header, encoding)
      }
    }
    return try read(from: source)
  }
}
