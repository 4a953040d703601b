// Tables of relocations that are in order of their offsets, as assemblers and linkers write them.

extension RandomAccessCollection where Element == Relocation, Index == Int {
  /// Whether no relocation stands before one with a smaller offset. O(n).
  var isInOrder: Bool {
    var last: UInt64 = 0
    for relocation in self {
      if relocation.offset < last { return false }
      last = relocation.offset
    }
    return true
  }

  /// Those at exactly `offset`, of relocations that are in order. O(log n).
  func every(at offset: UInt64) -> [Relocation] {
    var position = Halving.firstIndex(count) { self[$0].offset >= offset }
    var found: [Relocation] = []
    while position < count, self[position].offset == offset {
      found.append(self[position])
      position += 1
    }
    return found
  }
}
