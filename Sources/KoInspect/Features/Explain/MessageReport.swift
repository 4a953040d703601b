// What a line of the kernel's log, or the name of an error, means: for a person on a terminal.

import ELFKit

enum MessageReport {
  /// The error that `text` names: `ENOEXEC`, or the words of insmod and modprobe at its end.
  static func errno(_ text: String) -> Errno? {
    if let named = Errno(rawValue: text.uppercased()) { return named }
    // `-22`, as in `error -22`
    if let number = Int(text) {
      return Errno.allCases.first { $0.number == number.magnitude }
    }
    // `insmod: ERROR: could not insert module x.ko: Invalid module format`, or `failed (Exec format error)`
    var text = text.lowercased()[...]
    while let last = text.last, ").\n ".contains(last) { text.removeLast() }
    return Errno.allCases.first { errno in
      ([errno.text] + errno.otherTexts).contains { text.hasSuffix($0.lowercased()) }
    }
  }

  /// An error: what insmod says, and the lines of the log that tell which cause it had.
  static func write(_ errno: Errno, to out: inout TextBuffer, _ style: Style) {
    out.toned(.heading, style, errno.rawValue)
    out.append(" (\(errno.number)): insmod and modprobe say '\(errno.text)'")
    for text in errno.otherTexts { out.append(", others '\(text)'") }
    out.newline()
    var table = Table(indentation: 2)
    table.row([Cell("the log tells why", .faint)])
    for message in KernelMessage.ending(with: errno) {
      table.row([Cell(message.text), Cell(message.rule ?? message.meaning ?? "", .name)])
    }
    table.write(to: &out, style)
    out.append(
      "'koinspect preflight MODULE' says which of them it is; 'koinspect explain RULE' what to do.\n"
    )
  }

  /// What is known of the symbol that `line` is about, when that is one whose absence has a usual cause.
  private static func symbol(of line: String) -> SymbolCause? {
    // What is between quotes is one in modpost's lines.
    let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
    return words.lazy.compactMap { SymbolCause.of(ByteSlice(Array($0.utf8))) }.first
  }

  /// A line of the log, or a part of it: what `message` is there.
  static func write(
    _ message: KernelMessage, _ line: String, to out: inout TextBuffer, _ style: Style
  ) {
    out.toned(.heading, style, message.text)
    out.newline()
    var table = Table(indentation: 2)
    if let errno = message.errno {
      table.row([Cell("the load", .faint), Cell("fails with \(errno.rawValue): \(errno.text)")])
    }
    if let meaning = message.meaning { table.row([Cell("meaning", .faint), Cell(meaning)]) }
    if message.rule == "unresolved-symbol", let cause = symbol(of: line) {
      table.row([Cell("symbol", .faint), Cell(cause.text)])
    }
    if message.rule == "unsupported-relocation" {
      for words in RefusedRelocation.words(in: ByteSlice(Array(line.utf8))) {
        table.row([Cell("on", .faint), Cell(escaping: ByteSlice(words.bytes))])
      }
    }
    table.write(to: &out, style)
    guard let rule = message.rule.flatMap(Rule.named) else { return }
    RulesReport.write(rule, to: &out, style)
  }
}
