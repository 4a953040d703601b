// One file as readelf prints it: its parts in readelf's fixed order, whatever order the options had.

import ELFKit

/// One file, its options, and what several tables need.
///
/// Nothing here is shared between files: any number of them may be printed at once.
struct ReadelfFile {
  let options: ReadelfOptions
  let path: [UInt8]
  let image: ELFImage
  /// Why the section table is missing, or `nil`.
  let sectionsError: ELFError?
  /// What the program headers lead to, or `nil` when there are none.
  let program: ProgramTables?

  var header: FileHeader { image.header }
  var encoding: Encoding { image.encoding }
  var machine: Machine { image.header.machine }
  var sections: SectionTable { image.sections }
  /// Whether addresses have 64 bits: tables of files with shorter ones have narrower columns.
  var is64Bit: Bool { encoding.fileClass == .elf64 }
  /// How many digits an address has.
  var addressDigits: Int { is64Bit ? 16 : 8 }
  /// The name of the class (gABI `EI_CLASS`).
  var classText: String { is64Bit ? "ELF64" : "ELF32" }

  /// Tables are printed of a file without a class or a byte order, too, as readelf reads them; JSON states facts, and
  /// has none of such a file.
  init(
    _ source: some ByteSource, path: [UInt8], _ options: ReadelfOptions
  ) throws(ELFError) {
    self.options = options
    self.path = path
    let fallback = options.isJSON ? nil : Encoding(.little, .elf32)
    do throws(ELFError) {
      image = try ELFImage(source, else: fallback)
      sectionsError = nil
    } catch {
      image = try ELFImage(withoutSections: source, else: fallback)
      sectionsError = error
    }
    program = image.header.programHeaderCount > 0 ? ProgramTables(image) : nil
  }

  /// Prints everything that was asked for; false when something was wrong.
  func write(to console: inout Console) -> Bool {
    console.limit(to: image.outputLimit)
    let isGood = writeTables(&console)
    guard console.isOverLimit else { return isGood }
    console.complain(Self.cutMessage)
    return false
  }

  /// What is said when tables have been cut.
  static let cutMessage =
    "the rest is cut: with all that its parts share or lead to, it would be far more than the file is long"

  private func writeTables(_ console: inout Console) -> Bool {
    var isGood = true
    if options.has(.archiveIndex) {
      let name = String(decoding: path, as: UTF8.self)
      console.complain("File \(name) is not an archive so its index cannot be displayed.")
    }
    do throws(ELFError) {
      _ = try header.identification.encoding()
    } catch {
      let order = encoding.byteOrder == .little ? "little" : "big"
      console.warn("\(error); it is read as \(classText), \(order)-endian")
    }
    if options.has(.fileHeader) { writeFileHeader(&console.out) }
    // Without sections only the tables that need none are printed.
    let hasSections = writeSections(&console)
    if options.has(.groups) { writeGroups(&console) }
    writeSegments(&console)
    if options.has(.dynamic) { writeDynamic(&console.out) }
    if hasSections || options.usesDynamic, options.has(.relocations) {
      writeRelocations(&console)
    }
    if hasSections, options.has(.unwind), !writeUnwind(&console) { isGood = false }
    if hasSections || options.usesDynamic { writeSymbols(&console) }
    if options.has(.histogram) { writeHistograms(&console) }
    if hasSections, options.has(.versions) { writeVersions(&console) }
    if hasSections, !options.dumps.isEmpty, !writeDumps(&console) { isGood = false }
    if options.has(.notes), !writeNotes(&console) { isGood = false }
    if hasSections, options.has(.architecture) {
      if !writeLibraryLists(&console) { isGood = false }
      if !writeArchitecture(&console) { isGood = false }
    }
    return isGood
  }
}
