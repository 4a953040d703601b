// Short texts of small numbers, made once and then copied as bytes.

/// A cache for columns whose text depends on a small number only, such as a relocation's type.
///
/// Rows by the million must not build strings; they copy the bytes at ``place(of:)``.
struct TextTable {
  /// The bytes of all texts, one after the other.
  private(set) var storage: [UInt8] = []
  /// Start (upper half) and end of each text; 0 for one that has not been made.
  private var places: [UInt32]
  /// The first 24 bytes of each text, filled up with blanks, as three words.
  private var words: [UInt64] = []

  /// A table for numbers below `count`.
  init(count: Int) {
    places = Array(repeating: 0, count: count)
    storage.reserveCapacity(512)
  }

  /// Where in ``storage`` the text of `number` is; `nil` when it has not been made.
  @inline(__always)
  func place(of number: Int) -> Range<Int>? {
    guard number < places.count, places[number] != 0 else { return nil }
    return Int(places[number] &>> 16)..<Int(places[number] & 0xffff)
  }

  /// Adds the text of `number`. Nothing happens to a number outside the table or when the table
  /// has become very large: such texts are made again each time.
  mutating func add(_ number: Int, _ text: TextBuffer) {
    let end = storage.count + text.pending.count
    guard number < places.count, !text.pending.isEmpty, end <= 0xffff else { return }
    places[number] = UInt32(storage.count) << 16 | UInt32(end)
    storage += text.pending
    if words.isEmpty { words = Array(repeating: 0, count: 3 * places.count) }
    for index in 0..<24 {
      let byte = index < text.pending.count ? text.pending[index] : 0x20
      words[3 * number + index / 8] |= UInt64(byte) << UInt64(index % 8 * 8)
    }
  }

  /// The words of a text of exactly `width` bytes, at most 24; `nil` for another.
  @inline(__always)
  func words(of number: Int, width: UInt32) -> (UInt64, UInt64, UInt64)? {
    guard number < places.count, 3 &* number &+ 2 < words.count else { return nil }
    let place = places[number]
    guard (place & 0xffff) &- place &>> 16 == width else { return nil }
    return (words[3 &* number], words[3 &* number &+ 1], words[3 &* number &+ 2])
  }
}
