// Names of Rust as they stand in the source, from those that the linker knows: the old form (`_ZN…17h…E`)
// and the new one (`_R…`, RFC 2603).

/// Reads names of Rust.
public enum RustName {
  /// Longer names are no kernel's (KSYM_NAME_LEN is 512), and what they stand for is not longer than this.
  static let longest = 4096

  /// What `name` stands for, without hashes and numbers of crates; `nil` when it is no name of Rust, or
  /// what it stands for is too long.
  public static func demangled(_ name: ByteSlice) -> [UInt8]? {
    guard name.count <= longest else { return nil }
    if name.starts(with: "_R") { return current(name) }
    if name.starts(with: "_ZN") { return legacy(name) }
    return nil
  }

  private static func current(_ name: ByteSlice) -> [UInt8]? {
    let end = name.firstIndex(of: 0x2e) ?? name.count
    var reader = RustNameReader(name[within: 2..<end])
    guard let text = reader.symbol() else { return nil }
    return text + suffix(name, from: end)
  }

  /// What stands behind the name; LLVM's own mark tells nobody anything.
  private static func suffix(_ name: ByteSlice, from end: Int) -> [UInt8] {
    let rest = name.suffix(from: end)
    return rest.starts(with: ".llvm.") ? [] : rest.bytes
  }

  /// Lengths and words up to `E`, the last word being a hash of 16 digits.
  private static func legacy(_ name: ByteSlice) -> [UInt8]? {
    var position = 3
    var words: [ByteSlice] = []
    while position < name.count, name[position] != UInt8(ascii: "E") {
      var length = 0
      while position < name.count, let digit = decimal(name[position]) {
        length = length * 10 + digit
        position += 1
        guard length <= longest else { return nil }
      }
      guard length > 0, length <= name.count - position else { return nil }
      words.append(name[within: position..<position + length])
      position += length
    }
    guard position < name.count, words.count > 1, let hash = words.last, hash.count == 17,
      hash[0] == UInt8(ascii: "h"),
      hash.dropFirst().allSatisfy({ decimal($0) != nil || (0x61...0x66).contains($0) })
    else { return nil }
    let rest = name.suffix(from: position + 1)
    guard rest.isEmpty || rest[0] == 0x2e else { return nil }
    var text: [UInt8] = []
    for word in words.dropLast() {
      if !text.isEmpty { text += Array("::".utf8) }
      guard append(word, &text) else { return nil }
    }
    return text + suffix(name, from: position + 1)
  }

  /// What stands for characters that a linker may not take.
  private static let escapes: [(code: String, text: String)] = [
    ("SP", "@"), ("BP", "*"), ("RF", "&"), ("LT", "<"), ("GT", ">"), ("LP", "("), ("RP", ")"),
    ("C", ","),
  ]

  private static func append(_ word: ByteSlice, _ text: inout [UInt8]) -> Bool {
    // A word may not begin with `$`, so that `_` stands before it.
    var position = word.starts(with: "_$") ? 1 : 0
    while position < word.count {
      let byte = word[position]
      if byte == UInt8(ascii: "$") {
        guard let end = word.firstIndex(of: byte, from: position + 1) else { return false }
        let code = word[within: position + 1..<end]
        if let escape = escapes.first(where: { code.equals($0.code) }) {
          text += Array(escape.text.utf8)
        } else if code.first == UInt8(ascii: "u"), code.count > 1, code.count <= 7,
          let scalar = scalar(code.suffix(from: 1)), scalar.value >= 0x20, scalar.value != 0x7f
        {
          text += Array(String(Character(scalar)).utf8)
        } else {
          return false
        }
        position = end + 1
      } else if byte == UInt8(ascii: "."), position + 1 < word.count, word[position + 1] == byte {
        text += Array("::".utf8)
        position += 2
      } else {
        text.append(byte)
        position += 1
      }
    }
    return true
  }

  private static func scalar(_ digits: ByteSlice) -> Unicode.Scalar? {
    var value: UInt32 = 0
    for byte in digits {
      guard let digit = hexadecimal(byte), value < 1 << 24 else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return Unicode.Scalar(value)
  }

  static func decimal(_ byte: UInt8) -> Int? {
    (0x30...0x39).contains(byte) ? Int(byte) - 0x30 : nil
  }

  /// Digits have small letters.
  static func hexadecimal(_ byte: UInt8) -> UInt64? {
    switch byte {
    case 0x30...0x39: UInt64(byte) - 0x30
    case 0x61...0x66: UInt64(byte) - 0x61 + 10
    default: nil
    }
  }
}
