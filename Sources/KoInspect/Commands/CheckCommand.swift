// `koinspect check`

import ELFKit

enum CheckCommand {
  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus { .clean }
}
