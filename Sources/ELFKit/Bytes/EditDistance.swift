// How far two words are apart: for "did you mean".

/// The edit distance of words.
package enum EditDistance {
  /// The number of single-byte insertions, deletions, substitutions and swaps of neighbours
  /// between two words (optimal string alignment). Words are cut at 64 bytes, so the cost of any
  /// input is bounded.
  package static func between(_ left: [UInt8], _ right: [UInt8]) -> Int {
    let a = Array(left.prefix(64))
    let b = Array(right.prefix(64))
    var older: [Int] = []
    var previous = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        let substitution = previous[j] + (a[i] == b[j] ? 0 : 1)
        var best = Swift.min(substitution, previous[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = Swift.min(best, older[j - 1] + 1)
        }
        row.append(best)
      }
      older = previous
      previous = row
    }
    return previous[b.count]
  }
}
