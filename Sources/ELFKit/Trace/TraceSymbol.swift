// What the kernel prints of an address in code (kernel/kallsyms.c, `__sprint_symbol`), wherever it stands
// in a line.

/// A place in code as a log names it: `FUNCTION+0xOFFSET/0xSIZE [MODULE BUILDID]`.
public struct TraceSymbol: Hashable, Sendable {
  /// The function.
  public let function: ByteSlice
  /// The distance from its beginning.
  public let offset: UInt64
  /// The distance to what follows it in memory; `nil` when that was not printed (bpftrace, perf).
  public let size: UInt64?
  /// The module; `nil` for the kernel's own code.
  public let module: ByteSlice?
  /// The module's build id in digits of base 16, as kernels with `CONFIG_STACKTRACE_BUILD_ID` print it.
  public let buildID: ByteSlice?

  /// A place made of its parts.
  public init(
    function: ByteSlice, offset: UInt64, size: UInt64?, module: ByteSlice?,
    buildID: ByteSlice? = nil
  ) {
    self.function = function
    self.offset = offset
    self.size = size
    self.module = module
    self.buildID = buildID
  }

  /// A place that a person typed: `FUNCTION+OFFSET` or `FUNCTION+OFFSET/SIZE`, numbers of base 16 with
  /// `0x` and of base 10 without; `nil` when it is none.
  public init?(typed text: ByteSlice) {
    guard let plus = text.lastIndex(of: UInt8(ascii: "+")), plus > 0,
      text[within: 0..<plus].allSatisfy({ Self.isNameByte($0) }), !text[0].isDigit
    else { return nil }
    let rest = text.suffix(from: plus + 1)
    let slash = rest.firstIndex(of: UInt8(ascii: "/"))
    guard let offset = Self.number(rest[within: 0..<(slash ?? rest.count)]) else { return nil }
    var size: UInt64?
    if let slash {
      guard let number = Self.number(rest.suffix(from: slash + 1)) else { return nil }
      size = number
    }
    self.init(function: text[within: 0..<plus], offset: offset, size: size, module: nil)
  }

  private static func number(_ text: ByteSlice) -> UInt64? {
    if text.starts(with: "0x") {
      guard let (value, end) = hexadecimal(text, from: 2), end == text.count else { return nil }
      return value
    }
    guard let (value, end) = decimal(text, from: 0), end == text.count else { return nil }
    return value
  }

  /// Whether a name in C or Rust may have this byte; compilers add dots (`f.cold`) and dollars.
  package static func isNameByte(_ byte: UInt8) -> Bool {
    if byte.isDigit || (byte | 0x20) &- UInt8(ascii: "a") < 26 { return true }
    let isJoint = byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
    return isJoint || byte == UInt8(ascii: "$")
  }

  /// The number of base 16 at `start` and where it ends; `nil` for none, and for more than 64 bits.
  static func hexadecimal(
    _ text: ByteSlice, from start: Int
  ) -> (value: UInt64, end: Int)? {
    var value: UInt64 = 0
    var end = start
    while end < text.count, let digit = text[end].hexadecimalDigit {
      guard end - start < 16 else { return nil }
      value = value << 4 | digit
      end += 1
    }
    return end > start ? (value, end) : nil
  }

  /// The same of base 10; for more than 18 digits `nil`.
  static func decimal(_ text: ByteSlice, from start: Int) -> (value: UInt64, end: Int)? {
    var value: UInt64 = 0
    var end = start
    while end < text.count, text[end].isDigit {
      guard end - start < 18 else { return nil }
      value = value * 10 + UInt64(text[end] &- UInt8(ascii: "0"))
      end += 1
    }
    return end > start ? (value, end) : nil
  }
}

extension TraceSymbol {
  /// The symbols of a line and where each stands in it, from the left.
  static func all(in line: ByteSlice) -> [(symbol: TraceSymbol, range: Range<Int>)] {
    var found: [(symbol: TraceSymbol, range: Range<Int>)] = []
    var start = 0
    while let plus = line.firstIndex(of: UInt8(ascii: "+"), from: start) {
      start = plus + 1
      guard let next = symbol(in: line, around: plus, notBefore: found.last?.range.upperBound ?? 0)
      else { continue }
      found.append(next)
      start = next.range.upperBound
    }
    return found
  }

