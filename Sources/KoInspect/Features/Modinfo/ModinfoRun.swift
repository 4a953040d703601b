// One run of `koinspect modinfo`: operand after operand, reported as kmod does.

import ELFKit

/// What was asked for. Running it touches nothing but the console, so several threads may.
struct ModinfoRun: Sendable {
  private let field: [UInt8]?
  private let terminator: UInt8
  private let isRaw: Bool
  /// The same for standard error, which may be a terminal when standard output is not.
  private let isErrorRaw: Bool
  private let wantsNames: Bool
  private let wantsSignature: Bool
  private let workingDirectory: [UInt8]
  private let limits: Input.Limits
  private let baseDirectory: [UInt8]?
  private let release: [UInt8]?

  init(
    _ parsed: ParsedArguments<ModinfoCommand.Name>, _ limits: Input.Limits,
    _ environment: Environment
  ) {
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
    isRaw = !parsed.has(.safe) && !environment.outputIsTerminal()
    isErrorRaw = !parsed.has(.safe) && !environment.errorIsTerminal()
    wantsNames = parsed.has(.modname)
    workingDirectory = environment.workingDirectory()
    self.limits = limits
    baseDirectory = parsed.value(.baseDirectory)
    release = parsed.value(.release)
  }

  /// Prints what is asked about one operand: a file by its name's ending, else a name or alias.
  func callAsFunction(_ operand: [UInt8], _ console: inout Console) -> ExitStatus {
    if !wantsNames, hasModuleName(operand),
      let status = file(operand, isNamed: false, &console)
    {
      return status
    }
    let index = ModuleIndex(
      base: baseDirectory, release: release, workingDirectory: workingDirectory)
    let found = index.modules(for: operand, isName: wantsNames)
    var status = ExitStatus.clean
    for match in found {
      if let path = match.path {
        status = max(status, file(path, isNamed: true, &console) ?? .clean)
      } else {
        builtin(match.name, index, &console)
      }
    }
    guard found.isEmpty else { return status }
    let isAlias = ModuleName.normalized(alias: operand) == nil
    let what = wantsNames ? "Module name" : isAlias ? "Module alias" : "Module"
    error(&console) { line in
      line.append("\(what) ")
      write(operand, to: &line)
      line.append(" not found.")
    }
    return .findings
  }

  /// Prints what is asked about the file at `path`. `nil`, and nothing is printed, when there is no
  /// regular file and the path was not found in an index but is an operand.
  private func file(
    _ path: [UInt8], isNamed: Bool, _ console: inout Console
  ) -> ExitStatus? {
    let report = report(
      path.first == UInt8(ascii: "/") ? path : workingDirectory + [UInt8(ascii: "/")] + path)
    if wants("filename") {
      guard isNamed || isRegularFile(path) else { return nil }
      report.writeFilename(to: &console.out)
      return .clean
    }
    do throws(ModinfoProblem) {
      let subject = try ModinfoSubject(
        path, limits, withSignature: wantsSignature,
        withOddities: wantsSignature && !isErrorRaw)
      if field == nil { report.writeFilename(to: &console.out) }
      write(subject.info, subject.signature, report, &console)
      for oddity in subject.oddities { warn(path, oddity, &console) }
      return .clean
    } catch {
      if case .missing = error, !isNamed { return nil }
      if field == nil { report.writeFilename(to: &console.out) }
      self.error(&console) { line in
        line.append("could not get modinfo from '")
        write(ModuleName.ofFile(at: path), to: &line)
        line.append("': \(error.message)")
      }
      return .findings
    }
  }

  /// Prints what is asked about a module that is built into the kernel.
  private func builtin(_ name: [UInt8], _ index: ModuleIndex, _ console: inout Console) {
    let report = report(Array("(builtin)".utf8))
    if field == nil || wants("name") { report.writeName(name, to: &console.out) }
    if field == nil || wants("filename") { report.writeFilename(to: &console.out) }
    guard !wants("name"), !wants("filename") else { return }
    write(index.builtinInfo(of: name), nil, report, &console)
  }

  private func report(_ filename: [UInt8]) -> ModinfoReport {
    ModinfoReport(filename: filename, field: field, terminator: terminator, isRaw: isRaw)
  }

  /// Whether `key` is the one field asked for.
  private func wants(_ key: String) -> Bool {
    field.map { $0.elementsEqual(key.utf8) } ?? false
  }

  private func write(
    _ info: some Sequence<ModuleInfo.Entry>, _ signature: SignatureFields?,
    _ report: ModinfoReport, _ console: inout Console
  ) {
    var nameless: [ModuleInfo.Entry] = []
    report.write(info, signature, to: &console.out) { nameless.append($0) }
    for entry in nameless { complain(about: entry, &console) }
  }

  /// A parameter without a name is reported, but is no failure.
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
    if isErrorRaw { line.append(raw: text) } else { line.escaped(text) }
  }

  /// A person reads what kmod keeps silent about; a script that switched is not.
  private func warn(_ path: [UInt8], _ oddity: SignatureOddity, _ console: inout Console) {
    console.err.append("modinfo: WARNING: ")
    console.err.escaped(path)
    console.err.append(": ")
    console.err.escaped(oddity.description)
    console.err.newline()
  }

  private func error(_ console: inout Console, _ body: (inout TextBuffer) -> Void) {
    console.err.append("modinfo: ERROR: ")
    body(&console.err)
    console.err.newline()
  }
}
