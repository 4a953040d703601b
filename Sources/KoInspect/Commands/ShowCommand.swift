// `koinspect show`

import ELFKit

enum ShowCommand {
  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus { .clean }
}
