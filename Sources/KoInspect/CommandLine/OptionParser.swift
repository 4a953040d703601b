// Parsing as `getopt_long` does it: options may follow operands, short ones cluster, long ones
// may be abbreviated where unique, `--` ends them.

/// A parser for one command's options.
struct OptionParser<Name: Sendable> {
  let table: [Option<Name>]
}

extension OptionParser where Name: Equatable {
  func parse(_ arguments: [[UInt8]]) throws(OptionError) -> ParsedArguments<Name> {
    var parsed = ParsedArguments<Name>()
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == [UInt8(ascii: "-"), UInt8(ascii: "-")] {
        parsed.operands += rest
        break
      }
      if argument.count < 2 || argument[0] != UInt8(ascii: "-") {
        parsed.operands.append(argument)
      } else if argument[1] == UInt8(ascii: "-") {
        try parseLong(Array(argument.dropFirst(2)), &rest, &parsed)
      } else {
        try parseCluster(argument.dropFirst(), &rest, &parsed)
      }
    }
    return parsed
  }

  private func parseLong(
    _ argument: [UInt8], _ rest: inout ArraySlice<[UInt8]>,
    _ parsed: inout ParsedArguments<Name>
  ) throws(OptionError) {
    let equals = argument.firstIndex(of: UInt8(ascii: "="))
    let word = Array(argument[..<(equals ?? argument.count)])
    let value = equals.map { Array(argument[($0 + 1)...]) }
    let (option, name) = try find(word)
    switch option.argument {
    case .none:
      guard value == nil else { throw .unexpectedArgument(name) }
      parsed.options.append((option.name, nil))
    case .optional:
      parsed.options.append((option.name, value))
    case .required:
      guard let value = value ?? rest.popFirst() else { throw .missingArgumentLong(name) }
      parsed.options.append((option.name, value))
    }
  }

  /// The option that `word` is or abbreviates.
  private func find(_ word: [UInt8]) throws(OptionError) -> (Option<Name>, String) {
    var candidates: [(option: Option<Name>, word: String)] = []
    for option in table {
      for long in option.long where long.utf8.starts(with: word) {
        if long.utf8.count == word.count { return (option, long) }
        if option.isAbbreviated { candidates.append((option, long)) }
      }
    }
    guard let first = candidates.first else { throw .unknownLong(word) }
    guard candidates.allSatisfy({ $0.option.name == first.option.name }) else {
      throw .ambiguous(word, possibilities: candidates.map { $0.word })
    }
    return first
  }

  private func parseCluster(
    _ letters: ArraySlice<UInt8>, _ rest: inout ArraySlice<[UInt8]>,
    _ parsed: inout ParsedArguments<Name>
  ) throws(OptionError) {
    var letters = letters
    while let letter = letters.popFirst() {
      guard let option = table.first(where: { $0.short?.asciiValue == letter }) else {
        throw .unknownShort([letter])
      }
      switch option.argument {
      case .none:
        parsed.options.append((option.name, nil))
      case .optional:
        parsed.options.append((option.name, letters.isEmpty ? nil : Array(letters)))
        return
      case .required:
        guard let value = letters.isEmpty ? rest.popFirst() : Array(letters) else {
          throw .missingArgumentShort(option.short ?? "?")
        }
        parsed.options.append((option.name, value))
        return
      }
    }
  }
}
