// Short texts of small numbers, made once and then copied as bytes.

/// A cache for columns whose text depends on a small number only, such as a relocation's type.
///
/// Rows by the million must not build strings; they copy the bytes at ``place(of:)``.
struct TextTable {
  /// The bytes of all texts, one after the other.
  private(set) var storage: [UInt8] = []
  /// Start (upper half) and end of each text; 0 for one that has not been made.
  private var places: [UInt32]

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
  }
}
