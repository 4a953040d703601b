// JSON (RFC 8259), written as it comes: no tree is built.

import ELFKit

/// Writes one JSON value after the other, putting commas where they belong.
struct JSONWriter {
  var out: TextBuffer
  private var needsComma = false
  /// The number of bytes in ``out`` after which arrays end early, so that the JSON stays whole.
  var limit = Int.max

  init(_ out: TextBuffer = TextBuffer()) { self.out = out }

  private mutating func separate() {
    if needsComma { out.append(byte: UInt8(ascii: ",")) }
    needsComma = true
  }

  mutating func object(_ body: (inout JSONWriter) -> Void) {
    nested(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
  }

  mutating func array(_ body: (inout JSONWriter) -> Void) {
    nested(UInt8(ascii: "["), UInt8(ascii: "]"), body)
  }

  mutating func array<Element>(
    _ elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) -> Void
  ) {
    array { json in
      for element in elements {
        guard json.out.count <= json.limit else { return }
        body(&json, element)
      }
    }
  }

  private mutating func nested(
    _ opening: UInt8, _ closing: UInt8, _ body: (inout JSONWriter) -> Void
  ) {
    separate()
    out.append(byte: opening)
    needsComma = false
    body(&self)
    out.append(byte: closing)
    needsComma = true
  }

  /// A key of the tool's own, which needs no escapes; its value must follow.
  mutating func key(_ name: String) {
    separate()
    out.append(byte: UInt8(ascii: "\""))
    out.append(name)
    out.append(byte: UInt8(ascii: "\""))
    out.append(byte: UInt8(ascii: ":"))
    needsComma = false
  }

  /// The same with the key as it is written, for tables of keys.
  mutating func key(_ written: JSONKey) {
    separate()
    out.append(raw: written.bytes)
    needsComma = false
  }

  mutating func null() {
    separate()
    out.append("null")
  }

  mutating func bool(_ value: Bool) {
    separate()
    out.append(value ? "true" : "false")
  }

  mutating func number(_ value: UInt64) {
    separate()
    out.decimal(value)
  }

  mutating func number(_ value: Int64) {
    separate()
    out.append(String(value))
  }

  mutating func string(_ text: String) {
    separate()
    quoted(Array(text.utf8))
  }

  /// Bytes of a file: a string when they are UTF-8, else `{"bytes":"<base64>"}`.
  mutating func bytes(_ bytes: [UInt8]) {
    separate()
    if !quoted(bytes) {
      out.append("{\"bytes\":\"")
      out.base64(bytes)
      out.append("\"}")
    }
  }

  mutating func bytes(_ slice: ByteSlice) {
    guard slice.isPlain else { return bytes(slice.bytes) }
    separate()
    out.append(byte: UInt8(ascii: "\""))
    out.append(raw: slice.storage[slice.range])
    out.append(byte: UInt8(ascii: "\""))
  }

  /// `0x1234abcd`, as CRCs are written.
  mutating func crc(_ value: UInt32) {
    separate()
    out.append("\"0x")
    out.hex(UInt64(value), width: 8)
    out.append("\"")
  }

  /// Writes `bytes` between quotation marks; false, and nothing written, when they are not UTF-8.
  @discardableResult
  private mutating func quoted(_ bytes: [UInt8]) -> Bool {
    var text: [UInt8] = [UInt8(ascii: "\"")]
    text.reserveCapacity(bytes.count + 2)
    var rest = bytes[...]
    while let first = rest.first {
      var length = 1
      switch first {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), first]
      case UInt8(ascii: "\n"): text += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
      case UInt8(ascii: "\t"): text += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
      case 0..<0x20, 0x7f: Self.appendEscape(UInt32(first), to: &text)
      // `##vso[` and its like are commands wherever they stand in a log.
      case UInt8(ascii: "#") where text.last == UInt8(ascii: "#"):
        Self.appendEscape(UInt32(first), to: &text)
      case 0..<0x80: text.append(first)
      default:
        guard let (scalar, size) = TextBuffer.decodeScalar(rest) else { return false }
        length = size
        // All of it is legal in JSON, but JSON is shown on terminals and in logs.
        if TextBuffer.isDangerous(scalar) {
          Self.appendEscape(scalar, to: &text)
        } else {
          text += rest.prefix(size)
        }
      }
      rest = rest.dropFirst(length)
    }
    text.append(UInt8(ascii: "\""))
    out.append(raw: text)
    return true
  }

  /// `\u202e`; beyond the first plane the two halves of its surrogate pair.
  private static func appendEscape(_ scalar: UInt32, to text: inout [UInt8]) {
    guard scalar < 0x10000 else {
      appendEscape(0xd7c0 + (scalar >> 10), to: &text)
      return appendEscape(0xdc00 | (scalar & 0x3ff), to: &text)
    }
    text += [UInt8(ascii: "\\"), UInt8(ascii: "u")]
    for shift in [12, 8, 4, 0] as [UInt32] {
      let digit = UInt8(scalar >> shift & 0xf)
      text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
    }
  }
}

/// A key of the tool's own, which needs no escapes, between quotation marks and with its colon.
struct JSONKey: Sendable {
  fileprivate let bytes: [UInt8]

  init(_ name: String) { bytes = Array("\"\(name)\":".utf8) }
}

extension TextBuffer {
  /// `bytes` in base 64 (RFC 4648 §4).
  mutating func base64(_ bytes: [UInt8]) {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var position = 0
    while position < bytes.count {
      let group = bytes[position..<Swift.min(position + 3, bytes.count)]
      var word: UInt32 = 0
      for byte in group { word = word << 8 | UInt32(byte) }
      word <<= UInt32(8 * (3 - group.count))
      for index in 0..<4 {
        let digit = Int(word >> UInt32(18 - 6 * index) & 0x3f)
        append(byte: index <= group.count ? alphabet[digit] : UInt8(ascii: "="))
      }
      position += 3
    }
  }
}

extension ByteSlice {
  /// Whether JSON holds the bytes as they are: printable ASCII without `"`, `\` and `#`, as nearly all
  /// names are.
  fileprivate var isPlain: Bool {
    let span = storage.span
    for position in range {
      let byte = span[position]
      if byte &- 0x20 >= 0x5f || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
        || byte == UInt8(ascii: "#")
      {
        return false
      }
    }
    return true
  }
}

/// Keys with values that may be missing.
extension JSONWriter {
  mutating func field(_ key: String, _ value: ByteSlice?) {
    self.key(key)
    optional(value) { $0.bytes($1) }
  }

  mutating func optional<Value>(
    _ value: Value?, _ body: (inout JSONWriter, Value) -> Void
  ) {
    guard let value else { return null() }
    body(&self, value)
  }

  mutating func hexadecimal(_ bytes: ByteSlice) {
    var text = TextBuffer()
    for byte in bytes { text.hex(UInt64(byte), width: 2) }
    string(text.text)
  }
}
