// Numbers as people read them: counts with their noun, sizes, modes of files.

import ELFKit

enum Quantity {
  /// `no symbols`, `1 symbol`, `2 symbols`.
  static func count(_ number: some BinaryInteger, _ noun: String) -> String {
    number == 0 ? "no \(plural(noun))" : counted(number, noun)
  }

  /// A size for people: whole bytes below 10 KiB, unless these are a number of KiB.
  static func size(_ bytes: UInt64) -> String {
    if bytes == 1 { return "1 byte" }
    if bytes < 10 << 10, bytes % 1024 != 0 || bytes == 0 { return "\(bytes) bytes" }
    if bytes < 10 << 20 { return "\(bytes >> 10) KiB" }
    return "\(bytes >> 20) MiB"
  }

  /// The mode with a leading zero, as chmod(1) takes it.
  static func octalMode(_ mode: UInt16) -> String {
    let digits = String(mode, radix: 8)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
