// Whether two calls are given one thing: what was written by the first is what the second is about.

extension ArgumentFinder {
  /// Whether argument `left` of the call at `first` and argument `right` of the one at `second` come from one
  /// register or one place of the stack. What cannot be seen is not the same.
  func isOne(
    _ left: Int, of first: Relocation, _ right: Int, of second: Relocation, _ code: ByteSlice
  ) -> Bool {
    guard second.offset <= UInt64(code.count), first.offset < second.offset else { return false }
    switch form {
    case .bytes(let patterns):
      guard left < patterns.registers.count, right < patterns.registers.count else { return false }
      let start = first.offset < Self.farthest.bytes ? 0 : first.offset - Self.farthest.bytes
      let before = Self.source(
        of: patterns.registers[left], code[within: Int(start)..<Int(first.offset)])
      let after = Self.source(
        of: patterns.registers[right], code[within: Int(first.offset)..<Int(second.offset)])
      return before != nil && before == after
    case .words(let patterns):
      guard let overwrites = patterns.overwrites else { return false }
      let before = source(patterns.first + UInt32(left), before: first.offset, overwrites, code)
      let after = source(patterns.first + UInt32(right), before: second.offset, overwrites, code)
      return before != nil && before == after
    }
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
      guard place >= 2 else { return nil }
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
