// Numbers with the noun that they count. No other words.

/// `1 byte`, `2 bytes`, `0 entries`.
package func counted(_ number: some BinaryInteger, _ noun: String) -> String {
  "\(number) \(number == 1 ? noun : plural(noun))"
}

/// Several of `noun`.
package func plural(_ noun: String) -> String {
  if noun.hasSuffix("ss") || noun.hasSuffix("as") || noun.hasSuffix("ch") || noun.hasSuffix("x") {
    return "\(noun)es"
  }
  if noun.hasSuffix("y"), !noun.hasSuffix("key") { return "\(noun.dropLast())ies" }
  return "\(noun)s"
}
