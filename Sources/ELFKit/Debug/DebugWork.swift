// What is kept while debug information is read: how much may still be read, and the last block of lists.

/// A part of a section of lists of ranges. Those of a unit stand one behind the other.
struct DebugBlock: Sendable {
  let section: Int
  let start: UInt64
  let bytes: ByteSlice
  let fixups: DebugFixups
}

/// What may be read of a file in all, so that a hostile one cannot have the same bytes read for ever.
struct DebugWork: Sendable {
  private var left: UInt64
  private var block: DebugBlock?

  init(_ file: DebugFile) { left = 64 * file.image.source.size + (16 << 20) }

  mutating func take(_ bytes: UInt64) -> Bool {
    guard bytes <= left else { return false }
    left -= bytes
    return true
  }

  /// A block with `place` in it and, up to the end of the section, at least a part of `size` behind it.
  mutating func block(_ section: DebugSection, at place: UInt64, _ size: UInt64) -> DebugBlock? {
    if let block, block.section == section.number, block.start <= place,
      place < block.start + UInt64(block.bytes.count)
    {
      return block
    }
    guard let bytes = section.bytes(place, atMost: size), take(UInt64(bytes.count) / 8),
      let fixups = section.relocations.within(place, place + UInt64(bytes.count))
    else { return nil }
    block = DebugBlock(section: section.number, start: place, bytes: bytes, fixups: fixups)
    return block
  }

  mutating func forgetBlock() { block = nil }
}
