// `koinspect report`: a document about modules that needs nothing else to be read.

import ELFKit

enum DocumentCommand {
  private enum Name: KernelOptionName {
    case format
    case output
    case diff
    case kernel
    case modules
    case kernelConfig
    case symvers
    case reference
    case vermagic
    case commandLine
    case certificate
    case loaded
    case taint
    case kabiList
    case running
    case filesFrom
    case maxSize
    case help
  }

  private static let options: [Option<Name>] =
    [
      Option(
        .format, nil, "format", argument: .required("FORMAT"),
        values: ["html", "cyclonedx", "spdx"],
        help: "html, or a bill of materials: cyclonedx (1.6), spdx (2.3)"),
      Option(
        .output, "o", "output", argument: .required("FILE"),
        help: "write it there, all of it or nothing"),
      Option(.diff, nil, "diff", help: "of two files or two folders, OLD and NEW: what changed"),
    ] + Option.kernel(runningIsDefault: false) + [
      .filesFrom,
      .maxSize,
      Option(.help, "h", "help", help: "this text"),
    ]

  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    ModuleCommand.perform("report", arguments, options, help: .help, help, &console) {
      parsed, console throws(SystemError) in
      let format = try Format(parsed.value(.format))
      if format != .html, parsed.namesKernel || parsed.has(.diff) {
        throw SystemError("a bill of materials is of files: nothing is compared, no kernel asked")
      }
      if format == .html, parsed.value(.output) == nil, console.environment.outputIsTerminal() {
        throw SystemError("a page is nothing for a terminal: name a file with -o PAGE.html")
      }
      if parsed.has(.diff) { return try compare(parsed, &console) }
      guard let files = ModuleCommand.files("report", parsed, &console) else { return .failure }
      return try write(files, format, parsed, &console)
    }
  }

  private enum Format: String {
    case html
    case cyclonedx
    case spdx

    init(_ word: [UInt8]?) throws(SystemError) {
      let text = word.map { String(decoding: $0, as: UTF8.self) } ?? "html"
      guard let format = Self(rawValue: text) else {
        throw SystemError("--format is html, cyclonedx or spdx, not '\(text)'")
      }
      self = format
    }
  }

  private static func write(
    _ files: ModuleCommand.Files, _ format: Format, _ parsed: ParsedArguments<Name>,
    _ console: inout Console
  ) throws(SystemError) -> ExitStatus {
    // Before all the reading: who cannot write there need not wait for it.
    let file = try opened(
      files.operands.paths + parsed.values(.filesFrom) + parsed.values(.loaded), parsed)
    let (target, missing) = try parsed.describedKernel(&console)
    if let file, let path = parsed.value(.output) {
      try refuse(file, target?.describingFiles ?? [], path)
    }
    let isOne =
      files.operands.files.count == 1
      && !parsed.operands.contains { kind(of: $0) == .directory }
    let document =
      switch format {
      case .html where isOne: try Document.module(files, target, missing, &console)
      case .html: try Document.tree(files, target, missing, &console)
      case .cyclonedx: try Document.bill(files, isSPDX: false, &console)
      case .spdx: try Document.bill(files, isSPDX: true, &console)
      }
    return try finish(document, file, parsed, &console)
  }

  /// What changed between two files, or two folders.
  private static func compare(
    _ parsed: ParsedArguments<Name>, _ console: inout Console
  ) throws(SystemError) -> ExitStatus {
    guard parsed.operands.count == 2, !parsed.has(.filesFrom), !parsed.namesKernel else {
      throw SystemError("--diff is of two files or two folders, OLD and NEW, without a kernel")
    }
    let limits = try parsed.neededLimits
    let (old, new) = (parsed.operands[0], parsed.operands[1])
    guard try TreePairs.areFolders(old, new) else {
      let file = try opened([old, new], parsed)
      return try finish(try Document.pair(old, new, limits), file, parsed, &console)
    }
    let trees = try TreePairs(old, new)
    let file = try opened(trees.pairs.flatMap { [$0.old, $0.new] }, parsed)
    return try finish(Document.trees(trees, limits, &console), file, parsed, &console)
  }

  /// Hands a document over to where it is to be.
  private static func finish(
    _ document: Document, _ file: AtomicFile?, _ parsed: ParsedArguments<Name>,
    _ console: inout Console
  ) throws(SystemError) -> ExitStatus {
    guard let file, let path = parsed.value(.output) else {
      console.out.append(raw: document.bytes)
      return document.status
    }
    do throws(SystemError) {
      if document.isEmpty, file.replacesFile {
        throw SystemError("left as it was: nothing could be read that would be shown there")
      }
      file.write(document.bytes)
      try file.finish()
    } catch {
      console.report(path, error.message)
      return .failure
    }
    return document.status
  }

  /// The file that is asked for; it must be none of those that are read.
  private static func opened(
    _ inputs: [[UInt8]], _ parsed: ParsedArguments<Name>
  ) throws(SystemError) -> AtomicFile? {
    guard let path = parsed.value(.output) else { return nil }
    let file: AtomicFile
    do throws(SystemError) { file = try AtomicFile(path) } catch { throw error.named(path) }
    try refuse(file, inputs, path)
    return file
  }

  /// Throws when `file` would be written over one of `inputs`.
  private static func refuse(
    _ file: AtomicFile, _ inputs: [[UInt8]], _ path: [UInt8]
  ) throws(SystemError) {
    do throws(SystemError) { try file.refuse(inputs) } catch { throw error.named(path) }
  }

  static var help: CommandHelp {
    CommandHelp(
      usage: "koinspect report [OPTIONS] PATH… -o FILE",
      about: """
        One page for a browser that needs nothing else: no request leaves it, and without JavaScript all of
        it can be read. Of one module what it is, what check finds, how a kernel that is named would load
        it, what takes how much memory, its parameters, devices, imports and exports. Of several, or of a
        directory, how many there are of each kind, who needs whom, and a table to sort and filter.
        With --diff the page tells what changed between two builds of a module, or between two trees, as
        'koinspect diff' finds it.
        With --format a bill of materials of the same files: name, version, what MODULE_LICENSE says and how
        sure that is, authors, SHA-256, who needs whom, and the source files that the module's own tables
        and debug information name.
        Exit status: 0, or 2 when something could not be read, which the page says, too.
        """,
      examples: [
        ("koinspect report hello.ko -o hello.html", "one module"),
        ("koinspect report --kernel /lib/modules/6.1.0 hello.ko -o hello.html", "will it load?"),
        ("koinspect report /lib/modules/6.1.0 -o modules.html", "a whole distribution"),
        ("koinspect report --diff OLD NEW -o changes.html", "what changed"),
        ("koinspect report --format spdx build/ -o modules.spdx.json", "a bill of materials"),
      ],
      options: options)
  }
}
