// Notes with attributes of the build, as annobin writes them ("Watermark" specification): their names say
// what and how, their contents for which code.

import ELFKit

/// The code that the notes before a note were for: one without an own region is for the same.
struct BuildAttributes {
  /// A region: its end is 0 when it is not known.
  typealias Region = (start: UInt64, end: UInt64)

  /// A symbol that may name a region.
  private typealias Name = (name: ByteSlice, record: SymbolRecord)

  /// The functions by address, of which the first counts, and of what else is there that which names a region of a
  /// file best; `nil` before the first note wants them.
  private var functions: [UInt64: Name]?
  private var others: [UInt64: Name] = [:]
  /// The regions of the last notes for all code of a file, and for a function.
  private var file = Region(0, 0)
  private var function = Region(0, 0)

  init() {}

  /// Whether the symbols are still to be read.
  var lacksSymbols: Bool { functions == nil }

  /// Takes the symbols of the file: those with a name, but the marks of code and data (`$x`).
  mutating func add(_ table: ReadelfSymbols?) {
    functions = [:]
    for record in table?.records ?? ReadelfSymbols().records where record.nameOffset != 0 {
      guard let name = table?.names?[record.nameOffset], !name.isEmpty,
        name[0] != UInt8(ascii: "$") || name.count != 2
      else { continue }
      if record.type == .function {
        if functions?[record.value] == nil { functions?[record.value] = (name, record) }
      } else if Self.isBetter(record, than: others[record.value]?.record) {
        others[record.value] = (name, record)
      }
    }
  }

  /// Whether a symbol takes the place of the best one before it: an object or a file that of anything but one with a
  /// size, a global symbol that of what is no object, a local one that of nothing.
  private static func isBetter(_ record: SymbolRecord, than best: SymbolRecord?) -> Bool {
    let isBestObject = best?.type == .object || best?.type == .file
    switch record.type {
    case .object, .file: return !isBestObject || best?.size == 0
    default:
      if isBestObject { return best?.type == .file && best?.size == 0 && record.binding == .global }
      return record.binding == .global || record.binding == .local && best == nil
    }
  }

  /// Where the names of a note's kind begin: behind "GA", which older ones lack; `nil` for another note.
  static func kindOffset(_ note: Note) -> Int? {
    guard 0x100...0x101 ~= note.type else { return nil }
    let offset = note.owner.starts(with: "GA") ? 2 : 0
    return note.owner.count > offset && kinds.contains(note.owner[offset]) ? offset : nil
  }

  /// The region that a note is for, with its symbol; `nil` for a content of a size that none has.
  mutating func region(
    of note: Note, _ encoding: Encoding
  ) -> (region: Region, symbol: ByteSlice?)? {
    let content = note.descriptor
    let isFunction = note.type == 0x101
    let last = isFunction ? function : file
    // Whatever the class of the file is.
    let words = Encoding(encoding.byteOrder, content.count == 16 ? .elf64 : .elf32)
    let size = words.addressSize
    guard !content.isEmpty else {
      return (Region(last.start, last.end > last.start ? last.end : 0), nil)
    }
    guard [4, 8, 16].contains(content.count) else { return nil }
    let base = content.range.lowerBound
    let start = content.storage.span.address(base, words)
    var end = content.count == size ? 0 : content.storage.span.address(base + size, words)
    let symbol = symbol(at: start, isFunction: isFunction)
    if end == 0, let size = symbol?.record.size { end = size == 0 ? 0 : start &+ size }
    let kept = Region(start, end == 0 ? last.end : end)
    if isFunction { function = kept } else { file = kept }
    return (Region(start, end), symbol?.name)
  }

  /// The symbol that names what begins at `address`: a function, or what is none.
  private func symbol(at address: UInt64, isFunction: Bool) -> Name? {
    if isFunction { return functions?[address] }
    // Names of files are 2 bytes further on, so that they are not those of their first functions.
    return others[address] ?? others[address &+ 2]
  }

