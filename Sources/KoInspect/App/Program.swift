// The program as a value: arguments in, two streams and a status out.

/// One run of `koinspect`. It ends no process and prints nothing by itself, so tests can run it.
struct Program {
  var console: Console

  /// Runs the command that `arguments` name and hands on all output.
  ///
  /// A failed write of standard output is status 2, whatever else happened.
  mutating func run(_ arguments: [[UInt8]]) -> ExitStatus {
    var status = dispatch(arguments)
    console.out.flush()
    console.err.flush()
    if let failure = console.out.sink?.failure {
      console.message { $0.append("standard output: cannot be written: \(failure)") }
      status = max(status, .failure)
    }
    return status
  }

  private mutating func dispatch(_ arguments: [[UInt8]]) -> ExitStatus {
    guard let first = arguments.first else {
      console.err.append(Help.usage)
      return .failure
    }
    let word = String(decoding: first, as: UTF8.self)
    switch word {
    case "--help", "-h", "help":
      return help(about: arguments.dropFirst().first)
    case "--version", "-V":
      console.out.append(Version.text)
      return .clean
    default: break
    }
    if let command = CommandTable.command(named: word) {
      return command.run(&console, Array(arguments.dropFirst()))
    }
    if !word.hasPrefix("-"), !first.contains(UInt8(ascii: "/")), !first.contains(UInt8(ascii: ".")),
      kind(of: first) == .missing
    {
      return unknownCommand(word)
    }
    if word.hasPrefix("--"), let meant = Self.meantOption(word) {
      console.message { line in
        line.append("unrecognized option '")
        line.escaped(word)
        line.append("'; did you mean '\(meant)'? (try 'koinspect --help')")
      }
      return .failure
    }
    return ShowCommand.run(&console, arguments)
  }

  private mutating func help(about topic: [UInt8]?) -> ExitStatus {
    guard let topic else {
      console.out.append(Help.text)
      return .clean
    }
    let word = String(decoding: topic, as: UTF8.self)
    if word == "--man" {
      console.out.append(ManualPage.text)
      return .clean
    }
    guard let command = CommandTable.command(named: word) else { return unknownCommand(word) }
    return command.run(&console, [Array("--help".utf8)])
  }

  /// The option of the program itself that `word` is a slip of; `nil` for what `show` knows, or is nearer to.
  private static func meantOption(_ word: String) -> String? {
    let own = ["--help", "--version"]
    // Asked first: what show knows is made for its help.
    guard NearestWord.suggestion(for: word, among: own) != nil else { return nil }
    let others = ShowCommand.help.options.flatMap { $0.long.map { "--\($0)" } }
    guard !others.contains(where: { word.hasPrefix($0) || $0.hasPrefix(word) }),
      let meant = NearestWord.suggestion(for: word, among: own + others), own.contains(meant)
    else { return nil }
    return meant
  }

  private mutating func unknownCommand(_ word: String) -> ExitStatus {
    console.message { line in
      line.append("'")
      line.escaped(word)
      line.append("' is neither a command nor a file")
      let names = CommandTable.all.map { $0.name }
      if let suggestion = NearestWord.suggestion(for: word, among: names) {
        line.append("; did you mean '\(suggestion)'?")
      }
    }
    return .failure
  }
}
