// What the names of Rust's symbols are made of: paths, types and constants (RFC 2603, "Syntax of mangled
// names").

extension RustNameReader {
  /// A path; in `isValue` ones generic arguments stand behind `::`.
  mutating func path(isValue: Bool) throws(Unreadable) {
    if try openPath(isValue: isValue) { try write(">") }
  }

  /// A path; `true` when it ends in generic arguments, behind which `>` has not been written.
  private mutating func openPath(isValue: Bool) throws(Unreadable) -> Bool {
    var isOpen = false
    try nested { reader throws(Unreadable) in isOpen = try reader.pathOfKind(isValue: isValue) }
    return isOpen
  }

  private mutating func pathOfKind(isValue: Bool) throws(Unreadable) -> Bool {
    switch try next() {
    case UInt8(ascii: "C"):
      _ = try disambiguator()
      try write(identifier())
    case UInt8(ascii: "N"):
      try member(isValue: isValue)
    case UInt8(ascii: "M"):
      try skipImplementation()
      try write("<")
      try type()
      try write(">")
    case UInt8(ascii: "X"):
      try skipImplementation()
      try traitPath()
    case UInt8(ascii: "Y"):
      try traitPath()
    case UInt8(ascii: "I"):
      try path(isValue: isValue)
      try write(isValue ? "::<" : "<")
      try list { reader throws(Unreadable) in try reader.argument() }
      return true
    case UInt8(ascii: "B"):
      var isOpen = false
      try reference { reader throws(Unreadable) in
        isOpen = try reader.openPath(isValue: isValue)
      }
      return isOpen
    default:
      throw Unreadable()
    }
    return false
  }

  /// Something in a path: `path::name`, or a closure.
  private mutating func member(isValue: Bool) throws(Unreadable) {
    let space = try next()
    try path(isValue: isValue)
    let number = try disambiguator()
    let name = try identifier()
    switch space {
    case UInt8(ascii: "a")...UInt8(ascii: "z"):
      guard !name.isEmpty else { return }
      try write("::")
      try write(name)
    case UInt8(ascii: "A")...UInt8(ascii: "Z"):
      try write("::{")
      try write(
        space == UInt8(ascii: "C") ? "closure" : space == UInt8(ascii: "S") ? "shim" : "other")
      if !name.isEmpty {
        try write(":")
        try write(name)
      }
      try write("#\(number)}")
    default:
      throw Unreadable()
    }
  }

  /// Where the `impl` stands: nobody calls it by that.
  private mutating func skipImplementation() throws(Unreadable) {
    _ = try disambiguator()
    try silently { reader throws(Unreadable) in try reader.path(isValue: false) }
  }

  private mutating func traitPath() throws(Unreadable) {
    try write("<")
    try type()
    try write(" as ")
    try path(isValue: false)
    try write(">")
  }

  /// What stands up to `E`, with commas.
  private mutating func list(_ item: (inout Self) throws(Unreadable) -> Void) throws(Unreadable) {
    var isFirst = true
    while !take(UInt8(ascii: "E")) {
      if !isFirst { try write(", ") }
      isFirst = false
      try item(&self)
    }
  }

  private mutating func argument() throws(Unreadable) {
    if take(UInt8(ascii: "L")) {
      _ = try base62()
      return try write("'_")
    }
    if take(UInt8(ascii: "K")) { return try constant() }
    try type()
  }

  // MARK: Types

  /// The types that have a letter each.
  private static let basicTypes: [(letter: UInt8, name: String)] = [
    (UInt8(ascii: "a"), "i8"), (UInt8(ascii: "b"), "bool"), (UInt8(ascii: "c"), "char"),
    (UInt8(ascii: "d"), "f64"), (UInt8(ascii: "e"), "str"), (UInt8(ascii: "f"), "f32"),
    (UInt8(ascii: "h"), "u8"), (UInt8(ascii: "i"), "isize"), (UInt8(ascii: "j"), "usize"),
    (UInt8(ascii: "l"), "i32"), (UInt8(ascii: "m"), "u32"), (UInt8(ascii: "n"), "i128"),
    (UInt8(ascii: "o"), "u128"), (UInt8(ascii: "p"), "_"), (UInt8(ascii: "s"), "i16"),
    (UInt8(ascii: "t"), "u16"), (UInt8(ascii: "u"), "()"), (UInt8(ascii: "v"), "..."),
    (UInt8(ascii: "x"), "i64"), (UInt8(ascii: "y"), "u64"), (UInt8(ascii: "z"), "!"),
  ]

