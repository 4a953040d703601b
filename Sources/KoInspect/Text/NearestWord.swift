// "Did you mean …?"

enum NearestWord {
  /// The candidate nearest to `word` by edit distance, when it is near enough to be meant.
  static func suggestion(for word: String, among candidates: [String]) -> String? {
    let limit = Swift.max(1, word.utf8.count / 3)
    let ranked = candidates.map { (distance: distance(word, $0), word: $0) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= limit else {
      return nil
    }
    return best.word
  }

  /// The number of single-byte insertions, deletions, substitutions and swaps of neighbours
  /// between two words (optimal string alignment); words longer than 64 bytes are cut.
  static func distance(_ left: String, _ right: String) -> Int {
    let a = Array(left.utf8.prefix(64))
    let b = Array(right.utf8.prefix(64))
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
