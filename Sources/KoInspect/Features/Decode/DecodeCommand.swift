// `koinspect decode`: a kernel's log with what is known of the modules in it. From bytes to bytes: what
// is not understood passes through as it came.

import ELFKit

enum DecodeCommand {
  enum Name: InputOptionName {
    case modules
    case debug
    case sites
    case json
    case schema
    case color
    case filesFrom
    case maxSize
    case help
  }

  static let options = [
    Option(
      Name.modules, nil, "modules", argument: .required("DIR"),
      help: "look for the modules of the log below DIR, such as /lib/modules/RELEASE"),
    Option(
      .debug, nil, "debug", argument: .required("DIR"),
      help: "look for debug information below DIR, too (/usr/lib/debug)"),
    Option(
      .sites, nil, "sites",
      help: "file and line of every WARN, BUG and pr_debug of the modules; no log is read"),
    Option(.json, nil, "json", help: "one JSON object a place and one a module, one line each"),
    Option(.schema, nil, "schema", help: "the JSON Schema of --json; no log is read"),
    .color(.color),
    .filesFrom,
    .maxSize,
    Option(.help, "h", "help", help: "this text"),
  ]

  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    ModuleCommand.perform("decode", arguments, options, help: .help, help, &console) {
      (parsed, console) throws(SystemError) in
      if parsed.has(.schema) {
        DecodeForms.schema.write(
          to: &console.out, id: "decode.schema.json",
          title: "What a log or a module says, as koinspect decode --json tells it")
        return .clean
      }
      let limits = try parsed.neededLimits
      var input = try DecodeInput(parsed, limits, &console)
      let style = console.style(parsed.value(.color))
      let report = DecodeReport(
        isJSON: parsed.has(.json), style: style,
        isTerminal: console.environment.outputIsTerminal())
      let status: ExitStatus
      if parsed.has(.sites) {
        status = try input.modules.writeSites(isJSON: parsed.has(.json), &console)
      } else if input.places.isEmpty {
        let log = try input.readLog(limits)
        status = log.decode(&input.modules, report, &console)
      } else {
        status = PlacesReport(input.places).decode(&input.modules, report, &console)
      }
      return max(status, input.modules.isComplete ? .clean : .failure)
    }
  }

  static let help = CommandHelp(
    usage: "koinspect decode [OPTIONS] [MODULE…] [LOG|-]\n"
      + "       koinspect decode MODULE FUNCTION+OFFSET[/SIZE]…\n"
      + "       koinspect decode --sites MODULE…",
    about: """
      Prints a kernel's log (an oops, a WARN, any stack trace) as it came. Below each line that names a
      place in one of the modules stands where that is in the file, the line of the source where the
      module or its debug file (by build id) tells, and what had been called there. At the end it is said of each
      module whether the file is the build that ran: same (by build id), consistent (what the log
      shows is the same code), different, or unknown.

      MODULEs are files or directories, compressed or not; what is no ELF file is the LOG, and without
      one standard input is read. Without MODULE and --modules, those below /lib/modules/RELEASE are
      taken, RELEASE being that of the log. A single place is a return address, as in a trace: its line is
      that of the call before it. Exit status: 0 when all places in the given modules were
      found, 1 when one was not or a module is another build, 2 for wrong usage or unreadable files.
      """,
    examples: [
      ("dmesg | koinspect decode hello.ko", "the last crash, with the module at hand"),
      ("koinspect decode --modules /lib/modules/6.1.0-56-amd64 crash.log", "a saved one"),
      ("koinspect decode hello.ko hello_init+0x18/0x1000", "a single place"),
    ],
    options: options)
}
