// `koinspect params`

import ELFKit

enum ParamsCommand {
  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus { .clean }
}
