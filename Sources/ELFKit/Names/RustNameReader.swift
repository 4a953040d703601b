// The grammar of RFC 2603: paths, generic arguments, types, constants, and references back to what stands
// before in the same name.

/// Reads one name and writes what it stands for. What does not fit the grammar, is nested too deep or
/// grows too long is given up.
struct RustNameReader {
  let name: ByteSlice
  private(set) var position = 0
  private var text: [UInt8] = []
  private(set) var isFailed = false
  /// How deep it is nested.
  private var depth = 0
  /// How many lifetimes `for<…>` has named so far.
  private var lifetimes: UInt64 = 0
  /// Whether what is read is left out of the text.
  private var isSilent = false

  private static let deepest = 128

  init(_ name: ByteSlice) { self.name = name }

  /// All of the name.
  mutating func symbol() -> [UInt8]? {
    // A number here would be a version that is not known.
    guard position < name.count, (0x41...0x5a).contains(name[position]) else { return nil }
    path(isValue: true)
    if !isFailed, position < name.count {
      // The crate that this instance was made for is no part of the name.
      isSilent = true
      path(isValue: false)
    }
    return isFailed || position < name.count ? nil : text
  }

  // MARK: Bytes

  mutating func fail() { isFailed = true }

  mutating func next() -> UInt8 {
    guard !isFailed, position < name.count else {
      fail()
      return 0
    }
    position += 1
    return name[position - 1]
  }

  /// The byte that was read last is to be read again.
  mutating func goBack() { if !isFailed, position > 0 { position -= 1 } }

  mutating func eats(_ byte: Unicode.Scalar) -> Bool {
    guard !isFailed, position < name.count, name[position] == UInt8(ascii: byte) else {
      return false
    }
    position += 1
    return true
  }

  mutating func write(_ words: String) {
    guard !isSilent else { return }
    text += Array(words.utf8)
    if text.count > RustName.longest { fail() }
  }

  mutating func write(_ words: ByteSlice) {
    guard !isSilent else { return }
    text += words.bytes
    if text.count > RustName.longest { fail() }
  }

  /// Digits of base 62 up to `_`: nothing is 0, and each number one less than it stands for.
  mutating func base62() -> UInt64 {
    if eats("_") { return 0 }
    var value: UInt64 = 0
    while !isFailed {
      let byte = next()
      if byte == UInt8(ascii: "_") { break }
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x61...0x7a: digit = byte - 0x61 + 10
      case 0x41...0x5a: digit = byte - 0x41 + 36
      default:
        fail()
        return 0
      }
      let (product, overflow) = value.multipliedReportingOverflow(by: 62)
      guard !overflow, product < .max - 62 else {
        fail()
        return 0
      }
      value = product + UInt64(digit)
    }
    return value + 1
  }

  /// `TAG` and a number, or nothing: what tells equal names apart.
  mutating func optional(_ tag: Unicode.Scalar) -> UInt64 { eats(tag) ? base62() &+ 1 : 0 }

  /// Reads `body` again where a reference leads.
  mutating func back(_ body: (inout Self) -> Void) {
    let start = position - 1
    let target = base62()
    guard !isFailed, target < UInt64(start) else { return fail() }
    // What is left out need not be followed.
    guard !isSilent else { return }
    let behind = position
    position = Int(target)
    nested(body)
    position = behind
  }

  mutating func nested(_ body: (inout Self) -> Void) {
    guard depth < Self.deepest, !isFailed else { return fail() }
    depth += 1
    body(&self)
    depth -= 1
  }

  /// `body` until `E`, with `separator` between.
  @discardableResult
  mutating func list(_ separator: String, _ body: (inout Self) -> Void) -> Int {
    var count = 0
    while !isFailed, !eats("E") {
      if count > 0 { write(separator) }
      body(&self)
      count += 1
    }
    return count
  }

  // MARK: Paths

  struct Identifier {
    let bytes: ByteSlice
    let isPunycode: Bool
    let number: UInt64
  }

  mutating func identifier() -> Identifier {
    let number = optional("s")
    let isPunycode = eats("u")
    var length = 0
    var digits = 0
    while !isFailed, position < name.count, let digit = RustName.decimal(name[position]) {
      // A length does not begin with 0.
      guard digits == 0 || length > 0 else { break }
      length = length * 10 + digit
      digits += 1
      position += 1
      guard length <= name.count else { break }
    }
    guard digits > 0 else {
      fail()
      return Identifier(bytes: .empty(at: 0), isPunycode: false, number: 0)
    }
    _ = eats("_")
    guard !isFailed, length <= name.count - position else {
      fail()
      return Identifier(bytes: .empty(at: 0), isPunycode: false, number: 0)
    }
    position += length
    return Identifier(
      bytes: name[within: position - length..<position], isPunycode: isPunycode, number: number)
  }

  mutating func write(_ identifier: Identifier) {
    guard identifier.isPunycode else { return write(identifier.bytes) }
    // Names outside ASCII are shown as they are encoded.
    write("punycode{")
    write(identifier.bytes)
    write("}")
  }

  mutating func path(isValue: Bool) {
    nested { $0.pathBody(isValue) }
  }

  mutating func pathBody(_ isValue: Bool) {
    let tag = next()
    switch tag {
    case UInt8(ascii: "C"): write(identifier())
    case UInt8(ascii: "N"):
      let space = next()
      path(isValue: isValue)
      let own = identifier()
      if (0x41...0x5a).contains(space) {
        write(
          space == UInt8(ascii: "C")
            ? "::{closure" : space == UInt8(ascii: "S") ? "::{shim" : "::{?")
        if !own.bytes.isEmpty {
          write(":")
          write(own)
        }
        write("#\(own.number)}")
      } else if !own.bytes.isEmpty {
        write("::")
        write(own)
      }
    case UInt8(ascii: "M"), UInt8(ascii: "X"), UInt8(ascii: "Y"):
      if tag != UInt8(ascii: "Y") {
        // Where the `impl` stands is no part of the name.
        _ = optional("s")
        let was = isSilent
        isSilent = true
        path(isValue: false)
        isSilent = was
      }
      write("<")
      type()
      if tag != UInt8(ascii: "M") {
        write(" as ")
        path(isValue: false)
      }
      write(">")
    case UInt8(ascii: "I"):
      path(isValue: isValue)
      write(isValue ? "::<" : "<")
      list(", ") { $0.argument() }
      write(">")
    case UInt8(ascii: "B"): back { $0.path(isValue: isValue) }
    default: fail()
    }
  }

  mutating func argument() {
    if eats("L") {
      lifetime(base62())
    } else if eats("K") {
      constant(isInType: true)
    } else {
      type()
    }
  }

  mutating func lifetime(_ index: UInt64) {
    guard index > 0 else { return write("'_") }
    guard index <= lifetimes else { return fail() }
    let number = lifetimes - index
    if number < 26 {
      write("'" + String(Character(Unicode.Scalar(UInt8(0x61 + number)))))
    } else {
      write("'_\(number)")
    }
  }

  /// `for<'a, …>`, if there is one, around `body`.
  mutating func binder(_ body: (inout Self) -> Void) {
    let count = optional("G")
    guard count < 1 << 8 else { return fail() }
    let was = lifetimes
    if count > 0 {
      write("for<")
      for number in 0..<count {
        if number > 0 { write(", ") }
        lifetimes += 1
        lifetime(1)
      }
      write("> ")
    }
    body(&self)
    lifetimes = was
  }
}
