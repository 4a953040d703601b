// When two texts name one file of the source, seen from two folders (`__FILE__`).

enum SourcePath {
  /// Whether `old` and `new` differ in no more than the folder that a source was built in: in one word each,
  /// which is a path from the root, or from the folder of the build, and ends in the same folders and file.
  static func differsByFolder(_ old: ByteSlice, _ new: ByteSlice) -> Bool {
    let shorter = Swift.min(old.count, new.count)
    var start = 0
    while start < shorter, old[start] == new[start] { start += 1 }
    var end = 0
    while end < shorter - start, old[old.count - 1 - end] == new[new.count - 1 - end] { end += 1 }
    guard start < Swift.max(old.count, new.count) else { return false }
    // The whole of the word that is different.
    while start > 0, !isBlank(old[start - 1]) { start -= 1 }
    while end > 0, !isBlank(old[old.count - end]) { end -= 1 }
    let (before, after) = (
      old[within: start..<old.count - end], new[within: start..<new.count - end]
    )
    guard !before.contains(where: isBlank), !after.contains(where: isBlank) else { return false }
    return areOneFile(before, after)
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte <= 0x20 || "\"'<>()=,;".utf8.contains(byte)
  }

  private static func areOneFile(_ old: ByteSlice, _ new: ByteSlice) -> Bool {
    var (olds, news) = (folders(of: old), folders(of: new))
    guard let name = olds.last, name == news.last, isSource(name) else { return false }
    while let last = olds.last, last == news.last {
      olds.removeLast()
      news.removeLast()
    }
    return isOfBuild(olds) && isOfBuild(news)
  }

  private static func folders(of path: ByteSlice) -> [ByteSlice] {
    path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { ByteSlice($0) }
  }

  /// A path from the root begins with nothing before its slash; one from the folder of the build with itself.
  private static func isOfBuild(_ folders: [ByteSlice]) -> Bool {
    guard let first = folders.first else { return true }
    return first.isEmpty || first.equals(".") || first.equals("..")
  }

  /// Whether it is the name of a source, with or without a line behind it.
  static func isSource(_ name: ByteSlice) -> Bool {
    let file = name.prefix { $0 != UInt8(ascii: ":") }
    let text = ByteSlice(file)
    return [".c", ".h", ".S", ".rs"].contains { text.ends(with: $0) }
  }
}

extension ReferenceTarget {
  /// Whether both are texts that differ in no more than the folder of the build.
  func isPath(of other: Self) -> Bool {
    guard case .text(let old) = self, case .text(let new) = other else { return false }
    return SourcePath.differsByFolder(old, new)
  }
}
