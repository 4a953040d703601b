// What a command says of itself, made from its table of options: the text of --help is one rendering of it,
// the manual page and what shells complete are others.

/// An option as people see it, whatever its command calls it.
struct OptionHelp: Sendable {
  let short: Character?
  /// The words after two dashes; the first is shown.
  let long: [String]
  let argument: OptionArgument
  /// The values that it takes, where there are no others.
  let values: [String]
  let help: String

  /// `-o, --output FILE`.
  var synopsis: String {
    var words = short.map { ["-\($0)"] } ?? []
    words += long.prefix(1).map { "--\($0)" }
    let text = words.joined(separator: ", ")
    return switch argument {
    case .none: text
    case .required(let value): "\(text) \(value)"
    case .optional(let value): "\(text)[=\(value)]"
    }
  }
}

/// One command's help.
struct CommandHelp: Sendable {
  /// How it is called, one way a line.
  let usage: String
  /// Paragraphs; lines that begin with a blank stay as they are.
  let about: String
  let examples: [(String, String)]
  let options: [OptionHelp]
  /// The words that it takes as operands; files where there are none.
  let operands: [String]

  init<Name>(
    usage: String, about: String, examples: [(String, String)], options: [Option<Name>],
    operands: [String] = []
  ) {
    self.usage = usage
    self.about = about
    self.examples = examples
    self.options = options.map {
      OptionHelp(
        short: $0.short, long: $0.long, argument: $0.argument, values: $0.values, help: $0.help)
    }
    self.operands = operands
  }

  /// What --help prints.
  var text: String {
    var text = "usage: \(usage)\n\n\(about)\n"
    if !examples.isEmpty {
      let width = examples.map { $0.0.count }.max() ?? 0
      text += "\nExamples:\n"
      for (command, meaning) in examples {
        text += "  \(command)\(Self.padding(width - command.count + 2))\(meaning)\n"
      }
    }
    let width = options.map { $0.synopsis.count }.max() ?? 0
    text += "\nOptions:\n"
    for option in options {
      let synopsis = option.synopsis
      text += "  \(synopsis)\(Self.padding(width - synopsis.count + 2))\(option.help)\n"
    }
    return text
  }

  private static func padding(_ count: Int) -> String { String(repeating: " ", count: count) }
}