  /// The symbol whose `+` stands at `plus`.
  private static func symbol(
    in line: ByteSlice, around plus: Int, notBefore limit: Int
  ) -> (symbol: TraceSymbol, range: Range<Int>)? {
    var start = plus
    while start > limit, isNameByte(line[start - 1]) { start -= 1 }
    guard start < plus, !line[start].isDigit else { return nil }
    let function = line[within: start..<plus]
    guard line.suffix(from: plus + 1).starts(with: "0x") else {
      // bpftrace counts in base 10 and prints nothing else in the line.
      guard let (offset, end) = decimal(line, from: plus + 1), isAlone(line, start..<end) else {
        return nil
      }
      return (
        TraceSymbol(function: function, offset: offset, size: nil, module: nil), start..<end
      )
    }
    guard let (offset, offsetEnd) = hexadecimal(line, from: plus + 3) else { return nil }
    var end = offsetEnd
    var size: UInt64?
    if line.suffix(from: end).starts(with: "/0x"),
      let (value, sizeEnd) = hexadecimal(line, from: end + 3)
    {
      (size, end) = (value, sizeEnd)
    }
    let owner = module(in: line, from: end, isSized: size != nil)
    if let owner { end = owner.end }
    return (
      TraceSymbol(
        function: function, offset: offset, size: size, module: owner?.name,
        buildID: owner?.buildID), start..<end
    )
  }

  /// Whether nothing but blanks stands around `range`.
  private static func isAlone(_ line: ByteSlice, _ range: Range<Int>) -> Bool {
    let isBlank = { (byte: UInt8) in byte.isBlank || byte == UInt8(ascii: "\r") }
    return line[within: 0..<range.lowerBound].allSatisfy(isBlank)
      && line.suffix(from: range.upperBound).allSatisfy(isBlank)
  }

  /// The longest name of a module that a kernel can print (include/linux/moduleparam.h,
  /// `MAX_PARAM_PREFIX_LEN`).
  private static let longestName = 64

  /// What follows a place: ` [MODULE]`, ` [MODULE BUILDID]`; perf prints ` ([MODULE])` or
  /// ` (/PATH/MODULE.ko)` after one without a size.
  private static func module(
    in line: ByteSlice, from start: Int, isSized: Bool
  ) -> (name: ByteSlice, buildID: ByteSlice?, end: Int)? {
    let rest = line.suffix(from: start)
    if rest.starts(with: " [") {
      return bracket(line, from: start + 2)
    }
    guard !isSized else { return nil }
    if rest.starts(with: " ([") { return bracket(line, from: start + 3) }
    guard rest.starts(with: " (/"), let close = rest.firstIndex(of: UInt8(ascii: ")")) else {
      return nil
    }
    let path = rest[within: 2..<close]
    guard path.contains(".ko") else { return nil }
    return (ModuleName.ofFile(at: path), nil, start + close + 1)
  }

  private static func bracket(
    _ line: ByteSlice, from start: Int
  ) -> (name: ByteSlice, buildID: ByteSlice?, end: Int)? {
    var end = start
    while end < line.count, end - start <= longestName, line[end] > 0x20, line[end] < 0x7f,
      line[end] != UInt8(ascii: "]"), line[end] != UInt8(ascii: "[")
    {
      end += 1
    }
    guard end > start, end < line.count else { return nil }
    let name = line[within: start..<end]
    if line[end] == UInt8(ascii: "]") { return (name, nil, end + 1) }
    guard line[end] == UInt8(ascii: " ") else { return nil }
    let idStart = end + 1
    end = idStart
    while end < line.count, end - idStart <= 2 * longestName, line[end].hexadecimalDigit != nil {
      end += 1
    }
    guard end > idStart, end < line.count, line[end] == UInt8(ascii: "]") else { return nil }
    return (name, line[within: idStart..<end], end + 1)
  }
}

extension UInt8 {
  /// Whether it is a blank or a tab.
  var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}
