// `koinspect modinfo`: kmod's modinfo, byte for byte (34.2's text), so that scripts need no change.

import ELFKit

enum ModinfoCommand {
  enum Name {
    case author
    case description
    case license
    case parameters
    case filename
    case null
    case modname
    case field
    case release
    case baseDirectory
    case safe
    case maxSize
    case version
    case help
  }

  static let options: [Option<Name>] = [
    Option(.author, "a", "author", help: "print only 'author'"),
    Option(.description, "d", "description", help: "print only 'description'"),
    Option(.license, "l", "license", help: "print only 'license'"),
    Option(.parameters, "p", "parameters", help: "print only 'parm'"),
    Option(.filename, "n", "filename", help: "print only 'filename'"),
    Option(.null, "0", "null", help: "end values with NUL instead of newline"),
    Option(.modname, "m", "modname", help: "operands are module names, not aliases or files"),
    Option(.field, "F", "field", argument: .required("FIELD"), help: "print only FIELD"),
    Option(
      .release, "k", "set-version", argument: .required("VERSION"),
      help: "look names up for this kernel instead of the running one"),
    Option(
      .baseDirectory, "b", "basedir", argument: .required("DIR"),
      help: "look names up below DIR/lib/modules"),
    Option(.safe, nil, "safe", isAbbreviated: false, help: "escape control characters in values"),
    Option(
      .maxSize, nil, "max-size", argument: .required("SIZE"), isAbbreviated: false,
      help: "refuse files that are larger, decompressed (1G; units K, M, G)"),
    Option(.version, "V", "version", help: "print the version"),
    Option(.help, "h", "help", help: "print this"),
  ]

  static var help: CommandHelp {
    CommandHelp(
      usage: "koinspect modinfo [OPTIONS] FILE|NAME…",
      about: """
        Prints what modules say about themselves, byte for byte as kmod 34.2's modinfo does.
        Values are printed as they are in the module, which may be anything, unless standard
        output is a terminal or --safe is given: then control characters are escaped. On a
        terminal it also warns of signatures that the kernel would refuse or not see.
        """,
      examples: [
        ("koinspect modinfo hello.ko", "all fields"),
        ("koinspect modinfo -F license hello.ko", "one field"),
        ("koinspect modinfo -0 -F vermagic *.ko", "one field of many modules, NUL-ended"),
        ("koinspect modinfo -k 6.1.0-56-amd64 -n e1000e", "where another kernel has its e1000e"),
      ],
      options: options)
  }

  /// Prints what is asked about each operand; ends as kmod does: 1 for any error.
  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    let parsed: ParsedArguments<Name>
    do throws(OptionError) {
      parsed = try OptionParser(table: options).parse(arguments)
    } catch {
      console.err.append("modinfo: ")
      console.err.append(error.getoptMessage)
      console.err.newline()
      return .findings
    }
    for option in parsed.options {
      switch option.name {
      case .help:
        console.out.append(help.text)
        return .clean
      case .version:
        console.out.append(Version.modinfoText)
        return .clean
      default: continue
      }
    }
    guard !parsed.operands.isEmpty else {
      console.err.append("modinfo: ERROR: missing module or filename.\n")
      return .findings
    }
    guard let limits = Input.Limits(parsed.value(.maxSize)) else {
      console.err.append("modinfo: ERROR: --max-size is a number, perhaps with K, M or G\n")
      return .findings
    }
    let run = ModinfoRun(parsed, limits, console.environment)
    let operands = parsed.operands
    let statuses = OrderedWork.run(operands.count, &console) { item, console in
      run(operands[item], &console)
    }
    return statuses.max() ?? .clean
  }
}
