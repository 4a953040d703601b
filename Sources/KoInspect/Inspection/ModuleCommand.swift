// What the commands that look at modules have in common: operands, the usual options, one bad file
// that never hides the others.

import ELFKit

/// The options that every such command has.
enum CommonOption: InputOptionName {
  case json
  case color
  case filesFrom
  case maxSize
  case help
}

extension Option where Name == CommonOption {
  static let common = [
    Option(.json, nil, "json", help: "one JSON object a module, one line each"),
    .color(.color),
    .filesFrom,
    .maxSize,
    Option(.help, "h", "help", help: "this text"),
  ]
}

/// A module that is being looked at, and what went wrong meanwhile.
struct Inspection {
  let path: [UInt8]
  /// The format that the file was compressed with, or `nil`.
  let compression: Compression?
  /// The first bytes of the compressed file, or `nil`.
  let packedHead: ByteSlice?
  let module: KernelModule
  /// Whether other files are looked at too, so that output has to name this one.
  let isOneOfMany: Bool
  /// Damage that was met, in the order it was met; each is reported once.
  private(set) var errors: [ELFError] = []

  init(_ path: [UInt8], _ input: Input, _ module: KernelModule, isOneOfMany: Bool) {
    self.path = path
    compression = input.compression
    packedHead = input.packedHead
    self.module = module
    self.isOneOfMany = isOneOfMany
  }

  /// The name of the file without what follows `.ko`; `nil` when that is no name of a module.
  var fileStem: ByteSlice? {
    guard path != [UInt8(ascii: "-")] else { return nil }
    let name = ByteSlice(Array(fileName(of: path)))
    return name.firstPosition(of: ".ko").map { name[within: 0..<$0] }
  }

  /// Remembers damage that was met elsewhere.
  mutating func add(_ errors: [ELFError]) {
    for error in errors where !self.errors.contains(error) { self.errors.append(error) }
  }

  /// Writes a line of JSON. Its arrays end early when it would be many times as long as the file, and
  /// that is remembered like damage.
  mutating func write(
    to out: inout TextBuffer, _ body: (inout Inspection, inout JSONWriter) -> Void
  ) {
    var json = JSONWriter()
    json.limit = module.image.outputLimit
    body(&self, &json)
    if json.out.count > json.limit {
      add([ELFError(.malformed("the rest of the JSON would be too long"), .file, at: 0)])
    }
    out.append(json.out)
    out.newline()
  }

  /// A fact, or `nil` when its part of the file is damaged; the damage is remembered.
  mutating func attempt<Fact>(
    _ body: (KernelModule) throws(ELFError) -> Fact
  ) -> Fact? {
    do throws(ELFError) {
      return try body(module)
    } catch {
      if !errors.contains(error) { errors.append(error) }
      return nil
    }
  }
}

enum ModuleCommand {
  /// Parses the arguments of a command; `nil` when it has ended already, with this status.
  static func parse<Name: Equatable>(
    _ command: String, _ arguments: [[UInt8]], _ options: [Option<Name>], _ console: inout Console
  ) -> ParsedArguments<Name>? {
    do throws(OptionError) {
      let parsed = try OptionParser(table: options).parse(arguments)
      guard let wrong = wrongColor(parsed, options) else { return parsed }
      console.message { line in
        line.append("\(command): --color is auto, always or never, not '")
        line.escaped(wrong)
        line.append("'")
      }
      return nil
    } catch {
      console.message { line in
        line.append("\(command): ")
        line.append(error.getoptMessage)
        if case .unknownLong(let word) = error, let meant = suggestion(word, options) {
          line.append("; did you mean '--\(meant)'?")
        }
        line.append(" (try 'koinspect \(command) --help')")
      }
      return nil
    }
  }

  /// What --color was given that it does not know; `nil` when that is nothing.
  private static func wrongColor<Name: Equatable>(
    _ parsed: ParsedArguments<Name>, _ options: [Option<Name>]
  ) -> [UInt8]? {
    for option in options where option.long.contains("color") {
      let words = option.values.map { Array($0.utf8) }
      if let wrong = parsed.values(option.name).first(where: { !words.contains($0) }) {
        return wrong
      }
    }
    return nil
  }

  /// Runs a command: takes its arguments apart, gives its help when that is asked for, and leaves the
  /// rest to `body`, whose error becomes one line.
  static func perform<Name: Equatable>(
    _ command: String, _ arguments: [[UInt8]], _ options: [Option<Name>], help: Name,
    _ text: @autoclosure () -> CommandHelp, _ console: inout Console,
    _ body: (ParsedArguments<Name>, inout Console) throws(SystemError) -> ExitStatus
  ) -> ExitStatus {
    guard let parsed = parse(command, arguments, options, &console) else { return .failure }
    if parsed.has(help) {
      console.out.append(text().text)
      return .clean
    }
    do throws(SystemError) { return try body(parsed, &console) } catch {
      console.message { line in
        line.append("\(command): ")
        line.escaped(error.message)
      }
      return .failure
    }
  }

  private static func suggestion<Name>(_ word: [UInt8], _ options: [Option<Name>]) -> String? {
    NearestWord.suggestion(
      for: String(decoding: word, as: UTF8.self), among: options.flatMap({ $0.long }))
  }

