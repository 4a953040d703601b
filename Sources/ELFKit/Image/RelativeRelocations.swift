// Relative relocations, packed (gABI "Relative Relocation Table", `SHT_RELR`): addresses, and bits for the
// words that follow.

/// The addresses that a packed table of relative relocations changes, one after the other.
///
/// An even word is an address. An odd one says by its other bits which of the words behind the last address
/// are changed, too.
public struct RelativeRelocations: Sequence, IteratorProtocol, Sendable {
  private let bytes: ByteSlice
  private let encoding: Encoding
  private var position = 0
  /// Where the word begins that the lowest bit of the next bitmap stands for.
  private var base: UInt64 = 0
  /// The bits of the bitmap that are not yet given.
  private var bits: UInt64 = 0
  private var place: UInt64 = 0

  /// The addresses of the table in `bytes`.
  public init(_ bytes: ByteSlice, _ encoding: Encoding) {
    self.bytes = bytes
    self.encoding = encoding
  }

  /// The number of words of the table.
  public var wordCount: Int { bytes.count / encoding.addressSize }

  /// The next address, or `nil` at the end.
  public mutating func next() -> UInt64? {
    let size = UInt64(encoding.addressSize)
    while bits == 0 {
      guard position < wordCount else { return nil }
      let word = bytes.storage.span.address(
        bytes.range.lowerBound + position * encoding.addressSize, encoding)
      position += 1
      if word & 1 == 0 {
        base = word &+ size
        return word
      }
      bits = word >> 1
      place = base
      base = base &+ size &* (size * 8 - 1)
    }
    let skipped = UInt64(bits.trailingZeroBitCount)
    let address = place &+ skipped &* size
    // A shift by all bits of the word would leave them as they are.
    bits = (bits >> skipped) >> 1
    place = address &+ size
    return encoding.fileClass == .elf64 ? address : address & 0xffff_ffff
  }
}
