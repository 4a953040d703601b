// A long list of names by their numbers. No names themselves: they stand with what they name.

/// Names by their numbers, as one text that is read when a name is asked for: an array of some hundred strings
/// would be larger than all the names, and the dynamic linker would write to each page of it at every start.
struct NumberedNames: Sendable {
  /// What all names begin with.
  private let prefix: String
  /// The rest of each name, in the order of their numbers, from 0 on. `#41` goes on with number 41.
  private let text: String
  private let separator: UInt8

  init(_ prefix: String, _ text: String, separatedBy separator: UInt8 = UInt8(ascii: " ")) {
    self.prefix = prefix
    self.text = text
    self.separator = separator
  }

  /// The name of `wanted`, or `nil`. O(length of the text)
  subscript(_ wanted: UInt32) -> String? {
    let bytes = text.utf8Span.span
    var number: UInt32 = 0
    var place = 0
    while place < bytes.count {
      if bytes[place] == UInt8(ascii: "#") {
        number = 0
        place += 1
        while place < bytes.count, bytes[place].isDigit {
          number = number &* 10 &+ UInt32(bytes[place] &- UInt8(ascii: "0"))
          place += 1
        }
        place += 1
      }
      let start = place
      while place < bytes.count, bytes[place] != separator { place += 1 }
      if number == wanted, start < place {
        return prefix + String(decoding: (start..<place).map { bytes[$0] }, as: UTF8.self)
      }
      number &+= 1
      place += 1
    }
    return nil
  }
}
