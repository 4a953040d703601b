import Foundation

@testable import KoInspect

/// A small object file for tests of the readelf mode: only what a test says is in it.
struct ReadelfObject {
  struct Part {
    var name: String
    var type: UInt32
    var flags: UInt64 = 0
    var bytes: [UInt8] = []
    var link: UInt32 = 0
    var info: UInt32 = 0
    var alignment: UInt64 = 1
    var entrySize: UInt64 = 0
    var address: UInt64 = 0
  }

  var machine: UInt16 = 62
  var isBigEndian = false
  var flags: UInt32 = 0
  private(set) var parts = [Part(name: "", type: 0)]

  init(machine: UInt16 = 62, isBigEndian: Bool = false, flags: UInt32 = 0) {
    self.machine = machine
    self.isBigEndian = isBigEndian
    self.flags = flags
  }

  /// Adds a section and gives its number.
  @discardableResult
  mutating func add(_ part: Part) -> UInt32 {
    parts.append(part)
    return UInt32(parts.count - 1)
  }

  func number(_ value: UInt64, _ size: Int) -> [UInt8] {
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    return isBigEndian ? bytes.reversed() : bytes
  }

  func symbol(
    name: UInt32 = 0, info: UInt8 = 0, other: UInt8 = 0, section: UInt16 = 0,
    value: UInt64 = 0, size: UInt64 = 0
  ) -> [UInt8] {
    number(UInt64(name), 4) + [info, other] + number(UInt64(section), 2) + number(value, 8)
      + number(size, 8)
  }

  func relocation(_ offset: UInt64, symbol: UInt32, type: UInt32, addend: Int64) -> [UInt8] {
    number(offset, 8) + number(UInt64(symbol) << 32 | UInt64(type), 8)
      + number(UInt64(bitPattern: addend), 8)
  }

  func note(_ owner: String, _ type: UInt32, _ content: [UInt8]) -> [UInt8] {
    let padded = { (bytes: [UInt8]) in
      bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
    }
    let name = Array(owner.utf8) + [0]
    return number(UInt64(name.count), 4) + number(UInt64(content.count), 4)
      + number(UInt64(type), 4) + padded(name) + padded(content)
  }

  /// The file: header, contents, section headers; the last section has the names.
  var bytes: [UInt8] {
    var names: [UInt8] = [0]
    var nameOffsets: [UInt64] = []
    var parts = parts
    parts.append(Part(name: ".shstrtab", type: 3))
    for part in parts {
      nameOffsets.append(part.name.isEmpty ? 0 : UInt64(names.count))
      if !part.name.isEmpty { names += Array(part.name.utf8) + [0] }
    }
    parts[parts.count - 1].bytes = names
    var body: [UInt8] = []
    var headers: [UInt8] = []
    for (part, nameOffset) in zip(parts, nameOffsets) {
      body += [UInt8](repeating: 0, count: (8 - body.count % 8) % 8)
      headers += number(nameOffset, 4) + number(UInt64(part.type), 4) + number(part.flags, 8)
      headers += number(part.address, 8) + number(UInt64(64 + body.count), 8)
      headers += number(UInt64(part.bytes.count), 8) + number(UInt64(part.link), 4)
      headers += number(UInt64(part.info), 4) + number(part.alignment, 8)
      headers += number(part.entrySize, 8)
      body += part.bytes
    }
    body += [UInt8](repeating: 0, count: (8 - body.count % 8) % 8)
    var file: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, isBigEndian ? 2 : 1, 1]
    file += [UInt8](repeating: 0, count: 9)
    file += number(1, 2) + number(UInt64(machine), 2) + number(1, 4) + number(0, 8)
    file += number(0, 8) + number(UInt64(64 + body.count), 8) + number(UInt64(flags), 4)
    file += number(64, 2) + number(0, 2) + number(0, 2) + number(64, 2)
    file += number(UInt64(parts.count), 2) + number(UInt64(parts.count - 1), 2)
    return file + body + headers
  }
}

/// What a run of the readelf mode gave.
struct ReadelfRun {
  let status: Int32
  let output: String
  let errors: String

  /// Runs `koinspect readelf` with `arguments` and then the paths of `files`.
  init(_ arguments: [String], _ files: [[UInt8]]) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "readelf-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var words = ["readelf"] + arguments
    for (index, file) in files.enumerated() {
      let path = folder.appending(path: "\(index).ko")
      try Data(file).write(to: path)
      words.append(path.path)
    }
    let (out, err) = (MemorySink(), MemorySink())
    let environment = Environment(
      outputIsTerminal: { false }, errorIsTerminal: { false }, variable: { _ in nil },
      workingDirectory: { [0x2f] })
    var program = Program(
      console: Console(out: TextBuffer(out), err: TextBuffer(err), environment: environment))
    status = program.run(words.map { Array($0.utf8) }).rawValue
    output = String(decoding: out.bytes, as: UTF8.self)
    errors = String(decoding: err.bytes, as: UTF8.self)
  }

  init(_ arguments: String, _ object: ReadelfObject) throws {
    try self.init(arguments.split(separator: " ").map(String.init), [object.bytes])
  }

  /// The lines of the output, without the one behind the last line feed.
  var lines: [String] {
    output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }
}
