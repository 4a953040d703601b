// Which symbols of a module its kernel's vendor does not keep stable (--kabi-list).

/// Symbols that a module uses and the kernel's vendor does not keep stable: their number, and a few.
struct UnstableSymbols {
  private(set) var count = 0
  private var names: [ByteSlice] = []

  mutating func add(_ name: ByteSlice) {
    count += 1
    if names.count < 3, name.count < 128 { names.append(name) }
  }

  func text(of all: Int) -> ByteText {
    var words: ByteText = "\(count) of \(all) symbols are not in the list of stable symbols"
    for (position, name) in names.enumerated() {
      words = position == 0 ? "\(words): \(name)" : "\(words), \(name)"
    }
    return count > names.count ? "\(words) and more" : words
  }
}
