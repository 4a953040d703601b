// One unit of `.debug_line`: its header, its files, and the rows that its program makes.

/// The rows of a unit.
struct LineUnit: Sendable {
  private struct File {
    let name: ByteSlice
    let folder: UInt64
  }

  private struct Row {
    let address: UInt64
    let file: UInt32
    let line: UInt32
    let column: UInt32
    /// Whether the sequence ends here.
    let isEnd: Bool
  }

  private var folders: [ByteSlice] = []
  private var files: [File] = []
  private var isVersion5 = false
  /// The rows of each sequence, by where its first address stands.
  private var rows: [Int: [Row]] = [:]
  /// Where the first address of a sequence stands, by those that it has further on: assemblers write one
  /// wherever they cannot tell a distance.
  private var firsts: [Int: Int] = [:]

  /// The unit at `start`; `starts` are the addresses of its sequences by their positions. What is
  /// damaged has the rows before the damage.
  init(
    _ bytes: ByteSlice, _ encoding: Encoding, at start: Int, _ strings: DebugStrings,
    _ starts: [Int: UInt64]
  ) {
    var cursor = DebugCursor(bytes, encoding, at: start)
    var size = cursor.number(4)
    let is64Bit = size == 0xffff_ffff
    if is64Bit { size = cursor.number(8) }
    guard size <= UInt64(bytes.count - cursor.position) else { return }
    cursor = DebugCursor(
      bytes[within: 0..<cursor.position + Int(size)], encoding, at: cursor.position)
    let version = cursor.number(2)
    guard (2...5).contains(version) else { return }
    isVersion5 = version == 5
    if isVersion5 { cursor.skip(2) }
    let headerSize = cursor.number(is64Bit ? 8 : 4)
    guard cursor.isValid, headerSize <= UInt64(cursor.bytes.count - cursor.position) else { return }
    let program = cursor.position + Int(headerSize)
    var header = LineProgramHeader(&cursor, version: version)
    guard cursor.isValid, header.isSound else { return }
    if isVersion5 {
      readTables5(&cursor, is64Bit, strings)
    } else {
      readTables(&cursor)
    }
    header.program = program
    run(header, DebugCursor(cursor.bytes, encoding, at: program), starts, strings)
  }

  /// Up to version 4: names that end with an empty one.
  private mutating func readTables(_ cursor: inout DebugCursor) {
    folders = [.empty(at: 0)]
    while cursor.isValid {
      let folder = cursor.string()
      if folder.isEmpty { break }
      folders.append(folder)
    }
    files = [File(name: .empty(at: 0), folder: 0)]
    while cursor.isValid {
      let name = cursor.string()
      if name.isEmpty { break }
      let folder = cursor.unsigned()
      _ = cursor.unsigned()
      _ = cursor.unsigned()
      files.append(File(name: name, folder: folder))
    }
  }

  /// Since version 5: tables that say what they hold.
  private mutating func readTables5(
    _ cursor: inout DebugCursor, _ is64Bit: Bool, _ strings: DebugStrings
  ) {
    for isFiles in [false, true] {
      let count = cursor.byte()
      let format = (0..<count).map { _ in (content: cursor.unsigned(), form: cursor.unsigned()) }
      let entries = cursor.unsigned()
      var number: UInt64 = 0
      while number < entries, cursor.isValid, !format.isEmpty {
        number += 1
        var name: ByteSlice = .empty(at: 0)
        var folder: UInt64 = 0
        for (content, form) in format {
          let value = Self.value(form, &cursor, is64Bit, strings)
          // DW_LNCT_path, DW_LNCT_directory_index
          if content == 1 { name = value.text ?? name }
          if content == 2 { folder = value.number }
        }
        if isFiles {
          files.append(File(name: name, folder: folder))
        } else {
          folders.append(name)
        }
      }
    }
  }

  /// A value of one of the forms that these tables may have (DWARF 5, 6.2.4.1); another one makes the
  /// rest unreadable.
  private static func value(
    _ form: UInt64, _ cursor: inout DebugCursor, _ is64Bit: Bool, _ strings: DebugStrings
  ) -> (text: ByteSlice?, number: UInt64) {
    let start = cursor.position
    switch form {
    case 0x08: return (cursor.string(), 0)
    case 0x0e, 0x1f:
      let size = is64Bit ? 8 : 4
      let stored = cursor.number(size)
      return (strings.text(at: start, stored, size, inLines: form == 0x1f), 0)
    case 0x0b: return (nil, cursor.number(1))
    case 0x05: return (nil, cursor.number(2))
    case 0x06: return (nil, cursor.number(4))
    case 0x07: return (nil, cursor.number(8))
    case 0x0f: return (nil, cursor.unsigned())
    case 0x1e: cursor.skip(16)
    case 0x09: cursor.skip(cursor.unsigned())
    default: cursor.fail()
    }
    return (nil, 0)
  }

