// What fish completes: a line for each option.

enum FishCompletion {
  static func script(_ commands: [Command]) -> String {
    var lines = ["# fish completion for koinspect; made by 'koinspect completions fish'"]
    for command in commands {
      lines.append(
        "complete -c koinspect -n __fish_use_subcommand -a \(command.name) -d '\(quoted(command.summary))'"
      )
    }
    lines.append("complete -c koinspect -n __fish_use_subcommand -a help -d 'what a command does'")
    let names = commands.map { $0.name }.joined(separator: " ")
    lines.append("complete -c koinspect -n '__fish_seen_subcommand_from help' -f -a '\(names)'")
    for command in commands {
      let help = command.help()
      let start = "complete -c koinspect -n '__fish_seen_subcommand_from \(command.name)'"
      for option in help.options { lines.append("\(start) \(argument(option))") }
      if !help.operands.isEmpty {
        lines.append("\(start) -f -a '\(help.operands.joined(separator: " "))'")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// `-s o -l output -r -F -d '…'`.
  private static func argument(_ option: OptionHelp) -> String {
    var words = option.short.map { ["-s \($0)"] } ?? []
    words += option.long.map { "-l \($0)" }
    if case .required = option.argument { words.append("-r") }
    if !option.values.isEmpty {
      words.append("-f -a '\(option.values.joined(separator: " "))'")
    } else if option.takesFile {
      words.append("-F")
    } else if option.argument.name != nil {
      words.append("-f")
    }
    words.append("-d '\(quoted(option.help))'")
    return words.joined(separator: " ")
  }

  private static func quoted(_ text: String) -> String {
    text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "\\'")
  }
}