  private mutating func type() throws(Unreadable) {
    try nested { reader throws(Unreadable) in try reader.typeOfKind() }
  }

  private mutating func typeOfKind() throws(Unreadable) {
    let kind = try next()
    if let basic = Self.basicTypes.first(where: { $0.letter == kind }) {
      return try write(basic.name)
    }
    switch kind {
    case UInt8(ascii: "A"):
      try write("[")
      try type()
      try write("; ")
      try constant()
      try write("]")
    case UInt8(ascii: "S"):
      try write("[")
      try type()
      try write("]")
    case UInt8(ascii: "T"): try tuple()
    case UInt8(ascii: "R"): try referenced("&")
    case UInt8(ascii: "Q"): try referenced("&mut ")
    case UInt8(ascii: "P"):
      try write("*const ")
      try type()
    case UInt8(ascii: "O"):
      try write("*mut ")
      try type()
    case UInt8(ascii: "F"): try function()
    case UInt8(ascii: "D"): try dynamic()
    case UInt8(ascii: "B"):
      try reference { reader throws(Unreadable) in try reader.type() }
    default:
      position -= 1
      try path(isValue: false)
    }
  }

  private mutating func tuple() throws(Unreadable) {
    var count = 0
    try write("(")
    try list { reader throws(Unreadable) in
      count += 1
      try reader.type()
    }
    try write(count == 1 ? ",)" : ")")
  }

  private mutating func referenced(_ mark: String) throws(Unreadable) {
    if take(UInt8(ascii: "L")) { _ = try base62() }
    try write(mark)
    try type()
  }

  /// `for<…>`: how many lifetimes are bound, which nobody needs to read a name.
  private mutating func binder() throws(Unreadable) {
    if take(UInt8(ascii: "G")) { _ = try base62() }
  }

  private mutating func function() throws(Unreadable) {
    try binder()
    // What the caller has to vouch for is no part of what a function is called.
    _ = take(UInt8(ascii: "U"))
    if take(UInt8(ascii: "K")) {
      try write("extern \"")
      if take(UInt8(ascii: "C")) { try write("C") } else { try write(identifier()) }
      try write("\" ")
    }
    try write("fn(")
    try list { reader throws(Unreadable) in try reader.type() }
    try write(")")
    if take(UInt8(ascii: "u")) { return }
    try write(" -> ")
    try type()
  }

  private mutating func dynamic() throws(Unreadable) {
    try write("dyn ")
    try binder()
    var isFirst = true
    while !take(UInt8(ascii: "E")) {
      if !isFirst { try write(" + ") }
      isFirst = false
      var isOpen = try openPath(isValue: false)
      while take(UInt8(ascii: "p")) {
        try write(isOpen ? ", " : "<")
        isOpen = true
        try write(identifier())
        try write(" = ")
        try type()
      }
      if isOpen { try write(">") }
    }
    guard take(UInt8(ascii: "L")) else { throw Unreadable() }
    _ = try base62()
  }

  // MARK: Constants

  private mutating func constant() throws(Unreadable) {
    let kind = try next()
    switch kind {
    case UInt8(ascii: "p"): return try write("_")
    case UInt8(ascii: "B"):
      return try reference { reader throws(Unreadable) in try reader.constant() }
    case UInt8(ascii: "b"):
      let value = try hexadecimal()
      guard value.count <= 1 else { throw Unreadable() }
      return try write(value == [UInt8(ascii: "1")] ? "true" : "false")
    case UInt8(ascii: "c"):
      try write("'\\u{")
      try write(hexadecimal())
      return try write("}'")
    default: break
    }
    let isNumber =
      "ahijlmnostxy".utf8.contains(kind)
    guard isNumber else { throw Unreadable() }
    if take(UInt8(ascii: "n")) { try write("-") }
    let digits = try hexadecimal()
    if let value = UInt64(String(decoding: digits, as: UTF8.self), radix: 16) {
      try write("\(value)")
    } else {
      try write("0x")
      try write(digits)
    }
  }

  /// Digits of base 16 up to an underscore; none are 0.
  private mutating func hexadecimal() throws(Unreadable) -> [UInt8] {
    var digits: [UInt8] = []
    while true {
      let byte = try next()
      switch byte {
      case UInt8(ascii: "_"): return digits.isEmpty ? [UInt8(ascii: "0")] : digits
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"):
        digits.append(byte)
      default: throw Unreadable()
      }
    }
  }
}
