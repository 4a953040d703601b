// Which instruction gives a function that is called the address that one of its arguments is.

/// Looks for such instructions in the code of one machine.
struct ArgumentFinder {
  let form: Form
  let encoding: Encoding

  enum Form {
    case bytes(CodePatterns)
    case words(WordPatterns)
  }

  /// `nil` for a machine whose instructions are not known.
  init?(_ image: ELFImage) {
    encoding = image.encoding
    guard let loader = image.header.machine.description?.loader else { return nil }
    if let patterns = loader.patterns {
      form = .bytes(patterns)
    } else if let patterns = loader.words {
      form = .words(patterns)
    } else {
      return nil
    }
  }

  /// What is to be added where a relocation of `type` is a distance: it counts from the end or the beginning of the
  /// instruction.
  func bias(of type: UInt32) -> Int64 {
    if case .bytes(let patterns) = form, type == patterns.distance { return patterns.bias }
    return 0
  }

  /// The section of addresses that code loads from.
  var table: String? {
    if case .words(let patterns) = form { return patterns.table }
    return nil
  }

  /// How the code is taken apart; `nil` where that is not known.
  var instructions: InstructionSet? {
    if case .bytes(let patterns) = form { return patterns.instructions }
    return nil
  }

  /// Whether `relocation` is that of a call or of a jump, and not of an address.
  func isBranch(_ relocation: Relocation, _ code: ByteSlice) -> Bool {
    isBranch(relocation.type, at: relocation.offset, code)
  }

  /// The same of one of `type` at `offset` of `code`.
  func isBranch(_ type: UInt32, at offset: UInt64, _ code: ByteSlice) -> Bool {
    switch form {
    case .words(let patterns): return patterns.branches.contains(type)
    case .bytes(let patterns):
      guard offset >= 1, offset <= UInt64(code.count) else { return false }
      return patterns.branches.contains(code[Int(offset) - 1])
    }
  }

  /// How far before the call it is looked for, in bytes and in relocations.
  static let farthest: (bytes: UInt64, count: Int) = (64, 8)

  /// What loads the address of `argument` before the call at `index`, with no other call between them; its
  /// addend is that of the address.
  func load(
    _ argument: Int, before index: Int, _ relocations: [Relocation], _ code: ByteSlice,
    _ symbols: SymbolTable
  ) -> Relocation? {
    let call = relocations[index].offset
    var position = index
    var count = 0
    while position > 0, count < Self.farthest.count {
      position -= 1
      let relocation = relocations[position]
      // What only marks a place (R_RISCV_RELAX) stands beside what it marks.
      if relocation.symbol.rawValue == 0 { continue }
      count += 1
      guard call - relocation.offset <= Self.farthest.bytes else { return nil }
      switch form {
      case .bytes(let patterns):
        guard argument < patterns.loads.count, relocation.offset <= UInt64(code.count) else {
          return nil
        }
        let before = code[within: 0..<Int(relocation.offset)]
        if patterns.loads[argument].contains(where: { before.ends(with: $0) }) { return relocation }
        // A call leaves nothing in registers, and what is behind a jump is reached from elsewhere.
        if let last = before.last, patterns.branches.contains(last) { return nil }
      case .words(let patterns):
        if patterns.branches.contains(relocation.type) { return nil }
        guard argument <= patterns.last, patterns.loads.contains(relocation.type),
          let word = word(at: relocation.offset, code)
        else { continue }
        let register = patterns.first + UInt32(argument)
        guard word >> patterns.shift & (patterns.registers - 1) == register else { continue }
        guard keeps(register, from: relocation.offset, to: call, code, patterns) else { return nil }
        return address(of: relocation, word, relocations, symbols, patterns)
      }
    }
    return nil
  }

  /// The call before the one at `index`, no farther from it than a load may be.
  func call(before index: Int, _ relocations: [Relocation], _ code: ByteSlice) -> Int? {
    var position = index
    while position > 0 {
      position -= 1
      guard relocations[index].offset - relocations[position].offset <= Self.farthest.bytes else {
        return nil
      }
      if isBranch(relocations[position], code) { return position }
    }
    return nil
  }

  func word(at offset: UInt64, _ code: ByteSlice) -> UInt32? {
    // Where half a word is relocated its instruction begins before it.
    let start = offset & ~1
    guard code.count >= 4, start <= UInt64(code.count - 4) else { return nil }
    return code.storage.span.u32(code.range.lowerBound + Int(start), encoding)
  }

  /// Whether no instruction between the two leaves something else in `register`, as far as that is known.
  private func keeps(
    _ register: UInt32, from start: UInt64, to end: UInt64, _ code: ByteSlice,
    _ patterns: WordPatterns
  ) -> Bool {
    guard let overwrites = patterns.overwrites else { return true }
    var place = start + 4
    while place < end, let word = word(at: place, code) {
      if overwrites(word, register) { return false }
      place += 4
    }
    return true
  }

  private func address(
    of load: Relocation, _ word: UInt32, _ relocations: [Relocation], _ symbols: SymbolTable,
    _ patterns: WordPatterns
  ) -> Relocation? {
    switch patterns.address {
    case .own: return load
    case .other(let type):
      // The symbol is a label of the same code: the instruction there has the address.
      guard let place = symbols[load.symbol]?.record.value else { return nil }
      var index = Halving.firstIndex(relocations.count) { relocations[$0].offset >= place }
      while index < relocations.count, relocations[index].offset == place {
        if relocations[index].type == type { return relocations[index] }
        index += 1
      }
      return nil
    case .halfWord:
      // Both halves hold the lower 16 bits of the addend (ELF for the Arm architecture, "Addends").
      let half = UInt16(truncatingIfNeeded: word >> 4 & 0xf000 | word & 0xfff)
      return Relocation(
        offset: load.offset, symbol: load.symbol, type: load.type,
        addend: Int64(Int16(bitPattern: half)))
    }
  }
}
