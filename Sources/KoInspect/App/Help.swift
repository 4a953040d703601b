// The tool's own help. A command's is made from its table of options (CommandLine/CommandHelp.swift).

enum Help {
  static let usage = """
    usage: koinspect [COMMAND] [OPTIONS] FILE…
    Try 'koinspect --help'.

    """

  /// What `koinspect --help` prints.
  static var text: String {
    let width = CommandTable.all.map { $0.name.count }.max() ?? 0
    let commands = CommandTable.all.map { command in
      let padding = String(repeating: " ", count: width - command.name.count + 2)
      return "  \(command.name)\(padding)\(command.summary)\n"
    }
    return """
      koinspect tells what a Linux kernel module (.ko) is before anybody loads it.

      Examples:
        koinspect hello.ko                     what it is, what it would taint, its parameters
        koinspect readelf -S -W hello.ko       the section table, as GNU readelf prints it
        koinspect modinfo -F license hello.ko  one field, as kmod's modinfo prints it
        koinspect check build/                 exit status 1 when a licence is not acceptable

      Commands ('koinspect FILE…' is 'koinspect show FILE…'):
      \(commands.joined())
        help COMMAND, help --man (the manual page), --help, --version

      Exit status: 0 clean, 1 findings, 2 wrong usage or unreadable input
      (readelf and modinfo end as their models do).

      """
  }
}
