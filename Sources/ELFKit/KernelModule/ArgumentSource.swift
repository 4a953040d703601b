// Whether two calls are given one thing: what was written by the first is what the second is about.

extension ArgumentFinder {
  /// No more calls before the one that asks are looked at.
  private static let mostCalls = 4

  /// The call of one of `writers` that has written what argument `argument` of the call at `index` points to: the
  /// one right before it. Where the code can be taken apart it may be an earlier one of the same `function`, if
  /// those between write to other rooms and code goes straight from it to the one that asks.
  func writer(
    of argument: Int, before index: Int, _ relocations: [Relocation], _ code: ByteSlice,
    _ writers: [SymbolIndex: TextParameter], in function: Range<UInt64>?
  ) -> (index: Int, parameter: TextParameter)? {
    var last = index
    for count in 0..<Self.mostCalls {
      guard let before = call(before: last, relocations, code),
        let writer = writers[relocations[before].symbol],
        count == 0 || function?.contains(relocations[before].offset) ?? false
      else { return nil }
      guard let buffer = writer.buffer else { return count == 0 ? (before, writer) : nil }
      if isOne(buffer, of: before, argument, of: index, relocations, code) {
        let isSure =
          count == 0 || goesStraight(from: relocations[before], to: relocations[index], code)
        return isSure ? (before, writer) : nil
      }
      guard room(buffer, of: before, relocations, code) != nil else { return nil }
      last = before
    }
    return nil
  }

  /// Whether code that can be taken apart goes from behind the call at `first` to the one at `second` without a
  /// jump that always leads elsewhere, and leaves the registers alone that calls keep.
  private func goesStraight(
    from first: Relocation, to second: Relocation, _ code: ByteSlice
  ) -> Bool {
    guard let instructions else { return false }
    let end = Swift.min(second.offset, UInt64(code.count))
    // The distance of a call has four bytes.
    guard first.offset < end, end - first.offset > 4 else { return false }
    var place = Int(first.offset) + 4
    while place < Int(end) - 1 {
      guard let instruction = instructions.instruction(code, place), instruction.goesOn,
        !instruction.changes(anyOf: ~instructions.lostInCalls)
      else { return false }
      place += instruction.length
    }
    return true
  }

  /// Whether argument `left` of the call at `first` and argument `right` of the one at `second` come from one
  /// register or one place of the stack. What cannot be seen is not the same.
  private func isOne(
    _ left: Int, of first: Int, _ right: Int, of second: Int, _ relocations: [Relocation],
    _ code: ByteSlice
  ) -> Bool {
    switch form {
    case .bytes:
      let before = room(left, of: first, relocations, code)
      return before != nil && before == room(right, of: second, relocations, code)
    case .words(let patterns):
      guard let overwrites = patterns.overwrites else { return false }
      let before = source(
        patterns.first + UInt32(left), before: relocations[first].offset, overwrites, code)
      let after = source(
        patterns.first + UInt32(right), before: relocations[second].offset, overwrites, code)
      return before != nil && before == after
    }
  }

  /// Where argument `argument` of the call at `index` comes from, in x86-64 code; `nil` when that is not seen.
  private func room(
    _ argument: Int, of index: Int, _ relocations: [Relocation], _ code: ByteSlice
  ) -> [UInt8]? {
    guard case .bytes(let patterns) = form, argument < patterns.registers.count else { return nil }
    return Self.source(
      of: patterns.registers[argument], codeBehindCall(before: index, relocations, code))
  }

  /// What leads to the call at `index` and stands behind the one before it, which leaves nothing in registers of
  /// arguments.
  private func codeBehindCall(
    before index: Int, _ relocations: [Relocation], _ code: ByteSlice
  ) -> ByteSlice {
    let end = Swift.min(relocations[index].offset, UInt64(code.count))
    let start =
      call(before: index, relocations, code).map { relocations[$0].offset }
      ?? (end < Self.farthest.bytes ? 0 : end - Self.farthest.bytes)
    return code[within: Int(Swift.min(start, end))..<Int(end)]
  }

  /// The last instruction before `call` that leaves something in `register`, without the register's number.
  private func source(
    _ register: UInt32, before call: UInt64, _ overwrites: (UInt32, UInt32) -> Bool,
    _ code: ByteSlice
  ) -> UInt32? {
    var place = call
    while place >= 4, call - place < Self.farthest.bytes {
      place -= 4
      guard let word = word(at: place, code) else { return nil }
      if overwrites(word, register) { return word & ~31 }
    }
    return nil
  }

  /// Where the last `mov %other, %register` or `lea offset(%other), %register` of x86-64 code has its value from:
  /// its bytes without the register's number (Intel SDM, volume 2, "Instruction Format").
  private static func source(of register: UInt8, _ code: ByteSlice) -> [UInt8]? {
    var place = code.count
    while place >= 3 {
      place -= 1
      let (prefix, opcode, mode) = (code[place - 2], code[place - 1], code[place])
      // mov: the register is the one that is written to.
      if prefix & 0xfb == 0x48, opcode == 0x89, mode & 0xc7 == 0xc0 | register {
        return [prefix & 4, opcode, mode & 0x38]
      }
      // lea: 48, or 49 where the other is one of the newer eight; with one byte or four of offset.
      if prefix & 0xfe == 0x48, opcode == 0x8d, mode >> 3 & 7 == register,
        mode & 0xc0 == 0x40 || mode & 0xc0 == 0x80
      {
        let size = (mode & 7 == 4 ? 1 : 0) + (mode & 0xc0 == 0x40 ? 1 : 4)
        guard code.count - place > size else { continue }
        return [prefix, opcode, mode & 0xc7] + code[within: place + 1..<place + 1 + size].bytes
      }
    }
    return nil
  }
}