  /// Runs the program (DWARF 5, 6.2.5).
  private mutating func run(
    _ header: LineProgramHeader, _ cursor: DebugCursor, _ starts: [Int: UInt64],
    _ strings: DebugStrings
  ) {
    var cursor = cursor
    var state = LineState(header)
    /// The sequence that rows belong to; none for one whose address has no relocation.
    var sequence: Int?
    var current: [Row] = []
    func row(isEnd: Bool) -> Row {
      Row(
        address: state.address, file: UInt32(clamping: state.file),
        line: UInt32(clamping: state.line), column: UInt32(clamping: state.column), isEnd: isEnd)
    }
    while cursor.isValid, !cursor.isAtEnd {
      let opcode = cursor.byte()
      if opcode >= header.opcodeBase {
        let adjusted = UInt64(opcode - header.opcodeBase)
        state.advance(adjusted / UInt64(header.lineRange))
        state.addLine(Int64(header.lineBase) + Int64(adjusted % UInt64(header.lineRange)))
        current.append(row(isEnd: false))
        continue
      }
      switch opcode {
      case 0:
        let size = cursor.unsigned()
        let next = cursor.position
        guard size > 0, size <= UInt64(cursor.bytes.count - next) else { return }
        switch cursor.byte() {
        case 1:
          current.append(row(isEnd: true))
          if let sequence, rows[sequence] == nil, Self.isSorted(current) {
            rows[sequence] = current
          }
          (sequence, current, state) = (nil, [], LineState(header))
        case 2:
          if let sequence, starts[cursor.position] != nil {
            firsts[cursor.position] = sequence
          } else {
            sequence = starts[cursor.position] == nil || !current.isEmpty ? nil : cursor.position
          }
          state.address = starts[cursor.position] ?? 0
        case 3:
          let name = cursor.string()
          files.append(File(name: name, folder: cursor.unsigned()))
        default: break
        }
        cursor = DebugCursor(cursor.bytes, cursor.encoding, at: next + Int(size))
      case 1: current.append(row(isEnd: false))
      case 2: state.advance(cursor.unsigned())
      case 3: state.addLine(cursor.signed())
      case 4: state.file = cursor.unsigned()
      case 5: state.column = cursor.unsigned()
      case 6, 7, 10, 11: break
      case 8: state.advance(UInt64(255 - header.opcodeBase) / UInt64(header.lineRange))
      case 9:
        let place = cursor.position
        let stored = cursor.number(2)
        // A distance that is not known makes all behind it unknown.
        guard let distance = strings.number(at: place, stored, 2) else { return }
        state.address &+= distance
      case 12: _ = cursor.unsigned()
      default: for _ in 0..<header.lengths[Int(opcode)] { _ = cursor.unsigned() }
      }
    }
  }

  /// Where the compiler ran; `nil` when the table does not tell (DWARF 5, 6.2.4).
  var workingFolder: ByteSlice? {
    guard isVersion5, let first = folders.first, !first.isEmpty else { return nil }
    return first
  }

  /// The files that rows are of, in the order of the unit's table.
  var sources: [SourceFile] {
    var numbers: Set<UInt32> = []
    for rows in rows.values {
      for row in rows where !row.isEnd { numbers.insert(row.file) }
    }
    return numbers.sorted().compactMap { number in
      file(UInt64(number)).map { SourceFile(folder: $0.folder, name: $0.file) }
    }
  }

  /// The line of the code at `address`, in the sequence whose address stands at `sequence`.
  func line(at address: UInt64, from sequence: Int) -> SourceLine? {
    guard let rows = rows[firsts[sequence] ?? sequence] else { return nil }
    let next = Halving.firstIndex(rows.count) { rows[$0].address > address }
    guard next > 0, next < rows.count, !rows[next - 1].isEnd else { return nil }
    return source(rows[next - 1])
  }

  /// Addresses of a sequence only grow (DWARF 5, 6.2.5.2); one that does not tells nothing.
  private static func isSorted(_ rows: [Row]) -> Bool {
    zip(rows, rows.dropFirst()).allSatisfy { $0.address <= $1.address }
  }

  private func source(_ row: Row) -> SourceLine? {
    file(UInt64(row.file)).map {
      SourceLine(
        folder: $0.folder, file: $0.file, line: UInt64(row.line), column: UInt64(row.column))
    }
  }

  /// The file with this number; `nil` when there is none.
  func file(_ number: UInt64) -> (folder: ByteSlice, file: ByteSlice)? {
    guard number < UInt64(files.count) else { return nil }
    let file = files[Int(number)]
    guard !file.name.isEmpty else { return nil }
    // Folder 0 is where the compiler ran.
    let folder =
      file.folder > 0 && file.folder < UInt64(folders.count)
      ? folders[Int(file.folder)] : .empty(at: 0)
    return (folder, file.name)
  }
}

/// The numbers that a program is made for.
private struct LineProgramHeader {
  let instructionSize: UInt8
  let lineBase: Int8
  let lineRange: UInt8
  let opcodeBase: UInt8
  /// How many operands the standard opcodes have, by opcode.
  let lengths: [UInt8]
  /// Where the program begins.
  var program = 0

  init(_ cursor: inout DebugCursor, version: UInt64) {
    instructionSize = cursor.byte()
    if version >= 4 { cursor.skip(1) }
    cursor.skip(1)
    lineBase = Int8(bitPattern: cursor.byte())
    lineRange = cursor.byte()
    opcodeBase = cursor.byte()
    var lengths: [UInt8] = [0]
    for _ in 0..<(opcodeBase > 0 ? opcodeBase - 1 : 0) { lengths.append(cursor.byte()) }
    self.lengths = lengths
  }

  /// Whether a program can be run with them.
  var isSound: Bool { lineRange > 0 && opcodeBase > 0 }
}

/// The registers of the machine that runs line programs.
private struct LineState {
  var address: UInt64 = 0
  var file: UInt64 = 1
  var line: UInt64 = 1
  var column: UInt64 = 0
  private let instructionSize: UInt64

  init(_ header: LineProgramHeader) { instructionSize = UInt64(header.instructionSize) }

  mutating func advance(_ operations: UInt64) { address &+= operations &* instructionSize }

  mutating func addLine(_ distance: Int64) { line = line &+ UInt64(bitPattern: distance) }
}
