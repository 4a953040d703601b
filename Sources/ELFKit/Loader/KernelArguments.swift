// The kernel's way of taking a line of arguments apart (lib/cmdline.c, `next_arg`).

/// One argument: a name, and a value when there is a `=`.
public struct KernelArgument: Sendable {
  /// The name, as it is written.
  public let name: ByteSlice
  /// What is behind the `=`, quotes taken away; `nil` without `=`.
  public let value: ByteSlice?

  /// Whether it is `--`.
  var isEndMark: Bool { value == nil && name.equals("--") }

  /// Whether `name` is meant: `-` and `_` are the same (kernel/params.c, `parameq`).
  func isNamed(_ other: String) -> Bool { isNamed(ByteSlice(Array(other.utf8))) }

  /// Whether `name` is meant: `-` and `_` are the same (kernel/params.c, `parameq`).
  func isNamed(_ other: ByteSlice) -> Bool {
    name.count == other.count
      && (0..<name.count).allSatisfy { ModuleName.folded(name[$0]) == ModuleName.folded(other[$0]) }
  }
}

/// A line of arguments.
public struct KernelArguments: Sendable {
  /// The arguments in order, up to and with the first `--`.
  public let arguments: [KernelArgument]
  /// What is behind the first `--`, or `nil` without one.
  public let rest: ByteSlice?

  /// Takes `line` apart. Blanks separate; within double quotes they do not. Quotes around a value or
  /// a whole argument are taken away.
  public init(_ line: ByteSlice) {
    let line = line.untilNUL
    var arguments: [KernelArgument] = []
    var rest: ByteSlice?
    var position = Self.skipBlanks(line, 0)
    while position < line.count {
      var start = position
      let isQuoted = line[start] == UInt8(ascii: "\"")
      if isQuoted { start += 1 }
      var inQuotes = isQuoted
      var equals: Int?
      var end = start
      while end < line.count {
        let byte = line[end]
        if Self.isBlank(byte), !inQuotes { break }
        // A `=` that comes first is a part of the name.
        if byte == UInt8(ascii: "="), equals == nil, end > start { equals = end }
        if byte == UInt8(ascii: "\"") { inQuotes.toggle() }
        end += 1
      }
      position = end
      arguments.append(Self.argument(line, start..<end, equals, isQuoted: isQuoted))
      position = Self.skipBlanks(line, position)
      if arguments.last?.isEndMark == true {
        rest = line.suffix(from: position)
        break
      }
    }
    self.arguments = arguments
    self.rest = rest
  }

  private static func argument(
    _ line: ByteSlice, _ range: Range<Int>, _ equals: Int?, isQuoted: Bool
  ) -> KernelArgument {
    var end = range.upperBound
    guard let equals else {
      if isQuoted, end > range.lowerBound, line[end - 1] == UInt8(ascii: "\"") { end -= 1 }
      return KernelArgument(name: line[within: range.lowerBound..<end], value: nil)
    }
    var start = equals + 1
    var endsQuote = isQuoted
    if start < end, line[start] == UInt8(ascii: "\"") {
      start += 1
      endsQuote = true
    }
    if endsQuote, end > start, line[end - 1] == UInt8(ascii: "\"") { end -= 1 }
    return KernelArgument(
      name: line[within: range.lowerBound..<equals], value: line[within: start..<end])
  }

  private static func skipBlanks(_ line: ByteSlice, _ start: Int) -> Int {
    var position = start
    while position < line.count, isBlank(line[position]) { position += 1 }
    return position
  }

  /// `isspace` of lib/ctype.c, which also takes the no-break space of Latin-1.
  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (0x09...0x0d).contains(byte) || byte == 0xa0
  }
}
