// The list of commands. A new command is a folder in Features/ and a row here.

enum CommandTable {
  static let all: [Command] = [
    Command(
      name: "show", summary: "one screen about each module", help: { ShowCommand.help },
      run: { ShowCommand.run(&$0, $1) }),
    Command(
      name: "readelf", summary: "the tables of GNU readelf, byte for byte",
      help: { ReadelfCommand.help }, run: { ReadelfCommand.run(&$0, $1) }),
    Command(
      name: "modinfo", summary: "the output of kmod's modinfo, byte for byte",
      help: { ModinfoCommand.help }, run: { ModinfoCommand.run(&$0, $1) }),
    Command(
      name: "params", summary: "parameters with type, mode and default value",
      help: { ReportCommand.params.help }, run: { ReportCommand.params.run(&$0, $1) }),
    Command(
      name: "symbols", summary: "what a module needs and offers",
      help: { SymbolsCommand.help }, run: { SymbolsCommand.run(&$0, $1) }),
    Command(
      name: "sections", summary: "what each section is for, and what it costs in memory",
      help: { ReportCommand.sections.help }, run: { ReportCommand.sections.run(&$0, $1) }),
    Command(
      name: "aliases", summary: "the devices and names that a module claims, in words",
      help: { ReportCommand.aliases.help }, run: { ReportCommand.aliases.run(&$0, $1) }),
    Command(
      name: "match", summary: "which modules claim a device",
      help: { MatchCommand.help }, run: { MatchCommand.run(&$0, $1) }),
    Command(
      name: "diff", summary: "what changed between two builds of a module, or of a tree",
      help: { DiffCommand.help }, run: { DiffCommand.run(&$0, $1) }),
    Command(
      name: "deps", summary: "what a module needs and why, and who needs it",
      help: { DepsCommand.help }, run: { DepsCommand.run(&$0, $1) }),
    Command(
      name: "depmod", summary: "the indexes that depmod would write, and whether they are stale",
      help: { DepmodCommand.help }, run: { DepmodCommand.run(&$0, $1) }),
    Command(
      name: "check", summary: "findings for CI; exit status 1 when there are any",
      help: { CheckCommand.help }, run: { CheckCommand.run(&$0, $1) }),
    Command(
      name: "explain", summary: "what a finding means, why it matters, how to fix it",
      help: { ExplainCommand.help }, run: { ExplainCommand.run(&$0, $1) }),
    Command(
      name: "preflight", summary: "what a kernel would do with a module: load it, or refuse it",
      help: { PreflightCommand.help }, run: { PreflightCommand.run(&$0, $1) }),
    Command(
      name: "taint", summary: "what a kernel's taints mean",
      help: { TaintCommand.help }, run: { TaintCommand.run(&$0, $1) }),
    Command(
      name: "verify", summary: "signatures checked against certificates, offline",
      help: { VerifyCommand.help }, run: { VerifyCommand.run(&$0, $1) }),
    Command(
      name: "decode", summary: "a kernel's trace, line by line; whether it is of this build",
      help: { DecodeCommand.help }, run: { DecodeCommand.run(&$0, $1) }),
    Command(
      name: "report", summary: "a page to look at: of a module, or of a whole distribution",
      help: { DocumentCommand.help }, run: { DocumentCommand.run(&$0, $1) }),
    Command(
      name: "completions", summary: "what bash, zsh or fish completes after koinspect",
      help: { CompletionsCommand.help }, run: { CompletionsCommand.run(&$0, $1, all) }),
  ]

  static func command(named name: String) -> Command? {
    all.first { $0.name == name }
  }
}
