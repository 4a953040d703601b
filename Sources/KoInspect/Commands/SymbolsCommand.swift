// `koinspect symbols`

import ELFKit

enum SymbolsCommand {
  static func run(_ console: inout Console, _ arguments: [[UInt8]]) -> ExitStatus { .clean }
}
