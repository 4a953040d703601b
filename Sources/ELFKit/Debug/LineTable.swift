// Lines of the source by place in the code (DWARF 2 to 5, "Line Number Information"), from `.debug_line`
// of a relocatable file. An address costs the unit that it lies in: sequences begin at an address that is
// a relocation, so that the relocations alone say which unit that is.

/// A place in the source.
public struct SourceLine: Hashable, Sendable {
  /// The folder as the compiler was told, relative to ``file``'s unit or absolute; empty for the unit's own.
  public let folder: ByteSlice
  /// The name of the file.
  public let file: ByteSlice
  /// The line, from 1; 0 when the code is of no line.
  public let line: UInt64
  /// The column, from 1; 0 when that is not known.
  public let column: UInt64
}

/// A file of the source.
public struct SourceFile: Hashable, Sendable {
  /// The folder as the compiler was told, absolute or relative to where it ran; empty for that itself.
  public let folder: ByteSlice
  /// The name of the file.
  public let name: ByteSlice
}

/// The line information of one file.
public struct LineTable: Sendable {
  /// Where a sequence of rows begins.
  private struct Sequence {
    let section: UInt32
    let start: UInt64
    /// The position in `.debug_line` of the address.
    let position: Int
  }

  private let encoding: Encoding
  private let bytes: ByteSlice
  private let strings: DebugStrings
  private var sequences: [Sequence] = []
  /// The addresses of sequences by their positions.
  private var starts: [Int: UInt64] = [:]
  /// Where units begin, in order.
  private var units: [Int] = []
  private var known: [Int: LineUnit] = [:]

  /// The sections of texts, for who reads entries, too.
  var texts: DebugTexts { strings.texts }

  /// The table of `image`; `nil` when it has none, or one that cannot be unpacked or whose relocations are
  /// of a machine that is not described.
  public init?(_ image: ELFImage, _ unpack: SectionUnpacker? = nil) throws(ELFError) {
    try self.init(DebugFile(image, unpack))
  }

  init?(_ file: DebugFile) throws(ELFError) {
    guard let section = file.section(".debug_line"), section.size > 0, let bytes = section.bytes
    else {
      return nil
    }
    encoding = file.encoding
    self.bytes = bytes
    strings = try DebugStrings(file, section.number)
    for relocation in strings.relocations.all where isAddress(at: relocation.offset) {
      guard let target = file.target(relocation, in: bytes) else { continue }
      sequences.append(
        Sequence(
          section: UInt32(target.section), start: target.offset, position: Int(relocation.offset)))
    }
    guard !sequences.isEmpty else { return nil }
    for sequence in sequences { starts[sequence.position] = sequence.start }
    sequences.sort { ($0.section, $0.start, $0.position) < ($1.section, $1.start, $1.position) }
    findUnits()
  }

  /// Whether the operand of `DW_LNE_set_address` is at `offset`: an extended opcode of 5 or 9 bytes whose
  /// number is 2.
  private func isAddress(at offset: UInt64) -> Bool {
    guard offset >= 3, offset < UInt64(bytes.count) else { return false }
    let position = Int(offset)
    return bytes[position - 1] == 2 && [5, 9].contains(bytes[position - 2])
      && bytes[position - 3] == 0
  }

  private mutating func findUnits() {
    var cursor = DebugCursor(bytes, encoding)
    while cursor.isValid, !cursor.isAtEnd {
      let start = cursor.position
      var size = cursor.number(4)
      if size == 0xffff_ffff { size = cursor.number(8) }
      guard cursor.isValid, size > 0 else { break }
      units.append(start)
      cursor.skip(size)
    }
  }

  /// The line of the code at `offset` of section `number`, or `nil`.
  public mutating func line(at offset: UInt64, of number: Int) -> SourceLine? {
    entry(at: offset, of: number)?.line
  }

  /// The folder that the compiler ran in which made the code at `offset` of section `number`; `nil` when the table
  /// does not tell, as before version 5.
  mutating func folder(at offset: UInt64, of number: Int) -> ByteSlice? {
    entry(at: offset, of: number)?.unit.workingFolder
  }

  /// The line of a place, and its unit.
  private mutating func entry(
    at offset: UInt64, of number: Int
  ) -> (line: SourceLine, unit: LineUnit)? {
    // The last sequence that begins no later.
    let next = Halving.firstIndex(sequences.count) {
      (sequences[$0].section, sequences[$0].start) > (UInt32(number), offset)
    }
    // An empty function's sequence may begin where the next one's does.
    for position in stride(from: next - 1, through: Swift.max(next - 4, 0), by: -1) {
      let sequence = sequences[position]
      guard sequence.section == number else { return nil }
      guard let unit = unit(of: sequence.position) else { continue }
      if let line = unit.line(at: offset, from: sequence.position) { return (line, unit) }
    }
    return nil
  }

  /// The file with this number in the unit that begins at `start`; `nil` when there is none.
  mutating func file(_ number: UInt64, inUnit start: UInt64) -> (
    folder: ByteSlice, file: ByteSlice
  )? {
    guard let start = Int(exactly: start), start < bytes.count else { return nil }
    return unit(of: start)?.file(number)
  }

  /// The files that code comes from, each once, in the order of the units: those that code is said to be of,
  /// and not all that are named. Runs every unit.
  public mutating func sources() -> [SourceFile] {
    var seen: Set<SourceFile> = []
    var found: [SourceFile] = []
    for start in units {
      guard let unit = unit(of: start) else { continue }
      for file in unit.sources where seen.insert(file).inserted { found.append(file) }
    }
    return found
  }

  /// The unit that has a byte, run when it is first asked for.
  private mutating func unit(of position: Int) -> LineUnit? {
    let next = Halving.firstIndex(units.count) { units[$0] > position }
    guard next > 0 else { return nil }
    let start = units[next - 1]
    if let unit = known[start] { return unit }
    let unit = LineUnit(bytes, encoding, at: start, strings, starts)
    known[start] = unit
    return unit
  }
}
