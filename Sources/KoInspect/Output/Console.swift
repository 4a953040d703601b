// The two streams of a run, and how errors are reported.

import ELFKit

/// Standard output, standard error and the surroundings of one run.
struct Console {
  var out: TextBuffer
  var err: TextBuffer
  let environment: Environment
  /// The sum of what may be written on both streams, see ``isOverLimit``.
  private var limit = Int.max

  init(out: TextBuffer, err: TextBuffer, environment: Environment) {
    self.out = out
    self.err = err
    self.environment = environment
  }

  /// Sets how much may be written from now on.
  mutating func limit(to count: Int) { limit = written + count }

  /// Whether more has been written than was meant to be. Nothing stops by itself: who writes rows that
  /// share long names asks before each.
  var isOverLimit: Bool { written > limit }

  /// Counts what has been written as too much already.
  mutating func cutRest() { limit = -1 }

  private var written: Int { out.count + err.count }

  /// One line on standard error: `koinspect: PATH: what is wrong`. What came before on standard
  /// output is handed on first, so that the two streams read in order on a terminal.
  mutating func report(_ path: [UInt8], _ problem: String) {
    message { line in
      line.escaped(path)
      line.append(": ")
      line.escaped(problem)
    }
  }

  /// One line on standard error after `koinspect: `; what `body` writes must be escaped.
  mutating func message(_ body: (inout TextBuffer) -> Void) {
    out.flush()
    err.append("koinspect: ")
    body(&err)
    err.newline()
    err.flush()
  }

  /// How text is written: as wide as the terminal, coloured as `isColored` says.
  func style(_ choice: [UInt8]?) -> Style {
    Style(isColored: isColored(choice), width: width, isTerminal: environment.outputIsTerminal())
  }

  private var width: Int {
    guard environment.outputIsTerminal(), let columns = environment.outputColumns() else {
      return Style.usualWidth
    }
    let widths = Style.terminalWidths
    return min(max(columns, widths.lowerBound), widths.upperBound)
  }

  /// Whether text is coloured: `always`, `never`, or by terminal and environment.
  private func isColored(_ choice: [UInt8]?) -> Bool {
    switch choice.map({ String(decoding: $0, as: UTF8.self) }) {
    case "always": return true
    case "never": return false
    default:
      let isSet = { (name: String) in !(environment.variable(name) ?? "").isEmpty }
      if isSet("NO_COLOR") { return false }
      if isSet("CLICOLOR_FORCE") || isSet("FORCE_COLOR") { return true }
      return environment.outputIsTerminal() && environment.variable("TERM") != "dumb"
    }
  }
}

extension ELFImage {
  /// How much may be printed about the file: nothing that is printed of it is 64 times as long, unless
  /// thousands of rows share a name that is as long as the file.
  var outputLimit: Int { 1 << 20 + 64 * Int(Swift.min(source.size, 1 << 40)) }
}
