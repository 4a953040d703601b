// The forms of lines with places in code, as data: what stands before a place tells what it is. Read in
// arch/*/kernel/{traps,process,stacktrace,dumpstack}.c and kernel/panic.c.

/// What a place in a log is.
public enum TraceKind: String, Hashable, Sendable {
  /// The instruction that was running.
  case pc
  /// Where the function that was running would have returned to, by the register for it.
  case lr
  /// An entry of a call trace: where a call returns to.
  case frame
  /// Where a WARN or BUG stands.
  case warn
  /// An init function that is called (`initcall_debug`).
  case `init`
  /// A number that is an address in the code.
  case address

  /// Whether the place is an instruction that ran, and not one that a call returns to.
  public var isExact: Bool { self != .frame && self != .lr }
}

/// What stands before a place.
struct TraceMarker: Sendable {
  /// The words; a blank stands for any number of blanks, none included.
  let words: String
  let kind: TraceKind
  /// Whether the unwinder vouches for the place.
  let isReliable: Bool

  init(_ words: String, _ kind: TraceKind, isReliable: Bool = true) {
    self.words = words
    self.kind = kind
    self.isReliable = isReliable
  }

  /// What no row is before is an entry of a call trace: so it is on all machines, and after `=>`
  /// (ftrace), `[<0>]` (/proc/PID/stack), `in` (KASAN), `from` (ARM) and an address.
  static let all: [TraceMarker] = [
    // x86, the segment having been skipped.
    TraceMarker("RIP :", .pc), TraceMarker("EIP :", .pc),
    // AArch64; RISC-V and MIPS.
    TraceMarker("pc :", .pc), TraceMarker("lr :", .lr), TraceMarker("epc :", .pc),
    TraceMarker("ra :", .lr),
    // ARM.
    TraceMarker("PC is at", .pc), TraceMarker("LR is at", .lr),
    // PowerPC.
    TraceMarker("NIP", .pc), TraceMarker("LR", .lr),
    // LoongArch, s390.
    TraceMarker("ERA :", .pc), TraceMarker("Krnl PSW :", .pc),
    // init/main.c, with `initcall_debug`.
    TraceMarker("calling", .`init`), TraceMarker("initcall", .`init`),
    // A word on the stack that looks like an address in code.
    TraceMarker("?", .frame, isReliable: false),
  ]

  /// Words anywhere before a place that tell what it is, with more between them and it.
  static let heads: [(words: String, kind: TraceKind)] = [
    // kernel/panic.c, `__warn`; arch/powerpc/kernel/process.c.
    ("WARNING:", .warn), ("--- interrupt:", .pc),
  ]

  /// Words before a place that is no entry of a trace: lockdep, KASAN, workqueues, what ARM tells of registers.
  private static let asides = [
    "at:", "in", "by", "at", "variable:", "workqueue:",
  ].map { TraceMarker($0, .frame) }

  /// Whether such words, or an event's number (`enabled at (12):`), end `head`.
  static func isAside(_ head: ByteSlice) -> Bool {
    let count = head.count
    if count > 1, head[count - 1] == UInt8(ascii: ":"), head[count - 2] == UInt8(ascii: ")") {
      return true
    }
    return asides.contains { $0.matches(head, before: count) }
  }

  /// Whether the words stand in `line` before `end`, and no letter before them.
  func matches(_ line: ByteSlice, before end: Int) -> Bool {
    var position = end
    for byte in words.utf8.reversed() {
      if byte == UInt8(ascii: " ") {
        while position > 0, line[position - 1].isBlank {
          position -= 1
        }
      } else {
        guard position > 0, line[position - 1] == byte else { return false }
        position -= 1
      }
    }
    return line.beginsWord(at: position)
  }
}

/// A place in a line, and what it is.
public struct TraceMention: Hashable, Sendable {
  /// The place.
  public let symbol: TraceSymbol
  /// What it is.
  public let kind: TraceKind
  /// Whether the unwinder vouches for it; `?` says that it does not.
  public let isReliable: Bool
  /// The address that is printed before it, or `nil`; 0 is printed for one that is kept secret.
  public let address: UInt64?
  /// Whether it is an entry of a trace, and not mentioned among other words.
  public let isEntry: Bool
}

