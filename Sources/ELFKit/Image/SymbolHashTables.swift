// Hash tables of symbols for dynamic linking: how long their chains are, and how many symbols there are.

/// The hash table that the gABI describes (`DT_HASH`): buckets, and a chain word for each symbol.
public struct SymbolHashTable: Sendable {
  /// The first symbol of each bucket; 0 for an empty one.
  private let words: ByteSlice
  private let encoding: Encoding
  private let wordSize: Int
  /// The number of buckets.
  public let bucketCount: Int
  /// The number of symbols.
  public let symbolCount: Int

  /// The table at the begin of `bytes`, whose words have `wordSize` bytes; `nil` when it is not all there.
  public init?(_ bytes: ByteSlice, _ encoding: Encoding, wordSize: Int) {
    words = bytes
    self.encoding = encoding
    self.wordSize = wordSize
    guard bytes.count >= 2 * wordSize else { return nil }
    let span = bytes.storage.span
    let base = bytes.range.lowerBound
    let buckets = Self.word(of: wordSize, at: base, in: span, encoding)
    let symbols = Self.word(of: wordSize, at: base + wordSize, in: span, encoding)
    let room = UInt64(bytes.count / wordSize - 2)
    guard buckets <= room, symbols <= room - buckets else { return nil }
    (bucketCount, symbolCount) = (Int(buckets), Int(symbols))
  }

  private static func word(
    of size: Int, at base: Int, in span: Span<UInt8>, _ encoding: Encoding
  ) -> UInt64 {
    size == 8 ? span.u64(base, encoding) : UInt64(span.u32(base, encoding))
  }

  private func word(_ number: Int) -> UInt64 {
    Self.word(
      of: wordSize, at: words.range.lowerBound + number * wordSize, in: words.storage.span, encoding
    )
  }

  /// How many symbols each bucket has. A chain ends with the first symbol that is not in the table, or that a chain
  /// has met before: that one counts, and `isDamaged` says so. O(buckets + symbols)
  public func chainLengths() -> (lengths: [Int], isDamaged: Bool) {
    var lengths: [Int] = []
    var isDamaged = false
    var isMet = Array(repeating: false, count: symbolCount)
    for bucket in 0..<bucketCount {
      var length = 0
      var symbol = word(2 + bucket)
      while symbol != 0 {
        length += 1
        guard symbol < symbolCount, !isMet[Int(symbol)] else {
          isDamaged = true
          break
        }
        isMet[Int(symbol)] = true
        symbol = word(2 + bucketCount + Int(symbol))
      }
      lengths.append(length)
    }
    return (lengths, isDamaged)
  }
}

/// GNU's hash table (`DT_GNU_HASH`): a filter, buckets, and the hashes of the symbols, which are sorted.
///
/// MIPS, whose symbols have an order of their own, has the symbols' numbers behind the hashes (`DT_MIPS_XHASH`).
public struct GNUHashTable: Sendable {
  private let buckets: RecordTable<UInt32>
  private let hashes: RecordTable<UInt32>
  private let isTranslated: Bool
  /// The first symbol that is in the table.
  public let firstSymbol: UInt32
  /// The place behind the last chain; `nil` when there is none, or when it has no end.
  private let chainsEnd: Int?
  /// Whether the last chain has no end: then how many symbols there are is not known.
  public let hasEndlessChain: Bool

  /// The number of buckets.
  public var bucketCount: Int { buckets.count }

  /// The table at the begin of `bytes`, which may reach beyond it; `nil` when it is not all there, or when a bucket
  /// begins with a symbol that is not in it. `isTranslated` for the one of MIPS. O(buckets + last chain)
  public init?(_ bytes: ByteSlice, _ encoding: Encoding, isTranslated: Bool = false) {
    guard bytes.count >= 16 else { return nil }
    self.isTranslated = isTranslated
    let head = RecordTable<UInt32>(bytes, encoding)
    firstSymbol = head[1]
    let filter = UInt64(head[2]) * UInt64(encoding.addressSize)
    let bucketBytes = UInt64(head[0]) * 4
    guard filter + bucketBytes <= UInt64(bytes.count - 16) else { return nil }
    let start = 16 + Int(filter)
    let end = start + Int(bucketBytes)
    buckets = RecordTable(bytes[within: start..<end], encoding)
    hashes = RecordTable(bytes.suffix(from: end), encoding)
    let first = firstSymbol
    guard buckets.allSatisfy({ $0 == 0 || $0 >= first }) else { return nil }
    guard let last = buckets.max(), last != 0 else {
      (chainsEnd, hasEndlessChain) = (nil, false)
      return
    }
    var position = Int(last - first)
    while position < hashes.count, hashes[position] & 1 == 0 { position += 1 }
    hasEndlessChain = position >= hashes.count
    chainsEnd = hasEndlessChain ? nil : position + 1
  }

  /// How many symbols each bucket has: the last hash of a chain has its lowest bit set. Chains may share their ends.
  /// O(buckets + symbols)
  public func chainLengths() -> [Int] {
    let end = chainsEnd ?? 0
    var runs = Array(repeating: 1, count: end)
    for position in runs.indices.dropLast().reversed() where hashes[position] & 1 == 0 {
      runs[position] = runs[position + 1] + 1
    }
    return buckets.map { bucket in
      guard bucket != 0 else { return 0 }
      let position = Int(bucket - firstSymbol)
      return position < end ? runs[position] : 1
    }
  }

  /// The number of symbols, those that are not in the table included; 0 when it is empty, or when its last chain has
  /// no end.
  public var symbolCount: Int {
    guard let position = chainsEnd else { return 0 }
    guard isTranslated else { return Int(firstSymbol) + position }
    guard position <= hashes.count - position else { return 0 }
    return (position..<2 * position).reduce(0) { Swift.max($0, Int(hashes[$1]) + 1) }
  }
}
