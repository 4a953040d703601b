// Numbers by which a file refers to symbols.

/// The number of a symbol, as a relocation has it: it may name no symbol at all.
///
/// It is no `Int`, so that it cannot be taken for a position that is known to exist: tables of symbols
/// give an optional for it.
public struct SymbolIndex: RawRepresentable, Hashable, Comparable, Sendable {
  /// The number of the file.
  public let rawValue: UInt32
  /// Any value.
  @inlinable
  @inline(__always)
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// No symbol (`STN_UNDEF`). Tables have a record for it, which is all zero.
  @inlinable
  public static var none: Self { Self(rawValue: 0) }

  /// Orders numbers by their size.
  @inlinable
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension SymbolIndex: ExpressibleByIntegerLiteral {
  /// A number of the program's own.
  @inlinable
  public init(integerLiteral number: UInt32) { self.init(rawValue: number) }
}

extension RecordTable<SymbolRecord> {
  /// The record of this symbol, or `nil` when there is none.
  @inlinable
  @inline(__always)
  public subscript(index: SymbolIndex) -> SymbolRecord? {
    let position = Int(index.rawValue)
    return position < endIndex ? self[position] : nil
  }
}