extension TraceMention {
  /// What stands in `line` at `range`, by what is around it.
  init(_ symbol: TraceSymbol, at range: Range<Int>, in line: ByteSlice, notBefore limit: Int) {
    var end = range.lowerBound
    var address: UInt64?
    var isUncertain = false
    if end > limit, line[end - 1] == UInt8(ascii: "(") { end -= 1 }
    // Up to two of `[<ADDRESS>]`, `[ADDRESS]`, `ADDRESS`, `SEGMENT:`.
    for _ in 0..<3 {
      while end > limit, line[end - 1].isBlank { end -= 1 }
      guard let (value, start) = Self.address(in: line, before: end, notBefore: limit) else {
        break
      }
      if address == nil, let value { address = value }
      isUncertain = start > limit && line[start - 1] == UInt8(ascii: "(")
      end = isUncertain ? start - 1 : start
    }
    while end > limit, line[end - 1].isBlank { end -= 1 }
    let head = line[within: 0..<end]
    let marker = TraceMarker.all.first { $0.matches(head, before: end) }
    let rest = line.suffix(from: range.upperBound)
    self.init(
      symbol: symbol,
      kind: marker?.kind ?? TraceMarker.heads.first { head.contains($0.words) }?.kind ?? .frame,
      isReliable: marker?.isReliable ?? true && !isUncertain
        && !rest.starts(with: " (unreliable)"),
      address: address,
      isEntry: marker != nil || !TraceMarker.isAside(head))
  }

  /// The address or segment that ends before `end`, and where it begins; no value for a segment.
  private static func address(
    in line: ByteSlice, before end: Int, notBefore limit: Int
  ) -> (value: UInt64?, start: Int)? {
    var last = end
    var brackets = 0
    var isSegment = false
    if last > limit, line[last - 1] == UInt8(ascii: "]") {
      (last, brackets) = (last - 1, 1)
      if last > limit, line[last - 1] == UInt8(ascii: ">") { (last, brackets) = (last - 1, 2) }
    } else if last > limit, line[last - 1] == UInt8(ascii: ":") {
      (last, isSegment) = (last - 1, true)
    }
    var start = last
    while start > limit, last - start < 17, line[start - 1].hexadecimalDigit != nil { start -= 1 }
    guard let (value, _) = TraceSymbol.hexadecimal(line[within: start..<last], from: 0) else {
      return nil
    }
    if isSegment { return last - start == 4 ? (nil, start) : nil }
    if brackets == 0 {
      if start - limit >= 2, line[start - 1] | 0x20 == UInt8(ascii: "x"),
        line[start - 2] == UInt8(ascii: "0")
      {
        start -= 2
      }
      // A word of letters up to f is no address.
      let isWhole = start == limit || line.beginsWord(at: start)
      return last - start >= 8 && isWhole ? (value, start) : nil
    }
    let opening = brackets == 2 ? UInt8(ascii: "<") : UInt8(ascii: "[")
    guard start - limit >= brackets, line[start - 1] == opening else {
      return nil
    }
    return (value, start - brackets)
  }
}

extension TraceMention {
  /// A place of which the log has nothing but the address.
  public init(_ place: AddressedPlace, of module: ByteSlice, at address: UInt64) {
    let symbol = TraceSymbol(
      function: place.place.name, offset: place.offset, size: nil, module: module)
    self.init(symbol: symbol, kind: .address, isReliable: false, address: address, isEntry: false)
  }

  /// A place that a person typed.
  public init(typed symbol: TraceSymbol) {
    self.init(symbol: symbol, kind: .frame, isReliable: true, address: nil, isEntry: true)
  }
}

extension ByteSlice {
  /// Whether no word goes on at `position`; the colours of a terminal (`ESC[31m`) are no word.
  func beginsWord(at position: Int) -> Bool {
    guard position > 0, TraceSymbol.isNameByte(self[position - 1]) else { return true }
    guard self[position - 1] == UInt8(ascii: "m") else { return false }
    var start = position - 1
    while start > 0, self[start - 1].isDigit || self[start - 1] == UInt8(ascii: ";") { start -= 1 }
    return start >= 2 && self[start - 1] == UInt8(ascii: "[") && self[start - 2] == 0x1b
  }
}
