// Names of numbers, as the tables of this folder write them down.

/// Numbers with their names: `[1: "PROGBITS", 2: "SYMTAB"]`.
///
/// A dictionary would be built, and its type made, at the first look-up: for the handful of look-ups
/// that a file needs this took longer than reading the file. These pairs lie ready in the program.
struct NameTable: ExpressibleByDictionaryLiteral, Sendable {
  private let pairs: [(UInt32, String)]

  @inline(__always)
  init(dictionaryLiteral pairs: (UInt32, String)...) { self.pairs = pairs }

  /// The name of `number`, or `nil`. O(size of the table).
  subscript(_ number: some FixedWidthInteger & UnsignedInteger) -> String? {
    for (candidate, name) in pairs where number == candidate { return name }
    return nil
  }
}
