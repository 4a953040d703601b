// What the commands that look at modules have in common: operands, the usual options, one bad file
// that never hides the others.

import ELFKit

/// The options that every such command has.
enum CommonOption: Hashable, Sendable {
  case json
  case color
  case help
}

extension Option where Name == CommonOption {
  static let common = [
    Option(.json, nil, "json", help: "one JSON object a module, one line each"),
    Option(
      .color, nil, "color", argument: .required("WHEN"),
      help: "auto (on a terminal, the default), always or never"),
    Option(.help, "h", "help", help: "this text"),
  ]
}

/// A module that is being looked at, and what went wrong meanwhile.
struct Inspection {
  let path: [UInt8]
  let module: KernelModule
  /// Damage that was met, in the order it was met; each is told once.
  private(set) var errors: [ELFError] = []

  init(_ path: [UInt8], _ module: KernelModule) {
    self.path = path
    self.module = module
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
  static func parse<Name>(
    _ command: String, _ arguments: [[UInt8]], _ options: [Option<Name>], _ console: inout Console
  ) -> ParsedArguments<Name>? {
    do throws(OptionError) {
      return try OptionParser(table: options).parse(arguments)
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

  private static func suggestion<Name>(_ word: [UInt8], _ options: [Option<Name>]) -> String? {
    NearestWord.suggestion(
      for: String(decoding: word, as: UTF8.self), among: options.flatMap(\.long))
  }

  /// Opens every module that `operands` name and calls `body` for each. The worst status wins.
  static func forEach(
    _ command: String, _ operands: [[UInt8]], _ access: Input.Access, _ console: inout Console,
    _ body: (inout Inspection, inout Console) -> ExitStatus
  ) -> ExitStatus {
    guard !operands.isEmpty else {
      console.message { $0.append("\(command): no file given (try 'koinspect \(command) --help')") }
      return .failure
    }
    var (paths, status) = Operands.expand(operands, &console)
    for path in paths {
      status = max(status, one(path, access, &console, body))
    }
    return status
  }

  private static func one(
    _ path: [UInt8], _ access: Input.Access, _ console: inout Console,
    _ body: (inout Inspection, inout Console) -> ExitStatus
  ) -> ExitStatus {
    let source: any ByteSource
    do throws(SystemError) {
      source = try Input.open(path, access)
    } catch {
      console.report(path, error.message)
      return .failure
    }
    do throws(ELFError) {
      let module = KernelModule(try ELFImage(source))
      guard module.isModule else {
        console.report(
          path, "not a kernel module: it has neither .modinfo nor \(ThisModule.sectionName)")
        return .failure
      }
      var inspection = Inspection(path, module)
      var status = body(&inspection, &console)
      for error in inspection.errors {
        console.report(path, error.description)
        status = .failure
      }
      return status
    } catch {
      console.report(path, error.description)
      return .failure
    }
  }
}
