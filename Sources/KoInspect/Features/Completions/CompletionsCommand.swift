// `koinspect completions`: what a shell completes, made from the tables of options. Another shell is a case of
// Shell and a file beside this one.

enum CompletionsCommand {
  private enum Name {
    case help
  }

  /// A shell, and how its script is written.
  private enum Shell: String, CaseIterable {
    case bash
    case zsh
    case fish

    func script(_ commands: [Command]) -> String {
      switch self {
      case .bash: BashCompletion.script(commands)
      case .zsh: ZshCompletion.script(commands)
      case .fish: FishCompletion.script(commands)
      }
    }
  }

  private static let options: [Option<Name>] = [
    Option(.help, "h", "help", help: "this text")
  ]

  /// `commands` are those that are completed.
  static func run(
    _ console: inout Console, _ arguments: [[UInt8]], _ commands: [Command]
  ) -> ExitStatus {
    ModuleCommand.perform("completions", arguments, options, help: .help, help, &console) {
      parsed, console throws(SystemError) in
      guard parsed.operands.count == 1 else {
        throw SystemError("one shell: \(shells.joined(separator: ", "))")
      }
      let name = String(decoding: parsed.operands[0], as: UTF8.self)
      guard let shell = Shell(rawValue: name) else {
        let nearest = NearestWord.suggestion(for: name, among: shells)
        throw SystemError(
          "'\(name)' is none of \(shells.joined(separator: ", "))"
            + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
      }
      console.out.append(shell.script(commands))
      return .clean
    }
  }

  private static var shells: [String] { Shell.allCases.map { $0.rawValue } }

  static var help: CommandHelp {
    CommandHelp(
      usage: "koinspect completions SHELL",
      about: """
        Prints a script for bash, zsh or fish that completes commands, options, their values and
        files. The packages install it; without one, put it where your shell looks.
        """,
      examples: [
        ("source <(koinspect completions bash)", "for this shell"),
        ("koinspect completions zsh > ~/.zfunc/_koinspect", "for all that follow (zsh)"),
        ("koinspect completions fish | source", "for this shell (fish)"),
      ],
      options: options, operands: shells)
  }
}

extension OptionHelp {
  /// All ways to write it: `-o`, `--output`.
  var words: [String] { (short.map { ["-\($0)"] } ?? []) + long.map { "--\($0)" } }

  /// Whether its value is a file, or something that stands in one.
  var takesFile: Bool {
    guard let name = argument.name else { return false }
    return name.split(separator: "|").contains { $0 == "FILE" || $0 == "DIR" }
  }
}
