// How wide numbers are in the rows of a class: rows by the million are written by code that is made for one.

import ELFKit

/// The width of addresses in rows.
protocol RowWidth {
  /// Whether an address has sixteen digits, not eight.
  static var isLong: Bool { get }
}

/// Rows of 64-bit files.
enum LongRows: RowWidth {
  @inline(__always)
  static var isLong: Bool { true }
}

/// Rows of 32-bit files.
enum ShortRows: RowWidth {
  @inline(__always)
  static var isLong: Bool { false }
}

extension OutputSpan where Element == UInt8 {
  /// All digits of an address.
  @inline(__always)
  mutating func address<Width: RowWidth>(_ value: UInt64, _ width: Width.Type) {
    if Width.isLong { hex16(value) } else { hex8(UInt32(truncatingIfNeeded: value)) }
  }
}
