// The content of a section with its relocations applied, as far as they are simple.

import ELFKit

extension ReadelfFile {
  /// `content` after every relocation that changes the section `target`; `nil` when the relocation
  /// section links to something that is no symbol table.
  ///
  /// Symbols stand for their values alone: where sections will lie, only the loader knows. What is linked has its
  /// relocations applied already.
  func relocated(
    _ content: ByteSlice, of target: Section, _ tables: inout [Int: ReadelfSymbols],
    _ console: inout Console
  ) -> ByteSlice? {
    // Only the first relocation section counts.
    guard header.type == .relocatable, let section = relocationSection(of: target),
      let linked = sections.section(section.header.link)
    else { return content }
    guard linked.header.type == .symtab || linked.header.type == .dynsym,
      let table = bytes(of: section, as: relocationDataText, &console)
    else { return nil }
    let relocations = RelocationTable(
      table, hasAddends: section.header.type == .rela, target: section.header.info, machine,
      encoding)
    let symbols = self.symbols(of: linked, &tables, &console).records
    let effects = machine.relocationEffects
    var changed = content.bytes
    var reported: Set<UInt32> = []
    // Each relocation may be wrong: the words for the sections are made once, when they are needed.
    lazy var name = headingName(of: target).text
    lazy var tableName = headingName(of: section).text
    for (position, relocation) in relocations.enumerated() where !console.isOverLimit {
      guard
        let problem = apply(
          relocation, relocations.packing, effects, symbols, to: &changed, reported: &reported)
      else { continue }
      switch problem {
      case .unsupported(let type):
        console.warn(
          "unable to apply unsupported reloc type \(Int32(bitPattern: type)) to section \(name)")
      case .symbolIndex:
        console.warn(
          "skipping invalid relocation symbol index 0x\(hexText(relocation.symbol.rawValue)) "
            + "in section \(name)")
      case .symbolType(let type):
        console.warn(
          "skipping unexpected symbol type \(text(of: type)) in section "
            + "\(tableName) relocation \(position)")
      case .offset:
        console.warn(
          "skipping invalid relocation offset 0x\(hexText(relocation.offset)) "
            + "in section \(name)")
      }
    }
    return ByteSlice(changed, fileOffset: content.fileOffset)
  }

  /// Why a relocation cannot be applied.
  private enum RelocationProblem {
    case unsupported(UInt32)
    case symbolIndex
    case symbolType(SymbolType)
    case offset
  }

  /// Applies one relocation; a type that is not supported is reported once.
  private func apply(
    _ relocation: Relocation, _ packing: RelocationPacking, _ effects: RelocationEffects,
    _ symbols: RecordTable<SymbolRecord>, to bytes: inout [UInt8], reported: inout Set<UInt32>
  ) -> RelocationProblem? {
    let type = packing.primaryType(relocation.type)
    guard let effect = effects[type] else {
      return reported.insert(type).inserted ? .unsupported(type) : nil
    }
    guard effect != .none else { return nil }
    let size = effect.byteCount
    guard bytes.count >= size, relocation.offset <= UInt64(bytes.count - size) else {
      return .offset
    }
    guard let symbol = symbols[relocation.symbol] else { return .symbolIndex }
    guard Self.relocatable.contains(symbol.type) else { return .symbolType(symbol.type) }
    let addend = effects.ignoresAddends ? nil : relocation.addend
    apply(effect, at: relocation.offset, addend, symbol.value, to: &bytes)
    return nil
  }

  /// Symbols of these types have values that can be put into data.
  private static let relocatable: Set<SymbolType> = [
    .none, .object, .function, .section, SymbolType(rawValue: 5),
  ]

  /// Changes the bytes at a place that lies within them.
  private func apply(
    _ effect: RelocationEffect, at offset: UInt64, _ addend: Int64?, _ symbol: UInt64,
    to bytes: inout [UInt8]
  ) {
    let size = effect.byteCount
    let start = Int(offset)
    let present = number(in: bytes, at: start, size)
    let addend = addend.map { UInt64(bitPattern: $0) } ?? present
    let value: UInt64 =
      switch effect {
      case .none: present
      case .absolute: symbol &+ addend
      case .relative(_, let ahead): symbol &+ addend &- offset &- ahead
      case .add: present &+ symbol &+ addend
      case .subtract: present &+ addend &- symbol
      case .setSixBits: present & 0xc0 | (symbol &+ addend) & 0x3f
      case .subtractSixBits: present & 0xc0 | (present &+ addend &- symbol) & 0x3f
      }
    store(value, in: &bytes, at: start, size)
  }

  private func number(in bytes: [UInt8], at start: Int, _ size: Int) -> UInt64 {
    var value: UInt64 = 0
    for position in 0..<size {
      let index = encoding.byteOrder == .big ? position : size - 1 - position
      value = value << 8 | UInt64(bytes[start + index])
    }
    return value
  }

  private func store(_ value: UInt64, in bytes: inout [UInt8], at start: Int, _ size: Int) {
    for position in 0..<size {
      let index = encoding.byteOrder == .big ? size - 1 - position : position
      bytes[start + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * position))
    }
  }
}
