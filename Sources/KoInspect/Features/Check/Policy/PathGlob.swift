// Patterns for paths, as .gitignore has them (gitignore(5), "PATTERN FORMAT").

/// A pattern: `*` is any text within one part of a path, `**` any number of parts, `?` one
/// character. With a `/` at its start or within it, it is meant from the policy's folder on; without,
/// it is a name at any depth. What fits a folder fits all below it.
struct PathGlob {
  private let parts: [[UInt8]]
  private let isAnchored: Bool
  private let isFolder: Bool

  /// `nil` for a pattern that names nothing in particular: empty, `.`, `/`, or one that leads out of
  /// the folder.
  init?(_ pattern: [UInt8]) {
    var parts = pattern.split(separator: UInt8(ascii: "/")).map { Array($0) }.filter {
      $0 != [UInt8(ascii: ".")]
    }
    guard !parts.isEmpty, !parts.contains([UInt8(ascii: "."), UInt8(ascii: ".")]) else {
      return nil
    }
    isFolder = pattern.last == UInt8(ascii: "/")
    isAnchored = pattern.dropLast(isFolder ? 1 : 0).contains(UInt8(ascii: "/"))
    // `a/**` is what is below a, not a.
    if parts.count > 1, parts.last == [UInt8(ascii: "*"), UInt8(ascii: "*")] {
      parts[parts.count - 1] = [UInt8(ascii: "*")]
    }
    self.parts = parts
  }

  /// Whether the file at `path`, as it is called from the policy's folder, is meant.
  func matches(_ path: [UInt8]) -> Bool {
    let names = path.split(separator: UInt8(ascii: "/")).map { Array($0) }.filter {
      $0 != [UInt8(ascii: ".")]
    }
    let last = isFolder ? names.count - 1 : names.count
    guard last > 0 else { return false }
    return (1...last).contains { end in
      Self.matches(parts[...], names[(isAnchored ? 0 : end - 1)..<end])
    }
  }

  /// As with `*` in a name, the last `**` is the only one that has to be tried again.
  private static func matches(_ parts: ArraySlice<[UInt8]>, _ names: ArraySlice<[UInt8]>) -> Bool {
    var (part, name) = (parts.startIndex, names.startIndex)
    var retry: (part: Int, name: Int)?
    while name < names.endIndex {
      if part < parts.endIndex, parts[part] == [UInt8(ascii: "*"), UInt8(ascii: "*")] {
        part += 1
        retry = (part, name)
      } else if part < parts.endIndex, Self.matches(parts[part], names[name]) {
        (part, name) = (part + 1, name + 1)
      } else if let last = retry {
        retry = (last.part, last.name + 1)
        (part, name) = (last.part, last.name + 1)
      } else {
        return false
      }
    }
    return parts[part...].allSatisfy { $0 == [UInt8(ascii: "*"), UInt8(ascii: "*")] }
  }

  /// Whether one part of a pattern fits one name.
  private static func matches(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
    var (element, position) = (0, 0)
    var retry: (element: Int, position: Int)?
    while position < name.count {
      if element < pattern.count, pattern[element] == UInt8(ascii: "*") {
        element += 1
        retry = (element, position)
      } else if element < pattern.count,
        [UInt8(ascii: "?"), name[position]].contains(pattern[element])
      {
        (element, position) = (element + 1, position + 1)
      } else if let last = retry {
        retry = (last.element, last.position + 1)
        (element, position) = (last.element, last.position + 1)
      } else {
        return false
      }
    }
    return pattern[element...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