  private static let kinds = Array("$*+!".utf8)
  fileprivate static let names = [
    1: "version", 2: "stack prot", 3: "relro", 4: "stack size", 5: "tool", 6: "ABI", 7: "PIC",
    8: "short enum",
  ]
  fileprivate static let values: [UInt8: [String]] = [
    2: ["off", "on", "all", "strong", "explicit"], 7: ["static", "pic", "PIC", "pie", "PIE"],
  ]
}

extension ReadelfFile {
  /// `GA$<version>3p1`: how the value is written, what it is of, and the value; the kind stands at `offset`.
  func writeAttributeName(_ name: ByteSlice, _ offset: Int, _ console: inout Console) {
    var room = (options.isWide ? 28 : 20) - offset - 1
    console.out.append(raw: name[within: 0..<offset + 1])
    var rest = name.suffix(from: offset + 1)
    let identifier = rest.first ?? 0
    if 0x20..<0x7f ~= identifier {
      let text = rest.untilNUL
      // The colon takes the room of the NUL, and what is cut off is taken for the value's begin.
      let length = options.isWide ? text.count + 1 : Swift.min(text.count + 1, room)
      console.out.readelfName(text[within: 0..<Swift.min(length, text.count)], options)
      console.out.append(byte: UInt8(ascii: ":"))
      room -= length
      rest = rest.suffix(from: length)
    } else {
      let known = BuildAttributes.names[Int(identifier)]
      let text = "<\(known ?? "unknown:_\(Int8(bitPattern: identifier))")>"
      console.out.append(text)
      room -= text.utf8.count
      rest = rest.suffix(from: 1)
    }
    guard room > 0 || options.isWide else { return }
    switch name[offset] {
    case UInt8(ascii: "*"): writeAttributeNumber(rest, of: identifier, room, &console.out)
    case UInt8(ascii: "$"): writeAttributeText(rest.untilNUL, room, &console.out)
    case let kind:
      writeAttributeText(kind == UInt8(ascii: "+") ? "true" : "false", room, &console.out)
    }
  }

  private func writeAttributeText(_ text: ByteSlice, _ room: Int, _ out: inout TextBuffer) {
    out.readelfName(text, width: Swift.max(room, 0), pads: true, options)
  }

  private func writeAttributeNumber(
    _ value: ByteSlice, of identifier: UInt8, _ room: Int, _ out: inout TextBuffer
  ) {
    // The lowest byte first, whatever the file's order is; a NUL ends it.
    let bytes = value.dropLast().prefix(8)
    let number = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    if let words = BuildAttributes.values[identifier], number < words.count {
      return writeAttributeText(ByteSlice(Array(words[Int(number)].utf8)), room, &out)
    }
    out.append("0x")
    if options.isWide {
      let digits = hexText(number)
      out.left(digits, room - 2)
    } else if number == 0 {
      out.append("0")
    } else {
      // As many digits as there is room for, the "0x" not counted.
      out.hex(number, width: room)
    }
  }

  /// Which code a note is for: what it says itself, or the region of the note before; false for a damaged
  /// one.
  func writeAttributeRegion(
    _ note: Note, _ attributes: inout BuildAttributes, _ console: inout Console
  ) -> Bool {
    guard let (region, symbol) = attributes.region(of: note, encoding) else {
      console.complain("    <invalid description size: \(hexText(UInt64(note.descriptor.count)))>")
      console.out.append("    <invalid descsz>")
      return false
    }
    console.out.append("    Applies to region from ")
    console.out.append(region.start == 0 ? "0" : "0x\(hexText(region.start))")
    if region.end != 0 { console.out.append(" to 0x\(hexText(region.end))") }
    if let symbol {
      console.out.append(" (")
      console.out.untrusted(symbol, options)
      console.out.append(")")
    }
    console.out.newline()
    return true
  }
}
