// Notes: owner, type and content, one after the other, aligned.

/// One note.
public struct Note: Sendable {
  /// The owner's name without its NUL.
  public let owner: ByteSlice
  /// The kind of note; every owner numbers its own.
  public let type: UInt32
  /// The content.
  public let descriptor: ByteSlice
  /// The file offset of the note's header.
  public let fileOffset: UInt64

  /// A note made of its parts.
  public init(owner: ByteSlice, type: UInt32, descriptor: ByteSlice, fileOffset: UInt64) {
    self.owner = owner
    self.type = type
    self.descriptor = descriptor
    self.fileOffset = fileOffset
  }
}

/// The notes of one section, read one after the other.
///
/// A damaged note is given as an error and ends the sequence; those before it are still good.
public struct NoteSequence: Sequence, IteratorProtocol, Sendable {
  private let bytes: ByteSlice
  private let encoding: Encoding
  private let alignment: Int
  private let part: ELFError.Part
  private var position = 0

  /// The notes in `bytes`; names and contents are padded to `alignment`, which is 4 or 8.
  init(_ bytes: ByteSlice, alignment: Int, _ encoding: Encoding, in part: ELFError.Part) {
    self.bytes = bytes
    self.encoding = encoding
    self.alignment = alignment
    self.part = part
  }

  /// The next note or the damage that ends the sequence; `nil` at the end.
  public mutating func next() -> Result<Note, ELFError>? {
    guard position < bytes.count else { return nil }
    do throws(ELFError) {
      return .success(try read())
    } catch {
      position = bytes.count
      return .failure(error)
    }
  }

  private mutating func read() throws(ELFError) -> Note {
    let start = position
    let headerBytes = try bytes.slice(UInt64(start), UInt64(NoteHeader.byteCount), in: part)
    let header = NoteHeader(
      decoding: headerBytes.storage.span, at: headerBytes.range.lowerBound, encoding)
    // 32-bit sizes cannot overflow the 64-bit sums below.
    let nameStart = start + NoteHeader.byteCount
    let name = try bytes.slice(UInt64(nameStart), UInt64(header.nameSize), in: part)
    let descriptorStart = start + aligned(NoteHeader.byteCount + name.count)
    let descriptor = try bytes.slice(
      UInt64(descriptorStart), UInt64(header.descriptorSize), in: part)
    position = start + aligned(descriptorStart - start + descriptor.count)
    return Note(
      owner: name.untilNUL, type: header.type, descriptor: descriptor,
      fileOffset: bytes.fileOffset + UInt64(start))
  }

  private func aligned(_ size: Int) -> Int { (size + alignment - 1) & ~(alignment - 1) }
}

extension ELFImage {
  /// The notes of `section`.
  ///
  /// Contents of notes are aligned to 4 bytes; a section aligned to 8 aligns them to 8. Smaller
  /// alignments count as 4, larger ones are refused, as readelf does.
  public func notes(in section: Section) throws(ELFError) -> NoteSequence {
    let alignment = Swift.max(section.header.alignment, 4)
    guard alignment == 4 || alignment == 8 else {
      throw ELFError(
        .unexpectedAlignment(alignment), .section(section.index),
        at: sections.headers.fileOffset(of: .alignment, at: section.index))
    }
    return NoteSequence(
      try bytes(of: section), alignment: Int(alignment), encoding, in: .section(section.index))
  }
}
