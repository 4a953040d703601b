// A tree of modules as depmod sees it: which files count, in which order, and what is built in.

import ELFKit

/// The modules of a kernel, who needs whom, and where their files are.
struct DependencyTree {
  let graph: DependencyGraph
  /// Files that are not the module of their name.
  let shadowed: [ShadowedModule]
  /// Where the file is that a tree calls so.
  private let paths: [ByteSlice: [UInt8]]

  /// The file of the module at `position`.
  func path(of position: Int) -> [UInt8] {
    let path = graph.members[position].path
    return paths[path] ?? path.bytes
  }
}

extension DependencyTree {
  /// What depmod reads of a module.
  static let parts: ModuleMember.Parts = [.offers, .needs, .words]

  /// The modules of `description`, which must have been scanned; `order` chooses among files of one name, and
  /// the files `named` count before all.
  init(
    _ description: inout KernelDescription, _ order: SearchOrder, named: [[UInt8]] = []
  ) throws(SystemError) {
    var lines: [UInt8] = []
    var builtIns: Set<ByteSlice> = []
    var aliases: [ModuleNames.Alias] = []
    var paths: [ByteSlice: [UInt8]] = [:]
    for tree in description.trees {
      for file in tree.files {
        let name = tree.name(of: file)
        if paths[name] == nil { paths[name] = file }
      }
      // A file that was named is a tree of its own and has nothing beside it.
      guard !tree.isExternal, tree.files != [tree.path] else { continue }
      if let text = try description.readIfThere(tree.path + Array("/modules.order".utf8)) {
        lines += text.bytes + [UInt8(ascii: "\n")]
      }
      if let text = try description.readIfThere(tree.path + Array("/modules.builtin".utf8)) {
        for line in text.split(separator: UInt8(ascii: "\n")) {
          builtIns.insert(ByteSlice(ModuleName.ofFile(at: Array(line))))
        }
      }
      let strings = tree.path + Array("/modules.builtin.modinfo".utf8)
      for entry in ModuleInfo(try description.readIfThere(strings) ?? .empty(at: 0)) {
        guard let dot = entry.key.firstIndex(of: UInt8(ascii: ".")),
          entry.key.suffix(from: dot + 1).equals("alias")
        else { continue }
        aliases.append(
          ModuleNames.Alias(
            pattern: entry.value, name: ModuleName.folded(entry.key[within: 0..<dot])))
      }
    }
    let (members, shadowed) = order.chosen(
      from: description.modules?.members ?? [], order: ByteSlice(lines),
      named: Set(named.map { ByteSlice($0) }))
    graph = DependencyGraph(members, builtIns: builtIns, aliases: aliases)
    self.shadowed = shadowed
    self.paths = paths
  }
}

extension KernelDescription {
  /// Adds files that were named: each is a tree of its own, before the others.
  mutating func addNamed(_ files: [[UInt8]]) {
    trees.insert(
      contentsOf: files.map { ModuleFolder(path: $0, files: [$0], unread: [], leftOut: nil) },
      at: 0)
  }
}
