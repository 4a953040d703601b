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
      while count - position > 20 {
        text.columns(63) { row in
          // Each pair with its colon, and a byte that the next one overwrites.
          for index in 0..<20 {
            let pair = Self.pair(span[start &+ position &+ index]) | 0x3a &<< 16
            row.storeBytes(of: pair.littleEndian, toByteOffset: 3 &* index, as: UInt32.self)
          }
          row.storeBytes(of: 0x0a, toByteOffset: 60, as: UInt8.self)
          row.storeBytes(of: 0x09, toByteOffset: 61, as: UInt8.self)
          row.storeBytes(of: 0x09, toByteOffset: 62, as: UInt8.self)
        }
        position &+= 20
      }
      while position < count {
        let pair = Self.pair(span[start &+ position])
        text.append(UInt8(truncatingIfNeeded: pair))
        text.append(UInt8(truncatingIfNeeded: pair &>> 8))
        position &+= 1
        if position < count { text.append(0x3a) }
      }
    }
  }

  /// The two digits of a byte, the first in the lowest bits.
  @inline(__always)
  private static func pair(_ byte: UInt8) -> UInt32 {
    UInt32(digit(byte &>> 4)) | UInt32(digit(byte & 0xf)) &<< 8
  }

  @inline(__always)
  private static func digit(_ value: UInt8) -> UInt8 {
    value &+ 0x30 &+ (value &+ 6) &>> 4 &* 7
  }
}
