// `koinspect params`: what can be set, and to what it is set.

import ELFKit

enum ParamsCommand {
  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    let options = Option<CommonOption>.common
    guard let parsed = ModuleCommand.parse("params", arguments, options, &console) else {
      return .failure
    }
    if parsed.has(.help) {
      console.out.append(help(options))
      return .clean
    }
    let style = console.style(parsed.value(.color))
    let isJSON = parsed.has(.json)
    return ModuleCommand.forEach(
      "params", parsed, .everything, separator: isJSON ? "" : "\n", &console
    ) { inspection, console in
      guard
        let parameters = inspection.attempt({ module throws(ELFError) in
          try module.parameters()
        })
      else { return .failure }
      if isJSON {
        json(inspection, parameters, &console)
        return .clean
      }
      if inspection.isOneOfMany {
        console.out.toned(.heading, style) { $0.escaped(inspection.path) }
        console.out.newline()
      }
      if parameters.isEmpty {
        console.out.append("no parameters\n")
      } else {
        ParametersReport(parameters: parameters).write(to: &console.out, style)
      }
      return .clean
    }
  }

  private static func json(
    _ inspection: Inspection, _ parameters: [ModuleParameter], _ console: inout Console
  ) {
    var json = JSONWriter()
    json.object { json in
      json.key("schemaVersion")
      json.number(UInt64(1))
      json.key("path")
      json.bytes(inspection.path)
      json.key("parameters")
      json.parameters(parameters)
    }
    console.out.append(json.out)
    console.out.newline()
  }

  private static func help(_ options: [Option<CommonOption>]) -> String {
    Help.text(
      usage: "koinspect params [OPTIONS] PATH…",
      about: """
        The parameters of each module: name, type, mode of the file in sysfs ('-' for none), the
        value before anybody sets it, description.
        """,
      examples: [
        ("koinspect params hello.ko", "what can be set"),
        ("koinspect params --json build/", "the same of every module below build/"),
      ],
      options: options)
  }
}
