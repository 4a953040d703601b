// Damage to a module, the one kind there is: the tests, and Scripts/mutate, which compiles this file.

/// Random numbers that are the same in every run (SplitMix64).
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  package init(_ seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}

/// Changes a file as a bad disk, a bad tool or an enemy would: bytes anywhere and in its header, numbers of
/// its section headers and elsewhere that are as wrong as can be, a cut, a block at another place.
package enum Mutation {
  /// A copy of `bytes` with one to sixteen changes.
  package static func damaged(_ bytes: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
    var copy = bytes
    let count = [1, 1, 2, 4, 16][Int.random(in: 0..<5, using: &random)]
    // What is shorter than a header has had enough.
    for _ in 0..<count where copy.count > 64 { change(&copy, &random) }
    return copy
  }

  private static let numbers: [UInt64] = [
    0, 1, 2, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0xffff_ffff, 1 << 31, 1 << 32, 1 << 63 - 1, 1 << 63,
    .max, .max - 7,
  ]
  /// Where the numbers of a section header lie, and how long they are.
  private static let wideFields = [
    (0, 4), (4, 4), (8, 8), (16, 8), (24, 8), (32, 8), (40, 4), (44, 4), (48, 8), (56, 8),
  ]
  private static let narrowFields = (0..<10).map { (4 * $0, 4) }

  private static func change(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
    let anywhere = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<8, using: &random) {
    case 0: bytes[anywhere] = UInt8.random(in: 0...255, using: &random)
    case 1:
      let odd: [UInt8] = [0, 1, 2, 0x7f, 0xff]
      bytes[Int.random(in: 0..<64, using: &random)] = odd[Int.random(in: 0..<5, using: &random)]
    case 2, 3: changeSectionHeader(&bytes, anywhere, &random)
    case 4:
      put(numbers[Int.random(in: 0..<numbers.count, using: &random)], 8, anywhere, &bytes, false)
    case 5: bytes.removeSubrange(max(anywhere, 64)...)
    // The other class (`EI_CLASS`): kernels do not look at it.
    case 6: bytes[4] = bytes[4] == 1 ? 2 : 1
    default:
      let block = bytes[anywhere...].prefix(Int.random(in: 1..<200, using: &random))
      let place = Int.random(in: 0..<bytes.count, using: &random)
      for (offset, byte) in block.enumerated() where place + offset < bytes.count {
        bytes[place + offset] = byte
      }
    }
  }

  private static func changeSectionHeader(
    _ bytes: inout [UInt8], _ anywhere: Int, _ random: inout SeededGenerator
  ) {
    let (isBig, isNarrow) = (bytes[5] == 2, bytes[4] == 1)
    let stride = isNarrow ? 40 : 64
    let fields = isNarrow ? narrowFields : wideFields
    let table = number(isNarrow ? bytes[32..<36] : bytes[40..<48], isBig)
    let count = number(isNarrow ? bytes[48..<50] : bytes[60..<62], isBig)
    guard count > 0, table < bytes.count, Int(table) + stride * Int(count) <= bytes.count else {
      return
    }
    let (offset, size) = fields[Int.random(in: 0..<fields.count, using: &random)]
    let section = Int.random(in: 0..<Int(count), using: &random)
    let values = numbers + [UInt64(bytes.count), UInt64(bytes.count - 1), UInt64(anywhere)]
    let value = values[Int.random(in: 0..<values.count, using: &random)]
    put(value, size, Int(table) + stride * section + offset, &bytes, isBig)
  }

  private static func number(_ bytes: ArraySlice<UInt8>, _ isBig: Bool) -> UInt64 {
    let ordered = isBig ? Array(bytes) : bytes.reversed()
    return ordered.reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func put(
    _ value: UInt64, _ size: Int, _ place: Int, _ bytes: inout [UInt8], _ isBig: Bool
  ) {
    for index in 0..<size where place + index < bytes.count {
      let shift = 8 * (isBig ? size - 1 - index : index)
      bytes[place + index] = UInt8(truncatingIfNeeded: value >> UInt64(shift))
    }
  }
}
