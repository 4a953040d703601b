// `koinspect readelf`

import ELFKit

enum ReadelfCommand {
  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus { .clean }
}
