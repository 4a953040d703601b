// `koinspect symbols`: what a module needs and what it offers.

import ELFKit

enum SymbolsCommand {
  private enum Name: KernelOptionName {
    case imports
    case exports
    case by
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
    case json
    case color
    case filesFrom
    case maxSize
    case help
  }

  private static let options: [Option<Name>] =
    [
      Option(.imports, nil, "imports", help: "only what the module needs"),
      Option(.exports, nil, "exports", help: "only what it offers"),
      .imports(.by),
    ] + Option.kernel(runningIsDefault: false) + [
      Option(.json, nil, "json", help: "one JSON object a module, one line each"),
      .color(.color),
      .filesFrom,
      .maxSize,
      Option(.help, "h", "help", help: "this text"),
    ]

  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    ModuleCommand.perform("symbols", arguments, options, help: .help, help, &console) {
      parsed, console throws(SystemError) in
      let style = console.style(parsed.value(.color))
      let wantsImports = parsed.has(.imports) || !parsed.has(.exports)
      let wantsExports = parsed.has(.exports) || !parsed.has(.imports)
      let isJSON = parsed.has(.json)
      let order = try ImportOrder(parsed.value(.by))
      if isJSON, parsed.has(.by) {
        throw SystemError(
          "--by sorts the list for people: with --json each import has its provider")
      }
      let (target, unread) = try parsed.describedKernel(&console)
      let status = ModuleCommand.forEach(
        "symbols", parsed, .everything, separator: isJSON ? "" : "\n", &console
      ) { inspection, console in
        var report = SymbolsReport(target?.kernel)
        report.order = order
        if wantsImports {
          report.imports = inspection.attempt { module throws(ELFError) in try module.imports() }
          report.layoutVersion =
            inspection.attempt { module throws(ELFError) in try module.layoutVersion() } ?? nil
          report.namespaces = inspection.attempt { module throws(ELFError) in
            try module.info().all("import_ns")
          }
          if order == .provider {
            report.depends =
              inspection.attempt { module throws(ELFError) in
                try module.info().first("depends")
              } ?? nil
          }
        }
        if wantsExports {
          report.exports = inspection.attempt { module throws(ELFError) in try module.exports() }
        }
        if isJSON {
          report.writeJSON(inspection.path, to: &console.out)
          return .clean
        }
        if inspection.isOneOfMany {
          console.out.toned(.heading, style) { $0.escaped(inspection.path) }
          console.out.newline()
        }
        report.write(to: &console.out, style)
        return .clean
      }
      return unread.isEmpty ? status : .failure
    }
  }

  static var help: CommandHelp {
    CommandHelp(
      usage: "koinspect symbols [OPTIONS] PATH…",
      about: """
        The symbols that each module needs, with the CRC it was built against, and those that it
        offers to others, with CRC, terms and namespace. Given a kernel, its Module.symvers or a
        tree of modules, also who offers what is needed, on which terms, and whether the CRCs agree.
        """,
      examples: [
        ("koinspect symbols hello.ko", "both"),
        ("koinspect symbols --symvers Module.symvers hello.ko", "and who offers what it needs"),
        ("koinspect symbols --by provider --modules DIR my.ko", "who offers what"),
        ("koinspect symbols --exports --json lib/", "what the modules below lib/ offer"),
      ],
      options: options)
  }
}
