// `koinspect symbols`: what a module needs and what it offers.

import ELFKit

enum SymbolsCommand {
  private enum Name: InputOptionName {
    case imports
    case exports
    case json
    case color
    case filesFrom
    case maxSize
    case help
  }

  private static let options: [Option<Name>] = [
    Option(.imports, nil, "imports", help: "only what the module needs"),
    Option(.exports, nil, "exports", help: "only what it offers"),
    Option(.json, nil, "json", help: "one JSON object a module, one line each"),
    Option(
      .color, nil, "color", argument: .required("WHEN"),
      help: "auto (on a terminal, the default), always or never"),
    .filesFrom,
    .maxSize,
    Option(.help, "h", "help", help: "this text"),
  ]

  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    guard let parsed = ModuleCommand.parse("symbols", arguments, options, &console) else {
      return .failure
    }
    if parsed.has(.help) {
      console.out.append(help)
      return .clean
    }
    let style = console.style(parsed.value(.color))
    let wantsImports = parsed.has(.imports) || !parsed.has(.exports)
    let wantsExports = parsed.has(.exports) || !parsed.has(.imports)
    let isJSON = parsed.has(.json)
    return ModuleCommand.forEach(
      "symbols", parsed, .everything, separator: isJSON ? "" : "\n", &console
    ) { inspection, console in
      let imports =
        wantsImports
        ? inspection.attempt { module throws(ELFError) in try module.imports() } : nil
      let exports =
        wantsExports
        ? inspection.attempt { module throws(ELFError) in try module.exports() } : nil
      if isJSON {
        json(inspection, imports, exports, &console)
        return .clean
      }
      if inspection.isOneOfMany {
        console.out.toned(.heading, style) { $0.escaped(inspection.path) }
        console.out.newline()
      }
      SymbolsReport(imports: imports, exports: exports).write(to: &console.out, style)
      return .clean
    }
  }

  private static func json(
    _ inspection: Inspection, _ imports: [ModuleImport]?, _ exports: [ModuleExport]?,
    _ console: inout Console
  ) {
    var json = JSONWriter()
    json.object { json in
      json.key("schemaVersion")
      json.number(UInt64(1))
      json.key("path")
      json.bytes(inspection.path)
      if let imports {
        json.key("imports")
        json.imports(imports)
      }
      if let exports {
        json.key("exports")
        json.exports(exports)
      }
    }
    console.out.append(json.out)
    console.out.newline()
  }

  private static var help: String {
    Help.text(
      usage: "koinspect symbols [OPTIONS] PATH…",
      about: """
        The symbols that each module needs, with the CRC it was built against, and those that it
        offers to others, with CRC, terms and namespace.
        """,
      examples: [
        ("koinspect symbols hello.ko", "both"),
        ("koinspect symbols --exports --json lib/", "what the modules below lib/ offer"),
      ],
      options: options)
  }
}
