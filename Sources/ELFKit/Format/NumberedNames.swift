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
    var number: UInt32 = 0
    for item in text.utf8.split(separator: separator) {
      var name = item
      if item.first == UInt8(ascii: "#") {
        let digits = item.dropFirst().prefix { $0 != UInt8(ascii: " ") }
        number = UInt32(Substring(digits)) ?? number
        name = item.dropFirst(digits.count + 2)
        if name.isEmpty { continue }
      }
      if number == wanted { return prefix + String(Substring(name)) }
      number += 1
    }
    return nil
  }
}
