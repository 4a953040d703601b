// `@FILE` on the command line stands for the words of that file, as with all of the GNU tools.

import ELFKit

enum ResponseFiles {
  /// Files that name each other would go on for ever.
  private static let mostFiles = 100
  /// A list of options and paths is not longer.
  private static let mostBytes: UInt64 = 16 << 20

  /// `arguments` with the words of the files that are named by `@`; what cannot be read stays as it is.
  static func expanded(_ arguments: [[UInt8]]) -> [[UInt8]] {
    guard arguments.contains(where: isName) else { return arguments }
    var words: [[UInt8]] = []
    var rest = Array(arguments.reversed())
    var files = 0
    while let word = rest.popLast() {
      guard isName(word), files < mostFiles, let content = content(Array(word.dropFirst())) else {
        words.append(word)
        continue
      }
      files += 1
      rest += Self.words(of: content).reversed()
    }
    return words
  }

  private static func isName(_ word: [UInt8]) -> Bool {
    word.count > 1 && word[0] == UInt8(ascii: "@")
  }

  private static func content(_ path: [UInt8]) -> ByteSlice? {
    guard let source = try? Input.open(path, .ranges), source.size <= mostBytes else { return nil }
    return try? source.slice(0, source.size, in: .fileHeader)
  }

  /// The words between blanks; quotes of both kinds hold words together, and a backslash takes the next
  /// byte as it is.
  static func words(of text: ByteSlice) -> [[UInt8]] {
    var words: [[UInt8]] = []
    var word: [UInt8]?
    var quote: UInt8?
    var isEscaped = false
    for byte in text {
      if isEscaped {
        word?.append(byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        word = word ?? []
        isEscaped = true
      } else if let open = quote {
        if byte == open { quote = nil } else { word?.append(byte) }
      } else if quotes.contains(byte) {
        word = word ?? []
        quote = byte
      } else if blanks.contains(byte) {
        if let end = word { words.append(end) }
        word = nil
      } else {
        if word == nil { word = [] }
        word?.append(byte)
      }
    }
    if let word { words.append(word) }
    return words
  }

  private static let blanks = Array(" \t\n\r\u{b}\u{c}".utf8)
  private static let quotes = Array("'\"".utf8)
}
