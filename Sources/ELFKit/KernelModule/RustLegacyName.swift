// Names of Rust's symbols before RFC 2603, made like those of C++: lengths and words from `_ZN` to `E`, the last
// word a hash (`_ZN4core3ptr8write_at17h0123456789abcdefE` is `core::ptr::write_at`). Compilers write
// them unless they are told otherwise (`-C symbol-mangling-version`), as a kernel's own build does.

/// Reads such names.
enum RustLegacyName {
  /// The name in the source, without the hash; `nil` when `name` is no such name, or not readable.
  static func readable(_ name: ByteSlice) -> ByteSlice? {
    guard name.starts(with: "_ZN"), name.count <= longest else { return nil }
    var position = 3
    var words: [ByteSlice] = []
    while position < name.count, name[position] != UInt8(ascii: "E") {
      guard let word = word(in: name, &position) else { return nil }
      words.append(word)
    }
    // What is behind a dot was appended by linkers.
    guard position < name.count, words.count > 1, isHash(words[words.count - 1]) else { return nil }
    let rest = name.suffix(from: position + 1)
    guard rest.isEmpty || rest[0] == UInt8(ascii: ".") else { return nil }
    var text: [UInt8] = []
    for word in words.dropLast() {
      if !text.isEmpty { text += Array("::".utf8) }
      guard append(word, to: &text) else { return nil }
    }
    return ByteSlice(text + rest.bytes)
  }

  /// Names of kernels have less than an eighth of it (include/linux/kallsyms.h, `KSYM_NAME_LEN`).
  private static let longest = 4096

  /// A length and as many bytes.
  private static func word(in name: ByteSlice, _ position: inout Int) -> ByteSlice? {
    var length = 0
    while position < name.count, name[position].isDigit {
      length = length * 10 + Int(name[position] - UInt8(ascii: "0"))
      position += 1
      guard length <= longest else { return nil }
    }
    guard length > 0, length <= name.count - position else { return nil }
    defer { position += length }
    return name[within: position..<position + length]
  }

  private static func isHash(_ word: ByteSlice) -> Bool {
    word.count == 17 && word[0] == UInt8(ascii: "h")
      && word.suffix(from: 1).allSatisfy { digit($0) != nil }
  }

  /// What stands for characters that linkers may not take.
  private static let escapes: [(code: String, text: String)] = [
    ("SP", "@"), ("BP", "*"), ("RF", "&"), ("LT", "<"), ("GT", ">"), ("LP", "("), ("RP", ")"),
    ("C", ","),
  ]

  private static func append(_ word: ByteSlice, to text: inout [UInt8]) -> Bool {
    // A word may not begin with a dollar, so that an underscore stands before it.
    var position = word.starts(with: "_$") ? 1 : 0
    while position < word.count {
      let byte = word[position]
      if byte == UInt8(ascii: "$") {
        guard let end = word.firstIndex(of: byte, from: position + 1),
          let escaped = escaped(word[within: position + 1..<end])
        else { return false }
        text += escaped
        position = end + 1
      } else if byte == UInt8(ascii: "."), word.suffix(from: position).starts(with: "..") {
        text += Array("::".utf8)
        position += 2
      } else {
        text.append(byte)
        position += 1
      }
    }
    return true
  }

  /// What stands between two dollars: the name of a character, or `u` and its number.
  private static func escaped(_ code: ByteSlice) -> [UInt8]? {
    if let escape = escapes.first(where: { code.equals($0.code) }) {
      return Array(escape.text.utf8)
    }
    guard code.starts(with: "u"), (2...7).contains(code.count) else { return nil }
    var value: UInt32 = 0
    for byte in code.suffix(from: 1) {
      guard let digit = digit(byte) else { return nil }
      value = value << 4 | digit
    }
    guard let scalar = Unicode.Scalar(value), value >= 0x20, value != 0x7f else { return nil }
    return Array(String(Character(scalar)).utf8)
  }

  /// The value of a digit of base 16, whose letters are small here.
  private static func digit(_ byte: UInt8) -> UInt32? {
    (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte)
      ? nil : byte.hexadecimalDigit.map { UInt32($0) }
  }
}
