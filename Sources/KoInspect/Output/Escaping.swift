// Untrusted bytes made harmless. Every human-readable output of names and values goes through here.

import ELFKit

extension TextBuffer {
  /// Bytes from a file or a path, made harmless for terminals and logs.
  ///
  /// Control characters (C0, DEL, C1), bidi controls, line and paragraph separators and invisible
  /// format characters become `\xNN` or `\u{NNNN}`, as do bytes that are not UTF-8. So does what CI
  /// systems take for a command in a log: a word that begins with `::` (GitHub, at the beginning of a
  /// line, which a column may become), and `##` (`##[`, `##vso[` and `##teamcity[`, anywhere).
  /// Everything else stays as it is.
  mutating func escaped(_ bytes: some Collection<UInt8>) {
    var rest = bytes[...]
    var previous = UInt8(ascii: " ")
    while let first = rest.first {
      if first >= 0x20, first < 0x7f {
        rest = rest.dropFirst()
        let isCommand =
          first == UInt8(ascii: "#") && previous == UInt8(ascii: "#")
          || first == UInt8(ascii: ":") && previous == UInt8(ascii: " ")
            && rest.first == UInt8(ascii: ":")
        isCommand ? appendEscape(byte: first) : append(byte: first)
        previous = first
        continue
      }
      previous = first
      guard let (scalar, length) = Self.decodeScalar(rest) else {
        appendEscape(byte: first)
        rest = rest.dropFirst()
        continue
      }
      if scalar < 0x20 || scalar == 0x7f {
        appendEscape(byte: first)
      } else if Self.isDangerous(scalar) {
        append("\\u{")
        hex(UInt64(scalar))
        append("}")
      } else {
        append(raw: rest.prefix(length))
        // It may be a blank for GitHub, such as U+00A0.
        previous = UInt8(ascii: " ")
      }
      rest = rest.dropFirst(length)
    }
  }

  mutating func escaped(_ slice: ByteSlice) {
    escaped(slice.storage[slice.range])
  }

  mutating func escaped(_ text: String) {
    escaped(Array(text.utf8))
  }

  private mutating func appendEscape(byte: UInt8) {
    append("\\x")
    hex(UInt64(byte), width: 2)
  }

  /// Characters that change how their neighbours are shown, or that nobody can see.
  static func isDangerous(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x80...0x9f: true  // C1
    case 0x061c, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: true  // bidi controls
    case 0x2028, 0x2029: true  // line and paragraph separators
    case 0x00ad, 0x200b...0x200d, 0x2060...0x2064, 0xfeff, 0xfff9...0xfffb: true  // invisible
    case 0xe0000...0xe007f: true  // tags
    default: false
    }
  }

  /// The scalar at the beginning of `bytes` and its length, or `nil` when it is not UTF-8
  /// (RFC 3629: shortest form, no surrogates, at most U+10FFFF).
  static func decodeScalar(_ bytes: some Collection<UInt8>) -> (scalar: UInt32, length: Int)? {
    guard let first = bytes.first else { return nil }
    if first < 0x80 { return (UInt32(first), 1) }
    let length: Int
    let minimum: UInt32
    switch first {
    case 0xc2...0xdf: (length, minimum) = (2, 0x80)
    case 0xe0...0xef: (length, minimum) = (3, 0x800)
    case 0xf0...0xf4: (length, minimum) = (4, 0x10000)
    default: return nil
    }
    var scalar = UInt32(first) & (0x7f >> UInt32(length))
    let tail = bytes.dropFirst().prefix(length - 1)
    guard tail.count == length - 1 else { return nil }
    for byte in tail {
      guard byte & 0xc0 == 0x80 else { return nil }
      scalar = scalar << 6 | UInt32(byte & 0x3f)
    }
    guard scalar >= minimum, scalar <= 0x10ffff, !(0xd800...0xdfff).contains(scalar) else {
      return nil
    }
    return (scalar, length)
  }
}
