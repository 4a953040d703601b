// Calls within a section, which assemblers fill in themselves: without a relocation the distance changes with
// everything that lies between.

/// Finds such calls in the code of one machine.
struct LocalCalls {
  private let forms: [LocalCall]
  private let encoding: Encoding

  /// A call or jump, and what of its four bytes is not the distance.
  struct Found {
    let offset: Int
    let target: UInt64
    let kept: UInt32
  }

  init(_ image: ELFImage) {
    forms = image.header.machine.description?.code.localCalls ?? []
    encoding = image.encoding
  }

  /// The type that stands for a call without a relocation.
  static let type = UInt32.max

  /// Where `code`, which begins at `start` of its section, calls or jumps to places that `isFunction` knows,
  /// and these. No instructions are read: that four bytes behind such an opcode are by chance the distance to
  /// the very beginning of a function is next to impossible.
  func places(
    in code: ByteSlice, at start: UInt64, _ isFunction: (UInt64) -> Bool
  ) -> [Found] {
    var found: [Found] = []
    let bytes = code.storage.span
    let base = code.range.lowerBound
    for form in forms {
      var place = 0
      switch form {
      case .byte(let call):
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
          if isFunction(target) { found.append(Found(offset: place, target: target, kept: 0)) }
        }
      case .word(let call):
        let (mask, opcode) = (call.mask & ~call.link, call.opcode & ~call.link)
        while place + 4 <= code.count {
          let word = bytes.u32(base + place, encoding)
          if word & mask == opcode {
            let target = start &+ UInt64(place) &+ UInt64(bitPattern: call.distance(word))
            if isFunction(target) {
              found.append(Found(offset: place, target: target, kept: call.mask))
            }
          }
          place += call.step
        }
      }
    }
    return found
  }

  /// `code` without the distance of a call.
  func blank(_ found: Found, _ code: inout [UInt8]) {
    code.keep(found.kept, ofWordAt: found.offset, encoding)
  }
}
