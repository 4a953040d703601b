// The same indexes as text, `modules.dep` and others: for trees that have no `.bin` ones.

import ELFKit

/// Lines of an index file of depmod.
final class TextIndex {
  private let bytes: ByteSlice
  /// The paths by the modules' names: made at the first look-up, as there may be one for each
  /// module that an alias means.
  private lazy var paths = pathsByName()

  init(_ bytes: ByteSlice) { self.bytes = bytes }

  /// Calls `body` with each line, comments left out.
  private func forEachLine(_ body: (ByteSlice) -> Void) {
    var position = 0
    while position < bytes.count {
      let end = bytes.firstIndex(of: UInt8(ascii: "\n"), from: position) ?? bytes.count
      let line = bytes[within: position..<end]
      position = end + 1
      if line.count > 0, line[0] != UInt8(ascii: "#") { body(line) }
    }
  }

  /// The path of the module called `name`: `PATH: DEPENDENCIES…` (modules.dep) or `PATH`
  /// (modules.builtin) in a line.
  func path(ofModule name: [UInt8]) -> [UInt8]? { paths[name]?.bytes }

  private func pathsByName() -> [[UInt8]: ByteSlice] {
    var paths: [[UInt8]: ByteSlice] = [:]
    forEachLine { line in
      let path = line[within: 0..<(line.firstIndex(of: UInt8(ascii: ":")) ?? line.count)]
      let name = ModuleName.ofFile(at: path.bytes)
      if paths[name] == nil { paths[name] = path }
    }
    return paths
  }

  /// The modules of all lines `alias PATTERN MODULE` (modules.alias, modules.symbols) whose
  /// pattern matches, in the order of the file.
  func modules(matching word: [UInt8]) -> [[UInt8]] {
    var found: [[UInt8]] = []
    forEachLine { line in
      let words = line.bytes.split(separator: UInt8(ascii: " "))
      if words.count == 3, words[0].elementsEqual("alias".utf8) {
        let pattern = ModuleName.normalized(alias: words[1]) ?? Array(words[1])
        if matches(pattern, word) { found.append(Array(words[2])) }
      }
    }
    return found
  }
}
