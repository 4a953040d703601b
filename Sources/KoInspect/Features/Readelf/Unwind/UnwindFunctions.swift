// Which function an unwind table is about: the symbols, searched as GNU readelf does.

import ELFKit

/// What the unwind tables of a file are read with.
struct UnwindFunctions {
  /// The file's symbols.
  let symbols: ReadelfSymbols
  /// Those that are functions, by their values, as readelf searches them.
  private let functions: [SymbolRecord]
  /// The bits of an address that say where something is: ARM's lowest tells the kind of code.
  private let addressBits: UInt64

  init(_ symbols: ReadelfSymbols, addressBits: UInt64 = .max) {
    self.symbols = symbols
    self.addressBits = addressBits
    // Sorting keeps the order of what is equal, as the C library's does.
    functions = symbols.records.filter {
      // Those at 0 are left out, as readelf does; those without names are not, they decide where halving leads.
      $0.type == .function && $0.value != 0
    }.sorted { $0.value < $1.value }
  }

  /// A place that a word of a table refers to.
  struct Place {
    var section: UInt32 = 0
    var offset: UInt64 = 0
    /// The symbol of the relocation that said so, when it is defined elsewhere.
    var missing: SymbolRecord?
  }

  /// The function at or before `place`, as far as halving finds it among those of all sections, and the
  /// distance from its beginning.
  func function(at place: Place) -> (name: ByteSlice, distance: UInt64)? {
    if let missing = place.missing {
      return symbols.names?[missing.nameOffset].map { ($0, 0) }
    }
    let wanted = place.offset & addressBits
    var (low, high) = (0, functions.count)
    var best: (symbol: SymbolRecord, distance: UInt64)?
    while low < high {
      let middle = low + (high - low) / 2
      let symbol = functions[middle]
      let value = symbol.value & addressBits
      // Numbers that stand for no section say nothing about where two symbols are.
      let isThere =
        place.section == 0
        || place.section < 0xff00 && place.section == UInt32(symbol.sectionIndex.rawValue)
      if isThere, symbol.nameOffset != 0, wanted >= value,
        wanted - value < best?.distance ?? 0x10_0000
      {
        best = (symbol, wanted - value)
        if wanted == value { break }
      }
      if wanted < value { high = middle } else { low = middle + 1 }
    }
    return best.map { (symbols.names?[$0.symbol.nameOffset] ?? "<corrupt>", $0.distance) }
  }
}
