// What program headers lead to: several tables of an executable or shared object need it.

import ELFKit

/// The segments of a file and what they hold for dynamic linking, as far as it can be read.
///
/// One for a file, made when the file has program headers: modules have none.
final class ProgramTables {
  private let image: ELFImage
  let segments: RecordTable<ProgramHeader>
  /// Why there are no segments, or `nil`.
  let segmentsError: ELFError?
  /// The table for dynamic linking, or `nil`.
  let dynamic: DynamicTable?
  /// Why there is no such table, or `nil`.
  let dynamicError: ELFError?
  /// The strings that entries and symbols for dynamic linking name.
  let strings: StringTable?
  /// The path of the program interpreter, or `nil`.
  let interpreter: ByteSlice?

  /// The versions of symbols with their names, found when they are first asked for: a file may have any number of
  /// tables of symbols. The numbers are those that the dynamic table tells of; none when it tells of none.
  private(set) lazy var versions = SymbolVersions(
    RecordTable(table(at: .symbolVersions) ?? .empty(at: 0), image.encoding),
    definitions: table(at: .versionDefinitions).map {
      VersionTables.definitions(
        $0, image.encoding, count: dynamic?.value(of: .versionDefinitionCount) ?? .max
      ).records
    },
    needs: table(at: .versionNeeds).map {
      VersionTables.needs(
        $0, image.encoding, count: dynamic?.value(of: .versionNeedCount) ?? .max
      ).records
    })
  /// Whether the dynamic table tells of the numbers of versions.
  private(set) lazy var namesVersions = dynamic?.value(of: .symbolVersions) != nil

  init(_ image: ELFImage) {
    self.image = image
    do throws(ELFError) {
      segments = try image.programHeaders()
      segmentsError = nil
    } catch {
      segments = RecordTable(.empty(at: 0), image.encoding)
      segmentsError = error
    }
    do throws(ELFError) {
      dynamic = try image.dynamicTable(segments)
      dynamicError = nil
    } catch {
      dynamic = nil
      dynamicError = error
    }
    let segments = segments
    strings = dynamic.flatMap { Self.strings($0, image, segments) }
    interpreter = segments.first { $0.type == .interpreter }.flatMap { segment in
      try? image.source.slice(segment.offset, segment.fileSize, in: .programHeaders).untilNUL
    }
  }

  /// What begins where the entry `tag` says, as far as the segment reaches. Where no segment is loaded there, a section
  /// may be. O(entries + sections)
  func table(at tag: DynamicTag) -> ByteSlice? {
    guard let address = dynamic?.value(of: tag), address != 0 else { return nil }
    if let bytes = try? image.bytes(at: address, nil, segments) { return bytes }
    let section = image.sections.first { $0.header.address == address && $0.header.size > 0 }
    return section.flatMap { try? image.bytes(of: $0) }
  }

  /// Those of the section that is called so, or else those that the table tells of. They may be there without
  /// their size: then they reach to the end of the segment.
  private static func strings(
    _ dynamic: DynamicTable, _ image: ELFImage, _ segments: RecordTable<ProgramHeader>
  ) -> StringTable? {
    if let section = image.sections.first(named: ".dynstr"), section.header.type == .strtab,
      section.header.size > 0, let bytes = try? image.bytes(of: section)
    {
      return StringTable(bytes)
    }
    guard let address = dynamic.value(of: .strings),
      let place = image.filePlace(of: address, segments)
    else { return nil }
    let size = dynamic.value(of: .stringsSize) ?? place.count
    return
      (try? image.source.slice(
        place.offset, Swift.min(size, place.count), in: .programHeaders)).map {
        StringTable($0)
      }
  }

  /// The tables of relocations: their address, their size, and what GNU readelf calls them.
  static let relocationTables: [(address: DynamicTag, size: DynamicTag, name: String)] = [
    (.rel, .relSize, "REL"), (.rela, .relaSize, "RELA"), (.relr, .relrSize, "RELR"),
    (.linkageRelocations, .linkageRelocationsSize, "PLT"),
  ]

  /// Whether the program is relocated when it is loaded.
  var hasRelocations: Bool {
    Self.relocationTables.contains { (dynamic?.value(of: $0.size) ?? 0) > 0 }
  }

  /// Whether a shared object is meant to be run (`DF_1_PIE`).
  var isExecutable: Bool {
    (dynamic?.value(of: .moreFlags) ?? 0) & 0x0800_0000 != 0
  }
}
