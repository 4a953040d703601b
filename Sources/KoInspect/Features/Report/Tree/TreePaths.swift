// Paths of many modules, without the folders that all of them share.

import ELFKit

struct TreePaths {
  /// The folders that all share, the last slash included; empty when they share none.
  let common: [UInt8]

  init(_ paths: [[UInt8]]) {
    guard var common = paths.first?[...] else {
      self.common = []
      return
    }
    for path in paths {
      let length = zip(common, path).prefix { $0 == $1 }.count
      common = common.prefix(length)
    }
    self.common = Array(common[..<((common.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)])
  }

  /// The rest of a path.
  func rest(of path: [UInt8]) -> [UInt8] {
    path.starts(with: common) ? Array(path[common.count...]) : path
  }

  /// Where a module lies: the rest of its path, without a file's name that the module's name tells.
  func place(of path: [UInt8], _ name: [UInt8]) -> [UInt8] {
    let rest = rest(of: path)
    guard ModuleName.ofFile(at: path) == ModuleName.folded(name) else { return rest }
    return Array(rest[..<((rest.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)])
  }

  /// The folders in the rest of a path; none when the file lies in the folder that all share.
  func folders(of path: [UInt8]) -> [[UInt8]] {
    rest(of: path).split(separator: UInt8(ascii: "/")).dropLast().map { Array($0) }
  }
}
