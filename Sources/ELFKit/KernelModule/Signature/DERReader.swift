// DER (ITU-T X.690): the nested elements that PKCS#7 messages and certificates are made of.

/// One element: what it is, and the bytes it holds.
public struct DERElement: Sendable {
  /// What kind of element this is.
  public let tag: DERTag
  /// The bytes behind identifier and length.
  public let content: ByteSlice
  /// The whole element, identifier and length included: what a digest is made over.
  public let encoding: ByteSlice
  /// How many elements this one lies in.
  fileprivate let depth: Int
  /// Whether it was read as the kernel reads.
  fileprivate let isKernels: Bool

  /// The elements within this one; an error when it is primitive or they are nested too deeply.
  public func elements() throws(ELFError) -> DERReader {
    guard tag.isConstructed else {
      throw DERReader.damage("an element that should hold others does not", at: encoding)
    }
    guard depth < DERReader.maximalDepth else {
      throw DERReader.damage("elements are nested more than \(depth) deep", at: encoding)
    }
    return DERReader(content, depth: depth + 1, isKernels: isKernels)
  }
}

/// The identifier octet of an element (X.690 §8.1.2). Tag numbers from 31 on are not read.
public struct DERTag: RawRepresentable, Hashable, Sendable {
  /// The octet.
  public let rawValue: UInt8
  /// Any octet.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Whether the element holds other elements.
  public var isConstructed: Bool { rawValue & 0x20 != 0 }

  /// BOOLEAN.
  public static var boolean: Self { Self(rawValue: 0x01) }
  /// INTEGER.
  public static var integer: Self { Self(rawValue: 0x02) }
  /// BIT STRING.
  public static var bitString: Self { Self(rawValue: 0x03) }
  /// OCTET STRING.
  public static var octetString: Self { Self(rawValue: 0x04) }
  /// OBJECT IDENTIFIER.
  public static var objectIdentifier: Self { Self(rawValue: 0x06) }
  /// SEQUENCE.
  public static var sequence: Self { Self(rawValue: 0x30) }
  /// SET.
  public static var set: Self { Self(rawValue: 0x31) }

  /// `[number]` around or instead of other elements; `number` is less than 31.
  public static func context(_ number: UInt8, isConstructed: Bool = true) -> Self {
    Self(rawValue: 0x80 | (isConstructed ? 0x20 : 0) | (number & 0x1f))
  }
}

/// Walks over the elements in a range of bytes, in order.
///
/// Strict: lengths are definite and as short as they can be, and no element reaches past what it
/// lies in. Nesting deeper than ``maximalDepth`` is refused. An error names the file offset of the
/// element that is damaged; nothing is copied.
///
/// Or as the kernel reads (lib/asn1_decoder.c, `asn1_ber_decoder`), which takes BER: lengths may be
/// longer than need be or indefinite.
public struct DERReader: Sendable {
  /// The number of elements that one may lie in.
  public static let maximalDepth = 32

  private let bytes: ByteSlice
  private let depth: Int
  private let isKernels: Bool
  private var position = 0

  /// The elements in `bytes`; with `asKernel` read as the kernel does.
  public init(_ bytes: ByteSlice, asKernel: Bool = false) {
    self.init(bytes, depth: 0, isKernels: asKernel)
  }

  fileprivate init(_ bytes: ByteSlice, depth: Int, isKernels: Bool) {
    self.bytes = bytes
    self.depth = depth
    self.isKernels = isKernels
  }

  /// What has not been read yet.
  public var rest: ByteSlice { bytes.suffix(from: position) }

  /// Whether everything has been read.
  public var isAtEnd: Bool { position >= bytes.count }

  /// The identifier of the next element, or `nil` at the end.
  public var nextTag: DERTag? { isAtEnd ? nil : DERTag(rawValue: bytes[position]) }

  /// The next element, or `nil` at the end.
  public mutating func next() throws(ELFError) -> DERElement? {
    guard let tag = nextTag else { return nil }
    let start = rest
    guard tag.rawValue & 0x1f != 0x1f else {
      throw Self.damage("a tag number of 31 or more", at: start)
    }
    if isKernels, tag.isConstructed, start.count >= 2, start[1] == 0x80 {
      let content = try Self.indefinite(in: start)
      let end = 2 + content.count + 2
      position += end
      return element(tag, content, start[within: 0..<end])
    }
    let (length, headerSize) = try Self.length(in: start, isKernels: isKernels)
    let content = try start.suffix(from: headerSize).slice(0, length, in: .signature)
    let end = headerSize + content.count
    position += end
    return element(tag, content, start[within: 0..<end])
  }

