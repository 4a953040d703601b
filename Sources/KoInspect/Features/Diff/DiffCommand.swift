// `koinspect diff`: what changed between two builds of a module, or between two trees of modules.

import ELFKit

enum DiffCommand {
  private enum Name: InputOptionName {
    case failOn
    case all
    case sizes
    case markdown
    case json
    case schema
    case color
    case filesFrom
    case maxSize
    case help
  }

  private static let options: [Option<Name>] = [
    Option(
      .failOn, nil, "fail-on", argument: .required("PART,…"),
      help: "status 1 only for these: \(DiffGate.words)"),
    Option(.all, nil, "all", help: "also what differs and does not count"),
    Option(.sizes, nil, "sizes", help: "sizes of functions and objects, as bloat-o-meter has them"),
    Option(.markdown, nil, "markdown", help: "for a page or a comment"),
    Option(.json, nil, "json", help: "one JSON object a module, one line each"),
    Option(.schema, nil, "schema", help: "the JSON Schema of --json; no module is read"),
    .color(.color),
    .maxSize,
    Option(.help, "h", "help", help: "this text"),
  ]

  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    ModuleCommand.perform("diff", arguments, options, help: .help, help, &console) {
      parsed, console throws(SystemError) in
      if parsed.has(.schema) {
        DiffFields.form.schema.write(
          to: &console.out, id: "diff.schema.json",
          title: "What changed between two modules, as koinspect diff --json tells it")
        return .clean
      }
      guard parsed.operands.count == 2 else {
        throw SystemError("two files or two folders, OLD and NEW (try 'koinspect diff --help')")
      }
      let limits = try parsed.neededLimits
      let gate = try DiffGate(parsed.values(.failOn))
      let (old, new) = (parsed.operands[0], parsed.operands[1])
      let areFolders = try TreePairs.areFolders(old, new)
      let format: DiffReport.Format =
        parsed.has(.json) ? .json : parsed.has(.markdown) ? .markdown : .text
      let report = DiffReport(
        format: format, showsNoise: parsed.has(.all), showsSizes: parsed.has(.sizes),
        style: console.style(parsed.value(.color)))
      if areFolders {
        let trees = try TreePairs(old, new)
        return TreeDiff(trees: trees, limits: limits).write(&console, report, gate)
      }
      let diff = try ModuleDiff(reading: old, new, limits)
      report.write(diff, old, new, &console.out)
      return gate.status(of: diff)
    }
  }

  static var help: CommandHelp {
    CommandHelp(
      usage: "koinspect diff [OPTIONS] OLD NEW",
      about: """
        What changed between two builds of a module, or between two trees of modules, paired by name.
        The first line is the answer. Code and data are compared without addresses: what a function
        refers to by name, texts by content. Build id, signature, comments of compilers, unwind
        tables, BTF, folders and line numbers of the source do not count.
        Exit status: 0 when nothing that counts is different, 1 when something is, 2 when a module
        cannot be read.
        """,
      examples: [
        ("koinspect diff old/my.ko new/my.ko", "did the rebuild change anything?"),
        (
          "koinspect diff /lib/modules/6.1.0-50 /lib/modules/6.1.0-56", "what did the update touch?"
        ),
        ("koinspect diff --fail-on exports,params OLD NEW", "a gate for what others rely on"),
      ],
      options: options)
  }
}

/// What makes a difference count.
struct DiffGate: Sendable {
  /// The parts; `nil` for all.
  private var parts: Set<DiffPart>?
  /// How much larger code and data may become.
  private var growth: UInt64?

  static let words = DiffPart.allCases.map { $0 == .size ? "size=+4K" : $0.rawValue }
    .joined(separator: ",")

  init(_ lists: [[UInt8]]) throws(SystemError) {
    for word in lists.flatMap({ $0.split(separator: UInt8(ascii: ",")) }) {
      let text = String(decoding: word, as: UTF8.self)
      var parts = self.parts ?? []
      if text.hasPrefix("size=+") {
        guard let size = Input.Limits(Array(text.dropFirst(6).utf8))?.maxSize else {
          throw SystemError("'\(text)' has no size: size=+4K has")
        }
        growth = size
      } else if let part = DiffPart(rawValue: text == "license" ? "licence" : text), part != .size {
        parts.insert(part)
      } else {
        throw SystemError("--fail-on knows no '\(text)': it knows \(Self.words)")
      }
      self.parts = parts
    }
  }

  func status(of diff: ModuleDiff) -> ExitStatus {
    guard let parts else { return diff.changes.isEmpty ? .clean : .findings }
    let isLarger =
      growth.map { diff.sizes.new > diff.sizes.old && diff.sizes.new - diff.sizes.old > $0 }
      ?? false
    return isLarger || diff.changes.contains { parts.contains($0.part) } ? .findings : .clean
  }
}
