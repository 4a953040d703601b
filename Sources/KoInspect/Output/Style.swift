// Colour and width: a value that is decided once.

/// What a piece of text is, for those who see colours.
enum Tone {
  case heading
  case name
  case good
  case bad
  case warning
  case faint
}

/// Whether and how text is coloured, and how wide the page is.
struct Style: Sendable {
  let isColored: Bool
  /// The characters of a line.
  let width: Int
  /// Whether people alone read it: no line is longer than `width` then, unless it is one word.
  var isTerminal = false

  /// The width of files and pipes, whoever runs the tool where.
  static let usualWidth = 100
  /// Narrower terminals cut lines, and longer lines are hard to read.
  static let terminalWidths = 60...200

  static let plain = Style(isColored: false, width: usualWidth)

  fileprivate func code(_ tone: Tone) -> String {
    switch tone {
    case .heading: "\u{1b}[1m"
    case .name: "\u{1b}[36m"
    case .good: "\u{1b}[32m"
    case .bad: "\u{1b}[31m"
    case .warning: "\u{1b}[33m"
    case .faint: "\u{1b}[2m"
    }
  }
}

extension TextBuffer {
  /// Text in a tone; what `body` writes must be escaped already.
  mutating func toned(_ tone: Tone, _ style: Style, _ body: (inout TextBuffer) -> Void) {
    if style.isColored { append(style.code(tone)) }
    body(&self)
    if style.isColored { append("\u{1b}[0m") }
  }

  mutating func toned(_ tone: Tone, _ style: Style, _ text: String) {
    toned(tone, style) { $0.append(text) }
  }
}
