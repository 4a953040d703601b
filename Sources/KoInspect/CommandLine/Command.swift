// A command as the rest of the program sees it: a name, what it says of itself, and how it is run. The list
// of all is App/CommandTable.swift.

/// One subcommand.
struct Command: Sendable {
  let name: String
  /// One line for the tool's help.
  let summary: String
  /// What it says of itself.
  let help: @Sendable () -> CommandHelp
  /// Runs it with the arguments after its name.
  let run: @Sendable (inout Console, [[UInt8]]) -> ExitStatus
}
