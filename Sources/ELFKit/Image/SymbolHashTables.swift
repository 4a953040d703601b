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

  /// How many symbols each bucket has. A chain that comes back to itself, or leaves the table, ends.
  public func chainLengths() -> [Int] {
    var lengths: [Int] = []
    // Of all chains together no symbol is met twice, else they are damaged.
    var rest = symbolCount
    for bucket in 0..<bucketCount {
      var length = 0
      var symbol = word(2 + bucket)
      while symbol != 0, symbol < symbolCount, rest > 0 {
        length += 1
        rest -= 1
        symbol = word(2 + bucketCount + Int(symbol))
      }
      lengths.append(length)
    }
    return lengths
  }
}

/// GNU's hash table (`DT_GNU_HASH`): a filter, buckets, and the hashes of the symbols, which are sorted.
public struct GNUHashTable: Sendable {
  private let buckets: RecordTable<UInt32>
  private let hashes: RecordTable<UInt32>
  /// The first symbol that is in the table.
  public let firstSymbol: UInt32

  /// The number of buckets.
  public var bucketCount: Int { buckets.count }

  /// The table at the begin of `bytes`, which may reach beyond it; `nil` when it is not all there.
  public init?(_ bytes: ByteSlice, _ encoding: Encoding) {
    guard bytes.count >= 16 else { return nil }
    let head = RecordTable<UInt32>(bytes, encoding)
    firstSymbol = head[1]
    let filter = UInt64(head[2]) * UInt64(encoding.addressSize)
    let bucketBytes = UInt64(head[0]) * 4
    guard filter + bucketBytes <= UInt64(bytes.count - 16) else { return nil }
    let start = 16 + Int(filter)
    let end = start + Int(bucketBytes)
    buckets = RecordTable(bytes[within: start..<end], encoding)
    hashes = RecordTable(bytes.suffix(from: end), encoding)
  }

  /// How many symbols each bucket has: the last hash of a chain has its lowest bit set.
  public func chainLengths() -> [Int] {
    var lengths: [Int] = []
    var rest = hashes.count
    for bucket in buckets {
      var length = 0
      if bucket != 0, bucket >= firstSymbol {
        var position = Int(bucket - firstSymbol)
        while position < hashes.count, rest > 0 {
          length += 1
          rest -= 1
          if hashes[position] & 1 == 1 { break }
          position += 1
        }
      }
      lengths.append(length)
    }
    return lengths
  }

  /// The number of symbols, those that are not in the table included; 0 when it is empty.
  public var symbolCount: Int {
    guard let last = buckets.max(), last != 0, last >= firstSymbol else { return 0 }
    var position = Int(last - firstSymbol)
    while position < hashes.count {
      position += 1
      if hashes[position - 1] & 1 == 1 { break }
    }
    return Int(firstSymbol) + position
  }
}
