// One run of `koinspect modinfo`: operand after operand, told as kmod tells it.

import ELFKit

/// What was asked for, and how it went so far.
struct ModinfoRun {
  private let field: [UInt8]?
  private let terminator: UInt8
  private let isRaw: Bool
  private let wantsNames: Bool
  private let wantsSignature: Bool
  private let workingDirectory: [UInt8]
  private let limits: Input.Limits
  private let index: ModuleIndex
  private(set) var status = ExitStatus.clean

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
    let isSafe = parsed.has(.safe) || environment.outputIsTerminal()
    isRaw = !isSafe
    wantsNames = parsed.has(.modname)
    workingDirectory = environment.workingDirectory()
    self.limits = limits
    index = ModuleIndex(
      base: parsed.value(.baseDirectory), release: parsed.value(.release),
      workingDirectory: workingDirectory)
  }

  /// Prints what is asked about one operand: a file by its name's ending, else a name or alias.
  mutating func operand(_ operand: [UInt8], _ console: inout Console) {
    if !wantsNames, hasModuleName(operand), file(operand, isNamed: false, &console) { return }
    let found = index.modules(for: operand, isName: wantsNames)
    for match in found {
      if let path = match.path {
        _ = file(path, isNamed: true, &console)
      } else {
        builtin(match.name, &console)
      }
    }
    guard found.isEmpty else { return }
    let isAlias = ModuleName.normalized(alias: operand) == nil
    let what = wantsNames ? "Module name" : isAlias ? "Module alias" : "Module"
    status = .findings
    error(&console) { line in
      line.append("\(what) ")
      write(operand, to: &line)
      line.append(" not found.")
    }
  }

  /// Prints what is asked about the file at `path`. False, and nothing is printed, when there is no
  /// regular file and the path was not found in an index but is an operand.
  private mutating func file(
    _ path: [UInt8], isNamed: Bool, _ console: inout Console
  ) -> Bool {
    let report = report(path.first == 0x2f ? path : workingDirectory + [0x2f] + path)
    if wants("filename") {
      guard isNamed || isRegularFile(path) else { return false }
      report.writeFilename(to: &console.out)
      return true
    }
    do throws(ModinfoProblem) {
      let subject = try ModinfoSubject(path, limits, withSignature: wantsSignature)
      if field == nil { report.writeFilename(to: &console.out) }
      write(subject.info, subject.signature, report, &console)
    } catch {
      if case .missing = error, !isNamed { return false }
      if field == nil { report.writeFilename(to: &console.out) }
      status = .findings
      self.error(&console) { line in
        line.append("could not get modinfo from '")
        write(ModuleName.ofFile(at: path), to: &line)
        line.append("': \(error.message)")
      }
    }
    return true
  }

  /// Prints what is asked about a module that is built into the kernel.
  private func builtin(_ name: [UInt8], _ console: inout Console) {
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
