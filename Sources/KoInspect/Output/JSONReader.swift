// Reading JSON (RFC 8259): policies, baselines, saved targets. Foundation would cost every start.

import ELFKit

/// A JSON value. Members of objects keep their order and repeats.
indirect enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  /// The number as it is written: who wants it decides how exact it has to be.
  case number(String)
  /// The bytes of a string, valid UTF-8.
  case string([UInt8])
  case array([JSONValue])
  case object([Member])

  struct Member: Equatable, Sendable {
    let key: String
    let value: JSONValue
  }

  /// The text of a string, or `nil` for another value.
  var text: String? {
    if case .string(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { nil }
  }

  /// The elements of an array, or `nil` for another value.
  var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }

  /// The members of an object, or `nil` for another value.
  var members: [Member]? { if case .object(let members) = self { members } else { nil } }

  /// The first member called `key`.
  subscript(key: String) -> JSONValue? { members?.first { $0.key == key }?.value }

  /// The bytes that ``JSONWriter/bytes(_:)`` wrote: a string, or base 64 in an object.
  var bytes: [UInt8]? {
    switch self {
    case .string(let bytes): bytes
    case .object(let members):
      members.count == 1 && members[0].key == "bytes"
        ? members[0].value.text.flatMap(JSONReader.base64) : nil
    default: nil
    }
  }
}

/// What is wrong with a JSON text, and where.
struct JSONError: Error, Equatable, CustomStringConvertible {
  let problem: String
  let line: Int
  let column: Int

  var description: String { "line \(line), column \(column): \(problem)" }
}

/// A parser that is as strict as the standard.
struct JSONReader {
  /// Deeper nesting is refused: every level is a call.
  private static let maximumDepth = 64

  private let text: [UInt8]
  private var position = 0

  private init(_ text: [UInt8]) { self.text = text }

  /// The value that `text` is. Costs its length.
  static func value(_ text: [UInt8]) throws(JSONError) -> JSONValue {
    var reader = JSONReader(text)
    if text.starts(with: [0xef, 0xbb, 0xbf]) { reader.position = 3 }
    let value = try reader.value(depth: 0)
    reader.skipBlanks()
    guard reader.position == text.count else { throw reader.error("there is text after the value") }
    return value
  }

  private func error(_ problem: String) -> JSONError {
    let before = text[..<min(position, text.count)]
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let column = before.count - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 1
    return JSONError(problem: problem, line: line, column: column)
  }

