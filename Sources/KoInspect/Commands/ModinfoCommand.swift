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
    Option(.version, "V", "version", help: "print the version"),
    Option(.help, "h", "help", help: "print this"),
  ]

  private static var help: String {
    Help.text(
      usage: "koinspect modinfo [OPTIONS] FILE|NAME…",
      about: """
        Prints what modules say about themselves, byte for byte as kmod 34.2's modinfo does.
        Values are printed as they are in the module, which may be anything, unless standard
        output is a terminal or --safe is given: then control characters are escaped.
        """,
      examples: [
        ("koinspect modinfo hello.ko", "all fields"),
        ("koinspect modinfo -F license hello.ko", "one field"),
        ("koinspect modinfo -0 -F vermagic *.ko", "one field of many modules, NUL-ended"),
      ],
      options: options)
  }

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
        console.out.append(help)
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
    var run = ModinfoRun(parsed, console.environment)
    for operand in parsed.operands { run.operand(operand, &console) }
    return run.status
  }
}

/// One run over all operands.
private struct ModinfoRun {
  private let field: [UInt8]?
  private let terminator: UInt8
  private let isRaw: Bool
  private let wantsNames: Bool
  private let wantsSignature: Bool
  private let workingDirectory: [UInt8]
  private(set) var status = ExitStatus.clean

  init(_ parsed: ParsedArguments<ModinfoCommand.Name>, _ environment: Environment) {
    // The options that choose a field overrule each other; the last one counts.
    var field: [UInt8]?
    for option in parsed.options {
      switch option.name {
      case .author: field = Array("author".utf8)
      case .description: field = Array("description".utf8)
      case .license: field = Array("license".utf8)
      case .parameters: field = Array("parm".utf8)
      case .filename: field = Array("filename".utf8)
      case .field: field = option.value
      default: continue
      }
    }
    self.field = field
    wantsSignature = field.map(SignatureFields.includes) ?? true
    terminator = parsed.has(.null) ? 0 : 0x0a
    let isSafe = parsed.has(.safe) || environment.outputIsTerminal()
    isRaw = !isSafe
    wantsNames = parsed.has(.modname)
    workingDirectory = environment.workingDirectory()
  }

  /// Prints what is asked about one operand: a file by its name's ending, else a name.
  mutating func operand(_ operand: [UInt8], _ console: inout Console) {
    if !wantsNames, hasModuleName(operand), file(operand, &console) { return }
    let what = wantsNames ? "Module name" : hasBracketsInPairs(operand) ? "Module" : "Module alias"
    status = .findings
    error(&console) { line in
      line.append("\(what) ")
      write(operand, to: &line)
      line.append(" not found.")
    }
  }

  /// Prints what is asked about the file at `path`; false when there is no regular file.
  private mutating func file(_ path: [UInt8], _ console: inout Console) -> Bool {
    let report = ModinfoReport(
      filename: path.first == 0x2f ? path : workingDirectory + [0x2f] + path, field: field,
      terminator: terminator, isRaw: isRaw)
    if field.map({ $0.elementsEqual("filename".utf8) }) == true {
      guard isRegularFile(path) else { return false }
      report.writeFilename(to: &console.out)
      return true
    }
    do throws(ModinfoProblem) {
      let subject = try ModinfoSubject(path, withSignature: wantsSignature)
      if field == nil { report.writeFilename(to: &console.out) }
      var nameless: [ModuleInfo.Entry] = []
      report.write(subject.info, subject.signature, to: &console.out) { nameless.append($0) }
      for entry in nameless { complain(about: entry, &console) }
    } catch {
      if case .missing = error { return false }
      if field == nil { report.writeFilename(to: &console.out) }
      status = .findings
      self.error(&console) { line in
        line.append("could not get modinfo from '")
        write(ModinfoSubject.moduleName(of: path), to: &line)
        line.append("': \(error.message)")
      }
    }
    return true
  }

  /// A parameter without a name is told of, but is no failure.
  private func complain(about entry: ModuleInfo.Entry, _ console: inout Console) {
    error(&console) { line in
      line.append("Found invalid \"")
      write(entry.key.bytes, to: &line)
      line.append("=")
      write(entry.value.bytes, to: &line)
      line.append("\": missing ':'")
    }
  }

  /// Errors follow the rule of the output: raw for scripts, escaped for people.
  private func write(_ text: [UInt8], to line: inout TextBuffer) {
    if isRaw { line.append(raw: text) } else { line.escaped(text) }
  }

  private func error(_ console: inout Console, _ body: (inout TextBuffer) -> Void) {
    console.err.append("modinfo: ERROR: ")
    body(&console.err)
    console.err.newline()
  }
}

/// Whether each `[` of an alias has its `]` and no other stands outside.
private func hasBracketsInPairs(_ alias: [UInt8]) -> Bool {
  var isInside = false
  for byte in alias {
    if byte == 0x5d {
      guard isInside else { return false }
      isInside = false
    } else if byte == 0x5b {
      isInside = true
    }
  }
  return !isInside
}
