// The rows of packed relative relocations.

import ELFKit

extension ReadelfFile {
  /// How many places the table in `bytes` changes, and then these.
  func writeRelativeRelocations(_ bytes: ByteSlice, _ console: inout Console) {
    let relocations = RelativeRelocations(bytes, encoding)
    // Eight bytes may stand for sixty-three rows; that is within the limit of the output.
    let count = relocations.reduce(0) { sum, _ in sum + 1 }
    console.out.append("  \(count) offset\(count == 1 ? "" : "s")\n")
    for address in relocations where !console.isOverLimit {
      console.out.hex(address, width: addressDigits)
      console.out.newline()
    }
  }
}
