// `koinspect modinfo`

import ELFKit

enum ModinfoCommand {
  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus { .clean }
}
