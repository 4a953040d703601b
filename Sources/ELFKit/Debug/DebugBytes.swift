// Reading DWARF: a position in a section's bytes, numbers of changing length, and relocations where a
// number is one. In a relocatable file all sections begin at 0, so that a number without its relocation
// says nothing.

/// Where a number of a debug section leads, by its relocation.
struct DebugTarget {
  /// The section that the number is an offset or address in.
  let section: Int
  let offset: UInt64
}

/// The bytes of one debug section and a position in them. Reading past the end gives zeros and is
/// remembered: a loop that asks for ``isValid`` ends.
struct DebugCursor {
  let bytes: ByteSlice
  let encoding: Encoding
  private(set) var position: Int
  private(set) var isValid = true

  init(_ bytes: ByteSlice, _ encoding: Encoding, at position: Int = 0) {
    self.bytes = bytes
    self.encoding = encoding
    self.position = position
    if position < 0 || position > bytes.count { (self.position, isValid) = (bytes.count, false) }
  }

  var isAtEnd: Bool { position >= bytes.count }

  /// Marks what follows as unreadable.
  mutating func fail() { (position, isValid) = (bytes.count, false) }

  /// Goes on behind `count` more bytes.
  mutating func skip(_ count: UInt64) {
    guard count <= UInt64(bytes.count - position) else { return fail() }
    position += Int(count)
  }

  mutating func byte() -> UInt8 {
    guard position < bytes.count else {
      fail()
      return 0
    }
    let value = bytes[position]
    position += 1
    return value
  }

  /// A number of `count` bytes: 1, 2, 4 or 8.
  mutating func number(_ count: Int) -> UInt64 {
    guard count <= bytes.count - position else {
      fail()
      return 0
    }
    let base = bytes.range.lowerBound + position
    position += count
    let storage = bytes.storage
    let span = storage.span
    switch count {
    case 1: return UInt64(span[base])
    case 2: return UInt64(span.u16(base, encoding))
    case 4: return UInt64(span.u32(base, encoding))
    case 8: return span.u64(base, encoding)
    default:
      fail()
      return 0
    }
  }

  /// A number of base 128 (DWARF 5, 7.6); what does not fit into 64 bits loses its upper ones.
  mutating func unsigned() -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while isValid {
      let next = byte()
      if shift < 64 { value |= UInt64(next & 0x7f) << shift }
      shift += 7
      if next & 0x80 == 0 { break }
    }
    return value
  }

  /// The same with a sign.
  mutating func signed() -> Int64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while isValid {
      let next = byte()
      if shift < 64 { value |= UInt64(next & 0x7f) << shift }
      shift += 7
      if next & 0x80 == 0 {
        if next & 0x40 != 0, shift < 64 { value |= UInt64.max << shift }
        break
      }
    }
    return Int64(bitPattern: value)
  }

  /// A string up to its NUL.
  mutating func string() -> ByteSlice {
    guard let end = bytes.firstIndex(of: 0, from: position) else {
      fail()
      return .empty(at: bytes.fileOffset)
    }
    let text = bytes[within: position..<end]
    position = end + 1
    return text
  }
}
