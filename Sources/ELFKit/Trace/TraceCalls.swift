// What a function had called, by the relocation before the place that the call returns to.

/// What was called.
public struct TraceCall: Hashable, Sendable {
  /// The name of the function.
  public let function: ByteSlice
  /// Whether the call goes through a pointer and ``function`` is only what makes it (a retpoline).
  public let isIndirect: Bool
}

/// The calls of one module.
struct TraceCalls: Sendable {
  private let encoding: Encoding
  private let symbols: SymbolTable
  private let code: MachineCode

  init(_ image: ELFImage, _ symbols: SymbolTable) {
    encoding = image.encoding
    self.symbols = symbols
    code = image.header.machine.description?.code ?? MachineCode()
  }

  /// A call that returns to `offset` of section `number`; `nil` when there is none whose function the
  /// file names. `name` is asked for what begins at a place of the module.
  func call(
    returningTo offset: UInt64, of number: Int, _ resolver: inout PointerResolver,
    name: (_ section: Int, _ offset: UInt64) -> ByteSlice?
  ) throws(ELFError) -> TraceCall? {
    let bytes = try resolver.bytes(of: number)
    guard offset <= UInt64(bytes.count) else { return nil }
    let relocations = try resolver.relocations(of: number)
    for form in code.calls where offset >= form.distance {
      let place = offset - form.distance
      guard let relocation = relocations.first(at: place), form.types.contains(relocation.type),
        form.opcode.map({ place > 0 && bytes[Int(place) - 1] == $0 }) ?? true,
        let symbol = symbols[relocation.symbol]
      else { continue }
      if let own = symbol.section, symbol.record.type == .section {
        // A distance counts from behind its field; the addend takes that away.
        let target = symbol.record.value &+ UInt64(bitPattern: relocation.addend ?? 0)
        let isRelative = form.opcode != nil
        return name(Int(own), isRelative ? target &+ form.distance : target).map {
          TraceCall(function: $0, isIndirect: false)
        }
      }
      guard !symbol.name.isEmpty else { return nil }
      return TraceCall(
        function: symbol.name, isIndirect: symbol.name.starts(with: "__x86_indirect_"))
    }
    return localTarget(bytes, offset).flatMap { name(number, $0) }.map {
      TraceCall(function: $0, isIndirect: false)
    }
  }

  /// What a call before `offset` that needs no relocation leads to, in its own section.
  private func localTarget(_ bytes: ByteSlice, _ offset: UInt64) -> UInt64? {
    guard let form = code.localCall else { return nil }
    switch form {
    case .byte(let opcode):
      guard offset >= 5, bytes[Int(offset) - 5] == opcode else { return nil }
      let words = RecordTable<UInt32>(bytes.suffix(from: Int(offset) - 4), encoding)
      let distance = Int64(Int32(bitPattern: words[0]))
      // Without a relocation a distance of 0 is no call.
      return distance == 0 ? nil : offset &+ UInt64(bitPattern: distance)
    case .word(let opcode):
      guard offset >= 4 else { return nil }
      let words = RecordTable<UInt32>(bytes.suffix(from: Int(offset) - 4), encoding)
      guard words[0] & 0xfc00_0000 == opcode else { return nil }
      let distance = Int64(Int32(bitPattern: words[0] << 6) >> 6) * 4
      return distance == 0 ? nil : (offset - 4) &+ UInt64(bitPattern: distance)
    }
  }
}
