// Commands that tell one thing about each module: as text for a person, or as the members of a JSON
// object. What they share is here; each says what it tells.

import ELFKit

struct ReportCommand: Sendable {
  let name: String
  let about: String
  let examples: [(String, String)]
  let access: Input.Access
  /// Writes the members that follow `schemaVersion` and `path`.
  let json: @Sendable (inout Inspection, inout JSONWriter) -> Void
  /// Writes the text. Damage is remembered by the inspection.
  let text: @Sendable (inout Inspection, inout Console, Style) -> Void

  var help: CommandHelp {
    CommandHelp(
      usage: "koinspect \(name) [OPTIONS] PATH…", about: about, examples: examples,
      options: Option<CommonOption>.common)
  }

  func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    let options = Option<CommonOption>.common
    guard let parsed = ModuleCommand.parse(name, arguments, options, &console) else {
      return .failure
    }
    if parsed.has(.help) {
      console.out.append(help.text)
      return .clean
    }
    let style = console.style(parsed.value(.color))
    let isJSON = parsed.has(.json)
    return ModuleCommand.forEach(
      name, parsed, access, separator: isJSON ? "" : "\n", &console
    ) { inspection, console in
      if isJSON {
        inspection.write(to: &console.out) { inspection, json in
          json.object { json in
            json.key("schemaVersion")
            json.number(UInt64(1))
            json.key("path")
            json.bytes(inspection.path)
            self.json(&inspection, &json)
          }
        }
        return .clean
      }
      if inspection.isOneOfMany {
        console.out.toned(.heading, style) { $0.escaped(inspection.path) }
        console.out.newline()
      }
      self.text(&inspection, &console, style)
      return .clean
    }
  }
}
