// A text taken apart at its blanks.

extension ByteSlice {
  /// The words between blanks, tabs and carriage returns; none is empty.
  var words: [ByteSlice] {
    var words: [ByteSlice] = []
    var start: Int?
    for position in 0..<count {
      let isBlank = [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r")].contains(
        self[position])
      if isBlank, let first = start {
        words.append(self[within: first..<position])
        start = nil
      } else if !isBlank, start == nil {
        start = position
      }
    }
    if let first = start { words.append(suffix(from: first)) }
    return words
  }
}
