// Calls within a section, which assemblers fill in themselves: without a relocation the distance changes with
// everything that lies between.

/// Finds such calls in the code of one machine.
struct LocalCalls {
  private let form: LocalCall?
  private let encoding: Encoding

  init(_ image: ELFImage) {
    form = image.header.machine.description?.code.localCall
    encoding = image.encoding
  }

  /// The type that stands for a call without a relocation.
  static let type = UInt32.max

  /// Where `code`, which begins at `start` of its section, calls or jumps to places that `isFunction` knows,
  /// and these. No instructions are read: that four bytes behind such an opcode are by chance the distance to
  /// the very beginning of a function is next to impossible.
  func places(
    in code: ByteSlice, at start: UInt64, _ isFunction: (UInt64) -> Bool
  ) -> [(offset: Int, target: UInt64)] {
    var found: [(offset: Int, target: UInt64)] = []
    let bytes = code.storage.span
    let base = code.range.lowerBound
    switch form {
    case nil: return []
    case .byte(let call):
      var place = 0
      while place + 5 <= code.count {
        let opcode = bytes[base + place]
        place += 1
        // A call, the jump beside it, or a jump on a condition (0f 80 to 0f 8f).
        guard
          opcode == call || opcode == call + 1
            || opcode & 0xf0 == 0x80 && place > 1 && bytes[base + place - 2] == 0x0f
        else { continue }
        let distance = Int64(Int32(bitPattern: bytes.u32(base + place, encoding)))
        let target = start &+ UInt64(place) &+ 4 &+ UInt64(bitPattern: distance)
        if isFunction(target) { found.append((place, target)) }
      }
    case .word(let call):
      var place = 0
      while place + 4 <= code.count {
        let word = bytes.u32(base + place, encoding)
        // bl, and b beside it: 26 bits of words.
        if word & 0x7c00_0000 == call & 0x7c00_0000 {
          let distance = Int64(Int32(bitPattern: word << 6) >> 4)
          let target = start &+ UInt64(place) &+ UInt64(bitPattern: distance)
          if isFunction(target) { found.append((place, target)) }
        }
        place += 4
      }
    }
    return found
  }

  /// `code` without the distance at `place`.
  func blank(_ place: Int, _ code: inout [UInt8]) {
    var kept: UInt32 = 0
    if case .word = form { kept = 0xfc00_0000 }
    code.keep(kept, ofWordAt: place, encoding)
  }
}
