// The one checked door between numbers that a file claims and ranges that code may use.

/// A range of a file's bytes that is known to exist.
///
/// A slice shares the storage it was cut from and costs no copy. It knows its offset in the file,
/// so that every error can name it. It is a collection of bytes whose indices count from its own first
/// byte; numbers of a file become ranges by ``slice(_:_:in:)`` alone.
public struct ByteSlice: Sendable {
  /// The bytes that this slice is a part of.
  public let storage: [UInt8]
  /// The part of ``storage`` that belongs to the slice.
  public let range: Range<Int>
  /// The offset in the file of the slice's first byte.
  public let fileOffset: UInt64

  /// All of `bytes`, which begin at `fileOffset` in their file.
  @inlinable
  public init(_ bytes: [UInt8], fileOffset: UInt64 = 0) {
    storage = bytes
    range = 0..<bytes.count
    self.fileOffset = fileOffset
  }

  @usableFromInline
  init(storage: [UInt8], range: Range<Int>, fileOffset: UInt64) {
    self.storage = storage
    self.range = range
    self.fileOffset = fileOffset
  }

  /// No bytes, at `fileOffset`.
  public static func empty(at fileOffset: UInt64) -> Self { Self([], fileOffset: fileOffset) }

  /// All of a part, as `split` and `prefix` give them; costs no copy.
  @inlinable
  public init(_ part: Slice<ByteSlice>) {
    self = part.base[within: part.startIndex..<part.endIndex]
  }

  /// The number of bytes.
  @inlinable
  public var count: Int { range.count }

  /// Whether there are no bytes.
  @inlinable
  public var isEmpty: Bool { range.isEmpty }

  /// The byte at `position`, counted from the slice's first byte.
  ///
  /// A position outside the slice is a programming error.
  @inlinable
  public subscript(position: Int) -> UInt8 {
    precondition(position >= 0 && position < range.count, "position outside the slice")
    return storage[range.lowerBound &+ position]
  }

  /// `count` bytes from `offset` on, both counted from the slice's first byte.
  ///
  /// This is the one place where a number from a file becomes a range. It compares before it
  /// subtracts and never adds two numbers of a file.
  public func slice(
    _ offset: UInt64, _ count: UInt64, in part: ELFError.Part
  ) throws(ELFError) -> ByteSlice {
    let size = UInt64(range.count)
    guard count <= size, offset <= size - count else {
      throw ELFError(.outOfBounds(count), part, at: fileOffset &+ offset)
    }
    return self[within: Int(offset)..<Int(offset) + Int(count)]
  }

  /// A part of the slice by positions that the caller has already checked.
  @inlinable
  public subscript(within positions: Range<Int>) -> ByteSlice {
    precondition(positions.lowerBound >= 0 && positions.upperBound <= range.count)
    let start = range.lowerBound &+ positions.lowerBound
    return ByteSlice(
      storage: storage, range: start..<start &+ positions.count,
      fileOffset: fileOffset &+ UInt64(positions.lowerBound))
  }

  /// Everything from `position` on; nothing when `position` is at or past the end.
  @inlinable
  public func suffix(from position: Int) -> ByteSlice {
    self[within: Swift.min(Swift.max(position, 0), count)..<count]
  }

  /// What is before the first `byte`; everything when there is none.
  public func prefix(until byte: UInt8) -> ByteSlice {
    self[within: 0..<(firstIndex(of: byte) ?? count)]
  }

  /// The position of the first `byte`, or `nil`.
  @inlinable
  public func firstIndex(of byte: UInt8) -> Int? { firstIndex(of: byte, from: 0) }

