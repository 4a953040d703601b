// `koinspect match`: does a module claim this device? As udev and modprobe decide it, without an
// index of modules.

import ELFKit

enum MatchCommand {
  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus {
    let options = Option<CommonOption>.common
    guard var parsed = ModuleCommand.parse("match", arguments, options, &console) else {
      return .failure
    }
    if parsed.has(.help) {
      console.out.append(help.text)
      return .clean
    }
    guard !parsed.operands.isEmpty else {
      console.message { $0.append("match: no MODALIAS given (try 'koinspect match --help')") }
      return .failure
    }
    // A file of sysfs ends with a newline that `$(cat …)` takes away and `xargs -0` does not.
    var name = parsed.operands.removeFirst()
    if name.last == UInt8(ascii: "\n") { name.removeLast() }
    let modalias = ByteSlice(name)
    let style = console.style(parsed.value(.color))
    let isJSON = parsed.has(.json)
    let (status, claims) = ModuleCommand.collect("match", parsed, .ranges, &console) {
      inspection, console -> Bool in
      let aliases = inspection.attempt { module throws(ELFError) in try module.aliases() } ?? []
      let claims = aliases.filter { AliasPattern($0.text).matches(modalias) }
      if isJSON {
        json(inspection, modalias, claims, &console)
      } else if let first = claims.first {
        console.out.toned(.heading, style) { $0.escaped(inspection.path) }
        console.out.append(": ")
        console.out.escaped(first.text)
        if let format = first.format, !first.fields.isEmpty {
          console.out.append(" (\(format.subject): ")
          console.out.append(AliasesReport.words(first))
          console.out.append(")")
        }
        if claims.count > 1 { console.out.append(" and \(claims.count - 1) more") }
        console.out.newline()
      }
      return !claims.isEmpty
    }
    return max(status, claims.contains(true) ? .clean : .findings)
  }

  private static func json(
    _ inspection: Inspection, _ modalias: ByteSlice, _ claims: [ModuleAlias],
    _ console: inout Console
  ) {
    var json = JSONWriter()
    json.object { json in
      json.key("schemaVersion")
      json.number(UInt64(1))
      json.key("path")
      json.bytes(inspection.path)
      json.field("modalias", modalias)
      json.key("claims")
      json.bool(!claims.isEmpty)
      json.key("aliases")
      json.aliases(claims)
    }
    console.out.append(json.out)
    console.out.newline()
  }

  static var help: CommandHelp {
    CommandHelp(
      usage: "koinspect match [OPTIONS] MODALIAS PATH…",
      about: """
        Which of the modules claim the device whose modalias this is, and by which alias. Exit
        status: 0 when one does, 1 when none does, 2 when a module cannot be read.
        """,
      examples: [
        (
          "koinspect match $(cat /sys/class/net/eth0/device/modalias) my.ko",
          "does it drive this card?"
        ),
        ("koinspect match usb:v0BDAp8153… /lib/modules/6.1.0", "which module does?"),
      ],
      options: Option<CommonOption>.common)
  }
}
