// A line of the kernel's about a relocation that its loader cannot do, read backwards: which one it is, and what
// usually makes it.

/// The relocation that a line of the kernel's log refuses.
public enum RefusedRelocation {
  /// What `line` says by a number, in words: one text for each machine whose loader prints such a line and
  /// that has such a type.
  public static func words(in line: ByteSlice) -> [ByteText] {
    var found: [ByteText] = []
    for description in MachineDescription.all {
      guard let loader = description.loader,
        let type = loader.refusals.lazy.compactMap({ $0.type(in: line) }).first,
        let name = description.format.relocations[type]
      else { continue }
      let change = loader.relocations.first { $0.types.contains(type) }?.since
      found.append("\(description.name): \(name); \(RelocationCause.text(name, change))")
    }
    return found
  }
}

extension RelocationRefusal {
  /// The type of relocations that `line` is about; `nil` when it is not such a line.
  fileprivate func type(in line: ByteSlice) -> UInt32? {
    // What is behind the module's name, without the colon that ends it: people leave that out.
    guard let mark = mark, let start = line.firstPosition(of: mark) else { return nil }
    var type: UInt32?
    for byte in line.suffix(from: start + mark.utf8.count) {
      guard byte.isDigit else { break }
      let (product, isLarge) = (type ?? 0).multipliedReportingOverflow(by: 10)
      let (sum, isLarger) = product.addingReportingOverflow(UInt32(byte - UInt8(ascii: "0")))
      if isLarge || isLarger { return nil }
      type = sum
    }
    return type
  }
}
