// `koinspect aliases`: what devices and names a module claims, in words.

import ELFKit

enum AliasesCommand {
  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    let options = Option<CommonOption>.common
    guard let parsed = ModuleCommand.parse("aliases", arguments, options, &console) else {
      return .failure
    }
    if parsed.has(.help) {
      console.out.append(help(options))
      return .clean
    }
    let style = console.style(parsed.value(.color))
    let isJSON = parsed.has(.json)
    return ModuleCommand.forEach(
      "aliases", parsed, .ranges, separator: isJSON ? "" : "\n", &console
    ) { inspection, console in
      let aliases = inspection.attempt { module throws(ELFError) in try module.aliases() } ?? []
      let tables = inspection.attempt { module throws(ELFError) in try module.deviceTables() }
      if isJSON {
        var json = JSONWriter()
        json.object { json in
          json.key("schemaVersion")
          json.number(UInt64(1))
          json.key("path")
          json.bytes(inspection.path)
          json.key("aliases")
          json.aliases(aliases)
          json.key("deviceTables")
          json.deviceTables(tables ?? [])
        }
        console.out.append(json.out)
        console.out.newline()
        return .clean
      }
      if inspection.isOneOfMany {
        console.out.toned(.heading, style) { $0.escaped(inspection.path) }
        console.out.newline()
      }
      AliasesReport(aliases: aliases, tables: tables ?? []).write(to: &console.out, style)
      return .clean
    }
  }

  private static func help(_ options: [Option<CommonOption>]) -> String {
    Help.text(
      usage: "koinspect aliases [OPTIONS] PATH…",
      about: """
        The devices and other names that each module claims, taken apart: vendor and device, class,
        compatible strings, machine names. Then the device tables they come from.
        """,
      examples: [
        ("koinspect aliases e1000e.ko", "for a person"),
        ("koinspect match pci:v00008086d000010B9… e1000e.ko", "does it claim this device?"),
      ],
      options: options)
  }
}
