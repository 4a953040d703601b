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

/// The line information of one file.
public struct LineTable: Sendable {
  /// Where a sequence of rows begins.
  private struct Sequence {
    let section: UInt32
    let start: UInt64
    /// The position in `.debug_line` of the address.
    let position: Int
  }

  private let image: ELFImage
  private let bytes: ByteSlice
  private let strings: DebugStrings
  private var sequences: [Sequence] = []
  /// The addresses of sequences by their positions.
  private var starts: [Int: UInt64] = [:]
  /// Where units begin, in order.
  private var units: [Int] = []
  private var known: [Int: LineUnit] = [:]

  /// The table of `image`; `nil` when it has none, or one that is compressed or whose relocations are of
  /// a machine that is not described.
  public init?(_ image: ELFImage) throws(ELFError) {
    guard let section = image.sections.first(named: ".debug_line"), section.header.size > 0,
      !section.header.flags.contains(.compressed)
    else { return nil }
    self.image = image
    bytes = try image.bytes(of: section)
    strings = try DebugStrings(image, section.index)
    let symbols = try image.symbols()
    for number in image.sections.relocationSections(of: section.index) {
      for relocation in try image.relocations(in: image.sections[number]) {
        guard let target = strings.target(of: relocation, symbols, bytes),
          isAddress(at: relocation.offset)
        else { continue }
        sequences.append(
          Sequence(
            section: UInt32(target.section), start: target.offset, position: Int(relocation.offset))
        )
      }
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
    var cursor = DebugCursor(bytes, image.encoding)
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
    // The last sequence that begins no later.
    let next = Halving.firstIndex(sequences.count) {
      (sequences[$0].section, sequences[$0].start) > (UInt32(number), offset)
    }
    // An empty function's sequence may begin where the next one's does.
    for position in stride(from: next - 1, through: Swift.max(next - 4, 0), by: -1) {
      let sequence = sequences[position]
      guard sequence.section == number else { return nil }
      guard let unit = unit(of: sequence.position) else { continue }
      if let line = unit.line(at: offset, from: sequence.position) { return line }
    }
    return nil
  }

  /// The unit that has a byte, run when it is first asked for.
  private mutating func unit(of position: Int) -> LineUnit? {
    let next = Halving.firstIndex(units.count) { units[$0] > position }
    guard next > 0 else { return nil }
    let start = units[next - 1]
    if let unit = known[start] { return unit }
    let unit = LineUnit(bytes, image.encoding, at: start, strings, starts)
    known[start] = unit
    return unit
  }
}