  private mutating func skipBlanks() {
    while position < text.count,
      [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains(
        text[position])
    { position += 1 }
  }

  /// Goes past `byte` when it is next.
  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < text.count, text[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
    guard depth < Self.maximumDepth else { throw error("nested too deeply") }
    skipBlanks()
    guard position < text.count else { throw error("the text ends where a value should be") }
    switch text[position] {
    case UInt8(ascii: "{"): return .object(try members(depth: depth))
    case UInt8(ascii: "["): return .array(try elements(depth: depth))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    default:
      for (word, value) in [
        ("null", JSONValue.null), ("true", .bool(true)), ("false", .bool(false)),
      ]
      where text[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
      throw error("this is no value")
    }
  }

  private mutating func members(depth: Int) throws(JSONError) -> [JSONValue.Member] {
    position += 1
    var members: [JSONValue.Member] = []
    skipBlanks()
    if take(UInt8(ascii: "}")) { return members }
    while true {
      skipBlanks()
      guard position < text.count, text[position] == UInt8(ascii: "\"") else {
        throw error("a key in quotation marks should be here")
      }
      let key = String(decoding: try string(), as: UTF8.self)
      skipBlanks()
      guard take(UInt8(ascii: ":")) else { throw error("':' is missing after \"\(key)\"") }
      members.append(JSONValue.Member(key: key, value: try value(depth: depth + 1)))
      skipBlanks()
      if take(UInt8(ascii: "}")) { return members }
      guard take(UInt8(ascii: ",")) else { throw error("',' or '}' is missing") }
    }
  }

  private mutating func elements(depth: Int) throws(JSONError) -> [JSONValue] {
    position += 1
    var elements: [JSONValue] = []
    skipBlanks()
    if take(UInt8(ascii: "]")) { return elements }
    while true {
      elements.append(try value(depth: depth + 1))
      skipBlanks()
      if take(UInt8(ascii: "]")) { return elements }
      guard take(UInt8(ascii: ",")) else { throw error("',' or ']' is missing") }
    }
  }

  private mutating func number() throws(JSONError) -> String {
    let start = position
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    return String(decoding: text[start..<position], as: UTF8.self)
  }

  private mutating func digits() throws(JSONError) {
    let start = position
    while position < text.count, text[position].isDigit {
      position += 1
    }
    guard position > start else { throw error("a digit should be here") }
  }

  private mutating func string() throws(JSONError) -> [UInt8] {
    position += 1
    var bytes: [UInt8] = []
    while position < text.count {
      let start = position
      while position < text.count, Self.isPlain(text[position]) { position += 1 }
      bytes += text[start..<position]
      guard position < text.count else { break }
      switch text[position] {
      case UInt8(ascii: "\""):
        position += 1
        return bytes
      case UInt8(ascii: "\\"): try escape(&bytes)
      case 0..<0x20: throw error("a control character in a string")
      default:
        guard let (_, length) = TextBuffer.decodeScalar(text[position...].prefix(4)) else {
          throw error("this is not UTF-8")
        }
        bytes += text[position..<position + length]
        position += length
      }
    }
    throw error("a string does not end")
  }

  /// Whether the byte stands for itself in a string.
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  /// What a letter behind a backslash stands for; `nil` for `u` and all others.
  private static func meaning(_ letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): letter
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0c
    case UInt8(ascii: "n"): 0x0a
    case UInt8(ascii: "r"): 0x0d
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }

  private mutating func escape(_ bytes: inout [UInt8]) throws(JSONError) {
    guard position + 1 < text.count else { throw error("a string does not end") }
    if let plain = Self.meaning(text[position + 1]) {
      bytes.append(plain)
      position += 2
      return
    }
    var scalar = try unit()
    if (0xd800..<0xdc00).contains(scalar), position < text.count,
      text[position] == UInt8(ascii: "\\")
    {
      let low = try unit()
      guard (0xdc00..<0xe000).contains(low) else { throw error("half a surrogate pair") }
      scalar = 0x10000 + (scalar - 0xd800) << 10 + (low - 0xdc00)
    }
    guard let character = Unicode.Scalar(scalar) else { throw error("half a surrogate pair") }
    bytes += Array(String(Character(character)).utf8)
  }

  /// The number of `\uXXXX`.
  private mutating func unit() throws(JSONError) -> UInt32 {
    guard position + 6 <= text.count, text[position + 1] == UInt8(ascii: "u") else {
      throw error("an unknown escape in a string")
    }
    let digits = text[position + 2..<position + 6]
    guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw error("four digits of base 16 should follow \\u") }
    position += 6
    return unit
  }

  /// The bytes that `text` in base 64 stands for, or `nil`.
  static func base64(_ text: String) -> [UInt8]? {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var bytes: [UInt8] = []
    var (word, bits): (UInt32, UInt32) = (0, 0)
    let digits = text.utf8.prefix { $0 != UInt8(ascii: "=") }
    let padding = text.utf8.dropFirst(digits.count)
    guard text.utf8.count % 4 == 0, padding.count <= 2,
      padding.allSatisfy({ $0 == UInt8(ascii: "=") })
    else {
      return nil
    }
    for byte in digits {
      guard let digit = alphabet.firstIndex(of: byte) else { return nil }
      word = word << 6 | UInt32(digit)
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: word >> bits))
        word &= 1 << bits - 1
      }
    }
    return bytes
  }
}