  private func element(_ tag: DERTag, _ content: ByteSlice, _ encoding: ByteSlice) -> DERElement {
    DERElement(
      tag: tag, content: content, encoding: encoding, depth: depth, isKernels: isKernels)
  }

  /// The content of the element of indefinite length that `bytes` begin with: up to the two zeros
  /// that end it, those of elements within not counted (`asn1_find_indefinite_length`).
  private static func indefinite(in bytes: ByteSlice) throws(ELFError) -> ByteSlice {
    var position = 2
    var open = 1
    while true {
      let rest = bytes.suffix(from: position)
      guard rest.count >= 2 else { throw damage("an indefinite length without an end", at: bytes) }
      if rest[0] == 0 {
        guard rest[1] == 0 else { throw damage("an end that has a length", at: rest) }
        open -= 1
        if open == 0 { return bytes[within: 2..<position] }
        position += 2
      } else if rest[1] == 0x80 {
        guard DERTag(rawValue: rest[0]).isConstructed else {
          throw damage("an indefinite length", at: rest)
        }
        open += 1
        position += 2
      } else {
        let (length, headerSize) = try length(in: rest, isKernels: true)
        // No length here has more than 32 bits.
        position += headerSize + Int(truncatingIfNeeded: length)
      }
    }
  }

  /// The next element, which must be `tag`; `what` is its name in errors.
  public mutating func next(_ tag: DERTag, _ what: String) throws(ELFError) -> DERElement {
    guard nextTag == tag, let element = try next() else {
      throw Self.damage("\(what) is missing", at: rest)
    }
    return element
  }

  /// The content of the next element, which must be an INTEGER: two's complement, big-endian, at
  /// least one byte and as short as can be (X.690 §8.3.2).
  public mutating func integer(_ what: String) throws(ELFError) -> ByteSlice {
    let content = try next(.integer, what).content
    guard content.count > 0 else { throw Self.damage("\(what) is empty", at: content) }
    if isKernels { return content }
    let sign = content[0] & 0x80
    if content.count > 1, content[0] == 0 || content[0] == 0xff, sign == content[1] & 0x80 {
      throw Self.damage("\(what) is written longer than need be", at: content)
    }
    return content
  }

  /// The next element when it is `tag`, else `nil` and nothing is read.
  public mutating func optional(_ tag: DERTag) throws(ELFError) -> DERElement? {
    nextTag == tag ? try next() : nil
  }

  /// The length of the content of the element that `bytes` begin with, and the number of bytes
  /// before the content. Lengths of more than four bytes are longer than any file read here.
  private static func length(
    in bytes: ByteSlice, isKernels: Bool
  ) throws(ELFError) -> (UInt64, Int) {
    guard bytes.count >= 2 else { throw damage("an element without a length", at: bytes) }
    let first = bytes[1]
    if first < 0x80 { return (UInt64(first), 2) }
    let count = Int(first & 0x7f)
    guard count > 0 else { throw damage("an indefinite length", at: bytes) }
    guard count <= 4, bytes.count >= 2 + count else {
      throw damage("a length of \(count) bytes", at: bytes)
    }
    var length: UInt64 = 0
    for index in 0..<count { length = length << 8 | UInt64(bytes[2 + index]) }
    // The kernel reads two bytes of length: with more of them, the message is too long for it as well.
    let isAllowed = isKernels ? count <= 2 || length > 0xffff : length >= 0x80 && bytes[2] != 0
    guard isAllowed else {
      throw damage("a length that is written longer than need be", at: bytes)
    }
    return (length, 2 + count)
  }

  /// The error that says what is wrong with the element at the beginning of `bytes`.
  static func damage(_ text: String, at bytes: ByteSlice) -> ELFError {
    ELFError(.malformed("damaged DER: \(text)"), .signature, at: bytes.fileOffset)
  }
}
