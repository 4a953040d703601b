// The file that debug information comes from: its sections, whole or by ranges, compressed or not, and
// what relocations make of their numbers.

/// Unpacks the content of a section with `SHF_COMPRESSED`: `method` is that of ``CompressionHeader``, `size`
/// what the section claims to have when it is unpacked. `nil` when it cannot be unpacked. The library has
/// no decompressor of its own.
public typealias SectionUnpacker =
  @Sendable (_ method: UInt32, _ packed: ByteSlice, _ size: UInt64) -> ByteSlice?

/// A file with debug sections.
struct DebugFile: Sendable {
  let image: ELFImage
  let symbols: SymbolTable
  /// What its relocations do.
  let effects: RelocationEffects
  private let unpack: SectionUnpacker?

  init(_ image: ELFImage, _ unpack: SectionUnpacker?) throws(ELFError) {
    self.image = image
    symbols = try image.symbols()
    effects = image.header.machine.relocationEffects
    self.unpack = unpack
  }

  var machine: Machine { image.header.machine }
  var encoding: Encoding { image.encoding }

  /// The number of the section called `name`; binutils once called a packed one `.z` and the rest of it.
  func index(_ name: String) -> Int? {
    (image.sections.first(named: name) ?? image.sections.first(named: ".z\(name.dropFirst())"))?
      .index
  }

  /// The section called `name`, unpacked; `nil` when there is none, or it cannot be unpacked.
  func section(_ name: String) -> DebugSection? {
    guard let section = index(name).map({ image.sections[$0] }), section.header.type != .nobits,
      let relocations = DebugRelocations(image, of: section.index)
    else { return nil }
    let isOld = section.name.starts(with: ".z")
    guard isOld || section.header.flags.contains(.compressed) else {
      return DebugSection(section, relocations, image.source)
    }
    guard let packed = try? image.bytes(of: section), let unpack,
      let (method, size, start) = isOld ? oldPacking(packed) : packing(packed),
      let bytes = unpack(method, packed.suffix(from: start), size), UInt64(bytes.count) == size
    else { return nil }
    return DebugSection(section.index, relocations, bytes)
  }

  /// How a section is packed, its size when it is not, and where the content begins.
  private typealias Packing = (method: UInt32, size: UInt64, start: Int)

  private func packing(_ packed: ByteSlice) -> Packing? {
    let start = CompressionHeader.byteCount(in: encoding)
    guard packed.count >= start else { return nil }
    let header = RecordTable<CompressionHeader>(packed, encoding)[0]
    return (header.method, header.size, start)
  }

  /// `ZLIB`, and the size, the highest byte first (binutils, `--compress-debug-sections=zlib-gnu`).
  private func oldPacking(_ packed: ByteSlice) -> Packing? {
    guard packed.count >= 12, packed.starts(with: "ZLIB") else { return nil }
    let size = packed.storage.span.u64(packed.range.lowerBound + 4, Encoding(.big))
    return (CompressionHeader.zlib, size, 12)
  }

  /// What relocations make of the number `stored` of `size` bytes: where it leads, or `nil` when it leads
  /// out of the file or what a type does is not known. Without relocations the number stands as it is,
  /// in `section`; none for a number that is an address, since all sections begin at 0.
  func target(_ stored: UInt64, _ size: Int, _ fixups: [Relocation], in section: Int?)
    -> DebugTarget?
  {
    guard !fixups.isEmpty else {
      return section.map { DebugTarget(section: $0, offset: stored) }
    }
    var place: DebugTarget?
    for relocation in fixups {
      guard case .absolute(let bytes)? = effects[relocation.type], bytes == size,
        relocation.symbol.rawValue < UInt64(symbols.records.count)
      else { return nil }
      let number = Int(relocation.symbol.rawValue)
      let record = symbols.records[number]
      guard let section = symbols.section(of: record, at: number) else { return nil }
      let addend = relocation.addend.map { UInt64(bitPattern: $0) } ?? stored
      place = DebugTarget(section: Int(section), offset: record.value &+ addend)
    }
    return place
  }

  /// What relocations make of a plain number: distances between places are sums of symbols on machines
  /// whose linkers move code (RISC-V, LoongArch). `nil` when that is not known.
  func number(_ stored: UInt64, _ size: Int, _ fixups: [Relocation]) -> UInt64? {
    var value = stored
    for relocation in fixups {
      guard let amount = amount(relocation) else { return nil }
      if let effect = machine.distanceEffect(relocation.type, bytes: size) {
        value = effect.applied(amount, to: value)
        continue
      }
      guard let effect = effects[relocation.type], effect.byteCount == size else {
        return nil
      }
      switch effect {
      case .absolute where relocation.addend != nil: value = amount
      case .absolute, .add: value = value &+ amount
      case .subtract: value = value &- amount
      default: return nil
      }
    }
    return size < 8 ? value & (1 << (8 * UInt64(size)) - 1) : value
  }

  /// What relocations make of the distance `stored` in ULEB128; `nil` when that is not known.
  func distance(_ stored: UInt64, _ fixups: [Relocation]) -> UInt64? {
    var value = stored
    for relocation in fixups {
      guard let amount = amount(relocation),
        let effect = machine.distanceEffect(relocation.type, bytes: nil)
      else { return nil }
      value = effect.applied(amount, to: value)
    }
    return value
  }

  /// The symbol's value and the addend; `nil` when there is no such symbol.
  private func amount(_ relocation: Relocation) -> UInt64? {
    guard relocation.symbol.rawValue < UInt64(symbols.records.count) else { return nil }
    let symbol = symbols.records[Int(relocation.symbol.rawValue)].value
    return symbol &+ UInt64(bitPattern: relocation.addend ?? 0)
  }
}
