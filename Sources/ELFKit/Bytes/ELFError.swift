// What can be wrong with the bytes of a file. What is legal but odd is a finding, not an error.

/// A file, or one part of it, that cannot be read: what is wrong, in which part, at which offset.
public struct ELFError: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Reason: Hashable, Sendable {
    /// The file does not begin with `7f 45 4c 46`.
    case notELF
    /// `EI_CLASS` is neither `ELFCLASS32` nor `ELFCLASS64`.
    case unsupportedClass(UInt8)
    /// `EI_DATA` is neither `ELFDATA2LSB` nor `ELFDATA2MSB`.
    case unsupportedByteOrder(UInt8)
    /// A range of this many bytes does not lie within the bytes that are there.
    case outOfBounds(UInt64)
    /// A record size that is not the one the format prescribes.
    case unexpectedEntrySize(UInt64, expected: Int)
    /// A size in bytes that is no multiple of its record's size.
    case raggedTable(UInt64, entrySize: Int)
    /// A number that names a section which is not there.
    case noSuchSection(UInt32)
    /// A section's type is not the one that this view needs.
    case wrongSectionType(UInt32)
    /// A number that names a symbol which is not there.
    case noSuchSymbol(UInt32)
    /// A string that is not ended by a NUL byte within its table.
    case unterminatedString
    /// A note whose alignment is neither 4 nor 8.
    case unexpectedAlignment(UInt64)
    /// Parts or names overlap so often that in all they claim many times the bytes that there are;
    /// what claims more is not read.
    case overlapping
    /// A structure whose content contradicts itself; the text says how.
    case malformed(String)
    /// The bytes could not be had from where they come; the text is the system's word for it.
    case unreadable(String)
  }

  /// The part of a file in which something is wrong.
  public enum Part: Hashable, Sendable {
    /// The whole file.
    case file
    /// The ELF header.
    case fileHeader
    /// The table of section headers.
    case sectionHeaders
    /// The table of program headers.
    case programHeaders
    /// The section with this index.
    case section(Int)
    /// The signature appended to a module.
    case signature
  }

  /// What is wrong.
  public let reason: Reason
  /// Where, in the words of the format.
  public let part: Part
  /// Where, as an offset in bytes from the beginning of the file.
  public let offset: UInt64

  /// An error with its three facts.
  public init(_ reason: Reason, _ part: Part, at offset: UInt64) {
    self.reason = reason
    self.part = part
    self.offset = offset
  }
}

extension ELFError: CustomStringConvertible {
  /// One line for a person: `what is wrong (part, offset 0x…)`.
  public var description: String {
    "\(reason) (\(part), offset 0x\(String(offset, radix: 16)))"
  }
}

extension ELFError.Reason: CustomStringConvertible {
  /// What is wrong, in words.
  public var description: String {
    switch self {
    case .notELF:
      "not an ELF file: it does not begin with 7f 45 4c 46"
    case .unsupportedClass(let value):
      "unknown ELF class \(value): expected 1 (32-bit) or 2 (64-bit)"
    case .unsupportedByteOrder(let value):
      "unknown byte order \(value): expected 1 (little-endian) or 2 (big-endian)"
    case .outOfBounds(let count):
      "\(counted(count, "byte")) \(count == 1 ? "reaches" : "reach") past the end: the file may be truncated"
    case .unexpectedEntrySize(let size, let expected):
      "entry size is \(size), expected \(expected)"
    case .raggedTable(let size, let entrySize):
      "\(counted(size, "byte")) \(size == 1 ? "is" : "are") not a whole number of \(entrySize)-byte entries"
    case .noSuchSection(let index):
      "there is no section \(index)"
    case .wrongSectionType(let type):
      "section type \(type) is not the one expected here"
    case .noSuchSymbol(let index):
      "there is no symbol \(index)"
    case .unterminatedString:
      "a string is not ended by a NUL byte"
    case .unexpectedAlignment(let alignment):
      "alignment is \(alignment), expected 4 or 8"
    case .overlapping:
      "overlaps others so often that in all they claim many times the bytes that there are"
    case .malformed(let text):
      text
    case .unreadable(let text):
      "cannot be read: \(text)"
    }
  }
}

extension ELFError.Part: CustomStringConvertible {
  /// The part's name.
  public var description: String {
    switch self {
    case .file: "file"
    case .fileHeader: "ELF header"
    case .sectionHeaders: "section headers"
    case .programHeaders: "program headers"
    case .section(let index): "section \(index)"
    case .signature: "module signature"
    }
  }
}
