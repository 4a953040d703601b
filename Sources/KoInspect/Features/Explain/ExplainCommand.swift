// `koinspect explain`: what a finding means, why the kernel cares, how to fix it.

import ELFKit

enum ExplainCommand {
  private enum Name {
    case kernels
    case markdown
    case color
    case help
  }

  private static let options: [Option<Name>] = [
    Option(
      .kernels, nil, "kernels",
      help: "what changed in the kernel's loader, since when, and how sure that is"),
    Option(
      .markdown, nil, "markdown",
      help: "all rules as the page Docs/Rules.md; with --kernels, Docs/Kernels.md"),
    .color(.color),
    Option(.help, "h", "help", help: "this text"),
  ]

  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    ModuleCommand.perform("explain", arguments, options, help: .help, help, &console) {
      parsed, console throws(SystemError) in
      let style = console.style(parsed.value(.color))
      if parsed.has(.kernels), parsed.operands.isEmpty {
        if parsed.has(.markdown) {
          HistoryReport.writePage(to: &console.out)
        } else {
          HistoryReport.writeList(to: &console.out, style)
        }
        return .clean
      }
      if parsed.has(.markdown) {
        RulesReport.writePage(to: &console.out)
        return .clean
      }
      guard !parsed.operands.isEmpty else {
        RulesReport.writeList(to: &console.out, style)
        return .clean
      }
      // A line of the log that was pasted without quotes is many words.
      let words = parsed.operands.map { String(decoding: $0, as: UTF8.self) }
      if words.count > 1, !words.contains(where: isName),
        write(words.joined(separator: " "), &console, style)
      {
        return .clean
      }
      var status = ExitStatus.clean
      for (position, operand) in parsed.operands.enumerated() {
        if position > 0 { console.out.newline() }
        if !write(words[position], &console, style) { status = unknown(operand, &console) }
      }
      return status
    }
  }

  /// Whether `word` is the name of something that is explained.
  private static func isName(_ word: String) -> Bool {
    Rule.named(word) != nil || KernelChange.named(word) != nil || Errno(rawValue: word) != nil
  }

  /// Explains a rule, a change, an error or a line of the log; `false` when it is none of them.
  private static func write(_ word: String, _ console: inout Console, _ style: Style) -> Bool {
    if let rule = Rule.named(word) {
      RulesReport.write(rule, to: &console.out, style)
    } else if let change = KernelChange.named(word) {
      HistoryReport.write(change, to: &console.out, style)
    } else if let message = KernelMessage.of(ByteSlice(Array(word.utf8))) {
      MessageReport.write(message, word, to: &console.out, style)
    } else if let errno = MessageReport.errno(word) {
      MessageReport.write(errno, to: &console.out, style)
    } else if let message = KernelMessage.containing(ByteSlice(Array(word.utf8))) {
      MessageReport.write(message, word, to: &console.out, style)
    } else {
      return false
    }
    return true
  }

  private static func unknown(_ operand: [UInt8], _ console: inout Console) -> ExitStatus {
    let names =
      Rule.all.map { $0.id } + KernelChange.all.map { $0.id } + Errno.allCases.map { $0.rawValue }
      + Errno.allCases.map { $0.text }
    console.message { line in
      line.append("explain: there is no rule, no error and no line of the kernel's log '")
      line.escaped(operand)
      line.append("'")
      let id = String(decoding: operand, as: UTF8.self)
      let members = Rule.all.filter { $0.group == id }
      if !members.isEmpty {
        line.append(": these rules are about it: \(members.map { $0.id }.joined(separator: ", "))")
      } else if let nearest = NearestWord.suggestion(for: id, among: names) {
        line.append("; did you mean '\(nearest)'?")
      }
    }
    return .failure
  }

  static var help: CommandHelp {
    CommandHelp(
      usage: "koinspect explain [OPTIONS] [RULE|ERROR|LINE…]",
      about: """
        What a finding of 'koinspect check' means, why the kernel cares and how to fix it; what an
        error of insmod means (ENOEXEC, 'Invalid module format'), or a line of the kernel's log, of
        modprobe, depmod, modpost or DKMS.
        Without RULE: the list of all rules. The name of a change of the kernel is explained, too.
        """,
      examples: [
        ("koinspect explain missing-license", "one rule"),
        ("koinspect explain 'hello: Unknown symbol foo (err -2)'", "what dmesg says"),
        ("koinspect explain --kernels", "what changed in the kernel's loader, and when"),
      ],
      options: options, operands: Rule.all.map { $0.id })
  }
}
