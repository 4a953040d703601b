// Key identifiers and signatures, as modinfo writes them.

import ELFKit

extension TextBuffer {
  /// Upper-case pairs joined by colons, a new line and two tabs after every 20 bytes.
  mutating func hexPairs(_ bytes: ByteSlice) {
    let span = bytes.storage.span
    let start = bytes.range.lowerBound
    let count = bytes.count
    rows(minimum: count * 3 + count / 20 * 3) { text in
      var position = 0
      while position < count {
        // One row, whose pairs all end with a colon, or the last.
        let end = Swift.min(position &+ 20, count)
        while position < end {
          let byte = span[start &+ position]
          text.append(Self.digit(byte &>> 4))
          text.append(Self.digit(byte & 0xf))
          text.append(0x3a)
          position &+= 1
        }
        if position == count {
          _ = text.removeLast()
        } else {
          text.append(0x0a)
          text.append(0x09)
          text.append(0x09)
        }
      }
    }
  }

  @inline(__always)
  private static func digit(_ value: UInt8) -> UInt8 {
    value &+ 0x30 &+ (value &+ 6) &>> 4 &* 7
  }
}
