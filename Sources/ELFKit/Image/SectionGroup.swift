// Section groups (gABI `SHT_GROUP`): sections that are kept or dropped together.

/// A section group.
public struct SectionGroup: Sendable {
  /// The first word: 1 (`GRP_COMDAT`) when duplicates of the group are to be dropped.
  public let flags: UInt32
  /// The numbers of the sections that belong to it.
  public let members: RecordTable<UInt32>
}

extension ELFImage {
  /// The group that `section` describes; its words are flags and then section numbers.
  public func group(in section: Section) throws(ELFError) -> SectionGroup {
    let words = try bytes(of: section)
    guard section.header.type == .group, words.count >= UInt32.byteCount else {
      throw ELFError(
        .wrongSectionType(section.header.type.rawValue), .section(section.index),
        at: sections.headers.fileOffset(of: .type, at: section.index))
    }
    return SectionGroup(
      flags: RecordTable<UInt32>(words, encoding)[0],
      members: RecordTable(words.suffix(from: UInt32.byteCount), encoding))
  }
}
