// "Did you mean …?"

import ELFKit

enum NearestWord {
  /// The candidate nearest to `word` by edit distance, when it is near enough to be meant.
  static func suggestion(for word: String, among candidates: [String]) -> String? {
    let bytes = Array(word.utf8)
    let ranked = candidates.map {
      (distance: EditDistance.between(bytes, Array($0.utf8)), word: $0)
    }
    let limit = Swift.max(1, bytes.count / 3)
    guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= limit else {
      return nil
    }
    return best.word
  }
}
