// Key identifiers and signatures, as modinfo writes them.

import ELFKit

extension TextBuffer {
  /// Upper-case pairs joined by colons, a new line and two tabs after every 20 bytes.
  mutating func hexPairs(_ bytes: ByteSlice) {
    let digits = Array("0123456789ABCDEF".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 3 + bytes.count / 20 * 3)
    for position in 0..<bytes.count {
      let byte = bytes[position]
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 0xf)])
      if position + 1 < bytes.count {
        text.append(0x3a)
        if (position + 1) % 20 == 0 { text += [0x0a, 0x09, 0x09] }
      }
    }
    append(raw: text)
  }
}
