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
  private let bias: CodeBias

  init(_ image: ELFImage, _ symbols: SymbolTable) {
    encoding = image.encoding
    self.symbols = symbols
    code = image.header.machine.description?.code ?? MachineCode()
    bias = CodeBias(image.header.machine, image.encoding.fileClass)
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
        let addend = (relocation.addend ?? 0) &+ bias.ahead(of: relocation.type)
        return name(Int(own), symbol.record.value &+ UInt64(bitPattern: addend)).map {
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
    guard offset >= 4, offset <= UInt64(bytes.count) else { return nil }
    let word = RecordTable<UInt32>(bytes.suffix(from: Int(offset) - 4), encoding)[0]
    for form in code.localCalls {
      switch form {
      case .byte(let opcode):
        // Without a relocation a distance of 0 is no call.
        guard offset >= 5, bytes[Int(offset) - 5] == opcode, word != 0 else { continue }
        return offset &+ UInt64(bitPattern: Int64(Int32(bitPattern: word)))
      case .word(let call):
        guard word & call.mask == call.opcode else { continue }
        let distance = call.distance(word)
        if distance != 0 { return (offset - 4) &+ UInt64(bitPattern: distance) }
      }
    }
    return nil
  }
}
