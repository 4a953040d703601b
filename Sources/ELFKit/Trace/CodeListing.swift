// `Code:` lines: the bytes around the instruction that was running.

/// What a `Code:` line shows.
public struct CodeListing: Hashable, Sendable {
  /// The units, `nil` for one that could not be read (`????????`, `XXXXXXXX`).
  public let units: [UInt64?]
  /// The bytes of a unit: 1 in the order of the file, 2 or 4 as numbers of the machine.
  public let unitBytes: Int
  /// The position in ``units`` of the marked one, which was running.
  public let marked: Int

  /// Longer lines are no kernel's.
  private static let mostUnits = 128

  /// The units in `text`, which follows `Code:`; `nil` for words instead of them, for units of
  /// different lengths, and without a mark.
  init?(_ text: ByteSlice) {
    var units: [UInt64?] = []
    var width: Int?
    var marked: Int?
    for var word in text.words {
      let first = word[0]
      if first == UInt8(ascii: "<") || first == UInt8(ascii: "(") {
        let closing = first == UInt8(ascii: "<") ? UInt8(ascii: ">") : UInt8(ascii: ")")
        guard marked == nil, word.count > 2, word.last == closing else {
          return nil
        }
        marked = units.count
        word = word[within: 1..<word.count - 1]
      }
      guard width ?? word.count == word.count, units.count < Self.mostUnits else { return nil }
      width = word.count
      if word.allSatisfy({ $0 == UInt8(ascii: "?") })
        || word.allSatisfy({ $0 == UInt8(ascii: "X") })
      {
        units.append(nil)
      } else {
        guard let (value, end) = TraceSymbol.hexadecimal(word, from: 0), end == word.count else {
          return nil
        }
        units.append(value)
      }
    }
    guard let marked, let width, [2, 4, 8].contains(width) else { return nil }
    self.units = units
    self.marked = marked
    unitBytes = width / 2
  }

  /// The bytes in the order of the file, `nil` where they could not be read, and the position of the
  /// first marked one.
  public func bytes(_ order: ByteOrder) -> (bytes: [UInt8?], marked: Int) {
    var bytes: [UInt8?] = []
    for unit in units {
      for position in 0..<unitBytes {
        let shift = 8 * (order == .little ? position : unitBytes - 1 - position)
        bytes.append(unit.map { UInt8(truncatingIfNeeded: $0 >> UInt64(shift)) })
      }
    }
    return (bytes, marked * unitBytes)
  }
}
