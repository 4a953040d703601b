// Options as data: one table a command drives both the parser and the help.
//
// What names must be able to do is asked where it is used, not by the types: a type that asks for a
// protocol is made at run time by a search for the conformance, a seventh of what a start takes.

/// Whether an option takes a value.
enum OptionArgument: Sendable {
  case none
  /// A value is needed; the text names it in the help.
  case required(String)
  /// A value may follow `=`; the text names it in the help.
  case optional(String)

  /// What the help calls the value.
  var name: String? {
    switch self {
    case .none: nil
    case .required(let name), .optional(let name): name
    }
  }
}

/// One option of a command.
struct Option<Name: Sendable>: Sendable {
  /// What the command calls it.
  let name: Name
  /// The letter after one dash, or `nil`.
  let short: Character?
  /// The words after two dashes; the first is shown in the help.
  let long: [String]
  let argument: OptionArgument
  /// The values that it takes, where there are no others: shells complete them.
  let values: [String]
  /// Whether the words may be abbreviated: not those that a drop-in mode has and its model has not,
  /// so that they do not make an abbreviation ambiguous.
  let isAbbreviated: Bool
  let help: String

  init(
    _ name: Name, _ short: Character? = nil, _ long: String..., argument: OptionArgument = .none,
    values: [String] = [], isAbbreviated: Bool = true, help: String
  ) {
    self.name = name
    self.short = short
    self.long = long
    self.argument = argument
    self.values = values
    self.isAbbreviated = isAbbreviated
    self.help = help
  }
}

extension Option {
  /// The row of --color, which every command that colours has.
  static func color(_ name: Name) -> Self {
    Self(
      name, nil, "color", argument: .required("WHEN"), values: ["auto", "always", "never"],
      help: "auto (on a terminal, the default), always or never")
  }
}

/// What was typed, taken apart.
struct ParsedArguments<Name: Sendable> {
  /// The options in the order typed; the value of an option without one is `nil`.
  var options: [(name: Name, value: [UInt8]?)] = []
  /// Everything that is no option.
  var operands: [[UInt8]] = []
}

extension ParsedArguments where Name: Equatable {
  func has(_ name: Name) -> Bool { options.contains { $0.name == name } }

  /// The value given last.
  func value(_ name: Name) -> [UInt8]? {
    options.last { $0.name == name }?.value
  }

  /// All values, in the order typed.
  func values(_ name: Name) -> [[UInt8]] {
    options.filter { $0.name == name }.compactMap { $0.value }
  }
}

/// What was typed cannot be understood.
enum OptionError: Error, Equatable {
  case unknownShort([UInt8])
  case unknownLong([UInt8])
  case ambiguous([UInt8], possibilities: [String])
  case missingArgumentShort(Character)
  case missingArgumentLong(String)
  case unexpectedArgument(String)
}

extension OptionError {
  /// What `getopt_long` says, which is what the drop-in modes say.
  var getoptMessage: TextBuffer {
    var text = TextBuffer()
    switch self {
    case .unknownShort(let letter):
      text.append("invalid option -- '")
      text.escaped(letter)
      text.append("'")
    case .unknownLong(let word):
      text.append("unrecognized option '--")
      text.escaped(word)
      text.append("'")
    case .ambiguous(let word, let possibilities):
      text.append("option '--")
      text.escaped(word)
      text.append("' is ambiguous; possibilities:")
      for possibility in possibilities { text.append(" '--\(possibility)'") }
    case .missingArgumentShort(let letter):
      text.append("option requires an argument -- '\(letter)'")
    case .missingArgumentLong(let word):
      text.append("option '--\(word)' requires an argument")
    case .unexpectedArgument(let word):
      text.append("option '--\(word)' doesn't allow an argument")
    }
    return text
  }
}