  /// Opens every module that was named and calls `body` for each, several at a time. The worst
  /// status wins. `separator` is printed between what two modules print.
  static func forEach<Name: InputOptionName>(
    _ command: String, _ parsed: ParsedArguments<Name>, _ access: Input.Access,
    separator: String = "", _ console: inout Console,
    _ body: @escaping @Sendable (inout Inspection, inout Console) -> ExitStatus
  ) -> ExitStatus {
    let (status, facts) = collect(command, parsed, access, separator: separator, &console) {
      inspection, console in body(&inspection, &console)
    }
    return max(status, facts.max() ?? .clean)
  }

  /// The same for a `body` that returns a fact for the end, such as what is to be counted. The
  /// facts are those of the modules that could be opened, in order.
  static func collect<Name: InputOptionName, Fact: Sendable>(
    _ command: String, _ parsed: ParsedArguments<Name>, _ access: Input.Access,
    separator: String = "", _ console: inout Console,
    _ body: @escaping @Sendable (inout Inspection, inout Console) -> Fact
  ) -> (status: ExitStatus, facts: [Fact]) {
    guard let files = files(command, parsed, &console) else { return (.failure, []) }
    let collected = collect(files, access, separator: separator, &console, body)
    return (collected.status, collected.facts)
  }

  /// The files that are to be read.
  struct Files {
    let operands: Operands
    let limits: Input.Limits
  }

  /// What came of them: the facts of the modules that could be opened, and what could not be, both
  /// in order.
  struct Collected<Fact> {
    let status: ExitStatus
    let facts: [Fact]
    let unread: [Unread]
  }

  /// The files that the arguments name; `nil` when they name none, which has been reported.
  static func files<Name: InputOptionName>(
    _ command: String, _ parsed: ParsedArguments<Name>, _ console: inout Console
  ) -> Files? {
    let lists = parsed.values(.filesFrom)
    guard !parsed.operands.isEmpty || !lists.isEmpty else {
      console.message { $0.append("\(command): no file given (try 'koinspect \(command) --help')") }
      return nil
    }
    guard let limits = parsed.limits else {
      console.message { line in
        line.append("\(command): '")
        line.escaped(parsed.value(.maxSize) ?? [])
        line.append("' is no size: it is a number of bytes, with K, M or G for larger units")
      }
      return nil
    }
    return Files(
      operands: Operands(parsed.operands, lists: lists, limits: limits, &console), limits: limits)
  }

  /// Looks at each of `files`; `failed` is called in their order for what cannot be. Who `isJudge` takes
  /// no object of a build for a module.
  static func collect<Fact: Sendable>(
    _ files: Files, _ access: Input.Access, separator: String = "", isJudge: Bool = false,
    _ console: inout Console,
    failed: @escaping @Sendable (Unread, inout Console) -> Void = { _, _ in },
    _ body: @escaping @Sendable (inout Inspection, inout Console) -> Fact
  ) -> Collected<Fact> {
    let (list, limits) = (files.operands.files, files.limits)
    let outcomes = OrderedWork.run(list.count, separator: separator, &console) { item, console in
      let outcome = one(
        list[item], access, limits, isOneOfMany: list.count > 1, isJudge: isJudge, &console, body)
      if let unread = outcome.unread { failed(unread, &console) }
      return outcome
    }
    // Nobody reads what is printed any more, and the rest was not looked at.
    let isCut = outcomes.count < list.count
    return Collected(
      status: isCut || outcomes.contains { $0.isBad } ? .failure : files.operands.status,
      facts: outcomes.compactMap { $0.fact },
      unread: files.operands.problems + outcomes.compactMap { $0.unread })
  }

  /// What came of one operand.
  private struct Outcome<Fact: Sendable>: Sendable {
    /// What `body` gave back, or `nil` when there was no module to look at.
    let fact: Fact?
    /// Whether the file or a part of it could not be read.
    let isBad: Bool
    /// The file, when nothing of it could be.
    var unread: Unread?

    /// Tells why nothing can be read.
    static func failed(_ path: [UInt8], _ problem: String, _ console: inout Console) -> Self {
      console.report(path, problem)
      return Self(fact: nil, isBad: true, unread: Unread(path: path, problem: problem))
    }
  }

  private static func one<Fact>(
    _ file: Operand, _ access: Input.Access, _ limits: Input.Limits, isOneOfMany: Bool,
    isJudge: Bool,
    _ console: inout Console, _ body: (inout Inspection, inout Console) -> Fact
  ) -> Outcome<Fact> {
    let path = file.path
    let input: Input
    do throws(SystemError) {
      input = try file.open(access, limits)
    } catch {
      return .failed(path, error.message, &console)
    }
    do throws(ELFError) {
      let module = KernelModule(try ELFImage(asLoaded: input.source))
      let mistake = MistakenFile(module)
      if let mistake, mistake.isRefused(byJudge: isJudge) {
        return .failed(path, mistake.description, &console)
      }
      guard module.isModule else {
        return .failed(
          path, "not a kernel module: it has neither .modinfo nor \(ThisModule.sectionName)",
          &console)
      }
      var inspection = Inspection(
        path, input, module, isOneOfMany: isOneOfMany)
      let fact = body(&inspection, &console)
      for error in inspection.errors { console.report(path, error.description) }
      return Outcome(fact: fact, isBad: !inspection.errors.isEmpty)
    } catch {
      let mistake = MistakenFile(unreadable: input.source)
      return .failed(path, mistake?.description ?? error.description, &console)
    }
  }
}

extension MistakenFile {
  /// Whether nothing is said of such a file. What stands in an object of a build is true of it, but a
  /// judge would find it to lack what it does not have yet.
  fileprivate func isRefused(byJudge isJudge: Bool) -> Bool {
    switch self {
    case .object, .modpostObject: isJudge
    default: true
    }
  }
}
