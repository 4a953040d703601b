// Notes (gABI "Note Section", elf(5) `Elf64_Nhdr`): 32-bit words in both classes.

/// The three words in front of every note.
public struct NoteHeader: FixedRecord, Hashable {
  /// 12 bytes.
  public static let byteCount = 12

  /// `n_namesz`: the size of the owner's name with its NUL.
  public let nameSize: UInt32
  /// `n_descsz`: the size of the content.
  public let descriptorSize: UInt32
  /// `n_type`: the kind of note; every owner numbers its own.
  public let type: UInt32

  /// Decodes the 12 bytes from `base` on.
  public init(decoding bytes: Span<UInt8>, at base: Int, _ encoding: Encoding) {
    nameSize = bytes.u32(base, encoding)
    descriptorSize = bytes.u32(base + 4, encoding)
    type = bytes.u32(base + 8, encoding)
  }
}
