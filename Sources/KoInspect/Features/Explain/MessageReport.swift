// What a line of the kernel's log, or the name of an error, means: for a person on a terminal.

import ELFKit

enum MessageReport {
  /// The error that `text` names: `ENOEXEC`, or the words of insmod and modprobe at its end.
  static func errno(_ text: String) -> Errno? {
    let upper = text.uppercased()
    if let named = Errno(rawValue: upper) { return named }
    // `insmod: ERROR: could not insert module x.ko: Invalid module format`
    return Errno.allCases.first { text.lowercased().hasSuffix($0.text.lowercased()) }
  }

  /// An error: what insmod says, and the lines of the log that tell which cause it had.
  static func write(_ errno: Errno, to out: inout TextBuffer, _ style: Style) {
    out.toned(.heading, style, errno.rawValue)
    out.append(" (\(errno.number)): insmod and modprobe say '\(errno.text)'")
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

  /// A line of the log.
  static func write(_ message: KernelMessage, to out: inout TextBuffer, _ style: Style) {
    out.toned(.heading, style, message.text)
    out.newline()
    var table = Table(indentation: 2)
    if let errno = message.errno {
      table.row([Cell("the load", .faint), Cell("fails with \(errno.rawValue): \(errno.text)")])
    }
    if let meaning = message.meaning { table.row([Cell("meaning", .faint), Cell(meaning)]) }
    table.write(to: &out, style)
    guard let rule = message.rule.flatMap(Rule.named) else { return }
    RulesReport.write(rule, to: &out, style)
  }
}