  /// The position of the first `byte` at or after `start`, or `nil`.
  public func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    let bytes = storage.span
    let end = range.upperBound
    var position = range.lowerBound &+ start
    // Eight at a time: a zero byte of `word ^ wanted` is where subtracting 1 from each borrows first (Bit
    // Twiddling Hacks, "Determine if a word has a zero byte").
    let ones: UInt64 = 0x0101_0101_0101_0101
    let wanted = UInt64(byte) &* ones
    while end &- position >= 8 {
      // Always true; said once here, it need not be asked for each byte.
      precondition(position >= 0 && position <= bytes.count - 8)
      let word = bytes.u64(position, Encoding(.little)) ^ wanted
      let zeros = (word &- ones) & ~word & 0x8080_8080_8080_8080
      if zeros != 0 { return position &+ zeros.trailingZeroBitCount >> 3 &- range.lowerBound }
      position &+= 8
    }
    while position < end {
      if bytes[position] == byte { return position &- range.lowerBound }
      position &+= 1
    }
    return nil
  }

  /// Whether the bytes are those of `text` in UTF-8.
  public func equals(_ text: String) -> Bool {
    count == text.utf8.count && starts(with: text)
  }

  /// Whether the first bytes are those of `text` in UTF-8.
  public func starts(with text: String) -> Bool {
    text.utf8.count <= count && holds(text, at: 0)
  }

  /// Whether it ends in `bytes`.
  func ends(with bytes: [UInt8]) -> Bool {
    count >= bytes.count && suffix(from: count - bytes.count).elementsEqual(bytes)
  }

  /// Whether it ends in `text`.
  func ends(with text: String) -> Bool {
    let size = text.utf8.count
    return count >= size && suffix(from: count - size).equals(text)
  }

  /// Whether the bytes from `start` on, as many as `text` has in UTF-8, are those of `text`; there must be
  /// as many.
  func holds(_ text: String, at start: Int) -> Bool {
    storage.span.holds(text.utf8.span, at: range.lowerBound &+ start)
  }

  /// Whether the bytes of `text` in UTF-8 stand somewhere in the slice. O(size of both).
  public func contains(_ text: String) -> Bool { firstPosition(of: text) != nil }

  /// The position of the first place where the bytes of `text` in UTF-8 stand, or `nil`. O(size of
  /// both).
  public func firstPosition(of text: String) -> Int? {
    let count = text.utf8.count
    guard let first = text.utf8.first else { return 0 }
    var start = 0
    while let position = firstIndex(of: first, from: start), count <= self.count - position {
      if self[within: position..<position + count].equals(text) { return position }
      start = position + 1
    }
    return nil
  }

  /// The bytes up to the first NUL, or all of them when there is none.
  @inlinable
  public var untilNUL: ByteSlice {
    self[within: 0..<(firstIndex(of: 0) ?? count)]
  }

  /// A copy of the bytes.
  public var bytes: [UInt8] { Array(storage[range]) }

  /// The bytes as text, invalid UTF-8 repaired: for display by code that escapes, and for tests.
  public var text: String { String(decoding: storage[range], as: UTF8.self) }
}

extension ByteSlice: RandomAccessCollection {
  /// Always zero.
  @inlinable
  public var startIndex: Int { 0 }

  /// The number of bytes.
  @inlinable
  public var endIndex: Int { range.count }
}

extension ByteSlice: Hashable {
  /// Slices are equal when their bytes are; where they come from does not matter.
  public static func == (left: Self, right: Self) -> Bool {
    left.storage[left.range] == right.storage[right.range]
  }

  /// Feeds the bytes into `hasher`, eight at a time: an array's own way takes them one by one, which
  /// was a third of the time that a `Module.symvers` took to read.
  public func hash(into hasher: inout Hasher) {
    let bytes = storage.span
    var position = range.lowerBound
    while range.upperBound &- position >= 8 {
      precondition(position >= 0 && position <= bytes.count - 8)
      hasher.combine(bytes.u64(position, Encoding(.little)))
      position &+= 8
    }
    // At most seven bytes are left; the count tells texts apart that end with zeros.
    var rest = UInt64(truncatingIfNeeded: count)
    while position < range.upperBound {
      rest = rest << 8 | UInt64(bytes[position])
      position &+= 1
    }
    hasher.combine(rest)
  }
}

extension ByteSlice: Comparable {
  /// Orders slices by their bytes, as `memcmp` does.
  public static func < (left: Self, right: Self) -> Bool {
    left.storage[left.range].lexicographicallyPrecedes(right.storage[right.range])
  }
}

extension ByteSlice: ExpressibleByStringLiteral {
  /// The bytes of a text of the program's own, at offset 0.
  public init(stringLiteral text: String) { self.init(Array(text.utf8)) }
}
