// Finding a place in what is sorted.

/// A search that halves what is left with every look.
package enum Halving {
  /// The first of `count` indices from which on `isReached` holds; `count` when it holds for none.
  package static func firstIndex(_ count: Int, where isReached: (Int) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = low + (high - low) / 2
      if isReached(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
