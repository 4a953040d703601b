// Which files of the source are here: reports show findings at those, and at no others.

import ELFKit

/// A line of a file that is here.
struct SourceLineHere: Sendable {
  /// Below the folder that the project is in.
  let path: [UInt8]
  /// From 1; 0 when only the file is known.
  let line: UInt64
}

/// The folders that a project's files are in.
struct SourceRoots: Sendable {
  /// As they are called, and without links.
  private let roots: [(name: [UInt8], real: [UInt8])]

  /// What the job of a CI system has checked out, then the working directory.
  init(_ environment: Environment) {
    let named = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"].compactMap(environment.variable)
    let all = named.map { Array($0.utf8) } + [environment.workingDirectory()]
    roots = all.compactMap { name in
      guard name.first == UInt8(ascii: "/"), let real = realPath(name) else { return nil }
      return (Self.folder(name), Self.folder(real))
    }
  }

  /// The first of `places` whose file is here, with its path below the folder it is in. Only names that begin
  /// with such a folder are looked for: a module's texts are nobody's word for what to touch on this machine.
  func firstThere(of places: [SourcePlace]) -> SourceLineHere? {
    for place in places {
      for root in roots
      where place.path.starts(with: root.name) || place.path.starts(with: root.real) {
        guard !place.path.contains(0), let real = realPath(place.path),
          real.starts(with: root.real), isRegularFile(real)
        else { continue }
        return SourceLineHere(path: Array(real.dropFirst(root.real.count)), line: place.line)
      }
    }
    return nil
  }

  /// The path with the slash behind it.
  private static func folder(_ path: [UInt8]) -> [UInt8] {
    path.last == UInt8(ascii: "/") ? path : path + [UInt8(ascii: "/")]
  }
}
