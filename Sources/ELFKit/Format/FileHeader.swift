// The ELF header (gABI "ELF Header", elf(5) `Elf64_Ehdr`).

/// The record at the beginning of every ELF file.
public struct FileHeader: ClassedRecord, Hashable {
  /// 52 and 64 bytes.
  @inlinable
  public static var byteCounts: (elf32: Int, elf64: Int) { (52, 64) }

  /// `e_ident`
  public let identification: Identification
  /// `e_type`: what kind of object this is.
  public let type: FileType
  /// `e_machine`: the processor it is for.
  public let machine: Machine
  /// `e_version`: 1.
  public let version: UInt32
  /// `e_entry`: the address of the entry point.
  public let entry: UInt64
  /// `e_phoff`: the file offset of the program headers.
  public let programHeaderOffset: UInt64
  /// `e_shoff`: the file offset of the section headers.
  public let sectionHeaderOffset: UInt64
  /// `e_flags`: flags of the processor.
  public let flags: UInt32
  /// `e_ehsize`: the size of this header.
  public let headerSize: UInt16
  /// `e_phentsize`: the size of one program header.
  public let programHeaderEntrySize: UInt16
  /// `e_phnum`: the number of program headers, or 0xffff (`PN_XNUM`) when it does not fit.
  public let programHeaderCount: UInt16
  /// `e_shentsize`: the size of one section header.
  public let sectionHeaderEntrySize: UInt16
  /// `e_shnum`: the number of section headers, or 0 when it does not fit.
  public let sectionHeaderCount: UInt16
  /// `e_shstrndx`: the section of section names, or 0xffff (`SHN_XINDEX`) when it does not fit.
  public let sectionNameIndex: UInt16

  /// Decodes `Elf64_Ehdr`.
  public init(elf64 bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    identification = Identification(decoding: bytes, at: base)
    type = FileType(rawValue: bytes.u16(base + 16, encoding))
    machine = Machine(rawValue: bytes.u16(base + 18, encoding))
    version = bytes.u32(base + 20, encoding)
    entry = bytes.u64(base + 24, encoding)
    programHeaderOffset = bytes.u64(base + 32, encoding)
    sectionHeaderOffset = bytes.u64(base + 40, encoding)
    flags = bytes.u32(base + 48, encoding)
    headerSize = bytes.u16(base + 52, encoding)
    programHeaderEntrySize = bytes.u16(base + 54, encoding)
    programHeaderCount = bytes.u16(base + 56, encoding)
    sectionHeaderEntrySize = bytes.u16(base + 58, encoding)
    sectionHeaderCount = bytes.u16(base + 60, encoding)
    sectionNameIndex = bytes.u16(base + 62, encoding)
  }

  /// Decodes `Elf32_Ehdr`.
  @inline(never)
  public init(elf32 bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    identification = Identification(decoding: bytes, at: base)
    type = FileType(rawValue: bytes.u16(base + 16, encoding))
    machine = Machine(rawValue: bytes.u16(base + 18, encoding))
    version = bytes.u32(base + 20, encoding)
    entry = UInt64(bytes.u32(base + 24, encoding))
    programHeaderOffset = UInt64(bytes.u32(base + 28, encoding))
    sectionHeaderOffset = UInt64(bytes.u32(base + 32, encoding))
    flags = bytes.u32(base + 36, encoding)
    headerSize = bytes.u16(base + 40, encoding)
    programHeaderEntrySize = bytes.u16(base + 42, encoding)
    programHeaderCount = bytes.u16(base + 44, encoding)
    sectionHeaderEntrySize = bytes.u16(base + 46, encoding)
    sectionHeaderCount = bytes.u16(base + 48, encoding)
    sectionNameIndex = bytes.u16(base + 50, encoding)
  }
}

extension FileHeader {
  /// Where `e_shentsize` and `e_shstrndx` lie in the record: errors point at them.
  static func offsets(
    in encoding: Encoding
  ) -> (sectionHeaderEntrySize: UInt64, sectionNameIndex: UInt64) {
    encoding.fileClass == .elf64 ? (58, 62) : (46, 50)
  }

  /// The size of the header of `source` in bytes, by the class that it announces; that of 64-bit files
  /// when it announces none.
  public static func byteCount(announcedIn source: some ByteSource) -> Int {
    let start = try? source.slice(0, min(source.size, 5), in: .fileHeader)
    return start?.count == 5 && start?[4] == 1 ? byteCounts.elf32 : byteCounts.elf64
  }

  /// The header of `source`, whose magic number, class and byte order are checked.
  public static func read(
    from source: some ByteSource, else fallback: Encoding? = nil
  ) throws(ELFError) -> (Self, Encoding) {
    let part = ELFError.Part.fileHeader
    guard source.size >= UInt64(Identification.byteCount) else {
      let start = try source.slice(0, min(source.size, 4), in: part)
      let isELF = start.count == 4 && start.bytes == [0x7f, 0x45, 0x4c, 0x46]
      throw ELFError(isELF ? .outOfBounds(UInt64(byteCounts.elf64)) : .notELF, part, at: 0)
    }
    let start = try source.slice(0, min(source.size, UInt64(byteCounts.elf64)), in: part)
    let identification = Identification(
      decoding: start.storage.span, at: start.range.lowerBound)
    let encoding = try identification.encoding(else: fallback)
    guard start.count >= byteCount(in: encoding) else {
      throw ELFError(.outOfBounds(UInt64(byteCount(in: encoding))), part, at: 0)
    }
    let header = Self(decoding: start.storage.span, at: start.range.lowerBound, encoding)
    return (header, encoding)
  }
}

/// `e_type`: what kind of object a file is.
public struct FileType: RawRepresentable, Hashable, Sendable {
  /// The number of the file.
  public let rawValue: UInt16
  /// Any value; unknown ones are kept.
  @inlinable
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// A relocatable object, as every kernel module is (`ET_REL`).
  public static var relocatable: Self { Self(rawValue: 1) }
  /// A core file (`ET_CORE`).
  public static var core: Self { Self(rawValue: 4) }
}
