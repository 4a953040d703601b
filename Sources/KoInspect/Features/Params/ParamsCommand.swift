// `koinspect params`: what can be set, and to what it is set.

import ELFKit

extension ReportCommand {
  static let params = ReportCommand(
    name: "params",
    about: """
      The parameters of each module: name, type, mode of the file in sysfs ('-' for none), the
      value before anybody sets it, description.
      """,
    examples: [
      ("koinspect params hello.ko", "what can be set"),
      ("koinspect params --json build/", "the same of every module below build/"),
    ],
    access: .everything,
    json: { inspection, json in
      json.key("parameters")
      Forms.parameter.list.write(parameters(&inspection) ?? [], &json)
    },
    text: { inspection, console, style in
      guard let parameters = parameters(&inspection) else { return }
      if parameters.isEmpty {
        console.out.append("no parameters\n")
      } else {
        ParametersReport(parameters: parameters).write(to: &console.out, style)
      }
    })

  private static func parameters(_ inspection: inout Inspection) -> [ModuleParameter]? {
    inspection.attempt { module throws(ELFError) in
      ModuleParameter.inModinfoOrder(try module.parameters())
    }
  }
}
