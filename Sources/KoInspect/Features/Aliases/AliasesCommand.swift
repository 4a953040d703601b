// `koinspect aliases`: what devices and names a module claims, in words.

import ELFKit

extension ReportCommand {
  static let aliases = ReportCommand(
    name: "aliases",
    about: """
      The devices and other names that each module claims, taken apart: vendor and device, class,
      compatible strings, machine names; with the names of PCI and USB devices where the machine has
      the lists pci.ids and usb.ids. Then the device tables they come from.
      """,
    examples: [
      ("koinspect aliases e1000e.ko", "for a person"),
      ("koinspect match pci:v00008086d000010B9… e1000e.ko", "does it claim this device?"),
    ],
    access: .ranges,
    json: { inspection, json in
      let report = AliasesReport(&inspection)
      json.key("aliases")
      json.aliases(report.aliases)
      json.key("deviceTables")
      json.deviceTables(report.tables)
    },
    text: { inspection, console, style in
      let report = AliasesReport(&inspection)
      report.write(to: &console.out, style, DeviceNames(report.aliases, console.environment))
    })
}
