// The global offset table, where the dynamic table tells what is in it (System V ABI, MIPS supplement,
// "Global Offset Table").

/// Tags of the dynamic table that tell of the global offset table at `DT_PLTGOT`.
public struct OffsetTableTags: Sendable {
  /// How many entries are for addresses of the file itself.
  public let localCount: DynamicTag
  /// The first symbol that has an entry; those behind it have one each.
  public let firstSymbol: DynamicTag
  /// The number of symbols.
  public let symbolCount: DynamicTag
  /// The address of the table for functions that are called through the procedure linkage table.
  public let calls: DynamicTag
  /// How far behind the begin of the table the register points that it is reached by.
  public let pointerDistance: UInt64
}
