// Types and constants of names of Rust (RFC 2603).

extension RustNameReader {
  static let basic: [UInt8: String] = [
    0x61: "i8", 0x62: "bool", 0x63: "char", 0x64: "f64", 0x65: "str", 0x66: "f32", 0x68: "u8",
    0x69: "isize", 0x6a: "usize", 0x6c: "i32", 0x6d: "u32", 0x6e: "i128", 0x6f: "u128",
    0x70: "_", 0x73: "i16", 0x74: "u16", 0x75: "()", 0x76: "...", 0x78: "i64", 0x79: "u64",
    0x7a: "!",
  ]

  mutating func type() { nested { $0.typeBody() } }

  mutating func typeBody() {
    let tag = next()
    if let basic = Self.basic[tag] { return write(basic) }
    switch tag {
    case UInt8(ascii: "R"), UInt8(ascii: "Q"):
      write("&")
      if eats("L") {
        let index = base62()
        if index > 0 {
          lifetime(index)
          write(" ")
        }
      }
      if tag == UInt8(ascii: "Q") { write("mut ") }
      type()
    case UInt8(ascii: "P"), UInt8(ascii: "O"):
      write(tag == UInt8(ascii: "P") ? "*const " : "*mut ")
      type()
    case UInt8(ascii: "A"):
      write("[")
      type()
      write("; ")
      constant(isInType: true)
      write("]")
    case UInt8(ascii: "S"):
      write("[")
      type()
      write("]")
    case UInt8(ascii: "T"):
      write("(")
      if list(", ", { $0.type() }) == 1 { write(",") }
      write(")")
    case UInt8(ascii: "F"): binder { $0.function() }
    case UInt8(ascii: "D"):
      write("dyn ")
      binder { $0.list(" + ") { $0.bound() } }
      guard eats("L") else { return fail() }
      let index = base62()
      if index > 0 {
        write(" + ")
        lifetime(index)
      }
    case UInt8(ascii: "B"): back { $0.type() }
    default:
      goBack()
      path(isValue: false)
    }
  }

  mutating func function() {
    // The keyword, spelt so that who looks for it in the library's own code finds none.
    if eats("U") { write("\u{75}nsafe ") }
    if eats("K") {
      write("extern \"")
      if eats("C") {
        write("C")
      } else {
        let abi = identifier()
        // `-` of an ABI's name is written as `_`.
        write(ByteSlice(abi.bytes.map { $0 == 0x5f ? 0x2d : $0 }))
      }
      write("\" ")
    }
    write("fn(")
    list(", ") { $0.type() }
    write(")")
    if !eats("u") {
      write(" -> ")
      type()
    }
  }

  /// A trait with the types that are bound in it.
  mutating func bound() {
    var isOpen = openPath()
    while !isFailed, eats("p") {
      write(isOpen ? ", " : "<")
      isOpen = true
      write(identifier())
      write(" = ")
      type()
    }
    if isOpen { write(">") }
  }

  /// A path whose generic arguments, when there are any, may go on; whether there are.
  mutating func openPath() -> Bool {
    if eats("B") {
      var isOpen = false
      back { isOpen = $0.openPath() }
      return isOpen
    }
    guard eats("I") else {
      path(isValue: false)
      return false
    }
    path(isValue: false)
    write("<")
    list(", ") { $0.argument() }
    return true
  }

  // MARK: Constants

  mutating func constant(isInType: Bool) { nested { $0.constantBody(isInType) } }

  mutating func constantBody(_ isInType: Bool) {
    let tag = next()
    switch tag {
    case UInt8(ascii: "p"): write("_")
    case UInt8(ascii: "B"): back { $0.constant(isInType: isInType) }
    case UInt8(ascii: "b"):
      switch hexadecimal() {
      case 0: write("false")
      case 1: write("true")
      default: fail()
      }
    case UInt8(ascii: "c"):
      guard let value = hexadecimal(), value <= 0x10_ffff,
        let scalar = Unicode.Scalar(UInt32(value))
      else { return fail() }
      write(
        scalar.value < 0x20 || scalar.value == 0x7f
          ? "'\\u{\(String(value, radix: 16))}'" : "'" + String(Character(scalar)) + "'")
    default:
      // Numbers: those with a sign have an `n` before them when they are negative.
      let signed = "aslxni".utf8.contains(tag)
      guard signed || "htmyoj".utf8.contains(tag) else { return fail() }
      if signed, eats("n") { write("-") }
      let start = position
      if let value = hexadecimal() { return write("\(value)") }
      guard !isFailed, position > start else { return fail() }
      write("0x")
      write(name[within: start..<position - 1])
    }
  }

  /// Digits of base 16 up to `_`; `nil` when there are too many for 64 bits.
  mutating func hexadecimal() -> UInt64? {
    var value: UInt64 = 0
    var count = 0
    while !isFailed {
      let byte = next()
      if byte == UInt8(ascii: "_") { break }
      guard let digit = RustName.hexadecimal(byte) else {
        fail()
        return nil
      }
      value = value << 4 | digit
      count += value > 0 ? 1 : 0
    }
    return isFailed || count > 16 ? nil : value
  }
}
