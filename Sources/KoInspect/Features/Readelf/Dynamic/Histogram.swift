// readelf -I

import ELFKit

extension ReadelfFile {
  /// How long the chains of the hash tables are.
  func writeHistograms(_ console: inout Console) {
    if let table = symbolHashTable {
      console.out.append("\nHistogram for bucket list length ")
      writeHistogram(table.bucketCount, table.chainLengths(), &console.out)
    }
    // GNU's table may be there and have no symbols.
    if let table = gnuHashTable, table.symbolCount > 0 {
      console.out.append("\nHistogram for `.gnu.hash' bucket list length ")
      writeHistogram(table.bucketCount, table.chainLengths(), &console.out)
    }
  }

  /// The table that the gABI describes, or `nil`.
  var symbolHashTable: SymbolHashTable? {
    table(at: .hash).flatMap {
      SymbolHashTable(
        $0, encoding, wordSize: is64Bit && machine.description?.format.hasLongHashes == true ? 8 : 4
      )
    }
  }

  /// GNU's table, or `nil`.
  var gnuHashTable: GNUHashTable? { table(at: .gnuHash).flatMap { GNUHashTable($0, encoding) } }

  private func table(at tag: DynamicTag) -> ByteSlice? {
    guard let program, let address = program.dynamic?.value(of: tag) else { return nil }
    return try? image.bytes(at: address, nil, program.segments)
  }

  private func writeHistogram(_ buckets: Int, _ lengths: [Int], _ out: inout TextBuffer) {
    out.append("(total of \(buckets) bucket\(buckets == 1 ? "" : "s")):\n")
    out.append(" Length  Number     % of total  Coverage\n")
    var counts = Array(repeating: 0, count: (lengths.max() ?? 0) + 1)
    for length in lengths { counts[length] += 1 }
    let symbols = lengths.reduce(0, +)
    var covered = 0
    for (length, count) in counts.enumerated() {
      out.decimal(length, width: 7)
      out.append("  ")
      out.left("\(count)", 10)
      out.append(" (")
      out.right(percentText(count, of: buckets), 5)
      out.append("%)")
      if length > 0 {
        covered += length * count
        out.append("    ")
        out.right(percentText(covered, of: symbols), 5)
        out.append("%")
      }
      out.newline()
    }
  }
}

/// A share in percent with one digit behind the point, rounded as C rounds: the number that a `Double` has
/// room for, and halves to the even digit.
func percentText(_ part: Int, of whole: Int) -> String {
  guard whole > 0 else { return "0.0" }
  let percent = Double(part) * 100 / Double(whole)
  var integer = Int(percent)
  let fraction = percent - Double(integer)
  let tenths = fraction * 10
  // What the product could not hold.
  let error = (-tenths).addingProduct(fraction, 10)
  var digit = Int(tenths)
  let rest = tenths - Double(digit) - 0.5
  if rest > 0 || rest == 0 && (error > 0 || error == 0 && digit % 2 == 1) { digit += 1 }
  if digit == 10 {
    integer += 1
    digit = 0
  }
  return "\(integer).\(digit)"
}
