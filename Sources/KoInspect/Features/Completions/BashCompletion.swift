// What bash completes: a function that looks which command stands on the line. It needs nothing beside bash
// itself (no package bash-completion).

enum BashCompletion {
  static func script(_ commands: [Command]) -> String {
    let names = commands.map { $0.name }
    var values: [String] = []
    var options: [String] = []
    var operands: [String] = []
    for command in commands {
      let help = command.help()
      for option in help.options where !option.values.isEmpty {
        let patterns = option.words.map { "'\(command.name) \($0)'" }.joined(separator: " | ")
        values.append("    \(patterns)) words='\(list(option.values))' ;;")
      }
      let files = help.options.filter { $0.takesFile && $0.values.isEmpty }.flatMap { $0.words }
      if !files.isEmpty {
        let patterns = files.map { "'\(command.name) \($0)'" }.joined(separator: " | ")
        values.append("    \(patterns)) return ;;")
      }
      options.append(
        "      \(command.name)) words='\(list(help.options.flatMap { $0.words }))' ;;")
      if !help.operands.isEmpty {
        operands.append("      \(command.name)) words='\(list(help.operands))' ;;")
      }
    }
    return """
      # bash completion for koinspect; made by 'koinspect completions bash'

      _koinspect() {
        local commands='\(list(names))'
        local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
        local command=show words=''
        COMPREPLY=()
        # bash takes --color=never apart at the equals sign.
        if [ "$word" = '=' ]; then
          word=
        elif [ "$before" = '=' ] && [ "$COMP_CWORD" -gt 2 ]; then
          before=${COMP_WORDS[COMP_CWORD - 2]}
        fi
        case " $commands " in
        *" ${COMP_WORDS[1]} "*) [ "$COMP_CWORD" -eq 1 ] || command=${COMP_WORDS[1]} ;;
        esac
        case "$command $before" in
      \(values.joined(separator: "\n"))
        esac
        if [ -z "$words" ]; then
          case $word in
          -*)
            case $command in
      \(options.joined(separator: "\n"))
            esac
            ;;
          *)
            if [ "$COMP_CWORD" -eq 1 ] || [ "${COMP_WORDS[1]}" = help ]; then words="$commands help"; fi
            case $command in
      \(operands.joined(separator: "\n"))
            esac
            ;;
          esac
        fi
        # Without a word of these, bash goes on with files.
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
      }

      complete -o bashdefault -o default -F _koinspect koinspect

      """
  }

  /// Words of the program's own, none of which has a blank or a quotation mark.
  private static func list(_ words: [String]) -> String { words.joined(separator: " ") }
}
