// Two trees of modules, paired by name: which modules both have, and which only one of them.

import ELFKit

struct TreePairs: Sendable {
  let old: [UInt8]
  let new: [UInt8]
  /// Modules that both have, in the order of the newer tree.
  let pairs: [(old: [UInt8], new: [UInt8])]
  let added: [[UInt8]]
  let removed: [[UInt8]]
  /// What the newer kernel has built in.
  private let builtIns: Set<ByteSlice>

  init(_ old: [UInt8], _ new: [UInt8]) throws(SystemError) {
    (self.old, self.new) = (old, new)
    let (before, after) = (try Self.files(old), try Self.files(new))
    var known: [[UInt8]: [UInt8]] = [:]
    for file in before where known[ModuleName.ofFile(at: file)] == nil {
      known[ModuleName.ofFile(at: file)] = file
    }
    var pairs: [(old: [UInt8], new: [UInt8])] = []
    var added: [[UInt8]] = []
    for file in after {
      if let other = known.removeValue(forKey: ModuleName.ofFile(at: file)) {
        pairs.append((other, file))
      } else {
        added.append(file)
      }
    }
    self.pairs = pairs
    self.added = added
    removed = before.filter { known[ModuleName.ofFile(at: $0)] == $0 }
    var description = KernelDescription()
    let list = try description.readIfThere(new + Array("/modules.builtin".utf8))
    builtIns = Set(
      (list?.bytes ?? []).split(separator: 0x0a).map {
        ByteSlice(ModuleName.ofFile(at: Array($0)))
      })
  }

  /// Whether a module that is gone has become a part of the newer kernel.
  func isBuiltIn(_ file: [UInt8]) -> Bool {
    builtIns.contains(ByteSlice(ModuleName.ofFile(at: file)))
  }

  /// Whether both are folders; a folder and a file cannot be compared.
  static func areFolders(_ old: [UInt8], _ new: [UInt8]) throws(SystemError) -> Bool {
    let areFolders = [old, new].map { kind(of: $0) == .directory }
    guard areFolders[0] == areFolders[1] else {
      throw SystemError("a folder and a file cannot be compared")
    }
    return areFolders[0]
  }

  private static func files(_ folder: [UInt8]) throws(SystemError) -> [[UInt8]] {
    var problem: SystemError?
    let found = modules(below: folder, leavesBuildOut: true) { path, error in
      problem = problem ?? error.named(path)
    }
    if let problem { throw problem }
    guard !found.isEmpty else { throw SystemError(Operands.noModules).named(folder) }
    return found
  }

  /// The path below the tree.
  static func place(_ file: [UInt8], _ folder: [UInt8]) -> [UInt8] {
    Array(file.dropFirst(folder.count).drop { $0 == UInt8(ascii: "/") })
  }
}
