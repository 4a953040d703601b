// Words in code without the numbers in them that no comparison is to see.

extension [UInt8] {
  /// Leaves of the word at `place`, which lies within, the bits `kept`.
  mutating func keep(_ kept: UInt32, ofWordAt place: Int, _ encoding: Encoding) {
    let word = span.u32(place, encoding) & kept
    for index in 0..<4 {
      let shift = encoding.byteOrder == .little ? 8 * index : 24 - 8 * index
      self[place + index] = UInt8(truncatingIfNeeded: word >> UInt32(shift))
    }
  }
}
