// A strict reader of DER (ITU-T X.690): definite, shortest lengths only. It walks, and builds
// nothing, so no input can make it allocate or recurse.

/// One element: its tag and its content.
struct DERElement {
  /// The identifier octet; tags above 30 are refused.
  let tag: UInt8
  let content: ByteSlice

  static let integer: UInt8 = 0x02
  static let octetString: UInt8 = 0x04
  static let objectIdentifier: UInt8 = 0x06
  static let sequence: UInt8 = 0x30
  static let set: UInt8 = 0x31

  /// The identifier octet of `[number]`, constructed or primitive.
  static func contextSpecific(_ number: UInt8, constructed: Bool = true) -> UInt8 {
    (constructed ? 0xa0 : 0x80) | number
  }

  /// Reads the elements of the content one after the other.
  var elements: DERReader { DERReader(content) }
}

/// Reads elements one after the other from some bytes.
struct DERReader {
  private var rest: ByteSlice

  init(_ bytes: ByteSlice) { rest = bytes }

  var isAtEnd: Bool { rest.isEmpty }

  /// The tag of the next element, or `nil` at the end.
  var nextTag: UInt8? { rest.isEmpty ? nil : rest[0] }

  /// The next element.
  mutating func read() throws(ELFError) -> DERElement {
    guard rest.count >= 2 else { throw damaged("a DER element is cut short") }
    let tag = rest[0]
    guard tag & 0x1f != 0x1f else { throw damaged("a DER tag above 30 is not expected here") }
    var length = UInt64(rest[1])
    var headerSize = 2
    if length > 0x7f {
      let octets = Int(length & 0x7f)
      guard (1...4).contains(octets), rest.count >= 2 + octets else {
        throw damaged("a DER length is damaged")
      }
      length = 0
      for position in 2..<2 + octets { length = length << 8 | UInt64(rest[position]) }
      guard length > 0x7f, octets == 1 || length >> UInt64(8 * (octets - 1)) != 0 else {
        throw damaged("a DER length is not in its shortest form")
      }
      headerSize += octets
    }
    let content = try rest.slice(UInt64(headerSize), length, in: .signature)
    rest = rest.suffix(from: headerSize + content.count)
    return DERElement(tag: tag, content: content)
  }

  /// The next element, which must have this tag.
  mutating func read(_ tag: UInt8) throws(ELFError) -> DERElement {
    guard nextTag == tag else {
      let found = nextTag.map { "0x\(String($0, radix: 16))" } ?? "the end"
      throw damaged("expected DER tag 0x\(String(tag, radix: 16)), found \(found)")
    }
    return try read()
  }

  /// The next element when it has this tag; `nil`, and nothing read, when it has another.
  mutating func readIfPresent(_ tag: UInt8) throws(ELFError) -> DERElement? {
    nextTag == tag ? try read() : nil
  }

  private func damaged(_ text: String) -> ELFError {
    ELFError(.malformed(text), .signature, at: rest.fileOffset)
  }
}
