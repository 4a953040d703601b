// readelf -I

import ELFKit

extension ReadelfFile {
  /// How long the chains of the hash tables are.
  func writeHistograms(_ console: inout Console) {
    if let table = symbolHashTable {
      console.out.append("\nHistogram for bucket list length ")
      let (lengths, isDamaged) = table.chainLengths()
      if isDamaged { console.complain("histogram chain is corrupt") }
      writeHistogram(table.bucketCount, lengths, &console.out)
    }
    // GNU's table may be there and have no symbols.
    guard let (table, name) = gnuHashTable else { return }
    if table.hasEndlessChain { console.complain("Failed to determine last chain length") }
    if table.symbolCount > 0 {
      console.out.append("\nHistogram for `\(name)' bucket list length ")
      writeHistogram(table.bucketCount, table.chainLengths(), &console.out)
    }
  }

  /// How many symbols there are for dynamic linking, as far as the hash tables know.
  var hashedSymbolCount: Int {
    Swift.max(symbolHashTable?.symbolCount ?? 0, gnuHashTable?.table.symbolCount ?? 0)
  }

  /// The table that the gABI describes; `nil` when there is none, or nothing in it.
  private var symbolHashTable: SymbolHashTable? {
    guard let bytes = program?.table(at: .hash) else { return nil }
    let hasLongWords = is64Bit && machine.description?.format.hasLongHashes == true
    let table = SymbolHashTable(bytes, encoding, wordSize: hasLongWords ? 8 : 4)
    return table.flatMap { $0.bucketCount > 0 && $0.symbolCount > 0 ? $0 : nil }
  }

  /// GNU's table with the name of its section, or `nil`.
  private var gnuHashTable: (table: GNUHashTable, name: String)? {
    if let (tag, section) = machine.format.translatedHashes, let bytes = program?.table(at: tag) {
      return GNUHashTable(bytes, encoding, isTranslated: true).map { ($0, section) }
    }
    return program?.table(at: .gnuHash).flatMap { GNUHashTable($0, encoding) }.map {
      ($0, ".gnu.hash")
    }
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
  guard part > 0, whole >= part else { return "0.0" }
  let percent = Double(part) * 100 / Double(whole)
  // Ten times the number, in units of two to the power of -shift: nothing is lost.
  let units = (percent.significandBitPattern | 1 << 52) * 10
  let shift = 52 - Int(percent.exponent)
  guard (1..<64).contains(shift) else { return "0.0" }
  var tenths = units >> UInt64(shift)
  let rest = units & (1 << UInt64(shift) - 1)
  let half: UInt64 = 1 << UInt64(shift - 1)
  if rest > half || rest == half && tenths % 2 == 1 { tenths += 1 }
  return "\(tenths / 10).\(tenths % 10)"
}
