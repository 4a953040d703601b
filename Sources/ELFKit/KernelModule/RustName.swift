// Names of Rust's symbols in the words of its source: `_RNvMNtNtCs…_6kernel3net3phyNtB2_6Device7init_hw` is
// `<kernel::net::phy::Device>::init_hw`. The encoding is v0 of RFC 2603, the only one that kernels have; the
// older one of other builds is in RustLegacyName.swift.

/// A symbol of Rust, as its source calls it.
public enum RustName {
  /// The name in the source of the symbol `name`, lifetimes and numbers of crates left out; `nil` when it is
  /// none of Rust's, or not readable. It is as untrusted as the symbol.
  public static func readable(_ name: ByteSlice) -> ByteSlice? {
    // Most symbols are not Rust's: their first bytes are all that is looked at.
    guard name.starts(with: "_R") else { return RustLegacyName.readable(name) }
    var reader = RustNameReader(name.suffix(from: 2))
    do throws(RustNameReader.Unreadable) {
      try reader.symbol()
    } catch {
      return nil
    }
    return ByteSlice(reader.out)
  }
}

/// Reads an encoded name and writes it out.
struct RustNameReader {
  /// The bytes are no name, or one that is too long to be of use.
  struct Unreadable: Error {}

  /// Names of the kernel's own crates have less than a tenth of these.
  private static let most = (bytes: 2048, depth: 64, steps: 4096)

  /// Without `_R`: places that are referred to count from there.
  private let name: ByteSlice
  var position = 0
  private(set) var out: [UInt8] = []
  /// Whether what is read is left out.
  private var isSilent = false
  private var depth = 0
  private var steps = 0

  init(_ name: ByteSlice) { self.name = name }

  /// `symbol-name`: a path, the crate for which it was made, and what linkers append.
  mutating func symbol() throws(Unreadable) {
    // A digit would be a later version of the encoding.
    guard let first = peek, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) else {
      throw Unreadable()
    }
    try path(isValue: true)
    if let byte = peek, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) {
      try silently { reader throws(Unreadable) in try reader.path(isValue: false) }
    }
    guard let byte = peek else { return }
    guard byte == UInt8(ascii: ".") || byte == UInt8(ascii: "$") else { throw Unreadable() }
    try write(name.suffix(from: position).bytes)
  }

  // MARK: Bytes

  var peek: UInt8? { position < name.count ? name[position] : nil }

  mutating func next() throws(Unreadable) -> UInt8 {
    guard let byte = peek else { throw Unreadable() }
    position += 1
    return byte
  }

  /// Whether the next byte is `byte`, which is then read.
  mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    position += 1
    return true
  }

  mutating func write(_ bytes: [UInt8]) throws(Unreadable) {
    guard !isSilent else { return }
    guard out.count + bytes.count <= Self.most.bytes else { throw Unreadable() }
    out += bytes
  }

  mutating func write(_ text: String) throws(Unreadable) { try write(Array(text.utf8)) }

  mutating func silently(
    _ body: (inout Self) throws(Unreadable) -> Void
  ) throws(Unreadable) {
    let before = isSilent
    isSilent = true
    try body(&self)
    isSilent = before
  }

  /// What nests or refers back: as deep, and as often, as names need.
  mutating func nested(_ body: (inout Self) throws(Unreadable) -> Void) throws(Unreadable) {
    depth += 1
    steps += 1
    guard depth <= Self.most.depth, steps <= Self.most.steps else { throw Unreadable() }
    try body(&self)
    depth -= 1
  }

  // MARK: Numbers and identifiers

  /// `base-62-number`: digits, small letters, capitals, an underscore at the end; `_` alone is 0.
  mutating func base62() throws(Unreadable) -> UInt64 {
    var value: UInt64 = 0
    if take(UInt8(ascii: "_")) { return 0 }
    while true {
      let byte = try next()
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "_"):
        guard value < UInt64.max else { throw Unreadable() }
        return value + 1
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = byte - UInt8(ascii: "A") + 36
      default: throw Unreadable()
      }
      let (product, isLarge) = value.multipliedReportingOverflow(by: 62)
      let (sum, isLarger) = product.addingReportingOverflow(UInt64(digit))
      guard !isLarge, !isLarger else { throw Unreadable() }
      value = sum
    }
  }

  /// Tells things of one name apart; closures are called by it.
  mutating func disambiguator() throws(Unreadable) -> UInt64 {
    guard take(UInt8(ascii: "s")) else { return 0 }
    // A number of 64 bits, of which one that has overflown is not shown anywhere.
    let (number, isLarge) = try base62().addingReportingOverflow(1)
    return isLarge ? UInt64.max : number
  }

  /// An identifier without what tells it apart; Punycode (`u`) is left as it is.
  mutating func identifier() throws(Unreadable) -> [UInt8] {
    let isPunycode = take(UInt8(ascii: "u"))
    var count = 0
    var digits = 0
    while let byte = peek, byte.isDigit, digits < 6 {
      position += 1
      count = count * 10 + Int(byte - UInt8(ascii: "0"))
      digits += 1
      // No number begins with 0.
      if count == 0 { break }
    }
    guard digits > 0 else { throw Unreadable() }
    _ = take(UInt8(ascii: "_"))
    guard count <= name.count - position else { throw Unreadable() }
    let bytes = name[within: position..<position + count].bytes
    position += count
    return isPunycode ? Array("punycode{".utf8) + bytes + [UInt8(ascii: "}")] : bytes
  }

  /// Reads what stands at an earlier place, which the next number names.
  mutating func reference(_ body: (inout Self) throws(Unreadable) -> Void) throws(Unreadable) {
    let own = position - 1
    guard let target = Int(exactly: try base62()), target < own else { throw Unreadable() }
    // What is left out needs no look, and to look might take long.
    guard !isSilent else { return }
    let after = position
    position = target
    try nested(body)
    position = after
  }
}
