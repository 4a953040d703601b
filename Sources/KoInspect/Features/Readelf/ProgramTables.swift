// What program headers lead to: several tables of an executable or shared object need it.

import ELFKit

/// The segments of a file and what they hold for dynamic linking, as far as it can be read.
///
/// One for a file, made when the file has program headers: modules have none.
final class ProgramTables: Sendable {
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

  init(_ image: ELFImage) {
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
