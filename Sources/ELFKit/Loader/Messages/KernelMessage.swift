// What kernels, and the programs that build and load modules, print about them, searched backwards: from a
// line to what it means.

/// A line of the kernel's log, or of a program that builds or loads modules, and what explains it.
public struct KernelMessage: Sendable {
  /// The line; a `*` stands for what differs.
  public let text: String
  /// The rule that explains it, or `nil`.
  public let rule: String?
  /// What it means, where no rule says it all; `nil` when ``rule`` does.
  public let meaning: String?
  /// The error that follows; `nil` when the load goes on, or any may follow.
  public let errno: Errno?

  init(_ text: String, _ rule: String, meaning: String? = nil, _ errno: Errno? = nil) {
    (self.text, self.rule, self.meaning, self.errno) = (text, rule, meaning, errno)
  }

  init(_ text: String, meaning: String, _ errno: Errno? = nil) {
    (self.text, rule, self.meaning, self.errno) = (text, nil, meaning, errno)
  }

  /// All of them.
  public static let all: [Self] =
    files + versions + symbols + relocations + signatures + others + running + programs + builds

  /// Those after which a load ends with `errno`.
  public static func ending(with errno: Errno) -> [Self] { all.filter { $0.errno == errno } }

  /// The message that `line` is, whatever is before and behind it; of several the one that has most in
  /// common with it.
  public static func of(_ line: ByteSlice) -> Self? {
    let line = lowercased(line)
    var found: (weight: Int, message: Self)?
    for message in all {
      guard let weight = message.weight(in: line), weight > found?.weight ?? 0 else { continue }
      found = (weight, message)
    }
    return found?.message
  }

  /// The number of its own bytes in a line that it is found in; `nil` when it is not.
  private func weight(in line: ByteSlice) -> Int? {
    var rest = line
    var weight = 0
    for part in Self.lowercased(ByteSlice(Array(text.utf8))).text.split(separator: "*") {
      guard let position = rest.firstPosition(of: String(part)) else { return nil }
      rest = rest.suffix(from: position + part.utf8.count)
      weight += part.utf8.count
    }
    return weight
  }

  /// Fewer bytes than these are part of too many lines.
  private static let leastPart = 12

  /// The shortest message that has `part` in it: of a line only some words were given.
  public static func containing(_ part: ByteSlice) -> Self? {
    guard part.count >= leastPart else { return nil }
    let text = lowercased(part).text
    return all.filter { lowercased(ByteSlice(Array($0.text.utf8))).contains(text) }
      .min { $0.text.utf8.count < $1.text.utf8.count }
  }

  private static let capitals = UInt8(ascii: "A")...UInt8(ascii: "Z")

  /// Programs of Busybox say in small letters what others begin with a capital.
  private static func lowercased(_ line: ByteSlice) -> ByteSlice {
    ByteSlice(line.bytes.map { capitals.contains($0) ? $0 | 0x20 : $0 })
  }
}
