// The help of a command, made from its table of options.

enum CommandHelp {
  /// The help of one command: usage, examples, its options.
  static func text<Name>(
    usage: String, about: String, examples: [(String, String)], options: [Option<Name>]
  ) -> String {
    var text = "usage: \(usage)\n\n\(about)\n"
    if !examples.isEmpty {
      let width = examples.map { $0.0.count }.max() ?? 0
      text += "\nExamples:\n"
      for (command, meaning) in examples {
        text += "  \(command)\(padding(width - command.count + 2))\(meaning)\n"
      }
    }
    let rows = options.map { (synopsis(of: $0), $0.help) }
    let width = rows.map { $0.0.count }.max() ?? 0
    text += "\nOptions:\n"
    for (synopsis, help) in rows {
      text += "  \(synopsis)\(padding(width - synopsis.count + 2))\(help)\n"
    }
    return text
  }

  private static func padding(_ count: Int) -> String { String(repeating: " ", count: count) }

  private static func synopsis<Name>(of option: Option<Name>) -> String {
    var words = option.short.map { ["-\($0)"] } ?? []
    words += option.long.prefix(1).map { "--\($0)" }
    let text = words.joined(separator: ", ")
    switch option.argument {
    case .none: return text
    case .required(let value): return "\(text) \(value)"
    case .optional(let value): return "\(text)[=\(value)]"
    }
  }
}
