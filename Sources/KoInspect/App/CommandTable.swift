// The list of commands. A new command is a folder in Features/ and a row here.

/// One subcommand.
struct Command: Sendable {
  let name: String
  /// One line for the tool's help.
  let summary: String
  /// Runs it with the arguments after its name.
  let run: @Sendable (inout Console, [[UInt8]]) -> ExitStatus
}

enum CommandTable {
  static let all: [Command] = [
    Command(
      name: "show", summary: "one screen about each module", run: { ShowCommand.run(&$0, $1) }),
    Command(
      name: "readelf", summary: "the tables of GNU readelf, byte for byte",
      run: { ReadelfCommand.run(&$0, $1) }),
    Command(
      name: "modinfo", summary: "the output of kmod's modinfo, byte for byte",
      run: { ModinfoCommand.run(&$0, $1) }),
    Command(
      name: "params", summary: "parameters with type, mode and default value",
      run: { ReportCommand.params.run(&$0, $1) }),
    Command(
      name: "symbols", summary: "what a module needs and offers",
      run: { SymbolsCommand.run(&$0, $1) }),
    Command(
      name: "sections", summary: "what each section is for, and what it costs in memory",
      run: { ReportCommand.sections.run(&$0, $1) }),
    Command(
      name: "aliases", summary: "the devices and names that a module claims, in words",
      run: { ReportCommand.aliases.run(&$0, $1) }),
    Command(
      name: "match", summary: "which modules claim a device",
      run: { MatchCommand.run(&$0, $1) }),
    Command(
      name: "diff", summary: "what changed between two builds of a module, or of a tree",
      run: { DiffCommand.run(&$0, $1) }),
    Command(
      name: "deps", summary: "what a module needs and why, and who needs it",
      run: { DepsCommand.run(&$0, $1) }),
    Command(
      name: "depmod", summary: "the indexes that depmod would write, and whether they are stale",
      run: { DepmodCommand.run(&$0, $1) }),
    Command(
      name: "check", summary: "findings for CI; exit status 1 when there are any",
      run: { CheckCommand.run(&$0, $1) }),
    Command(
      name: "explain", summary: "what a finding means, why it matters, how to fix it",
      run: { ExplainCommand.run(&$0, $1) }),
    Command(
      name: "preflight", summary: "what a kernel would do with a module: load it, or refuse it",
      run: { PreflightCommand.run(&$0, $1) }),
    Command(
      name: "taint", summary: "what a kernel's taints mean",
      run: { TaintCommand.run(&$0, $1) }),
    Command(
      name: "verify", summary: "signatures checked against certificates, offline",
      run: { VerifyCommand.run(&$0, $1) }),
    Command(
      name: "decode", summary: "a kernel's trace, line by line; whether it is of this build",
      run: { DecodeCommand.run(&$0, $1) }),
  ]

  static func command(named name: String) -> Command? {
    all.first { $0.name == name }
  }
}
