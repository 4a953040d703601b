// `koinspect modinfo`: kmod's modinfo, byte for byte.

import ELFKit

enum ModinfoCommand {
  private enum Name: Hashable, Sendable {
    case field(String)
    case anyField
    case null
    case safe
    case version
    case help
  }

  /// kmod's own table, in its order, and what is ours at the end.
  private static let options: [Option<Name>] = [
    Option(.field("author"), "a", "author", help: "only the authors"),
    Option(.field("description"), "d", "description", help: "only the description"),
    Option(.field("license"), "l", "license", help: "only the licences"),
    Option(.field("parm"), "p", "parameters", help: "only the parameters"),
    Option(.field("filename"), "n", "filename", help: "only the file's name"),
    Option(.null, "0", "null", help: "end entries with NUL instead of newline"),
    Option(
      .anyField, "F", "field", argument: .required("FIELD"), help: "only this field's values"),
    Option(.version, "V", "version", help: "version"),
    Option(.help, "h", "help", help: "this text"),
    Option(
      .safe, nil, "safe", help: "escape control characters, as is done on a terminal anyway"),
  ]

  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    let parsed: ParsedArguments<Name>
    do throws(OptionError) {
      parsed = try OptionParser(table: options).parse(arguments)
    } catch {
      complain(&console, prefix: "modinfo: ") { $0.append(error.getoptMessage) }
      return .findings
    }
    for option in parsed.options {
      if option.name == .help {
        console.out.append(help)
        return .clean
      }
      if option.name == .version {
        console.out.append(Version.text)
        return .clean
      }
    }
    guard !parsed.operands.isEmpty else {
      complain(&console) { $0.append("missing module or filename.") }
      return .findings
    }
    let report = ModinfoReport(
      field: field(parsed), separator: parsed.has(.null) ? 0 : 0x0a,
      isEscaping: parsed.has(.safe) || console.environment.outputIsTerminal())
    var status = ExitStatus.clean
    for path in parsed.operands where !file(path, report, &console) { status = .findings }
    return status
  }

  /// The field asked for last.
  private static func field(_ parsed: ParsedArguments<Name>) -> [UInt8]? {
    var field: [UInt8]?
    for option in parsed.options {
      switch option.name {
      case .field(let name): field = Array(name.utf8)
      case .anyField: field = option.value
      default: break
      }
    }
    return field
  }

  /// One file; false when it failed.
  private static func file(
    _ path: [UInt8], _ report: ModinfoReport, _ console: inout Console
  ) -> Bool {
    guard hasModuleName(path), let source = try? Input.open(path, .ranges) else {
      complain(&console) { line in
        line.append("Module ")
        line.escaped(path)
        line.append(" not found.")
      }
      return false
    }
    let absolute =
      path.first == 0x2f ? path : console.environment.workingDirectory() + [0x2f] + path
    if report.writeFilename(absolute, to: &console.out) { return true }
    let problem: String
    do throws(ELFError) {
      let image = try ELFImage(source)
      guard let info = try image.moduleInfo() else {
        return failed(path, "No data available", &console)
      }
      // A trailer that cannot be read counts as none, as in kmod.
      let signature = try? KernelModule(image).signature()
      for text in report.write(info, signature, to: &console.out) {
        complain(&console) { line in
          line.append("Found invalid \"parm=")
          line.escaped(text)
          line.append("\": missing ':'")
        }
      }
      return true
    } catch {
      problem = message(for: error, source)
    }
    return failed(path, problem, &console)
  }

  /// The words of the errno that kmod would see.
  private static func message(for error: ELFError, _ source: any ByteSource) -> String {
    switch error.reason {
    case .notELF where source.size >= 16: "Exec format error"
    case .unsupportedClass, .unsupportedByteOrder: "Exec format error"
    case .unreadable(let text): text
    default: "Invalid argument"
    }
  }

  private static func failed(
    _ path: [UInt8], _ problem: String, _ console: inout Console
  ) -> Bool {
    complain(&console) { line in
      line.append("could not get modinfo from '")
      line.escaped(moduleName(of: path))
      line.append("': \(problem)")
    }
    return false
  }

  /// The module's name as kmod derives it from a path: the first dot ends it, `-` becomes `_`.
  static func moduleName(of path: [UInt8]) -> [UInt8] {
    let file = path[((path.lastIndex(of: 0x2f) ?? -1) + 1)...]
    return file.prefix { $0 != 0x2e }.map { $0 == 0x2d ? 0x5f : $0 }
  }

  private static func complain(
    _ console: inout Console, prefix: String = "modinfo: ERROR: ",
    _ body: (inout TextBuffer) -> Void
  ) {
    console.out.flush()
    console.err.append(prefix)
    body(&console.err)
    console.err.newline()
    console.err.flush()
  }

  private static var help: String {
    Help.text(
      usage: "koinspect modinfo [OPTIONS] FILE…",
      about: """
        What kmod's modinfo prints, byte for byte. Values are printed as they are, control
        characters included, unless standard output is a terminal or --safe is given; every other
        command of koinspect always escapes. Of several fields the last one counts, as in modinfo.
        """,
      examples: [
        ("koinspect modinfo hello.ko", "all fields"),
        ("koinspect modinfo -F vermagic hello.ko", "one field"),
      ],
      options: options)
  }
}
