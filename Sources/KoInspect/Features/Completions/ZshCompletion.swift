// What zsh completes: a function of _arguments for each command.

enum ZshCompletion {
  static func script(_ commands: [Command]) -> String {
    let names = commands.map { "    '\(quoted("\(colons($0.name)):\($0.summary)"))'" }
    var cases: [String] = []
    for command in commands {
      let help = command.help()
      let last =
        help.operands.isEmpty
        ? "'*:file:_files'" : "'*:word:(\(help.operands.joined(separator: " ")))'"
      let lines = help.options.map { argument($0) } + [last]
      cases.append(
        "  \(command.name))\n    _arguments -s -S \\\n      "
          + lines.joined(separator: " \\\n      ") + "\n    ;;")
    }
    return """
      #compdef koinspect
      # zsh completion for koinspect; made by 'koinspect completions zsh'

      _koinspect() {
        local -a commands
        commands=(
      \(names.joined(separator: "\n"))
          'help:what a command does'
        )
        local command=show
        if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
          _describe command commands
          _files
          return
        fi
        if (( CURRENT > 2 )) && [[ -n ${(M)commands:#$words[2]:*} ]]; then
          command=$words[2]
          shift words
          (( CURRENT-- ))
        fi
        case $command in
      \(cases.joined(separator: "\n"))
        help)
          _describe command commands
          ;;
        esac
      }

      if [[ $funcstack[1] == _koinspect ]]; then
        _koinspect "$@"
      else
        compdef _koinspect koinspect
      fi

      """
  }

  /// `{-o,--output}'[write there instead]:FILE:_files'`.
  private static func argument(_ option: OptionHelp) -> String {
    var value = ""
    if let name = option.argument.name {
      let action =
        !option.values.isEmpty
        ? "(\(option.values.joined(separator: " ")))" : option.takesFile ? "_files" : " "
      value = ":\(colons(name)):\(action)"
    }
    let isOptional = if case .optional = option.argument { true } else { false }
    let words = option.words.map { word -> String in
      guard !value.isEmpty else { return word }
      return word.hasPrefix("--") ? isOptional ? "\(word)=-" : "\(word)=" : "\(word)+"
    }
    let rest = "[\(brackets(option.help))]\(isOptional && !value.isEmpty ? ":" : "")\(value)"
    let names = words.count == 1 ? "\(words[0])" : "{\(words.joined(separator: ","))}"
    return "'*'\(names)'\(quoted(rest))'"
  }

  private static func quoted(_ text: String) -> String { replaced(text, "'", "'\\''") }

  private static func colons(_ text: String) -> String { replaced(text, ":", "\\:") }

  private static func brackets(_ text: String) -> String {
    replaced(replaced(colons(text), "[", "\\["), "]", "\\]")
  }

  private static func replaced(_ text: String, _ letter: Character, _ other: String) -> String {
    text.split(separator: letter, omittingEmptySubsequences: false).joined(separator: other)
  }
}
