// What code of a machine looks like where a trace meets it: calls, and places that a kernel changes while
// it runs. Values only; Trace/ reads them.

/// What traces need to know of a machine's code. What is not said is not looked at.
public struct MachineCode: Sendable {
  /// How a call looks, seen from where it returns to.
  var calls: [CallForm] = []
  /// Calls within a section, which need no relocation.
  var localCalls: [LocalCall] = []
  /// The tables of places that a kernel changes; `nil` when they are not known, and then no bytes are
  /// compared.
  var patches: [PatchedTable]?
  /// Instructions that a kernel may change wherever they stand.
  var patchedWords: [UInt64] = []
  /// The bytes of an instruction that a relocation changes, where all are of one length; 0 where it
  /// changes only its own field.
  var instructionBytes: UInt64 = 0
  /// A byte that a probe puts over an instruction's first (`int3`).
  var probe: UInt8?
  /// Instructions that mean something to who reads a trace.
  var words: [(bytes: [UInt8], meaning: String)] = []
}

/// A call with a relocation.
struct CallForm: Sendable {
  /// How far before the place that it returns to the relocation stands.
  let distance: UInt64
  /// The types of the relocation.
  let types: [UInt32]
  /// The byte before the relocation that tells a call from something else, or `nil`.
  let opcode: UInt8?

  init(_ distance: UInt64, _ types: [UInt32], opcode: UInt8? = nil) {
    self.distance = distance
    self.types = types
    self.opcode = opcode
  }
}

/// How a call within a section names its distance.
enum LocalCall: Sendable {
  /// A byte and a distance of 32 bits from behind it.
  case byte(UInt8)
  /// A word, or two halves of one.
  case word(CallWord)
}

/// A call that is a word with its distance in it.
struct CallWord: Sendable {
  /// The bits of `mask`.
  let opcode: UInt32
  /// The bits that are no part of the distance.
  let mask: UInt32
  /// The one of them that a jump has otherwise.
  let link: UInt32
  /// The distance from the word itself.
  let distance: @Sendable (_ word: UInt32) -> Int64
  /// At multiples of how many bytes it stands.
  var step = 4

  /// A word whose lowest `bits` bits count words, `ahead` bytes ahead of it.
  init(_ opcode: UInt32, link: UInt32, bits: Int32, ahead: Int64 = 0) {
    let unused = 32 &- bits
    self.opcode = opcode
    self.link = link
    mask = .max &<< UInt32(bitPattern: bits)
    distance = { Int64(Int32(bitPattern: $0 &<< unused) &>> unused) &* 4 &+ ahead }
  }

  /// One that has its distance elsewhere.
  init(
    _ opcode: UInt32, mask: UInt32, link: UInt32, step: Int = 4,
    distance: @escaping @Sendable (_ word: UInt32) -> Int64
  ) {
    self.opcode = opcode
    self.mask = mask
    self.link = link
    self.step = step
    self.distance = distance
  }
}

/// A table of places in code that a kernel changes.
struct PatchedTable: Sendable {
  /// How many bytes it changes there.
  enum Length: Sendable {
    case fixed(UInt64)
    /// The byte at this offset of the entry says so.
    case listed(at: UInt64)
  }

  let section: String
  /// The bytes of an entry; one whose pointers are elsewhere has another size.
  let entryBytes: UInt64
  let length: Length
  /// How many bytes before the place are changed as well.
  let before: UInt64

  init(_ section: String, _ entryBytes: UInt64, _ length: Length, before: UInt64 = 0) {
    self.section = section
    self.entryBytes = entryBytes
    self.length = length
    self.before = before
  }
}
