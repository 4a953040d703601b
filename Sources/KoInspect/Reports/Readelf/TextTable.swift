// Short texts of small numbers, made once and then copied as bytes.

/// A cache for columns whose text depends on a small number only, such as a relocation's type.
///
/// Rows by the million must not build strings; they copy the bytes at ``place(of:_:)``.
struct TextTable {
  /// The bytes of all texts, one after the other.
  private(set) var storage: [UInt8] = []
  /// Start and end of each text; an end of 0 means that the text has not been made.
  private var places: [(start: Int32, end: Int32)]

  /// A table for numbers below `count`.
  init(count: Int) {
    places = Array(repeating: (0, 0), count: count)
    storage.reserveCapacity(1024)
  }

  /// Whether `number` has a place in this table.
  @inline(__always)
  func holds(_ number: Int) -> Bool { number < places.count }

  /// Where in ``storage`` the text of `number` is; `make` writes it the first time.
  @inline(__always)
  mutating func place(of number: Int, _ make: (inout TextBuffer) -> Void) -> Range<Int> {
    let place = places[number]
    if place.end > 0 { return Int(place.start)..<Int(place.end) }
    return add(number, make)
  }

  private mutating func add(_ number: Int, _ make: (inout TextBuffer) -> Void) -> Range<Int> {
    var text = TextBuffer()
    make(&text)
    let start = storage.count
    storage += text.pending
    places[number] = (Int32(start), Int32(storage.count))
    return start..<storage.count
  }
}
