// Notes with attributes of the build, as annobin writes them ("Watermark" specification): their names say
// what and how, their contents for which code.

import ELFKit

/// The code that the notes before a note were for: one without an own region is for the same.
struct BuildAttributes {
  /// The names of functions, and of what is none, by address: they name regions.
  private var functionNames: [UInt64: ByteSlice] = [:]
  private var otherNames: [UInt64: ByteSlice] = [:]
  /// The region of notes for all code of a file, and that of notes for a function.
  var all = (start: UInt64(0), end: UInt64(0))
  var function = (start: UInt64(0), end: UInt64(0))

  init() {}

  /// With the symbols of the file, of which the first at an address counts.
  init(_ symbols: ReadelfSymbols) {
    for symbol in symbols.records where symbol.nameOffset != 0 {
      guard let name = symbols.names?[symbol.nameOffset], !name.isEmpty else { continue }
      if symbol.type == .function {
        if functionNames[symbol.value] == nil { functionNames[symbol.value] = name }
      } else if otherNames[symbol.value] == nil {
        otherNames[symbol.value] = name
      }
    }
  }

  /// The name of what is at `address`, or `nil`.
  func name(at address: UInt64, isFunction: Bool) -> ByteSlice? {
    isFunction ? functionNames[address] : otherNames[address]
  }

  /// Whether a note is one of these: `NT_GNU_BUILD_ATTRIBUTE_OPEN` or `…_FUNC`.
  static func isOne(_ note: Note) -> Bool {
    (0x100...0x101).contains(note.type) && note.owner.starts(with: "GA")
      && note.owner.count > 2 && kinds.contains(note.owner[2])
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
  /// `GA$<version>3p1`: how the value is written, what it is of, and the value.
  func writeAttributeName(_ name: ByteSlice, _ console: inout Console) {
    var text = TextBuffer()
    text.append(raw: name.prefix(3))
    var rest = name.suffix(from: 3)
    let identifier = rest.first ?? 0
    if (0x20..<0x7f).contains(identifier) {
      text.readelfName(rest.takeString(), wideOptions)
      text.append(":")
    } else {
      let known = BuildAttributes.names[Int(identifier)]
      text.append(known.map { "<\($0)>" } ?? "<unknown:_\(hexText(identifier))>")
      rest = rest.suffix(from: 1)
    }
    writeAttributeValue(rest, kind: name[2], of: identifier, &text)
    console.out.append(text)
    console.out.spaces((options.isWide ? 28 : 20) - text.pending.count)
  }

  private func writeAttributeValue(
    _ value: ByteSlice, kind: UInt8, of identifier: UInt8, _ text: inout TextBuffer
  ) {
    switch kind {
    case UInt8(ascii: "+"): text.append("true")
    case UInt8(ascii: "!"): text.append("false")
    case UInt8(ascii: "$"): text.readelfName(value.untilNUL, wideOptions)
    default:
      // The lowest byte first, whatever the file's order is; a NUL ends it.
      let bytes = value.prefix(Swift.max(value.count - 1, 0)).prefix(8)
      let number = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      if let words = BuildAttributes.values[identifier], number < words.count {
        text.append(words[Int(number)])
      } else {
        text.append("0x\(hexText(number))")
      }
    }
  }

  private var wideOptions: ReadelfOptions {
    var wide = options
    wide.isWide = true
    return wide
  }

  /// Which code a note is for: what it says itself, or the region of the note before.
  func writeAttributeRegion(
    _ note: Note, _ attributes: inout BuildAttributes, _ console: inout Console
  ) {
    let content = note.descriptor
    let isFunction = note.type == 0x101
    var region = isFunction ? attributes.function : attributes.all
    let size = encoding.addressSize
    if content.count >= size {
      let base = content.range.lowerBound
      region.start = content.storage.span.address(base, encoding)
      region.end =
        content.count >= 2 * size ? content.storage.span.address(base + size, encoding) : 0
      if isFunction { attributes.function = region } else { attributes.all = region }
    }
    console.out.append("    Applies to region from ")
    console.out.append(region.start == 0 ? "0" : "0x\(hexText(region.start))")
    if region.end != 0 { console.out.append(" to 0x\(hexText(region.end))") }
    if !content.isEmpty, let name = attributes.name(at: region.start, isFunction: isFunction) {
      console.out.append(" (")
      console.out.untrusted(name, options)
      console.out.append(")")
    }
    console.out.newline()
  }
}
