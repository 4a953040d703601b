// The addends of relocations that have none of their own: they are in the bytes that are changed, as the
// machine's file says (``MachineFormat/addends``).

/// The addends in the bytes of one section.
struct StoredAddends: Sendable {
  private let bytes: ByteSlice
  private let encoding: Encoding
  private let effects: RelocationEffects
  private let packing: RelocationPacking
  private let rows: [AddendRow]

  /// Those in `bytes` of a section of a `machine`.
  init(_ bytes: ByteSlice, _ machine: Machine, _ encoding: Encoding) {
    self.bytes = bytes
    self.encoding = encoding
    effects = machine.relocationEffects
    let format = machine.description?.format
    packing = encoding.fileClass == .elf32 ? .one : format?.packing ?? .one
    rows = format?.addends() ?? []
  }

  /// The addend of `relocation`, of half an address that half; `nil` when it lies outside, or when it is
  /// not known where the type has it.
  func addend(of relocation: Relocation) -> Int64? {
    let type = packing.primaryType(relocation.type)
    if let row = rows.first(where: { $0.types.contains(type) }) {
      return position(relocation.offset, 4).map {
        row.field.value(bytes.storage.span, $0, encoding)
      }
    }
    switch effects[type] {
    case .absolute(4)?, .relative(4, _)?, .add(4)?:
      return position(relocation.offset, 4).map {
        Int64(Int32(bitPattern: bytes.storage.span.u32($0, encoding)))
      }
    case .absolute(8)?, .relative(8, _)?, .add(8)?:
      return position(relocation.offset, 8).map {
        Int64(bitPattern: bytes.storage.span.u64($0, encoding))
      }
    default: return nil
    }
  }

  /// Takes the addend of `relocation` out of `piece`, the section's bytes from `start` on: what is left is
  /// what the instruction does.
  func blank(_ relocation: Relocation, in piece: inout [UInt8], from start: UInt64) {
    guard relocation.offset >= start, piece.count >= 4,
      relocation.offset - start <= UInt64(piece.count - 4)
    else { return }
    let type = packing.primaryType(relocation.type)
    let place = Int(relocation.offset - start)
    if let row = rows.first(where: { $0.types.contains(type) }) {
      piece.keep(~row.field.bits(encoding), ofWordAt: place, encoding)
      return
    }
    switch effects[type] {
    case .absolute(4)?, .relative(4, _)?, .add(4)?: piece.keep(0, ofWordAt: place, encoding)
    default: return
    }
  }

  private func position(_ offset: UInt64, _ count: Int) -> Int? {
    guard bytes.count >= count, offset <= UInt64(bytes.count - count) else { return nil }
    return bytes.range.lowerBound + Int(offset)
  }

  /// The addends of those relocations of `table` that have half an address, by their positions: put
  /// together from both halves. Several upper halves may wait for one lower, and several lower ones may
  /// follow one upper.
  func halves(of table: RelocationTable) -> [Int: Int64] {
    var found: [Int: Int64] = [:]
    guard hasHalves else { return found }
    var waiting: [SymbolIndex: [Int]] = [:]
    var last: [SymbolIndex: Int64] = [:]
    for (position, relocation) in table.enumerated() {
      let type = packing.primaryType(relocation.type)
      guard let field = rows.first(where: { $0.types.contains(type) })?.field,
        let half = addend(of: relocation)
      else { continue }
      switch field {
      case .high:
        found[position] = half
        last[relocation.symbol] = half
        waiting[relocation.symbol, default: []].append(position)
      case .low:
        for upper in waiting.removeValue(forKey: relocation.symbol) ?? [] {
          found[upper] = Self.sum(found[upper] ?? 0, half)
        }
        found[position] = Self.sum(last[relocation.symbol] ?? 0, half)
      default: continue
      }
    }
    return found
  }

  /// The first relocation of `table` with an upper half for which no lower one follows, of any symbol:
  /// the kernel takes the next for all of those that wait.
  func waiting(in table: RelocationTable) -> Relocation? {
    guard hasHalves else { return nil }
    var first: Relocation?
    for relocation in table {
      let type = packing.primaryType(relocation.type)
      switch rows.first(where: { $0.types.contains(type) })?.field {
      case .high?: first = first ?? relocation
      case .low?: first = nil
      default: continue
      }
    }
    return first
  }

  private var hasHalves: Bool {
    rows.contains { row in
      if case .high = row.field { return true }
      return false
    }
  }

  /// Addresses have 32 bits.
  private static func sum(_ upper: Int64, _ lower: Int64) -> Int64 {
    Int64(Int32(truncatingIfNeeded: upper &+ lower))
  }
}
